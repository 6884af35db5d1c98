import { env } from "cloudflare:test";
import type { Analysis, QueryEvidence } from "../../workers/tools/data/analysis.ts";

/** Puts a text or bytes into storage and gives the file that a workspace can load. */
export async function stored(name: string, content: string | Uint8Array) {
  const key = `ten/artifacts/${crypto.randomUUID()}`;
  await env.ARTIFACTS.put(key, content);
  return { key, name };
}

export function newWorkspace() {
  return env.DATA_WORKSPACE.getByName(`ten/${crypto.randomUUID()}`);
}

/** Loads a text or bytes as a file into a workspace of its own. */
export async function load(name: string, content: string | Uint8Array) {
  const workspace = newWorkspace();
  return { workspace, profile: await workspace.load(await stored(name, content)) };
}

/** The query of an analysis, the first unless told. */
export function queryOf(analysis: Analysis, place = 0): QueryEvidence {
  const evidence = analysis.evidence.filter((candidate) => candidate.kind === "query")[place];
  if (evidence === undefined) throw new Error("no query");
  return evidence;
}

/** One named column of a query's rows. */
export function columnOf(evidence: QueryEvidence, name: string): QueryEvidence["rows"][number] {
  return evidence.rows.map((row) => row[evidence.columns.indexOf(name)] ?? null);
}
