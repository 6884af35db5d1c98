import { type ReactNode, useRef } from "react";
import { Button } from "./button.tsx";

interface WorkControlsProps {
  /** What it is called: a run, a project. */
  readonly what: string;
  readonly isBusy: boolean;
  /** What may be asked where the work stands; left out for what may not. */
  readonly onPause?: (() => void) | undefined;
  readonly onResume?: (() => void) | undefined;
  /** What going on is called here. */
  readonly resume?: string;
  /** What cancelling means, for the person who is asked. */
  readonly meaning: string;
  /** The ways to cancel, as buttons of the question. */
  readonly ways: readonly { readonly name: string; readonly isGrave: boolean; readonly onCancel: () => void }[];
}

/** Pause, go on, cancel after a question: those that make sense where the work stands. */
export function WorkControls({ what, isBusy, onPause, onResume, resume = "Go on", meaning, ways }: WorkControlsProps): ReactNode {
  const question = useRef<HTMLDialogElement>(null);
  const busy = isBusy ? "The last request is on its way." : undefined;
  return (
    <div className="flex flex-wrap gap-2">
      {onPause !== undefined && (
        <Button onClick={onPause} unavailable={busy}>
          Pause
        </Button>
      )}
      {onResume !== undefined && (
        <Button look="main" onClick={onResume} unavailable={busy}>
          {resume}
        </Button>
      )}
      <Button look="grave" onClick={() => question.current?.showModal()} unavailable={busy}>
        Cancel
      </Button>
      <dialog
        ref={question}
        aria-labelledby="cancel-question"
        className="m-auto max-w-md rounded-xl border border-line bg-panel p-5 text-ink backdrop:bg-black/50"
      >
        <h2 id="cancel-question" className="text-lg font-semibold">
          Cancel this {what}?
        </h2>
        <p className="mt-2">{meaning}</p>
        <form method="dialog" className="mt-4 flex flex-wrap justify-end gap-2">
          <Button type="submit">Keep it</Button>
          {ways.map(({ name, isGrave, onCancel }) => (
            <Button key={name} look={isGrave ? "grave" : "plain"} type="submit" onClick={onCancel}>
              {name}
            </Button>
          ))}
        </form>
      </dialog>
    </div>
  );
}
