import { createHash } from "node:crypto";

/**
 * How much later than `due` a schedule fires, between 0 and `mostMs`: always the same for one time of one schedule, and different for schedules that have the
 * same times, so that they do not all start at the full hour.
 */
export function jitterMs(schedule: string, due: number, mostMs: number): number {
  if (mostMs === 0) return 0;
  return createHash("sha256").update(`${schedule}/${due}`).digest().readUInt32BE(0) % (mostMs + 1);
}
