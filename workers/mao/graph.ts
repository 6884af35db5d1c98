import { z } from "zod";

/**
 * The one graph form: what plans, capsules, templates and runs are written in. A graph is data; `durable-objects/graph`
 * interprets it. Text may hold `${…}`: an expression in CEL over `inputs` and `steps.<name>.output`.
 */

/** What one run may have: its history fits the object it lives in. */
export const MAX_STEPS_PER_GRAPH = 1_000;
export const MAX_NEEDS_PER_STEP = 1_000;
export const MAX_ATTEMPTS = 20;
export const MAX_PARALLEL = 64;

/** `tool:data.query`, `agent:analyst`, `human:approve`, `timer:wait`, `capsule:compare-groups@^1`. */
export const usesSchema = z
  .string()
  .max(200)
  .regex(
    /^(tool:[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+|agent:[a-z][a-z0-9-]*|human:(approve|input)|timer:wait|capsule:[a-z][a-z0-9-]*@[~^0-9][0-9A-Za-z.^~-]*)$/,
    {
      message: "expected tool:<group>.<verb>, agent:<name>, human:approve, human:input, timer:wait or capsule:<name>@<range>",
    },
  );

/** Names are identifiers of CEL, so that `${steps.name.output}` reads as it is written. */
export const stepNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, { message: "expected a lower-case identifier of at most 64 characters" });

/** `500ms`, `30s`, `10m`, `24h`, `7d`. */
export const durationSchema = z.string().regex(/^\d{1,9}(ms|s|m|h|d)$/, { message: "expected a duration such as 30s, 10m or 24h" });

export const retrySchema = z.object({
  attempts: z.number().int().min(1).max(MAX_ATTEMPTS),
  backoff: z.enum(["constant", "exponential"]).default("exponential"),
  delay: durationSchema.default("1s"),
});

export const stepSchema = z.strictObject({
  uses: usesSchema,
  /** What a person reads in the tree of tasks. */
  title: z.string().max(200).optional(),
  needs: z.array(stepNameSchema).max(MAX_NEEDS_PER_STEP).default([]),
  /** CEL; the step is skipped when it is not true. */
  when: z.string().max(2_000).optional(),
  with: z.record(z.string(), z.json()).default({}),
  /** CEL over `output`; the step fails when one of them is not true. */
  accept: z.array(z.string().max(2_000)).max(20).default([]),
  retry: retrySchema.optional(),
  timeout: durationSchema.optional(),
  on_unknown: z.enum(["retry", "ask", "fail"]).optional(),
  /** `continue` lets the steps that need it run, with a null output, when it has failed for good. */
  on_error: z.enum(["fail", "continue"]).default("fail"),
});
export type Step = z.infer<typeof stepSchema>;

export const graphSchema = z.strictObject({
  inputs: z
    .record(
      z.string(),
      z.strictObject({
        type: z.enum(["string", "number", "boolean", "array", "object", "any"]),
        description: z.string().max(2_000).optional(),
        default: z.json().optional(),
        required: z.boolean().default(true),
      }),
    )
    .default({}),
  steps: z.record(stepNameSchema, stepSchema).refine((steps) => Object.keys(steps).length <= MAX_STEPS_PER_GRAPH, {
    message: `a graph holds at most ${MAX_STEPS_PER_GRAPH} steps`,
  }),
  /** Steps that may run at the same time. */
  max_parallel: z.number().int().min(1).max(MAX_PARALLEL).default(16),
  outputs: z.record(z.string(), z.json()).default({}),
});
export type Graph = z.infer<typeof graphSchema>;
