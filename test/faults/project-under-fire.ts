import { createHash } from "node:crypto";
import { must, type SomaClient, somaClient } from "../../clients/sdk/client.ts";
import type { Counts } from "./counts.ts";
import { createOnce } from "./create-once.ts";
import { holdTwice } from "./hold-twice.ts";
import { insist } from "./insist.ts";

/** Rows of the table that everything is computed over. */
const ROWS = 40;
/** Measures and groupings of the table: each of a thousand tasks has a question of its own. */
export const MEASURES = 40;
const GROUPINGS = ["team", ...Array.from({ length: 24 }, (_, i) => `grouping_${i + 1}`)];
const MAX_TASKS = MEASURES * GROUPINGS.length;
const ENDS = /^project\.(delivered|failed|cancelled)$/;
/** What tells one project from another and not one result from another. */
const IDS = /\b[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}\b/g;
/** Statements of where a file came from name the project: they are in no two projects alike. */
const STATEMENTS = /"provenanceSha256": "[0-9a-f]{64}"/g;
const TIMES = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z\b/g;

/**
 * Takes one brief of many tasks to its end, whatever happens to the platform meanwhile. Two clients hold the project's events all the while.
 * @returns the hash of its manifest without ids and times, or the state it ended in
 */
export async function projectUnderFire(platform: { url: string; apiKey: string }, tasks: number, counts: Counts): Promise<string> {
  if (tasks > MAX_TASKS) throw new RangeError(`The table has questions for ${MAX_TASKS} tasks.`);
  const client = somaClient(platform);
  counts.projects += 1;
  const artifact = await insist(() => client.upload("data.csv", table()));
  const order = { brief: brief(tasks), title: "Measures", attachments: [artifact.id] };
  const id = await createOnce(platform, "/v1/kamachiq/projects", order);
  const wire = await holdTwice(platform, client, id, (event) => ENDS.test(event.type), counts);
  const done = new Set(wire.filter((event) => event.type === "step.done").map((event) => String(event.data.step)));
  counts.missingEffects += Math.max(0, tasks - [...done].filter((step) => /^r1\/analyze_\d+$/.test(step)).length);
  const project = await insist(() => must(client.api.GET("/v1/kamachiq/projects/{id}", { params: { path: { id } } })));
  if (project.state !== "delivered") return project.state;
  counts.delivered += 1;
  return insist(() => manifestHash(client, id));
}

/** A hash of what was delivered: every file with its hash, every task with its inputs and the hash of its result. */
async function manifestHash(client: SomaClient, id: string): Promise<string> {
  const manifest = await new Response(await client.deliverable(id, "manifest.json")).text();
  return createHash("sha256").update(manifest.replaceAll(IDS, "id").replaceAll(TIMES, "time").replaceAll(STATEMENTS, "")).digest("hex");
}

function brief(tasks: number): string {
  const goal = (i: number) =>
    `- Compare the mean of measure ${(i % MEASURES) + 1} by ${(GROUPINGS[Math.floor(i / MEASURES)] ?? "").replace("_", " ")}`;
  return Array.from({ length: tasks }, (_, i) => goal(i)).join("\n");
}

/** The table as CSV. */
export function table(): string {
  const header = [...GROUPINGS, ...Array.from({ length: MEASURES }, (_, i) => `measure_${i + 1}`)].join(",");
  const rows = Array.from({ length: ROWS }, (_, row) =>
    [
      ...GROUPINGS.map((grouping, i) => `${grouping} ${(row + i) % (3 + (i % 4))}`),
      ...Array.from({ length: MEASURES }, (_, i) => (row * 7 + i * 3) % 101),
    ].join(","),
  );
  return [header, ...rows].join("\n");
}
