import type { Graph } from "../../workers/mao/graph.ts";
import { unitUnder } from "../../workers/mao/step-names.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { Journal } from "../journal/journal.ts";
import { outersOf } from "../journal/step-records.ts";

/**
 * Lets a step run again, and with it all that needs it: their records are reset, under new keys. A step inside another (`each/3`) is run again
 * alone, and the steps around it and behind them take up what it brings.
 * @throws Problem `not-found`, `conflict` when one of them runs now, or when effects were taken back already
 */
export function resetFrom(journal: Journal, graph: Graph, step: string, by: string): void {
  const top = unitUnder("", step) ?? step;
  if (journal.record(step) === undefined && !journal.hasInner(step))
    throw new Problem("not-found", `The run has no step ${step} that has run.`);
  const behind = downstreamOf(graph, top);
  const around = new Set(outersOf(step));
  const names = [...journal.records.keys()].filter((name) => {
    if (name === step || name.startsWith(`${step}/`) || name.startsWith(`${step}#`) || around.has(name)) return true;
    const unit = unitUnder("", name);
    return unit !== undefined && unit !== top && behind.has(unit);
  });
  if (journal.hasInner("undo"))
    throw new Problem("conflict", "The effects of this run were taken back; start another, or fork this one from before.");
  const running = names.find((name) => journal.isRunning(name));
  if (running !== undefined) throw new Problem("conflict", `Step ${running} runs now; wait for it, or cancel the run.`);
  for (const name of names) journal.reset(name, by);
}

/** The steps that need a step, and those that need them. */
function downstreamOf(graph: Graph, step: string): Set<string> {
  const dependents = new Map<string, string[]>();
  for (const [name, { needs }] of Object.entries(graph.steps))
    for (const need of needs) {
      const known = dependents.get(need);
      if (known === undefined) dependents.set(need, [name]);
      else known.push(name);
    }
  const found = new Set<string>();
  const left = [step];
  for (let at = left.pop(); at !== undefined; at = left.pop())
    for (const name of dependents.get(at) ?? []) {
      if (found.has(name)) continue;
      found.add(name);
      left.push(name);
    }
  return found;
}
