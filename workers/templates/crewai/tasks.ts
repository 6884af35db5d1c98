import type { Json } from "../../platform/canonical-json.ts";
import { stepNames } from "../control-flow/names.ts";
import type { Place } from "../place.ts";
import { pointerOf } from "../place.ts";
import { type CrewAgent, type GraphInput, modelOf, type Reading, rateOf, toolsOf } from "./agents.ts";
import { TASK_ATTRIBUTES } from "./attributes.ts";
import { checkedTask } from "./checked-task.ts";
import { agentFor } from "./choose-agent.ts";
import { isObject, type Part } from "./crew.ts";
import { type PartReader, readerOf } from "./report.ts";

type StepInput = GraphInput["steps"][string];

/** What the steps of a crew are made with. */
export interface Workshop {
  readonly reading: Reading;
  readonly agents: ReadonlyMap<string, CrewAgent>;
  /** The graph's agents: tasks with tools of their own, rules and managers add to them. */
  readonly definitions: NonNullable<GraphInput["agents"]>;
  readonly rates: NonNullable<GraphInput["rates"]>;
  /** Places of the parts of the graph. */
  readonly places: Map<string, Place>;
  /** Names of agents that have something to do. */
  readonly used: Set<string>;
}

/** A task with the step that it became. */
interface Placed {
  readonly part: Part;
  readonly step: string;
  readonly isAsync: boolean;
}

const CHECKER = "rule-checker";

/** The steps of a crew's tasks, in order, and the name of the one whose answer is the crew's. */
export function crewSteps(
  shop: Workshop,
  manager: string | undefined,
): { steps: Record<string, StepInput>; texts: Map<string, string>; last: string } {
  const nameOf = stepNames();
  const steps: Record<string, StepInput> = {};
  const before: Placed[] = [];
  for (const part of shop.reading.crew.tasks) {
    const reader = readerOf(part, shop.reading.report);
    const placed = { part, step: nameOf(part.key), isAsync: reader.flag("async_execution") };
    shop.places.set(pointerOf(["steps", placed.step]), part.where);
    if (placed.isAsync) reader.mapped("async_execution", `steps.${placed.step} runs beside the tasks behind it`);
    else if (reader.get("async_execution") !== undefined) reader.mapped("async_execution", "nothing: it waits for the tasks before it");
    steps[placed.step] = taskStep(shop, reader, placed, before, manager);
    if ((reader.text("output_file") ?? "") !== "") {
      const name = nameOf(`${placed.step}_file`);
      steps[name] = fileStep(shop, reader, placed, name);
    }
    reader.rest(TASK_ATTRIBUTES, "task");
    before.push(placed);
  }
  const texts = new Map(before.map(({ part, step }) => [part.key, step]));
  return { steps, texts, last: before.at(-1)?.step ?? "" };
}

function taskStep(shop: Workshop, reader: PartReader, placed: Placed, before: readonly Placed[], manager: string | undefined): StepInput {
  const { needs, context } = orderOf(reader, placed, before);
  const agent = agentOf(shop, reader, manager);
  const team = manager === undefined ? coworkersOf(shop, agent) : membersOf(shop, manager);
  const lead = manager ?? agent?.name ?? "analyst";
  const checks = checksOf(shop, reader, agent);
  if (agent?.delegates === true && manager === undefined)
    readerOf(agent.part, shop.reading.report).mapped("allow_delegation", `steps.${placed.step} is a team that ${agent.name} leads`);
  const asked = order(shop, reader, context);
  for (const name of [lead, ...team]) shop.used.add(name);
  const who = withTools(shop, reader, lead, placed.step);
  const rate = agent?.rate ?? (shop.rates.crew === undefined ? undefined : "crew");
  const ask: StepInput = {
    uses: team.length > 0 ? "team:hierarchical" : `agent:${who}`,
    title: placed.part.key.replaceAll("_", " ").slice(0, 200),
    needs,
    with: team.length > 0 ? teamInput(asked, who, team) : asked,
    ...(agent?.seconds === undefined ? {} : { timeout: `${Math.min(agent.seconds, 999_999_999)}s` }),
    ...(agent?.attempts === undefined ? {} : { retry: { attempts: agent.attempts } }),
    ...(rate === undefined ? {} : { rate }),
  };
  if (!checks.isReviewed && checks.guardrails.length === 0) return ask;
  if (checks.guardrails.length > 0) shop.definitions[CHECKER] ??= checkerDefinition();
  return checkedTask(ask, { ...checks, checker: CHECKER, title: ask.title ?? placed.step });
}

