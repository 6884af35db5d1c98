import { type Graph, graphSchema } from "../mao/graph.ts";
import { type Json, parsedJsonSchema } from "../platform/canonical-json.ts";

type JsonObject = { [key: string]: Json };

/** What a part of a graph is when nobody says it: what `graphSchema` fills in. */
const GRAPH_DEFAULTS = new Map(Object.entries(plainOf(graphSchema.parse({ steps: {} }))));
const STEP_DEFAULTS = new Map(
  Object.entries(plainOf(graphSchema.parse({ steps: { a: { uses: "human:approve" } } }).steps.a ?? {})).filter(([key]) => key !== "uses"),
);
const INPUT_DEFAULTS = new Map<string, Json>([["required", true]]);
const MODEL_AGENT_DEFAULTS = new Map<string, Json>([
  ["as", "model"],
  ["instructions", ""],
]);

/** A graph as a person would write it: what says nothing new is left out. Equal graphs come out equal, to the order of their keys. */
export function plainGraph(graph: Graph): JsonObject {
  return plainOfGraph(plainOf(graph));
}

function plainOfGraph(graph: JsonObject): JsonObject {
  return without(
    {
      ...graph,
      ...("inputs" in graph ? { inputs: each(graph.inputs, (input) => without(input, INPUT_DEFAULTS)) } : {}),
      ...("agents" in graph ? { agents: each(graph.agents, plainOfAgent) } : {}),
      steps: each(graph.steps, plainOfStep),
    },
    new Map([...GRAPH_DEFAULTS].filter(([key]) => key !== "steps")),
  );
}

function plainOfAgent(agent: JsonObject): JsonObject {
  return agent.as === "model" ? without(agent, MODEL_AGENT_DEFAULTS) : agent;
}

function plainOfStep(step: JsonObject): JsonObject {
  const inner = isObject(step.graph) ? { graph: plainOfGraph(step.graph) } : {};
  return without({ ...step, ...inner }, STEP_DEFAULTS);
}

function each(members: Json | undefined, plain: (member: JsonObject) => JsonObject): JsonObject {
  if (!isObject(members)) return {};
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, isObject(member) ? plain(member) : member]));
}

function without(members: JsonObject, defaults: ReadonlyMap<string, Json>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(defaults.get(key))));
}

function plainOf(value: unknown): JsonObject {
  const plain = parsedJsonSchema.parse(JSON.parse(JSON.stringify(value)));
  return isObject(plain) ? plain : {};
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
