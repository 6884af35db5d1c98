import { z } from "zod";
import { stepSchema } from "../../workers/mao/graph.ts";
import type { OfferedTool, ToolCall } from "../../workers/models/client.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { listTools } from "../../workers/tools/registry.ts";
import type { RegisteredTool } from "../../workers/tools/tool.ts";
import type { StepCall } from "../graph/graph-run.ts";

/** The call by which a model runs a capsule; as the id of a tool it lets an agent do so. */
export const CAPSULE_CALL = "run_capsule";

/** Handing the word, or a task, to another agent: offered to a model as a tool, and no step of its own. */
export interface Handoff {
  /** The name under which it is offered. */
  readonly name: string;
  readonly target: string;
  readonly description: string;
}

/** What a model may call in a turn. */
export interface TurnTools {
  readonly offered: readonly OfferedTool[];
  /** Whom a call hands the word to; undefined for every other call. */
  handoffOf(call: ToolCall): Handoff | undefined;
  /** The step that a call becomes, or the problem with it, which the model is told. */
  stepFor(call: ToolCall): { step: StepCall["step"]; input: Record<string, Json> } | Problem;
}

const capsuleCallSchema = z.strictObject({
  capsule: z.string().describe("name@range of a capsule, for example compare-groups@^1"),
  inputs: z.record(z.string(), z.json()).describe("the capsule's inputs"),
});

const handoffCallSchema = z.looseObject({
  message: z.string().optional().describe("what the other one has to know or do"),
});

/**
 * The tools of a turn, under names that every provider takes, capsules through one call, and handoffs.
 * @param only ids of tools; all of the platform's, and capsules, when it is undefined
 */
export function turnTools(only: readonly string[] | undefined, handoffs: readonly Handoff[] = []): TurnTools {
  const tools = listTools().filter((tool) => only === undefined || only.includes(tool.id));
  const mayRunCapsules = only === undefined || only.includes(CAPSULE_CALL);
  const capsules = mayRunCapsules
    ? [{ name: CAPSULE_CALL, description: "Runs a task capsule and returns its result.", inputSchema: capsuleCallSchema }]
    : [];
  return {
    offered: [
      ...tools.map((tool) => ({ name: callName(tool), description: tool.description, inputSchema: tool.inputSchema })),
      ...capsules,
      ...handoffs.map(({ name, description }) => ({ name, description, inputSchema: handoffCallSchema })),
    ],
    handoffOf: (call) => handoffs.find((handoff) => handoff.name === call.name),
    stepFor: (call) => (mayRunCapsules && call.name === CAPSULE_CALL ? capsuleStep(call) : toolStep(tools, call)),
  };
}

/** What a handoff says to the one who gets the word; empty when it says nothing. */
export function handoffMessage(call: ToolCall): string {
  return handoffCallSchema.safeParse(call.input).data?.message ?? "";
}

/** A tool's id as a model calls it: providers take no dots. */
function callName(tool: RegisteredTool): string {
  return tool.id.replaceAll(".", "_");
}

/** The step of a `run_capsule` call, or the problem with it. */
export function capsuleStep(call: ToolCall): ReturnType<TurnTools["stepFor"]> {
  const parsed = capsuleCallSchema.safeParse(call.input);
  if (!parsed.success)
    return new Problem("invalid-request", `run_capsule takes {capsule, inputs}: ${parsed.error.issues[0]?.message ?? "it does not fit"}.`);
  const step = stepSchema.safeParse({ uses: `capsule:${parsed.data.capsule}` });
  if (!step.success) return new Problem("not-found", `There is no capsule ${parsed.data.capsule.slice(0, 100)}; name one as name@range.`);
  return { step: step.data, input: parsed.data.inputs };
}

function toolStep(tools: readonly RegisteredTool[], call: ToolCall): ReturnType<TurnTools["stepFor"]> {
  const tool = tools.find((candidate) => callName(candidate) === call.name);
  const input = z.record(z.string(), z.json()).safeParse(call.input);
  if (tool === undefined) return new Problem("not-found", `There is no tool ${call.name.slice(0, 100)}.`);
  if (!input.success) return new Problem("invalid-request", `The arguments of ${call.name} have to be a JSON object.`);
  return { step: stepSchema.parse({ uses: `tool:${tool.id}` }), input: input.data };
}
