import { z } from "@hono/zod-openapi";
import { idPattern } from "../platform/ids.ts";
import { runStateSchema } from "./run-state.ts";

/** Where runs are. */
export const BASE = "/v1/mao/runs";
/** The run in a path. */
export const params = z.object({ id: z.string().regex(idPattern("run")) });
/** Names of a run's steps in paths, those inside others included: `each/3`, `draft/m1/c1#approval`. */
export const stepParams = params.extend({ step: z.string().min(1).max(500) });

const shown = {
  id: z.string().openapi({ example: "run_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
  title: z.string(),
  state: runStateSchema,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  schedule: z.string().optional(),
  parent: z.string().optional().openapi({ description: "The run one of whose steps it is" }),
};

/** A run in a list. */
export const runSummarySchema = z
  .object({ ...shown, template: z.string().optional().openapi({ description: "Name of the template it runs", example: "monthly-report" }) })
  .openapi("RunSummary");

export const runStepSchema = z
  .object({
    step: z.string().openapi({ example: "summarize" }),
    title: z.string(),
    uses: z.string().openapi({ example: "agent:analyst" }),
    needs: z.array(z.string()),
    state: z.enum(["pending", "running", "waiting", "done", "failed", "skipped", "blocked"]),
    attempt: z.number().int(),
    startedAt: z.iso.datetime().optional(),
    finishedAt: z.iso.datetime().optional(),
    durationMs: z.number().optional(),
    child: z.string().optional().openapi({ description: "The session or run that works on it" }),
    inside: z
      .record(z.string(), z.number().int())
      .optional()
      .openapi({ description: "Steps inside it (items, iterations, turns, calls) by state", example: { done: 7, running: 1 } }),
    problem: z.object({ type: z.string(), detail: z.string() }).optional(),
  })
  .openapi("RunStep");

const stateSchema = z.enum(["pending", "running", "waiting", "done", "failed", "skipped", "blocked"]);
const problemSchema = z.object({ type: z.string(), detail: z.string() });

const waitSchema = z.object({
  step: z.string(),
  uses: z.string().optional(),
  title: z.string().optional(),
  on: z.string().openapi({ example: "human" }),
  until: z.iso.datetime().optional(),
  prompt: z.string().optional(),
  child: z.string().optional(),
});

export const runSchema = z
  .object({
    ...shown,
    finishedAt: z.iso.datetime().optional(),
    constitutionHash: z.string().optional().openapi({ description: "SHA-256 of the constitution it began under" }),
    template: z.object({ name: z.string(), version: z.number().int() }).optional(),
    counts: z.record(z.string(), z.number().int()).openapi({ description: "Steps by state", example: { done: 9, running: 1 } }),
    waits: z.array(waitSchema).openapi({ description: "What it waits for: people, times, signals" }),
    steps: z.array(runStepSchema).openapi({ description: "The first thousand steps; the rest by `/graph`" }),
    undone: z
      .array(z.object({ step: z.string().openapi({ example: "undo/reserve" }), state: stateSchema, problem: problemSchema.optional() }))
      .openapi({ description: "Steps that took effects back, after the run failed or was cancelled" }),
    output: z.unknown().optional(),
    problem: z.object({ type: z.string(), detail: z.string() }).optional(),
  })
  .openapi("Run");

/** A run as its object wrote it down, as JSON text: output may be of any form, which the types of calls between objects cannot say. */
export function runOf(text: string): z.infer<typeof runSchema> {
  return runSchema.parse(JSON.parse(text));
}

export const runResponse = (description: string) => ({ description, content: { "application/json": { schema: runSchema } } });
