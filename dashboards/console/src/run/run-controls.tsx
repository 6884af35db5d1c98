import type { Run } from "../../../../clients/sdk/client.ts";
import { hasEnded } from "../ui/state.tsx";
import { WorkControls } from "../ui/work-controls.tsx";
import type { RunChange } from "./use-run-change.ts";

interface RunControlsProps {
  readonly state: Run["state"];
  readonly isBusy: boolean;
  readonly onChange: (change: RunChange) => void;
}

/** What may be asked of a run where it stands. */
export function RunControls({ state, isBusy, onChange }: RunControlsProps) {
  if (hasEnded(state)) return null;
  return (
    <WorkControls
      what="run"
      isBusy={isBusy}
      onPause={state === "running" || state === "waiting" ? () => onChange({ ask: "pause" }) : undefined}
      onResume={state === "paused" ? () => onChange({ ask: "resume" }) : undefined}
      meaning="Steps that run may finish, or be broken off at once. Then effects are taken back where the graph says how."
      ways={[
        { name: "Let steps finish", isGrave: false, onCancel: () => onChange({ ask: "cancel", mode: "graceful" }) },
        { name: "Break off now", isGrave: true, onCancel: () => onChange({ ask: "cancel", mode: "hard" }) },
      ]}
    />
  );
}
