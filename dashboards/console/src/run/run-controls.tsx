import { useRef } from "react";
import type { Run } from "../../../../clients/sdk/client.ts";
import { Button } from "../ui/button.tsx";
import { hasEnded } from "../ui/state.tsx";
import type { RunChange } from "./use-run-change.ts";

interface RunControlsProps {
  readonly state: Run["state"];
  readonly isBusy: boolean;
  readonly onChange: (change: RunChange) => void;
}

/** Pause, go on, cancel: those that make sense where the run stands. */
export function RunControls({ state, isBusy, onChange }: RunControlsProps) {
  const question = useRef<HTMLDialogElement>(null);
  if (hasEnded(state)) return null;
  const busy = isBusy ? "The last request is on its way." : undefined;
  return (
    <div className="flex flex-wrap gap-2">
      {(state === "running" || state === "waiting") && (
        <Button onClick={() => onChange({ ask: "pause" })} unavailable={busy}>
          Pause
        </Button>
      )}
      {state === "paused" && (
        <Button look="main" onClick={() => onChange({ ask: "resume" })} unavailable={busy}>
          Go on
        </Button>
      )}
      <Button look="grave" onClick={() => question.current?.showModal()} unavailable={busy}>
        Cancel
      </Button>
      <dialog
        ref={question}
        aria-labelledby="cancel-run"
        className="m-auto max-w-md rounded-xl border border-line bg-panel p-5 text-ink backdrop:bg-black/50"
      >
        <h2 id="cancel-run" className="text-lg font-semibold">
          Cancel this run?
        </h2>
        <p className="mt-2">Steps that run may finish, or be broken off at once. Then effects are taken back where the graph says how.</p>
        <form method="dialog" className="mt-4 flex flex-wrap justify-end gap-2">
          <Button type="submit">Keep it</Button>
          <Button type="submit" onClick={() => onChange({ ask: "cancel", mode: "graceful" })}>
            Let steps finish
          </Button>
          <Button look="grave" type="submit" onClick={() => onChange({ ask: "cancel", mode: "hard" })}>
            Break off now
          </Button>
        </form>
      </dialog>
    </div>
  );
}
