import { useRef } from "react";
import type { Project } from "../../../../clients/sdk/client.ts";
import { Button } from "../ui/button.tsx";
import { isOver } from "../ui/state.tsx";
import type { Change } from "./use-change.ts";

interface ControlsProps {
  readonly state: Project["state"];
  readonly isBusy: boolean;
  readonly onChange: (change: Change) => void;
}

/** Pause, go on, cancel: those that make sense where the project stands. */
export function Controls({ state, isBusy, onChange }: ControlsProps) {
  const question = useRef<HTMLDialogElement>(null);
  if (isOver(state) && state !== "failed") return null;
  const busy = isBusy ? "The last request is on its way." : undefined;
  return (
    <div className="flex flex-wrap gap-2">
      {(state === "planning" || state === "running") && (
        <Button onClick={() => onChange({ ask: "pause" })} unavailable={busy}>
          Pause
        </Button>
      )}
      {state === "paused" && (
        <Button look="main" onClick={() => onChange({ ask: "resume" })} unavailable={busy}>
          Go on
        </Button>
      )}
      {state === "failed" && (
        <Button look="main" onClick={() => onChange({ ask: "resume" })} unavailable={busy}>
          Try again what failed
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
          Cancel this project?
        </h2>
        <p className="mt-2">Agents that work on it are told to stop. A cancelled project cannot be taken up again.</p>
        <form method="dialog" className="mt-4 flex flex-wrap justify-end gap-2">
          <Button type="submit">Keep it</Button>
          <Button look="grave" type="submit" onClick={() => onChange({ ask: "cancel" })}>
            Cancel the project
          </Button>
        </form>
      </dialog>
    </div>
  );
}