function checkerDefinition(): NonNullable<GraphInput["agents"]>[string] {
  return {
    title: "Rule checker",
    instructions:
      "You check whether an answer keeps a rule. Say in `feedback` what breaks it and how to mend that; leave it empty when nothing does.",
    tools: [],
  };
}

/** What the task comes after, and what it is given of the tasks before it. */
function orderOf(reader: PartReader, placed: Placed, before: readonly Placed[]): { needs: string[]; context: Record<string, Json> } {
  const lastSync = before.findLastIndex(({ isAsync }) => !isAsync);
  const waitsFor = placed.isAsync ? before.slice(Math.max(0, lastSync), lastSync + 1) : before.slice(Math.max(0, lastSync));
  const said = reader.get("context");
  const known = new Map(before.map((task) => [task.part.key, task]));
  const named = reader.names("context").flatMap((name) => {
    const task = known.get(name);
    if (task === undefined) reader.unmapped("context", `${name} is no task before this one, so there is nothing of it to give`);
    return task === undefined ? [] : [task];
  });
  if (named.length > 0) reader.mapped("context", `steps.${placed.step}.with.context`);
  const given = said === undefined ? (placed.isAsync ? waitsFor : before) : named;
  // Whatever came before is upstream of what it waits for, but for tasks that run beside it.
  const needs = [...new Set([...waitsFor, ...named].map(({ step }) => step))];
  return { needs, context: Object.fromEntries(given.map(({ part, step }) => [part.key, `\${steps.${step}.output.text}`])) };
}

function agentOf({ reading, agents }: Workshop, reader: PartReader, manager: string | undefined): CrewAgent | undefined {
  const said = reader.text("agent");
  const named = said === undefined ? undefined : agents.get(said);
  const step = reader.part.key;
  if (manager !== undefined) {
    if (said !== undefined) reader.mapped("agent", `${step}: in a hierarchical crew the manager gives out the work`);
    return undefined;
  }
  if (named !== undefined) {
    reader.mapped("agent", `steps: ${step} uses agent:${named.name}`);
    return named;
  }
  const chosen = agentFor(reader.part, reading.crew.agents);
  const found = chosen === undefined ? undefined : agents.get(chosen.key);
  const taken = found === undefined ? "the built-in analyst does it" : `${found.part.key} does it, whose words fit best`;
  const why = said === undefined ? "the files do not say which agent does this task (the crew's code may)" : `there is no agent ${said}`;
  reader.unmapped("agent", `${why}; ${taken}. A binding can say it: {crewai: 1, tasks: {${step}: {agent: …}}}`);
  return found;
}

/** With whom an agent may share its work: everybody else of the crew, when it may. */
function coworkersOf({ agents }: Workshop, agent: CrewAgent | undefined): string[] {
  if (agent?.delegates !== true) return [];
  return [...agents.values()].filter((other) => other !== agent).map(({ name }) => name);
}

function membersOf({ agents }: Workshop, manager: string): string[] {
  return [...agents.values()].map(({ name }) => name).filter((name) => name !== manager);
}

/** What is asked of the agent. */
function order({ reading }: Workshop, reader: PartReader, context: Record<string, Json>): Record<string, Json> & { goal: string } {
  const { part } = reader;
  const said = (name: string) => {
    const text = reader.text(name);
    if (text === undefined || text === "") return undefined;
    reader.mapped(name, `steps: ${part.key} with.${name === "description" ? "goal" : name}`);
    return reading.texts.text(text, reader.get(name)?.where ?? part.where);
  };
  const expected = said("expected_output");
  const isMarkdown = reader.flag("markdown");
  if (reader.get("markdown") !== undefined)
    reader.mapped("markdown", isMarkdown ? `steps: ${part.key} with.expected_output` : "nothing: it is off, as it is here");
  const form = [expected, ...(isMarkdown ? ["Write the answer as Markdown."] : [])].filter((text) => text !== undefined).join("\n");
  const schema = schemaOf(reading, reader);
  return {
    goal: said("description") ?? part.key.replaceAll("_", " "),
    ...(form === "" ? {} : { expected_output: form }),
    ...(Object.keys(context).length === 0 ? {} : { context }),
    ...(schema === undefined ? {} : { output_schema: schema }),
  };
}

/** What a team is given: its task holds the form of the answer, too. */
function teamInput({ goal, ...rest }: Record<string, Json> & { goal: string }, manager: string, agents: string[]): Record<string, Json> {
  const { output_schema: schema, ...given } = rest;
  const form = schema === undefined ? "" : `\n\nAnswer with JSON that fits this JSON Schema: ${JSON.stringify(schema)}`;
  return { agents, manager, task: goal + form, ...given };
}

