import { literalText } from "../../mao/expression.ts";
import type { Json } from "../../platform/canonical-json.ts";
import { member } from "../control-flow/expressions.ts";
import type { Component } from "./document.ts";
import { PLATFORM_MODEL } from "./export/agents.ts";
import { type AgentInput, isSaid, leave, leaveAll, type Work } from "./work.ts";

/** Takes part in a run as this agent: the name its definition has in the graph. */
export function agentOf(work: Work, component: Component): string {
  const known = work.agentNames.get(component.id);
  if (known !== undefined) return known;
  const name = work.agentName(component.name);
  work.agentNames.set(component.id, name);
  work.places.set(`/agents/${name}`, component.place);
  work.agents[name] = definitionOf(work, component);
  work.mapped.push({ what: `${component.type} ${component.name}`, where: component.place, to: `agents.${name}` });
  return name;
}

/** An agent that does nothing but answer with a model: what an LlmNode asks. */
export function modelOf(work: Work, owner: Component, field: string): string {
  const config = work.reader.one(owner, field);
  const key = `model ${config?.id ?? "default"}`;
  const known = work.agentNames.get(key);
  if (known !== undefined) return known;
  const name = work.agentName(config?.name ?? "model");
  work.agentNames.set(key, name);
  work.agents[name] = { as: "model", title: literalText(config?.name.slice(0, 180) ?? "Model"), tools: [], ...modelFields(work, config) };
  if (config !== undefined) work.mapped.push({ what: `${config.type} ${config.name}`, where: config.place, to: `agents.${name}` });
  return name;
}

function definitionOf(work: Work, component: Component): AgentInput {
  switch (component.type) {
    case "Agent":
      return modelAgent(work, component);
    case "SpecializedAgent":
      return specialized(work, component);
    case "A2AAgent":
      return remoteAgent(work, component);
    case "Swarm":
    case "ManagerWorkers":
      return { as: "team", ...titled(component), ...teamOf(work, component) };
    default:
      work.unmapped.push({
        what: `${component.type} ${component.name}`,
        where: component.place,
        why: "there is no such kind here, or what it runs is missing; an agent of its name and description stands for it",
      });
      return {
        as: "model",
        ...titled(component),
        instructions: literalText(component.description ?? `You are ${component.name}.`),
        tools: [],
      };
  }
}

function titled(component: Component): { title: string; description?: string } {
  const { name, description } = component;
  return {
    title: literalText(name.slice(0, 180)),
    ...(description === undefined ? {} : { description: literalText(description.slice(0, 4_900)) }),
  };
}

function modelAgent(work: Work, component: Component) {
  leaveAll(work, component, {
    toolboxes: "the tools of an MCP server are found when it is asked; bind the ones that are needed to ours",
    transforms: "context is kept within its bounds by the platform",
  });
  const prompt = component.fields.system_prompt;
  return {
    as: "model",
    ...titled(component),
    instructions: named(work, typeof prompt === "string" ? prompt : ""),
    tools: toolsOf(work, component, "tools"),
    ...modelFields(work, work.reader.one(component, "llm_config")),
  } satisfies AgentInput;
}

/** `{{name}}` in instructions is an input of the graph, or else what the step gives the agent under that name. */
function named(work: Work, prompt: string): string {
  const parts = prompt.split(PLACEHOLDER);
  const texts = parts.map((part, i) => {
    if (i % 2 === 0) return literalText(part);
    return work.inputs.has(part) ? `\${inputs${member(part)}}` : `<${part}>`;
  });
  return texts.join("");
}
export const PLACEHOLDER = /\{\{\s*([^{}\s]+)\s*\}\}/g;

function specialized(work: Work, component: Component): AgentInput {
  const base = work.reader.one(component, "agent");
  const parameters = work.reader.one(component, "agent_specialization_parameters");
  if (base === undefined) return { as: "model", ...titled(component), tools: [] };
  const agent = modelAgent(work, base);
  const added = parameters?.fields.additional_instructions;
  return {
    ...agent,
    title: literalText(component.name.slice(0, 180)),
    instructions: typeof added === "string" ? `${agent.instructions}\n\n${named(work, added)}` : agent.instructions,
    tools: [...new Set([...agent.tools, ...(parameters === undefined ? [] : toolsOf(work, parameters, "additional_tools"))])],
  };
}

