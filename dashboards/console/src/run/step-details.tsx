import { Link } from "@tanstack/react-router";
import type { Run } from "../../../../clients/sdk/client.ts";
import { timeOf } from "../graph/step-node.tsx";
import { LINK } from "../ui/link-style.ts";
import { TASK } from "../ui/state.tsx";
import { Ago } from "../ui/time.tsx";

type Step = Run["steps"][number];

interface StepDetailsProps {
  readonly step: Step;
  readonly titles: ReadonlyMap<string, string>;
  readonly onClose: () => void;
}

/** All there is to say about one step. */
export function StepDetails({ step, titles, onClose }: StepDetailsProps) {
  const look = TASK[step.state];
  return (
    <div id="task-details" className="mt-4 rounded-lg border border-accent p-4">
      <div className="flex items-start justify-between gap-3">
        <h3 className="font-semibold">{step.title}</h3>
        <button
          type="button"
          aria-label="Close the step's details"
          className="size-7 shrink-0 rounded-md text-soft hover:bg-sunken hover:text-ink"
          onClick={onClose}
        >
          ✕
        </button>
      </div>
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        <Fact name="State">
          <span className={look.ink}>{look.word}</span>
          {step.attempt > 0 && `, attempt ${step.attempt}`}
        </Fact>
        <Fact name="Uses">
          <code className="font-mono text-[0.8125rem]">{step.uses}</code>
        </Fact>
        <Fact name="Step">
          <code className="font-mono text-[0.8125rem]">{step.step}</code>
        </Fact>
        {step.inside !== undefined && (
          <Fact name="Inside it">
            {Object.entries(step.inside)
              .map(([state, count]) => `${count} ${state}`)
              .join(", ")}
          </Fact>
        )}
        {step.needs.length > 0 && <Fact name="Needs">{step.needs.map((need) => titles.get(need) ?? need).join("; ")}</Fact>}
        {step.startedAt !== undefined && (
          <Fact name="Started">
            <Ago at={step.startedAt} />
          </Fact>
        )}
        {step.finishedAt !== undefined && <Fact name="Took">{timeOf(step, Date.parse(step.finishedAt))}</Fact>}
        {step.child?.startsWith("run_") === true && (
          <Fact name="Run">
            <Link to="/runs/$id" params={{ id: step.child }} className={LINK}>
              Look at the run it started
            </Link>
          </Fact>
        )}
      </dl>
      {step.problem !== undefined && (
        <p className="mt-3 rounded-lg border border-bad p-3 text-sm">
          <span className="font-semibold text-bad">{step.problem.type}</span>: {step.problem.detail}
        </p>
      )}
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <>
      <dt className="text-soft">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}
