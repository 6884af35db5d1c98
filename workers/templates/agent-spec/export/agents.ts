import type { z } from "zod";
import type { agentDefinitionSchema } from "../../../mao/agent-definition.ts";
import type { Json } from "../../../platform/canonical-json.ts";
import { define, referenceTo, type Writing } from "./document.ts";

type JsonObject = { [key: string]: Json };
export type AgentDefinition = z.output<typeof agentDefinitionSchema>;

/** The model of agents that name none: the platform's own choice. */
export const PLATFORM_MODEL = "platform-default";

/** Writes an agent of the graph. @returns the reference to it */
export function writeAgent(writing: Writing, name: string): JsonObject {
  const id = `agent.${name}`;
  if (Object.hasOwn(writing.components, id)) return referenceTo(id);
  const definition = writing.agents[name] ?? { as: "model", instructions: "", title: name };
  const title = definition.title ?? name;
  const said = { description: definition.description ?? null, metadata: {}, inputs: [], outputs: [] };
  switch (definition.as) {
    case "model":
      return define(writing, "Agent", id, title, {
        ...said,
        llm_config: writeModel(writing, definition.model, definition.temperature),
        system_prompt: definition.instructions,
        tools: (definition.tools ?? []).map((tool) => writeTool(writing, tool)),
        toolboxes: [],
        human_in_the_loop: false,
        transforms: [],
      });
    case "a2a":
      return define(writing, "A2AAgent", id, title, {
        ...said,
        agent_url: definition.card,
        connection_config: define(writing, "A2AConnectionConfig", "connection.default", "default", {}),
      });
    case "human":
      writing.left.push({
        what: `agents.${name}`,
        why: "a person is no agent of the specification; an agent of that name stands for them",
      });
      return define(writing, "Agent", id, title, {
        ...said,
        llm_config: writeModel(writing, undefined, undefined),
        system_prompt: `You speak for ${title}, a person: ask them.`,
        human_in_the_loop: true,
      });
    case "team":
      return writeTeam(writing, id, title, definition.pattern, definition.with);
    default:
      return definition satisfies never;
  }
}

/** Writes a team as a Swarm or as ManagerWorkers, whichever is nearer. */
export function writeTeam(writing: Writing, id: string, title: string, pattern: string, options: JsonObject): JsonObject {
  const names = Array.isArray(options.agents) ? options.agents.filter((agent) => typeof agent === "string") : [];
  const said = { metadata: {}, inputs: [], outputs: [] };
  const [first = "analyst", ...others] = names;
  if (pattern === "swarm") {
    const relationships = names.flatMap((from) => {
      const giver = writing.agents[from];
      const receivers = giver?.as === "model" ? (giver.handoffs ?? []) : [];
      return receivers.map((to) => [writeAgent(writing, from), writeAgent(writing, to)]);
    });
    return define(writing, "Swarm", id, title, { ...said, first_agent: writeAgent(writing, first), relationships, handoff: "always" });
  }
  if (pattern !== "hierarchical")
    writing.left.push({ what: id, why: `a team that speaks ${pattern} has no counterpart; it is written as a manager with workers` });
  const manager = typeof options.manager === "string" ? options.manager : first;
  const workers = typeof options.manager === "string" || others.length === 0 ? names : others;
  return define(writing, "ManagerWorkers", id, title, {
    ...said,
    group_manager: writeAgent(writing, manager),
    workers: workers.filter((worker) => worker !== manager || workers.length === 1).map((worker) => writeAgent(writing, worker)),
  });
}

/** A tool of ours: the engine that runs the document has to be this one, or bring its own under this name. */
export function writeTool(writing: Writing, id: string): JsonObject {
  return define(writing, "ServerTool", `tool.${id}`, id, {
    description: `The tool ${id} of SomaAgent.`,
    metadata: {},
    inputs: [],
    outputs: [],
  });
}

function writeModel(writing: Writing, model: string | undefined, temperature: number | undefined): JsonObject {
  const name = model ?? PLATFORM_MODEL;
  const id = temperature === undefined ? `model.${name}` : `model.${name}@${temperature}`;
  return define(writing, "LlmConfig", id, name, {
    metadata: {},
    model_id: name,
    default_generation_parameters: temperature === undefined ? null : { temperature },
  });
}
