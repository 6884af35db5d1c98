import { z } from "zod";
import { agentDefinitionSchema } from "../../mao/agent-definition.ts";
import { graphSchema, stepSchema } from "../../mao/graph.ts";
import { agentNameSchema } from "../../mao/names.ts";
import { pointerOf } from "../place.ts";
import { type Source, sourceProblem } from "../source.ts";

/** Supersteps LangGraph runs when nobody says how many. */
const DEFAULT_RECURSION_LIMIT = 25;
/** Iterations one loop may have here. */
export const MAX_RECURSION_LIMIT = 1_000;

const {
  uses,
  title,
  when,
  with: inputs,
  accept,
  retry,
  timeout,
  rate,
  priority,
  for_each,
  max_parallel,
  on_item_error,
  undo,
} = stepSchema.shape;

/** What one node is here. */
const nodeBindingSchema = z.strictObject({
  /** As in a graph: `tool:data.query`, `agent:writer`, `capsule:rank@^1`, `human:input`, `run:monthly-report@3` … */
  uses: uses.optional(),
  /** An agent written out; its name is the node's. */
  agent: agentDefinitionSchema.optional(),
  /** Of a node that runs tools an agent asked for: the ids of ours. */
  tools: z.array(z.string().max(200)).max(256).optional(),
  goal: z.string().max(10_000).optional(),
  expected_output: z.string().max(10_000).optional(),
  with: inputs.optional(),
  accept: accept.optional(),
  priority: priority.optional(),
  title,
  when,
  retry,
  timeout,
  rate,
  for_each,
  max_parallel,
  on_item_error,
  undo,
});

/** How the conditional edges of one node are decided. */
const edgeBindingSchema = z.strictObject({
  /** By the edge's label or target: CEL over the node's `output`; the first that is true is taken. */
  cases: z.record(z.string(), z.string().max(2_000)).optional(),
  /** The label or target taken when no case is true. */
  otherwise: z.string().optional(),
  /** An agent that answers with the label. */
  agent: agentNameSchema.optional(),
  question: z.string().max(10_000).optional(),
});

/** The file that says what the nodes of a drawn graph are here: a drawing holds names, and no code. */
const bindingSchema = z.strictObject({
  langgraph: z.literal(1).default(1),
  name: z.string().max(200).optional(),
  description: z.string().max(10_000).optional(),
  recursion_limit: z.number().int().min(1).default(DEFAULT_RECURSION_LIMIT),
  inputs: graphSchema.shape.inputs.unwrap().optional(),
  agents: z.record(agentNameSchema, agentDefinitionSchema).default({}),
  nodes: z.record(z.string(), nodeBindingSchema).default({}),
  edges: z.record(z.string(), edgeBindingSchema).default({}),
  interrupt_before: z.array(z.string()).default([]),
  interrupt_after: z.array(z.string()).default([]),
  rates: graphSchema.shape.rates.unwrap().optional(),
  outputs: graphSchema.shape.outputs.unwrap().optional(),
});
export type Binding = z.infer<typeof bindingSchema>;
export type NodeBinding = z.infer<typeof nodeBindingSchema>;
export type EdgeBinding = z.infer<typeof edgeBindingSchema>;

/** True for a file that binds and draws nothing itself. */
export function isBinding({ value }: Source): boolean {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const { langgraph, nodes } = value;
  return langgraph === 1 && !Array.isArray(nodes);
}

/** @throws Problem `invalid-template` with the place of each fault */
export function readBinding(file: Source | undefined): Binding {
  if (file === undefined) return bindingSchema.parse({});
  const parsed = bindingSchema.safeParse(file.value);
  if (parsed.success) return parsed.data;
  throw sourceProblem(
    parsed.error.issues.map(({ path, message }) => ({ place: file.place(pointerOf(path)), pointer: pointerOf(path), message })),
  );
}
