import { Problem } from "../../workers/platform/problem.ts";
import type { Journal } from "../journal/journal.ts";
import type { StepRecord } from "../journal/step-record.ts";

/** Steps that wait for a person, a time, a signal or another object. */
export function waitsOf(journal: Journal): StepRecord[] {
  return [...journal.records.values()].filter((record) => record.state === "waiting");
}

/** Ends the waits whose time has come: a timer is done then, everything else has failed by `timeout`. @returns how many ended */
export async function endDueWaits(journal: Journal, now: number): Promise<number> {
  const due = waitsOf(journal).filter(({ until }) => until !== undefined && until <= now);
  for (const { step, on } of due) {
    const key = journal.keyOf(step);
    if (on === "timer") await journal.settle(step, key, { kind: "done", output: null });
    else await journal.settle(step, key, { kind: "failed", problem: new Problem("timeout", "Nobody answered in time.") });
  }
  return due.length;
}

/** When the next wait is over, in milliseconds since the epoch; undefined when none has an end. */
export function nextWaitEnd(journal: Journal): number | undefined {
  const times = waitsOf(journal).flatMap(({ until }) => (until === undefined ? [] : [until]));
  return times.length === 0 ? undefined : Math.min(...times);
}
