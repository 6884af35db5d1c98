import { z } from "zod";
import { literal } from "../../mao/expression.ts";
import type { Json } from "../../platform/canonical-json.ts";
import { type Component, componentsIn, type Report } from "./component.ts";
import { modelOf } from "./models.ts";
import type { Names } from "./names.ts";
import { teamOf } from "./teams.ts";
import { type ToolBinding, toolsOf } from "./tools.ts";

/** What the reading of one template shares: names, tools, what is reported, and the agents found so far. */
export interface Reading {
  readonly names: Names;
  readonly tools: ToolBinding;
  readonly report: Report;
  /** Agents of the graph, by their names here. */
  readonly agents: Map<string, Json>;
  /** Where each agent stands: its pointer in the file. */
  readonly pointers: Map<string, string>;
  /** Signals that the graph has to know. */
  readonly signals: Set<string>;
}

const handoffSchema = z.union([
  z.string().transform((target) => ({ target, isPlain: true })),
  z
    .looseObject({ target: z.string(), description: z.string().nullish(), name: z.string().nullish(), message: z.string().nullish() })
    .transform(({ target, description, name, message }) => ({
      target,
      isPlain:
        isDefault(description, `Handoff to ${target}.`) &&
        isDefault(name, `transfer_to_${target}`.toLowerCase()) &&
        isDefault(message, `Transferred to ${target}, adopting the role of ${target} immediately.`),
    })),
]);

/** Takes a participant into the graph's agents. @returns its name here */
export function addAgent(component: Component, reading: Reading): string {
  const name = reading.names.of(component.name);
  if (reading.agents.has(name)) {
    component.lost(`two participants are called ${component.name}; this one speaks as the first`);
    return name;
  }
  const to = `agents.${name}`;
  component.open("name");
  reading.agents.set(name, {});
  reading.pointers.set(name, component.pointer);
  reading.agents.set(name, agentOf(component, to, reading));
  component.close();
  component.became(to);
  return name;
}

function agentOf(component: Component, to: string, reading: Reading): Json {
  switch (component.kind) {
    case "AssistantAgent":
    case "OpenAIAgent":
    case "OpenAIAssistantAgent":
    case "MagenticOneCoderAgent":
      return { ...modelAgent(component, to, reading), tools: toolsOf(component, `${to}.tools`, reading.tools, reading.report) };
    case "UserProxyAgent":
      component.leave("input_func", "a person answers the run's question in the console, by the API or the CLI");
      return { as: "human", ...about(component, to) };
    case "SocietyOfMindAgent":
      return societyOf(component, to, reading);
    case "MessageFilterAgent":
      return filtered(component, to, reading);
    case "MultimodalWebSurfer":
      component.lost("a browser is not driven here: the agent reads pages by http.fetch, and sees no pictures");
      return { ...modelAgent(component, to, reading), tools: ["http.fetch"].filter((tool) => reading.tools.known.has(tool)) };
    case "FileSurfer":
      component.lost("files on a disk are not read here: the agent reads the tenant's artifacts");
      return {
        ...modelAgent(component, to, reading),
        tools: ["artifacts.list", "artifacts.get"].filter((tool) => reading.tools.known.has(tool)),
      };
    case "CodeExecutorAgent":
      component.leave("code_executor", "code is not executed here: the agent can only speak");
      component.leave("sources", "an agent sees all that was said");
      return { ...modelAgent(component, to, reading), tools: [] };
    default:
      if (isTeam(component)) return nestedTeam(component, to, reading);
      component.lost(`there is no agent like ${component.kind} here: it speaks by its description and instructions alone`);
      return { ...modelAgent(component, to, reading), tools: [] };
  }
}

/** What all agents that a model speaks for have in common. */
function modelAgent(component: Component, to: string, reading: Reading): Record<string, Json> {
  const instructions =
    component.takeText("system_message", `${to}.instructions`) ?? component.takeText("instructions", `${to}.instructions`);
  const handoffs = handoffsOf(component, to, reading);
  const rounds = toolRounds(component, to);
  component.leave("memory", "memories of the file's own are not read; the platform's memory is a tool");
  component.leave("structured_message_factory", "the form of an answer is given with a step (output_schema), not with an agent");
  leaveContext(component, reading.report);
  if (component.open("model_client_stream") === true) component.became("events step.delta", "model_client_stream");
  if (component.open("reflect_on_tool_use") === true) component.became("an agent always answers in its own words", "reflect_on_tool_use");
  else component.leave("tool_call_summary_format", "an agent here answers in its own words after it called a tool");
  component.open("tool_call_summary_format");
  component.leave("metadata", "is the other tool's own");
  return {
    as: "model",
    ...about(component, to),
    instructions: literal(instructions ?? ""),
    ...modelOf(component, to, reading.report, true),
    ...(handoffs.length === 0 ? {} : { handoffs }),
    ...(rounds === undefined ? {} : { max_tool_rounds: rounds }),
  };
}

