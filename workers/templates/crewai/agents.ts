import type { z } from "zod";
import type { graphSchema } from "../../mao/graph.ts";
import { agentNames } from "../control-flow/names.ts";
import { AGENT_ATTRIBUTES, KNOWN_TOOLS } from "./attributes.ts";
import { type Crew, isObject, type JsonObject, type Part } from "./crew.ts";
import type { Placeholders } from "./placeholders.ts";
import { type PartReader, type Report, readerOf } from "./report.ts";

export type GraphInput = z.input<typeof graphSchema>;
type AgentInput = NonNullable<GraphInput["agents"]>[string];

const MAX_TITLE_CHARACTERS = 200;
const MAX_DESCRIPTION_CHARACTERS = 5_000;
/** What the graph form takes. */
const MOST_TOOL_ROUNDS = 100;

/** What a crew's files are read with. */
export interface Reading {
  readonly crew: Crew;
  readonly report: Report;
  readonly texts: Placeholders;
  /** Ids of the platform's tools. */
  readonly tools: ReadonlySet<string>;
}

/** An agent of a crew, as the graph has it, with what of it concerns its tasks. */
export interface CrewAgent {
  readonly part: Part;
  readonly name: string;
  readonly definition: AgentInput;
  readonly delegates: boolean;
  readonly guardrails: readonly string[];
  readonly guardrailRetries: number | undefined;
  /** Whole seconds a task of it may take. */
  readonly seconds: number | undefined;
  readonly attempts: number | undefined;
  /** Name of its rate class. */
  readonly rate: string | undefined;
}

/** Gives each agent of a crew its definition in the graph, and notes what became of its attributes. */
export function crewAgents(reading: Reading, rates: NonNullable<GraphInput["rates"]>): Map<string, CrewAgent> {
  const nameOf = agentNames(["analyst"]);
  return new Map(reading.crew.agents.map((part) => [part.key, crewAgent(reading, part, nameOf(part.key), rates)]));
}

function crewAgent(reading: Reading, part: Part, name: string, rates: NonNullable<GraphInput["rates"]>): CrewAgent {
  const reader = readerOf(part, reading.report);
  const rounds = reader.count("max_iter");
  if (rounds !== undefined) reader.mapped("max_iter", `agents.${name}.max_tool_rounds`);
  const definition = {
    ...spokenText(reading, reader, name),
    tools: toolsOf(reading, reader, `agents.${name}.tools`),
    ...modelOf(reading, reader, "llm", `agents.${name}`),
    ...(rounds === undefined ? {} : { max_tool_rounds: Math.min(rounds, MOST_TOOL_ROUNDS) }),
  };
  const delegates = reader.flag("allow_delegation");
  if (!delegates && reader.get("allow_delegation") !== undefined) reader.mapped("allow_delegation", "nothing: it is off, as it is here");
  const seconds = reader.count("max_execution_time");
  if (seconds !== undefined) reader.mapped("max_execution_time", "timeout of its steps");
  const retries = reader.get("max_retry_limit")?.value;
  if (retries !== undefined) reader.mapped("max_retry_limit", "retry of its steps");
  const guardrail = reader.text("guardrail");
  if (guardrail !== undefined) reader.mapped("guardrail", "a check after each of its steps");
  if (reader.get("guardrail_max_retries") !== undefined)
    reader.mapped("guardrail_max_retries", "max_iterations of its steps that are checked");
  reader.rest(AGENT_ATTRIBUTES, "agent");
  return {
    part,
    name,
    definition,
    delegates,
    guardrails: guardrail === undefined ? [] : [guardrail],
    guardrailRetries: reader.count("guardrail_max_retries"),
    seconds,
    attempts: typeof retries === "number" ? Math.min(20, Math.max(0, Math.trunc(retries)) + 1) : undefined,
    rate: rateOf(reader, `agent_${name.replaceAll("-", "_")}`, rates),
  };
}

