import { z } from "zod";

/** Where a run stands. */
export const runStateSchema = z.enum(["running", "waiting", "paused", "cancelling", "compensating", "completed", "failed", "cancelled"]);
export type RunState = z.infer<typeof runStateSchema>;

/** What a run has been told by its events; `waiting` and `paused` lie over `running`. */
export const runPhaseSchema = runStateSchema.exclude(["waiting", "paused"]);
export type RunPhase = z.infer<typeof runPhaseSchema>;

/** True when nothing more happens to the run unless a person asks for it. */
export function isOver(phase: RunPhase): boolean {
  return phase === "completed" || phase === "failed" || phase === "cancelled";
}
