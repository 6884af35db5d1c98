import { z } from "zod";
import { type Graph, graphSchema } from "../mao/graph.ts";
import { sha256Hex } from "../platform/crypto.ts";
import { Problem } from "../platform/problem.ts";
import { mappedSchema, unmappedSchema } from "./import-report.ts";
import { plainGraph } from "./plain-graph.ts";

/** Graphs and reports of a template, in R2. The tenant is part of every key. */
function prefixOf(tenant: string, template: string): string {
  return `${tenant}/templates/${template}/`;
}

function graphKey(tenant: string, template: string, hash: string): string {
  return `${prefixOf(tenant, template)}graph-${hash}.json`;
}

/** Two who write the same version at once write reports beside each other, and one of them is read. */
function reportKey(tenant: string, template: string, version: number, hash: string): string {
  return `${prefixOf(tenant, template)}report-${version}-${hash}.json`;
}

/** A version of a template. */
interface Version {
  readonly template: string;
  readonly version: number;
  readonly hash: string;
}

const reportSchema = z.object({
  mapped: z.array(mappedSchema),
  unmapped: z.array(unmappedSchema),
});
/** What became of each thing in the files that a version was made of. */
export type Report = z.infer<typeof reportSchema>;

/** The text that a graph is kept as, and its hash: equal for equal graphs, whatever the files looked like. */
export function graphText(graph: Graph): { text: string; hash: string } {
  const text = JSON.stringify(plainGraph(graph));
  return { text, hash: sha256Hex(text) };
}

/** Keeps a graph under its hash; again is the same. */
export async function keepGraph(env: Env, tenant: string, template: string, kept: { text: string; hash: string }): Promise<void> {
  await env.ARTIFACTS.put(graphKey(tenant, template, kept.hash), kept.text, { httpMetadata: { contentType: "application/json" } });
}

/** @throws Problem `unavailable` when storage has lost it */
export async function loadGraph(env: Env, tenant: string, template: string, hash: string): Promise<Graph> {
  const object = await env.ARTIFACTS.get(graphKey(tenant, template, hash));
  if (object === null) throw new Problem("unavailable", "The graph of this version is missing from storage.");
  return graphSchema.parse(JSON.parse(await object.text()));
}

export async function keepReport(env: Env, tenant: string, { template, version, hash }: Version, report: Report): Promise<void> {
  await env.ARTIFACTS.put(reportKey(tenant, template, version, hash), JSON.stringify(report), {
    httpMetadata: { contentType: "application/json" },
  });
}

export async function loadReport(env: Env, tenant: string, { template, version, hash }: Version): Promise<Report> {
  const object = await env.ARTIFACTS.get(reportKey(tenant, template, version, hash));
  return object === null ? { mapped: [], unmapped: [] } : reportSchema.parse(JSON.parse(await object.text()));
}

/** Keys that one call to storage deletes. */
const DELETE_BATCH = 1_000;

/** Deletes all that is kept of a template. */
export async function forgetGraphs(env: Env, tenant: string, template: string): Promise<void> {
  for (;;) {
    const { objects } = await env.ARTIFACTS.list({ prefix: prefixOf(tenant, template), limit: DELETE_BATCH });
    if (objects.length === 0) return;
    await env.ARTIFACTS.delete(objects.map(({ key }) => key));
  }
}
