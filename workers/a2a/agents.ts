import type { Graph } from "../mao/graph.ts";
import { agentNameSchema } from "../mao/names.ts";
import { resolveTemplate } from "../templates/resolve.ts";
import { findTemplate, listTemplates, type TemplateRow } from "../templates/store.ts";
import { BASE } from "./address.ts";
import type { Answering } from "./caller.ts";
import { A2aError } from "./errors.ts";
import { ANALYST, type ServedAgent } from "./served-agent.ts";
import { analystRun, templateRun } from "./served-run.ts";

/** Templates that an extended card tells of; `GET /v1/templates` lists all. */
const MAX_TEMPLATES_TOLD = 100;
const MAX_DESCRIPTION_CHARACTERS = 5_000;

/** The agents that every platform serves, and everyone may know of. */
const BUILT_IN: ReadonlyMap<string, Answering> = new Map([[ANALYST.name, { agent: ANALYST, begin: analystRun }]]);

/** The agent that answers where none is named. */
export const DEFAULT_AGENT: Answering = { agent: ANALYST, begin: analystRun };

/**
 * The agent that a tenant's address names: one of the platform's own, or a template of the tenant in its newest version.
 * @throws A2aError `METHOD_NOT_FOUND` when the tenant has none of this name
 */
export async function agentCalled(env: Env, tenant: string, name: string): Promise<Answering> {
  const known = builtInAgent(name);
  if (known !== undefined) return known;
  const template = agentNameSchema.safeParse(name).success ? await findTemplate(env, tenant, name) : undefined;
  if (template === undefined) throw new A2aError("METHOD_NOT_FOUND", `There is no agent ${name.slice(0, 100)} here.`);
  const { graph, version } = await resolveTemplate(env, tenant, name);
  return {
    agent: templateAgent(template, graph),
    begin: (message) => ({ ...templateRun(graph, message), template: { name, version } }),
  };
}

/**
 * The agent with all that a known caller may use: where none is named, the tenant's templates are told among the skills, each an agent under its own
 * address.
 */
export async function extendedAgent(env: Env, tenant: string, name: string | undefined): Promise<ServedAgent> {
  if (name !== undefined) return (await agentCalled(env, tenant, name)).agent;
  const templates = await listTemplates(env, tenant, undefined, MAX_TEMPLATES_TOLD);
  const skills = templates.map((template) => ({
    id: template.name,
    name: template.name,
    description: `Runs the template ${template.name}; reached at ${BASE}/${template.name}.`,
    tags: ["template", template.framework],
  }));
  return {
    ...ANALYST,
    changedAt: Math.max(ANALYST.changedAt, ...templates.map(({ updatedAt }) => updatedAt)),
    skills: [...ANALYST.skills, ...skills],
  };
}

function templateAgent({ name, version, framework, updatedAt }: TemplateRow, graph: Graph): ServedAgent {
  const inputs = Object.entries(graph.inputs).map(
    ([input, { type, description = "" }]) => `${input} (${type})${description === "" ? "" : `: ${description}`}`,
  );
  const takes =
    inputs.length === 0
      ? "It takes no inputs."
      : `It takes ${inputs.join("; ")}. Text goes to the first that is open, a data part gives inputs by name.`;
  return {
    name,
    title: (graph.name ?? name).slice(0, 200),
    description: `${graph.description ?? `The template ${name}.`} ${takes}`.slice(0, MAX_DESCRIPTION_CHARACTERS),
    version: `${version}.0.0`,
    changedAt: updatedAt,
    inputModes: ANALYST.inputModes,
    outputModes: ANALYST.outputModes,
    skills: [
      { id: name, name: graph.name ?? name, description: graph.description ?? `Runs the template ${name}.`, tags: ["template", framework] },
    ],
  };
}

/** An agent that needs no credential to be known; undefined when there is none of this name. */
export function builtInAgent(name: string): Answering | undefined {
  return agentNameSchema.safeParse(name).success ? BUILT_IN.get(name) : undefined;
}
