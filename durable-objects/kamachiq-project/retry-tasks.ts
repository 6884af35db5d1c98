import { Problem } from "../../workers/platform/problem.ts";
import { statusOfRecord } from "../graph/scope.ts";
import type { StepRecord } from "../journal/step-record.ts";
import type { Desk } from "./desk.ts";

/**
 * Lets a failed step run again, and with it the tasks of this round that were skipped because of a failure.
 *
 * @param step a task's name in the plan, or a step's name in the journal
 * @throws Problem `not-found` when there is none of that name, `conflict` when it has not failed
 */
export function retryTask(desk: Desk, step: string, by: string): void {
  const { journal } = desk.bench;
  const name = journal.record(step) === undefined ? `r${desk.state().round}/${step}` : step;
  const record = journal.record(name);
  if (record === undefined) throw new Problem("not-found", `The project has no task ${step}.`);
  if (!hasFailed(record)) throw new Problem("conflict", `Task ${step} is ${record.state}; only a task that has failed can be tried again.`);
  resetSkipped(desk, by);
  journal.reset(name, by);
}

/** Lets every step that keeps the project from getting on run again. @returns false when there is none */
export function retryFailed(desk: Desk, by: string): boolean {
  const { journal } = desk.bench;
  const failed = [...journal.records.values()].filter((record) => hasFailed(record) && isPresent(desk, record));
  resetSkipped(desk, by);
  for (const record of failed) journal.reset(record.step, by);
  return failed.length > 0;
}

function resetSkipped(desk: Desk, by: string): void {
  const { journal } = desk.bench;
  for (const record of [...journal.records.values()])
    if (statusOfRecord(record) === "blocked" && isPresent(desk, record)) journal.reset(record.step, by);
}

function hasFailed(record: StepRecord): boolean {
  return record.state === "failed" && record.final === true;
}

/** Files are loaded once; everything else belongs to a round. */
function isPresent(desk: Desk, { step }: StepRecord): boolean {
  const { round } = desk.state();
  return step.startsWith("load_") || step.startsWith(`r${round}/`) || new RegExp(`^[a-z]+_${round}(/|$)`).test(step);
}