/** Rounds of questions: one more than rounds of calls, since the last one is for the answer. */
function toolRounds(component: Component, to: string): number | undefined {
  const iterations = z.number().safeParse(component.open("max_tool_iterations")).data;
  if (iterations !== undefined && iterations > 1) {
    component.became(`${to}.max_tool_rounds`, "max_tool_iterations");
    return Math.min(100, Math.round(iterations) + 1);
  }
  component.leave("max_tool_iterations", "an agent here may call tools until it answers, within the platform's bound");
  return undefined;
}

function about(component: Component, to: string): { title: string; description?: Json } {
  const description = component.takeText("description", `${to}.description`) ?? component.description;
  return {
    title: component.name.slice(0, 200),
    ...(description === undefined ? {} : { description: literal(description.slice(0, 5_000)) }),
  };
}

function handoffsOf(component: Component, to: string, { names, report }: Reading): string[] {
  const given = component.take("handoffs", `${to}.handoffs`);
  if (!Array.isArray(given)) return [];
  return given.flatMap((item, i) => {
    const parsed = handoffSchema.safeParse(item);
    const where = component.source.place(`${component.pointer}/config/handoffs/${i}`);
    if (!parsed.success) {
      report.unmapped.push({ what: `${component.name}.handoffs[${i}]`, where, why: "names no target" });
      return [];
    }
    if (!parsed.data.isPlain)
      report.unmapped.push({
        what: `${component.name}.handoffs[${i}]`,
        where,
        why: "the target is kept; its own name, description and message of the handoff are not",
      });
    return [names.of(parsed.data.target)];
  });
}

/** How much of a conversation an agent sees is the platform's bound. */
function leaveContext(component: Component, report: Report): void {
  for (const context of componentsIn(component, "model_context", report)) {
    if (context.kind === "UnboundedChatCompletionContext") context.became("all that was said, within the platform's bound");
    else context.lost("an agent sees all that was said, within the platform's bound");
    context.open("initial_messages");
  }
}

function societyOf(component: Component, to: string, reading: Reading): Json {
  const [team] = componentsIn(component, "team", reading.report);
  const instructions = component.takeText("instruction", `${to}.instructions`);
  const response = component.takeText("response_prompt", `${to}.response_prompt`);
  const { model } = modelOf(component, to, reading.report, false);
  leaveContext(component, reading.report);
  return {
    as: "team",
    ...about(component, to),
    ...insideOf(team, reading),
    ...(instructions === undefined ? {} : { instructions: literal(instructions) }),
    ...(response === undefined ? {} : { response_prompt: literal(response) }),
    ...(model === undefined ? {} : { model }),
  };
}

function nestedTeam(component: Component, to: string, reading: Reading): Json {
  return {
    as: "team",
    title: component.name.slice(0, 200),
    ...(component.description === undefined ? {} : { description: component.description }),
    ...insideOf(component, reading, to),
  };
}

/** The pattern, members and end of a team inside an agent. */
function insideOf(team: Component | undefined, reading: Reading, to?: string): Record<string, Json> {
  const made = team === undefined ? undefined : teamOf(team, reading, (component) => addAgent(component, reading));
  if (made === undefined) return { pattern: "round-robin", with: { agents: [] } };
  if (to === undefined) team?.close();
  const { until, ...rest } = made.with;
  return { pattern: made.pattern, with: rest, ...(until === undefined ? {} : { until }) };
}

function filtered(component: Component, to: string, reading: Reading): Json {
  component.leave("filter", "an agent sees all that was said");
  const [inner] = componentsIn(component, "wrapped_agent", reading.report);
  if (inner === undefined) return { as: "model", title: component.name };
  inner.open("name");
  const agent = agentOf(inner, to, reading);
  inner.close();
  return agent;
}

/** Whether a component is a team. */
export function isTeam({ kind }: Component): boolean {
  return /^(RoundRobinGroupChat|SelectorGroupChat|Swarm|MagenticOneGroupChat|GraphFlow)$/.test(kind);
}

function isDefault(given: string | null | undefined, usual: string): boolean {
  return given === undefined || given === null || given === "" || given === usual;
}
