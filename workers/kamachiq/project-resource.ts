import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { idPattern } from "../platform/ids.ts";
import type { HttpEnv } from "../platform/route.ts";
import { budgetSchema } from "./budget.ts";
import { governanceSchema } from "./options.ts";
import { goalSchema, questionSchema } from "./plan.ts";
import { projectStateSchema } from "./project-state.ts";
import { reviewCheckSchema } from "./review.ts";

/** Where projects are. */
export const BASE = "/v1/kamachiq/projects";
/** The project in a path. */
export const params = z.object({ id: z.string().regex(idPattern("project")) });
const problemSchema = z.object({ type: z.string(), detail: z.string() });

/** A project in a list. */
export const summarySchema = z
  .object({
    id: z.string().openapi({ example: "prj_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    title: z.string(),
    state: projectStateSchema,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi("ProjectSummary");

/** A task of a project. */
export const taskSchema = z
  .object({
    step: z.string(),
    title: z.string(),
    uses: z.string(),
    needs: z.array(z.string()),
    state: z.enum(["pending", "running", "waiting", "done", "failed", "skipped"]),
    attempt: z.number().int(),
    session: z.string().optional(),
    startedAt: z.iso.datetime().optional(),
    finishedAt: z.iso.datetime().optional(),
    problem: problemSchema.optional(),
    wave: z.number().int().optional(),
    findings: z.string().optional(),
    accept: z.array(z.object({ condition: z.string(), isMet: z.boolean().optional() })),
  })
  .openapi("Task");

/** A file that a project delivered. */
export const deliverableSchema = z
  .object({
    name: z.string(),
    mediaType: z.string(),
    bytes: z.number().int(),
    sha256: z.string(),
    provenanceSha256: z.string().openapi({ description: "Hash of the statement that says where the file comes from." }),
  })
  .openapi("Deliverable");

const count = z.number().int();

/** Second agents that did tasks of a round again. */
export const peerSchema = z.object({ agreed: count, disagreed: count, score: z.number(), engine: z.string(), notes: z.string() });

/** What a review came to. */
export const reviewFields = {
  score: z.number(),
  passed: z.boolean(),
  checks: z.array(reviewCheckSchema),
  notes: z.string(),
  peer: peerSchema.optional(),
};

/** A project as the API shows it. */
export const projectSchema = summarySchema
  .extend({
    constitutionHash: z.string().optional().openapi({ description: "SHA-256 of the constitution it began under" }),
    brief: z.string(),
    amendments: z.array(z.string()),
    attachments: z.array(z.object({ id: z.string(), name: z.string() })),
    engine: z.string().optional(),
    round: z.number().int(),
    goals: z.array(goalSchema),
    progress: z.object({
      total: count,
      pending: count,
      running: count,
      waiting: count,
      done: count,
      failed: count,
      skipped: count,
      wave: count,
    }),
    milestones: z.array(
      z.object({ name: z.string(), title: z.string(), tasks: count, done: count, reachedAt: z.iso.datetime().optional() }),
    ),
    tasks: z.array(taskSchema).openapi({ description: "The first of the plan's tasks; `GET {id}/tasks` has all of them." }),
    questions: z.array(questionSchema),
    review: z.object({ round: z.number().int(), ...reviewFields }).optional(),
    budget: z.object({
      limits: budgetSchema,
      spent: z.object({ micros: count, tokens: count }).openapi({ description: "Counted while there is a limit of money or tokens." }),
      held: z.object({ micros: count, tokens: count }),
      agents: count,
      reached: z.enum(["micros", "tokens", "duration", "depth", "agents"]).optional(),
    }),
    governance: governanceSchema,
    usage: z.object({ inputTokens: z.number().int(), outputTokens: z.number().int(), costMicros: z.number().int() }),
    deliverables: z.array(deliverableSchema),
    problem: problemSchema.optional(),
  })
  .openapi("Project");

/** What every route answers that changes a project. */
export const projectResponse = {
  200: { description: "The project as it stands.", content: { "application/json": { schema: projectSchema } } },
};

/** The object of a project of the caller's tenant, whether there is such a project or not. */
export function project(context: Context<HttpEnv>, id: string) {
  return context.env.KAMACHIQ_PROJECT.getByName(`${context.get("principal").tenant}/${id}`);
}