/** Who it is: role, goal and backstory, with their placeholders. */
function spokenText({ texts }: Reading, reader: PartReader, name: string): { title: string; description?: string; instructions: string } {
  const said = (attribute: string, to: string) => {
    const text = reader.text(attribute);
    if (text === undefined || text === "") return undefined;
    reader.mapped(attribute, to);
    return texts.text(text, reader.get(attribute)?.where ?? reader.part.where);
  };
  const role = said("role", `agents.${name}.title`) ?? reader.part.key;
  const goal = said("goal", `agents.${name}.instructions`);
  const backstory = said("backstory", `agents.${name}.instructions`);
  const isShort = role.length <= MAX_TITLE_CHARACTERS;
  const lines = [...(isShort ? [] : [`Your role: ${role}`]), backstory, goal === undefined ? undefined : `Your own goal: ${goal}`];
  return {
    title: isShort ? role : reader.part.key.slice(0, MAX_TITLE_CHARACTERS),
    ...(goal === undefined || goal.length > MAX_DESCRIPTION_CHARACTERS ? {} : { description: goal }),
    instructions: lines.filter((line) => line !== undefined).join("\n\n"),
  };
}

/** The platform's tools that stand for CrewAI's: by the crew's own table, by name, or by what is known of CrewAI's. */
export function toolsOf({ crew, tools }: Reading, reader: PartReader, to: string): string[] {
  const table = crew.options.attributes.get("tools")?.value;
  const found: string[] = [];
  for (const name of reader.names("tools")) {
    const bound = isObject(table) ? table[name] : undefined;
    const id = [bound, name, KNOWN_TOOLS[name]].find((candidate) => typeof candidate === "string" && tools.has(candidate));
    if (typeof id !== "string")
      reader.unmapped("tools", `there is no tool here for ${name}; a binding can name one: {crewai: 1, tools: {${name}: http.fetch}}`);
    else {
      reader.mapped("tools", `${to}: ${id} for ${name}`);
      if (!found.includes(id)) found.push(id);
    }
  }
  return found;
}

/** The model by the platform's name for it: CrewAI's without the provider, or the one that the crew's table names. */
export function modelOf({ crew }: Reading, reader: PartReader, attribute: string, to: string): { model?: string; temperature?: number } {
  const value = reader.get(attribute)?.value;
  if (value === undefined) return {};
  const said = typeof value === "string" ? value : isObject(value) ? (value.model ?? value.deployment_name) : undefined;
  if (typeof said !== "string" || said === "") {
    reader.unmapped(attribute, "names no model");
    return {};
  }
  const table = crew.options.attributes.get("models")?.value;
  const bound = isObject(table) ? table[said] : undefined;
  const model = typeof bound === "string" ? bound : said.slice(said.indexOf("/") + 1);
  reader.mapped(attribute, `${to}.model: ${model}, where the platform offers it`);
  const settings = isObject(value) ? value : {};
  const temperature =
    typeof settings.temperature === "number" && settings.temperature >= 0 && settings.temperature <= 2 ? settings.temperature : undefined;
  unreadSettings(reader, attribute, settings, temperature === undefined ? ["model"] : ["model", "temperature"]);
  return { model: model.slice(0, 200), ...(temperature === undefined ? {} : { temperature }) };
}

function unreadSettings(reader: PartReader, attribute: string, settings: JsonObject, read: readonly string[]): void {
  const left = Object.keys(settings).filter((name) => !read.includes(name) && name !== "deployment_name");
  if (left.length > 0) reader.unmapped(attribute, `${left.join(", ")}: models are set up by the platform's settings`);
}

/** A class of the graph's rates for `max_rpm`. */
export function rateOf(reader: PartReader, name: string, rates: NonNullable<GraphInput["rates"]>): string | undefined {
  const limit = reader.count("max_rpm");
  if (limit === undefined) return undefined;
  const short = name.slice(0, 64);
  rates[short] = { limit: Math.min(limit, 10_000), per: "1m" };
  reader.mapped("max_rpm", `rates.${short}: so many steps begin in a minute (single requests are limited by the platform)`);
  return short;
}