function remoteAgent(work: Work, component: Component): AgentInput {
  leaveAll(work, component, {
    connection_config: "certificates, headers and retries of remote agents are the platform's settings",
    session_parameters: "how remote agents are polled is the platform's setting",
  });
  const url = component.fields.agent_url;
  if (typeof url === "string" && URL.canParse(url) && /^https?:/.test(url)) {
    const card = /\.json$/.test(new URL(url).pathname)
      ? url
      : new URL(".well-known/agent-card.json", url.endsWith("/") ? url : `${url}/`).href;
    return { as: "a2a", ...titled(component), card };
  }
  leave(work, component, "agent_url", "is no http address; an agent of its name stands for it");
  return { as: "model", ...titled(component), tools: [] };
}

/** What a team step takes of a Swarm or ManagerWorkers, beside its task. */
export function teamOf(work: Work, component: Component): { pattern: "swarm" | "hierarchical"; with: { [key: string]: Json } } {
  if (component.type === "ManagerWorkers") {
    const manager = work.reader.one(component, "group_manager");
    const agents = work.reader.many(component, "workers").map((worker) => agentOf(work, worker));
    return { pattern: "hierarchical", with: { agents, ...(manager === undefined ? {} : { manager: agentOf(work, manager) }) } };
  }
  const first = work.reader.one(component, "first_agent");
  const pairs = work.reader.pairs(component, "relationships");
  const members = [...(first === undefined ? [] : [first]), ...pairs.flat()];
  const agents = [...new Set(members.map((agent) => agentOf(work, agent)))];
  for (const [from, to] of pairs) {
    const giver = from === undefined ? undefined : work.agents[agentOf(work, from)];
    if (giver === undefined || to === undefined || (giver.as !== "model" && giver.as !== undefined)) continue;
    giver.handoffs = [...new Set([...(giver.handoffs ?? []), agentOf(work, to)])];
  }
  const { handoff } = component.fields;
  if (handoff === "never" || handoff === false)
    leave(work, component, "handoff", "agents of a swarm here always hand over the conversation; none waits for another's answer");
  return { pattern: "swarm", with: { agents } };
}

/** The tools of ours that a component's stand for; the others are told. */
export function toolsOf(work: Work, component: Component, field: string): string[] {
  return work.reader.many(component, field).flatMap((tool) => {
    const id = toolId(work, tool);
    if (id !== undefined) work.mapped.push({ what: `${tool.type} ${tool.name}`, where: tool.place, to: id });
    else work.unmapped.push({ what: `${tool.type} ${tool.name} of ${component.name}`, where: tool.place, why: whyNoTool(tool) });
    return id ?? [];
  });
}

/** The tool of ours that one stands for: the one that is bound to it, or the one of the same name. */
export function toolId(work: Work, tool: Component): string | undefined {
  const bound = work.binding.tools[tool.name];
  if (bound !== undefined) return bound;
  return [...work.tools].find((id) => id === tool.name || id.replaceAll(".", "_") === tool.name);
}

function whyNoTool(tool: Component): string {
  if (tool.type === "Flow") return "a flow is no tool here; give it a step of its own";
  return `is no tool of this platform; bind it to one of ours: tools: { ${tool.name}: <id> }`;
}

function modelFields(work: Work, config: Component | undefined): { model?: string; temperature?: number } {
  if (config === undefined) return {};
  for (const field of ["url", "api_key", "auth", "client_config", "retry_policy", "key_file", "cert_file", "ca_file"])
    if (isSaid(config, field)) leave(work, config, field, "where models are reached, and with what credential, is set on the platform");
  const { model_id: id, default_generation_parameters: parameters } = config.fields;
  const { temperature, ...others } = parameters !== null && typeof parameters === "object" && !Array.isArray(parameters) ? parameters : {};
  for (const [name, value] of Object.entries(others))
    if (value !== null) leave(work, config, "default_generation_parameters", `${name} is set by the platform`);
  return {
    ...(typeof id === "string" && !(work.isOwn && id === PLATFORM_MODEL) ? { model: (work.binding.models[id] ?? id).slice(0, 200) } : {}),
    ...(typeof temperature === "number" && temperature >= 0 && temperature <= 2 ? { temperature } : {}),
  };
}
