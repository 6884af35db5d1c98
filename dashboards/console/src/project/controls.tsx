import type { Project } from "../../../../clients/sdk/client.ts";
import { isOver } from "../ui/state.tsx";
import { WorkControls } from "../ui/work-controls.tsx";
import type { Change } from "./use-change.ts";

interface ControlsProps {
  readonly state: Project["state"];
  readonly isBusy: boolean;
  readonly onChange: (change: Change) => void;
}

/** What may be asked of a project where it stands. */
export function Controls({ state, isBusy, onChange }: ControlsProps) {
  if (isOver(state) && state !== "failed") return null;
  return (
    <WorkControls
      what="project"
      isBusy={isBusy}
      onPause={state === "planning" || state === "running" ? () => onChange({ ask: "pause" }) : undefined}
      onResume={state === "paused" || state === "failed" ? () => onChange({ ask: "resume" }) : undefined}
      resume={state === "failed" ? "Try again what failed" : "Go on"}
      meaning="Agents that work on it are told to stop. A cancelled project cannot be taken up again."
      ways={[{ name: "Cancel the project", isGrave: true, onCancel: () => onChange({ ask: "cancel" }) }]}
    />
  );
}
