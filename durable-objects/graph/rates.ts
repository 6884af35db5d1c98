import { durationMs } from "../../workers/mao/duration.ts";
import type { Step } from "../../workers/mao/graph.ts";
import { unitUnder } from "../../workers/mao/step-names.ts";
import type { Journal } from "../journal/journal.ts";
import type { GraphRun } from "./graph-run.ts";

/** How often the steps of a class may start: a window that slides over the recorded starts. */
export interface RateWindow {
  /** When the next start is allowed. */
  opensAt(): number;
  /** Counts a start. */
  take(now: number): void;
}

/** The rate classes of a graph and of those that it is inside of. */
export type Rates = ReadonlyMap<string, RateWindow>;

/**
 * The classes that hold in a graph. Its own count the recorded starts of its steps, so that a class holds over interruptions; `outer` are
 * those of the graph around it.
 */
export function ratesOf(journal: Journal, run: GraphRun, outer: Rates | undefined): Rates {
  const classes = Object.entries(run.graph.rates);
  if (classes.length === 0) return outer ?? new Map();
  const starts = recordedStarts(journal, run);
  const own = classes.map(([name, { limit, per }]) => [name, rateWindow(limit, durationMs(per), starts.get(name) ?? [])] as const);
  return new Map([...(outer ?? []), ...own]);
}

/** The window of a step's class. */
export function windowOf(rates: Rates, step: Step): RateWindow | undefined {
  return step.rate === undefined ? undefined : rates.get(step.rate);
}

function rateWindow(limit: number, perMs: number, recorded: readonly number[]): RateWindow {
  const starts = [...recorded].sort((a, b) => a - b).slice(-limit);
  return {
    opensAt: () => (starts.length < limit ? Number.NEGATIVE_INFINITY : (starts[starts.length - limit] ?? 0) + perMs),
    take(now) {
      starts.push(now);
      if (starts.length >= 2 * limit) starts.splice(0, starts.length - limit);
    },
  };
}

/** When the steps of each class were started, by the journal: items and iterations each for themselves. */
function recordedStarts(journal: Journal, { graph, prefix }: GraphRun): Map<string, number[]> {
  const starts = new Map<string, number[]>();
  for (const record of journal.records.values()) {
    const unit = unitUnder(prefix, record.step);
    const step = unit === undefined ? undefined : graph.steps[unit.slice(prefix.length)];
    if (unit === undefined || step?.rate === undefined || record.startedAt === undefined || record.state === "skipped") continue;
    const isComposite = step.for_each !== undefined || step.until !== undefined;
    if (isComposite ? !/^\/(\d+|i\d+|\d+\/i\d+)$/.test(record.step.slice(unit.length)) : record.step !== unit) continue;
    const known = starts.get(step.rate);
    if (known === undefined) starts.set(step.rate, [record.startedAt]);
    else known.push(record.startedAt);
  }
  return starts;
}
