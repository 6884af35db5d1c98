import type { Project, Run } from "../../../../clients/sdk/client.ts";
import type { GraphStep } from "../graph/layers.ts";

type ProjectState = Project["state"];
type TaskState = GraphStep["state"];

interface Look {
  readonly mark: string;
  readonly word: string;
  readonly ink: string;
}

const PROJECT: Readonly<Record<ProjectState, Look>> = {
  planning: { mark: "◔", word: "Planning", ink: "text-accent" },
  questions: { mark: "?", word: "Has questions", ink: "text-warn" },
  running: { mark: "▸", word: "Running", ink: "text-accent" },
  paused: { mark: "‖", word: "Paused", ink: "text-warn" },
  reviewing: { mark: "◕", word: "In review", ink: "text-accent" },
  gate: { mark: "!", word: "Wants a decision", ink: "text-warn" },
  delivered: { mark: "✓", word: "Delivered", ink: "text-good" },
  failed: { mark: "✕", word: "Failed", ink: "text-bad" },
  cancelled: { mark: "–", word: "Cancelled", ink: "text-soft" },
  refused: { mark: "✕", word: "Refused", ink: "text-bad" },
};

export const TASK: Readonly<Record<TaskState, Look>> = {
  pending: { mark: "·", word: "Pending", ink: "text-soft" },
  running: { mark: "▸", word: "Running", ink: "text-accent" },
  waiting: { mark: "‖", word: "Waiting", ink: "text-warn" },
  done: { mark: "✓", word: "Done", ink: "text-good" },
  failed: { mark: "✕", word: "Failed", ink: "text-bad" },
  skipped: { mark: "–", word: "Skipped", ink: "text-soft" },
  blocked: { mark: "⊘", word: "Blocked", ink: "text-bad" },
};

const RUN: Readonly<Record<Run["state"], Look>> = {
  running: { mark: "▸", word: "Running", ink: "text-accent" },
  waiting: { mark: "!", word: "Waiting", ink: "text-warn" },
  paused: { mark: "‖", word: "Paused", ink: "text-warn" },
  cancelling: { mark: "◔", word: "Cancelling", ink: "text-warn" },
  compensating: { mark: "↶", word: "Taking back", ink: "text-warn" },
  completed: { mark: "✓", word: "Completed", ink: "text-good" },
  failed: { mark: "✕", word: "Failed", ink: "text-bad" },
  cancelled: { mark: "–", word: "Cancelled", ink: "text-soft" },
};

const SESSION: Readonly<Record<"open" | "closed" | "busy", Look>> = {
  open: { mark: "○", word: "Open", ink: "text-good" },
  busy: { mark: "▸", word: "Answering", ink: "text-accent" },
  closed: { mark: "–", word: "Closed", ink: "text-soft" },
};

/** True when a run has come to its end. */
export function hasEnded(state: Run["state"]): boolean {
  return state === "completed" || state === "failed" || state === "cancelled";
}

/** True when a project rests for good unless a person asks for more. */
export function isOver(state: ProjectState): boolean {
  return state === "delivered" || state === "failed" || state === "cancelled" || state === "refused";
}

export function ProjectBadge({ state }: { readonly state: ProjectState }) {
  return <Badge look={PROJECT[state]} />;
}

export function RunBadge({ state }: { readonly state: Run["state"] }) {
  return <Badge look={RUN[state]} />;
}

export function SessionBadge({ state }: { readonly state: "open" | "closed" | "busy" }) {
  return <Badge look={SESSION[state]} />;
}

function Badge({ look }: { readonly look: Look }) {
  return (
    <span
      className={`${look.ink} inline-flex shrink-0 items-center gap-1.5 rounded-full border border-current px-2.5 py-0.5 text-xs font-semibold whitespace-nowrap`}
    >
      <span aria-hidden="true">{look.mark}</span>
      {look.word}
    </span>
  );
}
