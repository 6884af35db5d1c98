import type { Graph } from "../mao/graph.ts";
import { Problem } from "../platform/problem.ts";
import { loadGraph } from "./kept-graph.ts";
import { findTemplate, findVersion, type TemplateRow, type VersionRow } from "./store.ts";

/** What a run is started from: a template of the tenant, in one version for good. */
export interface ResolvedTemplate {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  /** SHA-256 of the graph's kept text. */
  readonly hash: string;
  readonly graph: Graph;
}

/**
 * The graph of a template.
 * @param version the newest when it is left out
 * @throws Problem `not-found` when the tenant has no such template or version
 */
export async function resolveTemplate(env: Env, tenant: string, name: string, version?: number): Promise<ResolvedTemplate> {
  const { template, found } = await mustFindVersion(env, tenant, name, version);
  const graph = await loadGraph(env, tenant, template.id, found.hash);
  return { id: template.id, name, version: found.version, hash: found.hash, graph };
}

/** The rows of a template and one of its versions, the newest when none is named. @throws Problem `not-found` */
export async function mustFindVersion(
  env: Env,
  tenant: string,
  name: string,
  version?: number,
): Promise<{ template: TemplateRow; found: VersionRow }> {
  const template = await mustFindTemplate(env, tenant, name);
  const found = await findVersion(env, template.id, version ?? template.version);
  if (found === undefined)
    throw new Problem(
      "not-found",
      `The template ${name} has no version ${version ?? template.version}; the newest is ${template.version}.`,
    );
  return { template, found };
}

/** @throws Problem `not-found` */
export async function mustFindTemplate(env: Env, tenant: string, name: string): Promise<TemplateRow> {
  const template = await findTemplate(env, tenant, name);
  if (template === undefined) throw new Problem("not-found", `No template ${name} in this tenant; GET /v1/templates lists them.`);
  return template;
}
