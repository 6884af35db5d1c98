import type { Json } from "../../workers/platform/canonical-json.ts";
import type { RunRecord } from "./run-view.ts";

/** How long the outcome is offered before the next try. */
export const REPORT_RETRY_MS = 5_000;

/** True for a run that is over and was started by a schedule or by a step of another run, which has not taken its outcome yet. */
export function hasToReport(record: RunRecord): boolean {
  const isOver = record.phase === "completed" || record.phase === "failed" || record.phase === "cancelled";
  return isOver && !record.isReported && (record.schedule !== undefined || record.parent !== undefined);
}

/**
 * How a run has ended, as JSON text (`toldOutcomeSchema`); undefined while it goes on.
 * @param history what happened in it, as policies see it
 */
export function outcomeText({ phase, problem, id }: RunRecord, output: Json, history: readonly string[]): string | undefined {
  switch (phase) {
    case "completed":
      return JSON.stringify({ kind: "done", output, history });
    case "failed":
      return JSON.stringify({ kind: "failed", problem: problem ?? { type: "internal", detail: `The run ${id} has failed.` }, history });
    case "cancelled":
      return JSON.stringify({ kind: "failed", problem: { type: "conflict", detail: `The run ${id} was cancelled.` }, history });
    default:
      return undefined;
  }
}

/** Tells the schedule or the step that started it how a run ended; told twice is told once. @throws when it cannot be reached */
export async function tellStarter(env: Env, record: RunRecord, output: Json, history: readonly string[]): Promise<void> {
  const { principal, id, phase, schedule, parent } = record;
  if (schedule !== undefined && (phase === "completed" || phase === "failed" || phase === "cancelled"))
    await env.MAO_SCHEDULE.getByName(`${principal.tenant}/${schedule}`).runEnded(id, phase);
  const outcome = outcomeText(record, output, history);
  if (parent !== undefined && outcome !== undefined)
    await env.MAO_RUN.getByName(`${principal.tenant}/${parent.run}`).childEnded({ step: parent.step, key: parent.key, outcome });
}