/** The JSON Schema of a structured answer: written out, or by the name of a class that the crew's table knows. */
function schemaOf({ crew }: Reading, reader: PartReader): Record<string, Json> | undefined {
  const table = crew.options.attributes.get("schemas")?.value;
  for (const name of ["output_pydantic", "output_json", "response_model"]) {
    const value = reader.get(name)?.value;
    if (value === undefined) continue;
    const bound = typeof value === "string" && isObject(table) ? table[value] : undefined;
    const schema = isObject(bound) ? bound : isObject(value) && ("type" in value || "properties" in value) ? value : undefined;
    if (schema !== undefined) {
      reader.mapped(name, `steps: ${reader.part.key} with.output_schema`);
      return schema;
    }
    const called = typeof value === "string" ? value : "the class";
    reader.unmapped(
      name,
      `${called} is code; a binding can give its JSON Schema: {crewai: 1, schemas: {${called.replace("the class", "Name")}: {type: object}}}`,
    );
  }
  return undefined;
}

function checksOf(shop: Workshop, reader: PartReader, agent: CrewAgent | undefined) {
  const isReviewed = reader.flag("human_input");
  if (reader.get("human_input") !== undefined)
    reader.mapped(
      "human_input",
      isReviewed ? `steps: a person reviews ${reader.part.key}, as often as needed` : "nothing: it is off, as it is here",
    );
  const own = ["guardrail", "guardrails"].flatMap((name) => {
    const rules = reader.names(name);
    if (rules.length > 0) reader.mapped(name, `steps: ${reader.part.key} is checked by agent:${CHECKER}`);
    return rules.map((rule) => shop.reading.texts.text(rule, reader.get(name)?.where ?? reader.part.where));
  });
  const retries = reader.count("guardrail_max_retries") ?? reader.count("max_retries");
  for (const name of ["guardrail_max_retries", "max_retries"])
    if (reader.get(name) !== undefined) reader.mapped(name, `steps: ${reader.part.key} max_iterations`);
  const inherited = own.length === 0 ? (agent?.guardrails ?? []) : [];
  return { guardrails: [...own, ...inherited], guardrailRetries: retries ?? agent?.guardrailRetries, isReviewed };
}

/** The agent with the tools that this task limits it to. */
function withTools(shop: Workshop, reader: PartReader, agent: string, step: string): string {
  if (reader.get("tools") === undefined) return agent;
  const tools = toolsOf(shop.reading, reader, `steps.${step}`);
  const definition = shop.definitions[agent];
  if (definition === undefined || (definition.as ?? "model") !== "model" || tools.length === 0) return agent;
  const name = `${agent.slice(0, 30)}-in-${step.slice(0, 28).replaceAll("_", "-")}`.replace(/-+$/, "");
  shop.definitions[name] = { ...definition, as: "model", tools };
  return name;
}

/** What keeps an answer as a file. */
function fileStep({ reading, places }: Workshop, reader: PartReader, placed: Placed, step: string): StepInput {
  const path = reader.text("output_file") ?? "";
  const where = reader.get("output_file")?.where ?? reader.part.where;
  const name = path.split(/[\\/]/).at(-1) ?? path;
  places.set(pointerOf(["steps", step]), where);
  reader.mapped("output_file", `a step that stores ${name} as an artifact`);
  return {
    uses: "tool:artifacts.put",
    title: `Store ${name}`.slice(0, 200),
    needs: [placed.step],
    with: { name: reading.texts.text(name, where), text: `\${steps.${placed.step}.output.text}` },
  };
}

/** The agent that gives out the work of a hierarchical crew. @returns its name */
export function managerOf(shop: Workshop): string {
  const reader = readerOf(shop.reading.crew.options, shop.reading.report);
  const said = reader.text("manager_agent");
  const named = said === undefined ? undefined : shop.agents.get(said);
  if (named !== undefined) {
    reader.mapped("manager_agent", `agent:${named.name} leads the team of every step`);
    return named.name;
  }
  if (said !== undefined) reader.unmapped("manager_agent", `there is no agent ${said}; a manager that is built for the crew leads it`);
  const name = Object.hasOwn(shop.definitions, "manager") ? "crew-manager" : "manager";
  shop.definitions[name] = {
    title: "Crew Manager",
    instructions:
      "You lead a team. You give each part of the work to the member it fits, check what comes back, and answer with the finished work.",
    tools: [],
    ...modelOf(shop.reading, reader, "manager_llm", `agents.${name}`),
  };
  return name;
}

/** A class of rates for the whole crew, named `crew`. */
export function crewRate(shop: Workshop): void {
  rateOf(readerOf(shop.reading.crew.options, shop.reading.report), "crew", shop.rates);
}
