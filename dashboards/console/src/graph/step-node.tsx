import { TASK } from "../ui/state.tsx";
import { durationText } from "../ui/time.tsx";
import type { GraphStep } from "./layers.ts";
import type { Size } from "./placement.ts";

/** The id of a step's place in the graph, where reading goes on after its details are closed. */
export function nodeIdOf(step: string): string {
  return `task-${step}`;
}

interface StepNodeProps {
  readonly step: GraphStep;
  readonly size: Size;
  readonly now: number;
  readonly isChosen: boolean;
  readonly isFound: boolean;
  readonly onChoose: (step: string | undefined) => void;
}

/** One step of the graph; choosing it tells more. */
export function StepNode({ step, size, now, isChosen, isFound, onChoose }: StepNodeProps) {
  const look = TASK[step.state];
  const frame = isChosen ? "border-accent bg-sunken ring-1 ring-accent" : "border-edge bg-panel hover:bg-sunken";
  return (
    <button
      type="button"
      aria-expanded={isChosen}
      id={nodeIdOf(step.step)}
      aria-controls="task-details"
      title={step.title}
      onClick={() => onChoose(isChosen ? undefined : step.step)}
      className={`flex size-full flex-col justify-between rounded-lg border text-left ${size === "small" ? "px-2 py-1" : "p-2.5"} ${frame} ${step.state === "pending" ? "border-dashed" : ""} ${isFound ? "outline-2 outline-offset-1 outline-warn" : ""}`}
    >
      <span className={`text-[0.8125rem] leading-snug font-medium ${size === "small" ? "line-clamp-1 text-xs" : "line-clamp-2"}`}>
        {step.title}
      </span>
      <span className={`flex w-full items-center gap-1.5 text-xs whitespace-nowrap ${look.ink}`}>
        <span aria-hidden="true">{look.mark}</span>
        {size === "small" ? <span className="sr-only">{look.word}</span> : look.word}
        {step.attempt > 1 && (
          <span title={`Attempt ${step.attempt}`}>
            <span aria-hidden="true">×{step.attempt}</span>
            <span className="sr-only">, attempt {step.attempt}</span>
          </span>
        )}
        <span className="ml-auto text-soft tabular-nums">{timeOf(step, now)}</span>
      </span>
    </button>
  );
}

/** How long the step took, or has been going on. */
export function timeOf(step: Pick<GraphStep, "startedAt" | "finishedAt" | "state">, now: number): string {
  if (step.startedAt === undefined || step.state === "pending" || step.state === "skipped" || step.state === "blocked") return "";
  const end = step.finishedAt === undefined ? now : Date.parse(step.finishedAt);
  return durationText(end - Date.parse(step.startedAt));
}
