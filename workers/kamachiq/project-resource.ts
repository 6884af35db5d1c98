import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { idPattern } from "../platform/ids.ts";
import type { HttpEnv } from "../platform/route.ts";
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

const taskSchema = z
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
  })
  .openapi("Task");

/** A file that a project delivered. */
export const deliverableSchema = z
  .object({ name: z.string(), mediaType: z.string(), bytes: z.number().int(), sha256: z.string() })
  .openapi("Deliverable");

/** A project as the API shows it. */
export const projectSchema = summarySchema
  .extend({
    brief: z.string(),
    attachments: z.array(z.object({ id: z.string(), name: z.string() })),
    engine: z.string().optional(),
    round: z.number().int(),
    goals: z.array(goalSchema),
    tasks: z.array(taskSchema),
    questions: z.array(questionSchema),
    review: z
      .object({ round: z.number().int(), score: z.number(), passed: z.boolean(), checks: z.array(reviewCheckSchema), notes: z.string() })
      .optional(),
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
