import { z } from "zod";

/** Where a project stands. */
export const projectStateSchema = z.enum([
  "planning",
  "questions",
  "running",
  "paused",
  "reviewing",
  "gate",
  "delivered",
  "failed",
  "cancelled",
  "refused",
]);
export type ProjectPhase = z.infer<typeof projectStateSchema>;

/** True when nothing more happens to the project unless a person asks for it. */
export function isOver(phase: ProjectPhase): boolean {
  return phase === "delivered" || phase === "failed" || phase === "cancelled" || phase === "refused";
}
