import { z } from "zod";
import { runnableGraphSchema } from "../mao/validate.ts";

/** One thing the brief asks for. */
export const goalSchema = z.object({
  /** `g1`, `g2` … in the order of the brief. */
  id: z.string().regex(/^g\d{1,4}$/),
  /** The brief's own words. */
  text: z.string(),
  /** The steps of the graph that answer it; never empty in a valid plan. */
  steps: z.array(z.string()).min(1),
  /** Words of it that the planner did not understand and that play no part in the answer. */
  notUnderstood: z.array(z.string()).max(100).optional(),
});
export type Goal = z.infer<typeof goalSchema>;

/** What a planner hands over: the same form whether the embedded engine or a language model wrote it. */
export const planSchema = z.object({
  title: z.string().max(300),
  /** Who reads the report and what for, in the brief's own words, when it says so. */
  audience: z.string().max(1_000).optional(),
  goals: z.array(goalSchema).min(1).max(200),
  /** What a reader must know of the plan: wishes that were left out and why, notes that could not be followed. */
  remarks: z.array(z.string()).max(200).optional(),
  /** Each step is `agent:analyst` with `{ goal, goal_id, capsule, inputs }`; a step may need others. */
  graph: runnableGraphSchema,
});
export type Plan = z.infer<typeof planSchema>;

/** Something the planner cannot know and will not invent. */
export const questionSchema = z.object({
  /** The words of the brief it is about. */
  about: z.string(),
  question: z.string(),
  /** Answers that would do, for example the columns there are. */
  choices: z.array(z.string()).max(100),
});
export type Question = z.infer<typeof questionSchema>;

export const planningOutcomeSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("plan"), plan: planSchema, engine: z.string() }),
  z.object({ kind: z.literal("questions"), questions: z.array(questionSchema).min(1), engine: z.string() }),
]);
export type PlanningOutcome = z.infer<typeof planningOutcomeSchema>;
