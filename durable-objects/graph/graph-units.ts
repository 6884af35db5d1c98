import { BLOCKED_REASON, DEAD_REASON, progressOf } from "../../workers/mao/next-steps.ts";
import { unitUnder } from "../../workers/mao/step-names.ts";
import type { GraphHost, GraphRun } from "./graph-run.ts";
import { type Rates, windowOf } from "./rates.ts";
import { endingOfRecord } from "./scope.ts";
import type { Units } from "./work-through.ts";

/** What is done about one step of a graph. */
export type StepWork = Pick<Units, "work" | "settled" | "deadline" | "expire">;

/** The steps of a graph as units of work: which may run follows from how those they need have ended. */
export function graphUnits(host: GraphHost, run: GraphRun, rates: Rates, each: StepWork): Units & { hasFailed(): boolean } {
  const { journal } = host;
  const { graph, prefix } = run;
  const ending = (name: string) => endingOfRecord(journal.record(prefix + name), { hasSwitch: graph.steps[name]?.switch !== undefined });
  const isBegun = (name: string) => journal.record(prefix + name) !== undefined || journal.hasInner(prefix + name);
  const progress = progressOf(graph, { endingOf: ending, isBegun });
  const held = new Map<string, string[]>();
  const recordConcluded = () => {
    for (const { step, state } of progress.concluded()) journal.skip(prefix + step, state === "dead" ? DEAD_REASON : BLOCKED_REASON);
  };
  /** A step of a class that may start now, among those that were held back. */
  const nextHeld = (now: number) => {
    for (const [name, steps] of held) {
      const window = rates.get(name);
      if (steps.length === 0 || (window !== undefined && window.opensAt() > now)) continue;
      window?.take(now);
      return steps.shift();
    }
    return undefined;
  };
  recordConcluded();
  return {
    limit: graph.max_parallel,
    unitOf: (step) => {
      const unit = unitUnder(prefix, step);
      return unit !== undefined && Object.hasOwn(graph.steps, unit.slice(prefix.length)) ? unit : undefined;
    },
    next(now) {
      const waited = nextHeld(now);
      if (waited !== undefined) return prefix + waited;
      for (let name = progress.next(); name !== undefined; name = progress.next()) {
        const step = graph.steps[name];
        const isSpread = step?.for_each !== undefined || step?.until !== undefined;
        const window = step === undefined || isSpread || isBegun(name) ? undefined : windowOf(rates, step);
        if (window === undefined) return prefix + name;
        const rate = step?.rate ?? "";
        const queue = held.get(rate) ?? [];
        if (queue.length === 0 && window.opensAt() <= now) {
          window.take(now);
          return prefix + name;
        }
        queue.push(name);
        held.set(rate, queue);
      }
      return undefined;
    },
    putBack: (unit) => progress.putBack(unit.slice(prefix.length)),
    ...each,
    async settled(unit) {
      await each.settled(unit);
      const name = unit.slice(prefix.length);
      const how = ending(name);
      if (how !== undefined) progress.end(name, how);
      recordConcluded();
    },
    dueAt() {
      const due = [...held].filter(([, steps]) => steps.length > 0).map(([name]) => rates.get(name)?.opensAt() ?? 0);
      return due.length === 0 ? undefined : Math.min(...due);
    },
    /** A step that an agent's session, a run or a remote agent works on counts; one that waits for a person or a time does not. */
    isBusy: (record) => record?.state === "waiting" && (record.on === "agent" || record.on === "run" || record.on === "a2a"),
    isOver: () => progress.isComplete(),
    hasFailed: () => progress.hasFailed(),
  };
}
