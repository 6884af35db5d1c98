import { useState } from "react";
import type { Run } from "../../../../clients/sdk/client.ts";
import { Button } from "../ui/button.tsx";
import { TextArea } from "../ui/field.tsx";
import { Panel } from "../ui/page.tsx";
import type { RunChange } from "./use-run-change.ts";

type Wait = Run["waits"][number];

const UNTIL = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

interface WaitsProps {
  readonly waits: readonly Wait[];
  readonly isBusy: boolean;
  readonly onChange: (change: RunChange) => void;
}

/** What the run waits for: people are asked here, the rest is told. */
export function Waits({ waits, isBusy, onChange }: WaitsProps) {
  return (
    <Panel title="Waits for">
      <ul className="space-y-4">
        {waits.map((wait) => (
          <li key={wait.step} className="space-y-2">
            <p>
              <span className="font-medium">{wait.title ?? wait.step}</span>{" "}
              <span className="text-sm text-soft">
                {wait.on === "human" ? "asks a person" : `waits for ${wait.on === "timer" ? "a time" : `${wait.on}`}`}
                {wait.until !== undefined && `, until ${UNTIL.format(Date.parse(wait.until))}`}
              </span>
            </p>
            {wait.prompt !== undefined && <p className="rounded-lg bg-sunken p-3 text-sm whitespace-pre-wrap">{wait.prompt}</p>}
            {wait.on === "human" && <Answer wait={wait} isBusy={isBusy} onChange={onChange} />}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Answer({ wait, isBusy, onChange }: { readonly wait: Wait; readonly isBusy: boolean; readonly onChange: WaitsProps["onChange"] }) {
  const [text, setText] = useState("");
  const busy = isBusy ? "The last request is on its way." : undefined;
  if (wait.uses !== "human:input")
    return (
      <div className="flex flex-wrap gap-2">
        <Button look="main" onClick={() => onChange({ ask: "decide", step: wait.step, decision: "approve" })} unavailable={busy}>
          Approve
        </Button>
        <Button look="grave" onClick={() => onChange({ ask: "decide", step: wait.step, decision: "refuse" })} unavailable={busy}>
          Refuse
        </Button>
      </div>
    );
  return (
    <form
      className="space-y-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") onChange({ ask: "tell", step: wait.step, text: text.trim() });
      }}
    >
      <TextArea label="Your answer" required maxLength={100_000} value={text} onChange={(event) => setText(event.target.value)} />
      <Button look="main" type="submit" unavailable={busy}>
        Answer
      </Button>
    </form>
  );
}
