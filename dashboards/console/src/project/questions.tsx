import { useState } from "react";
import type { Project } from "../../../../clients/sdk/client.ts";
import { Button } from "../ui/button.tsx";
import { TextArea } from "../ui/field.tsx";
import { Panel } from "../ui/page.tsx";

/** Choices shown of a question; a table of 300 columns has 300. */
const CHOICES_SHOWN = 24;

interface QuestionsProps {
  readonly questions: Project["questions"];
  readonly isBusy: boolean;
  readonly onAnswer: (text: string) => void;
}

/** What the planner could not know, with the place to answer it. */
export function Questions({ questions, isBusy, onAnswer }: QuestionsProps) {
  const [text, setText] = useState("");
  return (
    <Panel title="The planner asks">
      <ul className="space-y-4">
        {questions.map(({ about, question, choices }) => (
          <li key={`${about} ${question}`}>
            <p className="font-medium">{question}</p>
            <p className="text-sm text-soft">About: “{about}”</p>
            {choices.length > 0 && (
              <ul aria-label="Answers that would do" className="mt-2 flex flex-wrap gap-1.5">
                {choices.slice(0, CHOICES_SHOWN).map((choice) => (
                  <li key={choice}>
                    <button
                      type="button"
                      className="rounded-full border border-edge px-2.5 py-0.5 text-sm hover:bg-sunken"
                      onClick={() => setText(text === "" ? choice : `${text} ${choice}`)}
                    >
                      {choice}
                    </button>
                  </li>
                ))}
                {choices.length > CHOICES_SHOWN && <li className="text-sm text-soft">and {choices.length - CHOICES_SHOWN} more</li>}
              </ul>
            )}
          </li>
        ))}
      </ul>
      <form
        className="mt-4 space-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== "") onAnswer(text.trim());
        }}
      >
        <TextArea label="Your answer" required maxLength={10_000} value={text} onChange={(event) => setText(event.target.value)} />
        <Button look="main" type="submit" unavailable={isBusy ? "The answer is on its way." : undefined}>
          Answer and plan again
        </Button>
      </form>
    </Panel>
  );
}
