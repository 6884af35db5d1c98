import { z } from "@hono/zod-openapi";
import { jsonSchema } from "../platform/canonical-json.ts";
import { agentDefinitionSchema } from "./agent-definition.ts";
import { MAX_EXPRESSION_CHARACTERS } from "./expression.ts";
import { agentNameSchema, durationSchema, stepNameSchema, usesSchema } from "./names.ts";

/**
 * The one graph form: what plans, capsules, templates and runs are written in. A graph is data; `durable-objects/graph`
 * interprets it. Text may hold `${…}`: an expression in CEL over `inputs`, `steps.<name>.output`, `signals`, `updates`, `run`, and inside
 * `for_each` and `until` over `item`, `index`, `iteration` and `previous`.
 */

/** What one run may have: its history fits the object it lives in. */
export const MAX_STEPS_PER_GRAPH = 10_000;
const MAX_NEEDS_PER_STEP = 1_000;
const MAX_AGENTS_PER_GRAPH = 1_000;
const MAX_ATTEMPTS = 20;
export const MAX_PARALLEL = 64;
/** Items of one `for_each`. */
export const MAX_ITEMS = 10_000;
const MAX_ITERATIONS = 1_000;
const MAX_CASES = 64;
/** Signals, updates, queries, rates of one graph, each. */
const MAX_NAMED = 100;

const expression = z.string().max(MAX_EXPRESSION_CHARACTERS);
const inputs = z.record(z.string(), jsonSchema);

const retrySchema = z.strictObject({
  attempts: z.number().int().min(1).max(MAX_ATTEMPTS),
  backoff: z.enum(["constant", "exponential"]).default("exponential"),
  delay: durationSchema.default("1s"),
  max_delay: durationSchema.default("5m"),
  /** Types of problems that are never tried again. */
  final: z.array(z.string().max(64)).max(32).default([]),
});

const switchSchema = z.strictObject({
  /** The first case whose expression (over `output` and all that a step sees) is true is taken. */
  cases: z
    .array(z.strictObject({ when: expression, run: z.array(stepNameSchema).min(1).max(MAX_NEEDS_PER_STEP) }))
    .min(1)
    .max(MAX_CASES),
  /** Steps that run when no case is true. */
  default: z.array(stepNameSchema).max(MAX_NEEDS_PER_STEP).default([]),
});

export const stepSchema = z.strictObject({
  uses: usesSchema,
  /** What a person reads in the tree of tasks. */
  title: z.string().max(200).optional(),
  needs: z.array(stepNameSchema).max(MAX_NEEDS_PER_STEP).default([]),
  /** CEL; the step is skipped when it is not true. */
  when: expression.optional(),
  with: inputs.default({}),
  /** CEL over `output`; the step fails when one of them is not true. */
  accept: z.array(expression).max(20).default([]),
  retry: retrySchema.optional(),
  timeout: durationSchema.optional(),
  /** A class of the graph's `rates`: this step starts no more often than that class allows. */
  rate: stepNameSchema.optional(),
  /** Among steps that could start, those of a higher priority start first. */
  priority: z.number().int().min(-100).max(100).default(0),
  on_unknown: z.enum(["retry", "ask", "fail"]).optional(),
  /**
   * When it has failed for good: `fail` fails the run; `continue` lets the steps that need it run, with a null output; `goto` runs that step,
   * which needs this one, in place of the others that do.
   */
  on_error: z.union([z.enum(["fail", "continue"]), z.strictObject({ goto: stepNameSchema })]).default("fail"),
  /** What takes the step's effect back; run in reverse order when the run fails or is cancelled. It sees the step's `output`. */
  undo: z.strictObject({ uses: usesSchema, title: z.string().max(200).optional(), with: inputs.default({}) }).optional(),
  /** A list, or CEL for one: the step runs for each `item`; its output is the list of outputs. */
  for_each: z.union([expression, z.array(jsonSchema).max(MAX_ITEMS)]).optional(),
  /** Items worked on at the same time. */
  max_parallel: z.number().int().min(1).max(MAX_PARALLEL).optional(),
  /** `continue`: an item that fails leaves null in the list. */
  on_item_error: z.enum(["fail", "continue"]).optional(),
  /** CEL over `output`, `iteration` (from 1) and `previous`: the step runs again until it is true. */
  until: expression.optional(),
  max_iterations: z.number().int().min(1).max(MAX_ITERATIONS).optional(),
  /** Wait between iterations. */
  every: durationSchema.optional(),
  /** Which of the steps that need this one run, once it is done. */
  switch: switchSchema.optional(),
  /** The graph of `run:inline`; its inputs are this step's `with`, its output its `outputs`. */
  get graph(): z.ZodOptional<z.ZodType<Graph, GraphInput>> {
    return z.lazy(() => graphSchema).optional();
  },
});

const inputTypeSchema = z.enum(["string", "number", "boolean", "array", "object", "any"]);
const describedSchema = z.strictObject({ type: inputTypeSchema.default("any"), description: z.string().max(2_000).optional() });

const named = <T extends z.ZodType>(what: string, schema: T) =>
  z
    .record(stepNameSchema, schema)
    .refine((members) => Object.keys(members).length <= MAX_NAMED, { message: `a graph has at most ${MAX_NAMED} ${what}` })
    .default({});

const graphShape = {
  name: z.string().max(200).optional(),
  description: z.string().max(10_000).optional(),
  inputs: z
    .record(
      z.string(),
      z.strictObject({
        type: inputTypeSchema,
        description: z.string().max(2_000).optional(),
        default: jsonSchema.optional(),
        required: z.boolean().default(true),
      }),
    )
    .default({}),
  /** Who takes part, by the names that `agent:`, `team:` and `a2a:` steps use. */
  agents: z
    .record(agentNameSchema, agentDefinitionSchema)
    .refine((agents) => Object.keys(agents).length <= MAX_AGENTS_PER_GRAPH, {
      message: `a graph has at most ${MAX_AGENTS_PER_GRAPH} agents`,
    })
    .default({}),
  /** Rate classes: at most `limit` steps of the class start in any time of length `per`. */
  rates: named("rates", z.strictObject({ limit: z.number().int().min(1).max(10_000), per: durationSchema })),
  /** What may be told to the run from outside while it goes on. */
  signals: named("signals", describedSchema),
  /** What may be changed from outside: `accept` is CEL over `payload` and all that a step sees. */
  updates: named("updates", describedSchema.extend({ accept: z.array(expression).max(20).default([]) })),
  /** What may be asked from outside: CEL over all that a step sees. */
  queries: named("queries", expression),
  steps: z.record(stepNameSchema, stepSchema).refine((steps) => Object.keys(steps).length <= MAX_STEPS_PER_GRAPH, {
    message: `a graph holds at most ${MAX_STEPS_PER_GRAPH} steps`,
  }),
  /** Steps that may run at the same time. */
  max_parallel: z.number().int().min(1).max(MAX_PARALLEL).default(16),
  outputs: inputs.default({}),
};

export const graphSchema = z
  .strictObject(graphShape)
  .openapi("Graph", { description: "The one graph form: what templates, runs, capsules and plans are written in." });

/** A step as the engine has it; `graph` only on `run:inline`. */
export type Step = z.infer<typeof stepSchema>;
export interface Graph extends z.infer<typeof graphSchema> {}
interface GraphInput extends z.input<typeof graphSchema> {}
