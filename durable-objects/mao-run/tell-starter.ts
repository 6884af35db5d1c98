import type { RunRecord } from "./run-view.ts";

/** How long the outcome is offered before the next try. */
export const REPORT_RETRY_MS = 5_000;

/** True for a run that is over and was started by a schedule or by a step of another run, which has not taken its outcome yet. */
export function hasToReport(record: RunRecord): boolean {
  const isOver = record.phase === "completed" || record.phase === "failed" || record.phase === "cancelled";
  return isOver && !record.isReported && (record.schedule !== undefined || record.parent !== undefined);
}

/** Tells the schedule or the run that started it how it ended; told twice is told once. @throws when it cannot be reached */
export async function tellStarter(env: Env, record: RunRecord): Promise<void> {
  const { principal, id, phase, schedule } = record;
  if (schedule !== undefined && (phase === "completed" || phase === "failed" || phase === "cancelled"))
    await env.MAO_SCHEDULE.getByName(`${principal.tenant}/${schedule}`).runEnded(id, phase);
}
