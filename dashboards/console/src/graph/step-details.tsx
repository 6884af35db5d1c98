import type { ReactNode } from "react";
import { Code, Fact, Facts } from "../ui/fact.tsx";
import { TASK } from "../ui/state.tsx";
import { Ago } from "../ui/time.tsx";
import type { GraphStep } from "./layers.ts";
import { timeOf } from "./step-node.tsx";

interface StepDetailsProps {
  /** What it is called on its page: a step, a task. */
  readonly what: string;
  readonly step: GraphStep & {
    readonly attempt: number;
    readonly problem?: { readonly type: string; readonly detail: string } | undefined;
  };
  readonly titles: ReadonlyMap<string, string>;
  readonly onClose: () => void;
  /** Facts that only its page knows of. */
  readonly facts?: ReactNode;
  readonly children?: ReactNode;
}

/** All there is to say about one step of a run or one task of a project. */
export function StepDetails({ what, step, titles, onClose, facts, children }: StepDetailsProps) {
  const look = TASK[step.state];
  return (
    <div id="task-details" className="mt-4 rounded-lg border border-accent p-4">
      <div className="flex items-start justify-between gap-3">
        <h3 className="font-semibold">{step.title}</h3>
        <button
          type="button"
          aria-label={`Close the ${what}'s details`}
          className="size-7 shrink-0 rounded-md text-soft hover:bg-sunken hover:text-ink"
          onClick={onClose}
        >
          ✕
        </button>
      </div>
      <Facts>
        <Fact name="State">
          <span className={look.ink}>{look.word}</span>
          {step.attempt > 0 && `, attempt ${step.attempt}`}
        </Fact>
        <Fact name="Uses">
          <Code>{step.uses}</Code>
        </Fact>
        <Fact name="Step">
          <Code>{step.step}</Code>
        </Fact>
        {step.needs.length > 0 && <Fact name="Needs">{step.needs.map((need) => titles.get(need) ?? need).join("; ")}</Fact>}
        {step.startedAt !== undefined && (
          <Fact name="Started">
            <Ago at={step.startedAt} />
          </Fact>
        )}
        {step.finishedAt !== undefined && <Fact name="Took">{timeOf(step, Date.parse(step.finishedAt))}</Fact>}
        {facts}
      </Facts>
      {children}
      {step.problem !== undefined && (
        <p className="mt-3 rounded-lg border border-bad p-3 text-sm">
          <span className="font-semibold text-bad">{step.problem.type}</span>: {step.problem.detail}
        </p>
      )}
    </div>
  );
}
