import { itemName, iterationName, unitUnder } from "../../workers/mao/step-names.ts";
import type { Journal } from "../journal/journal.ts";
import { isBegun, isSettled } from "../journal/step-record.ts";
import type { StepWork } from "./graph-units.ts";
import type { RateWindow } from "./rates.ts";
import type { Units } from "./work-through.ts";

interface SpreadOptions {
  readonly journal: Journal;
  /** The step that is spread over items or iterations. */
  readonly step: string;
  readonly window: RateWindow | undefined;
  readonly each: StepWork;
}

/** The items of a `for_each` as units of work. After a failure that may not be, no further item is begun. */
export function itemUnits(
  options: SpreadOptions & { readonly items: number; readonly limit: number; readonly mayFail: (item: string) => boolean },
): Units & { firstFailure(): string | undefined } {
  const { journal, step, items, each, mayFail } = options;
  const taken: string[] = [];
  const fresh: number[] = [];
  let open = 0;
  let failed = Number.POSITIVE_INFINITY;
  const ended = new Set<string>();
  const end = (unit: string) => {
    if (ended.has(unit)) return;
    ended.add(unit);
    open -= 1;
    if (journal.record(unit)?.state === "failed" && !mayFail(unit)) failed = Math.min(failed, Number(unit.slice(step.length + 1)));
  };
  for (let index = 0; index < items; index += 1) {
    const unit = itemName(step, index);
    const record = journal.record(unit);
    open += 1;
    if (record !== undefined && isSettled(record)) end(unit);
    else if (record !== undefined || journal.hasInner(unit)) taken.push(unit);
    else fresh.push(index);
  }
  let at = 0;
  let begun = taken.length;
  const hasFailed = () => failed !== Number.POSITIVE_INFINITY;
  return {
    limit: options.limit,
    unitOf: (name) => unitUnder(`${step}/`, name),
    next(now) {
      const unit = taken.shift();
      if (unit !== undefined) return unit;
      const index = fresh[at];
      if (index === undefined || hasFailed() || (options.window?.opensAt() ?? 0) > now) return undefined;
      options.window?.take(now);
      at += 1;
      begun += 1;
      return itemName(step, index);
    },
    putBack: (unit) => void taken.push(unit),
    ...each,
    async settled(unit) {
      await each.settled(unit);
      if (!ended.has(unit)) begun -= 1;
      end(unit);
    },
    dueAt: () => (at < fresh.length && !hasFailed() ? options.window?.opensAt() : undefined),
    isBusy: () => true,
    isOver: () => open === 0 || (hasFailed() && begun === 0),
    firstFailure: () => (hasFailed() ? itemName(step, failed) : undefined),
  };
}

/** The iterations of an `until` as units of work: one after another, until `isLast` says so or one has failed. */
export function iterationUnits(
  options: SpreadOptions & {
    readonly most: number;
    readonly everyMs: number;
    /** Whether the loop ends with this iteration, which is done. */
    readonly isLast: (iteration: number) => Promise<boolean>;
  },
): Units & { last(): number; isMet(): boolean } {
  const { journal, step, each, most, everyMs, window } = options;
  let iteration = 1;
  while (isBegun(journal, iterationName(step, iteration + 1))) iteration += 1;
  let isTaken = false;
  let verdict: "met" | "failed" | "unmet" | undefined;
  const opensAt = () => {
    const before = journal.record(iterationName(step, iteration - 1));
    if (isBegun(journal, iterationName(step, iteration))) return 0;
    return Math.max(before?.finishedAt === undefined ? 0 : before.finishedAt + everyMs, window?.opensAt() ?? 0);
  };
  return {
    limit: 1,
    unitOf: (name) => unitUnder(`${step}/`, name),
    next(now) {
      if (verdict !== undefined || isTaken || opensAt() > now) return undefined;
      isTaken = true;
      const unit = iterationName(step, iteration);
      if (journal.record(unit) === undefined) window?.take(now);
      return unit;
    },
    putBack: () => {
      isTaken = false;
    },
    ...each,
    async settled(unit) {
      await each.settled(unit);
      if (verdict !== undefined || unit !== iterationName(step, iteration)) return;
      if (journal.record(unit)?.state !== "done") verdict = "failed";
      else if (await options.isLast(iteration)) verdict = "met";
      else if (iteration >= most) verdict = "unmet";
      else {
        iteration += 1;
        isTaken = false;
      }
    },
    dueAt: () => (verdict === undefined && !isTaken ? opensAt() : undefined),
    isBusy: () => true,
    isOver: () => verdict !== undefined,
    last: () => iteration,
    isMet: () => verdict === "met",
  };
}
