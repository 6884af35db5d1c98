import { z } from "zod";
import { stepNameSchema } from "../mao/names.ts";
import { runnableGraphSchema } from "../mao/validate.ts";

/** Goals of one plan, and so sections of its report. */
export const MAX_GOALS = 1_000;
/** Tasks of one plan: their records and results' summaries fit an object's memory many times over. */
export const MAX_TASKS = 1_000;
const MAX_MILESTONES = 100;

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

/** A named group of tasks; it is reached when all of them are done. */
export const milestoneSchema = z.strictObject({
  name: stepNameSchema,
  title: z.string().min(1).max(200),
  tasks: z.array(stepNameSchema).min(1).max(MAX_TASKS),
});

/** The graph of a plan: no more steps than a plan may have, and then one that can run. */
export const planGraphSchema = z
  .looseObject({
    steps: z
      .record(z.string(), z.unknown())
      .refine((steps) => Object.keys(steps).length <= MAX_TASKS, { message: `a plan holds at most ${MAX_TASKS} steps` }),
  })
  .pipe(runnableGraphSchema);

/** What a planner hands over: the same form whether the embedded engine or a language model wrote it. */
export const planSchema = z.object({
  title: z.string().max(300),
  /** Who reads the report and what for, in the brief's own words, when it says so. */
  audience: z.string().max(1_000).optional(),
  goals: z.array(goalSchema).min(1).max(MAX_GOALS),
  /** What a reader must know of the plan: wishes that were left out and why, notes that could not be followed. */
  remarks: z
    .array(z.string())
    .max(2 * MAX_GOALS)
    .optional(),
  milestones: z.array(milestoneSchema).max(MAX_MILESTONES).optional(),
  /** A task is `agent:analyst` with `{ goal, goal_id, capsule, inputs }`; it may need others, and say with `accept` what its result must be. */
  graph: planGraphSchema,
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
