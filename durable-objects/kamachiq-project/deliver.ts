import { z } from "zod";
import { type Deliverable, type Manifest, manifestSchema } from "../../workers/kamachiq/manifest.ts";
import type { Plan } from "../../workers/kamachiq/plan.ts";
import { type Provenanced, provenanceOf, statementText } from "../../workers/kamachiq/provenance.ts";
import type { Report, TaskResult } from "../../workers/kamachiq/report.ts";
import { parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import { sha256Hex } from "../../workers/platform/crypto.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { DatasetProfile } from "../../workers/tools/data/profile.ts";
import type { Desk } from "./desk.ts";
import { evidenceText } from "./evidence.ts";
import type { ProjectState } from "./project-state.ts";

/** Files written at the same time. */
const FILES_AT_A_TIME = 16;

const taskSchema = z.object({ capsule: z.string(), inputs: z.record(z.string(), parsedJsonSchema) });

/** Where a project's deliverables are in R2. */
export function deliverableKey(tenant: string, project: string, name: string): string {
  return `${tenant}/projects/${project}/deliverables/${name}`;
}

export interface Delivery {
  readonly state: ProjectState;
  readonly plan: Plan;
  readonly results: readonly TaskResult[];
  readonly report: Report;
  readonly sources: readonly { artifact: string; name: string; sha256: string }[];
  readonly datasets: readonly DatasetProfile[];
  readonly review: Manifest["review"];
}

type File = Omit<Deliverable, "bytes" | "sha256" | "provenanceSha256"> & { readonly text: string };
type Written = Provenanced["deliverables"][number];

/**
 * Writes the deliverables and then the manifest that names them, each with its hash, the step that made it and what it was made
 * from. Writing the same again changes nothing, so it can be repeated after a crash.
 */
export async function deliver(bucket: R2Bucket, delivery: Delivery): Promise<{ manifest: Manifest; key: string; sha256: string }> {
  const { tenant } = delivery.state.principal;
  const files = filesOf(delivery);
  const written: Written[] = [];
  for (let i = 0; i < files.length; i += FILES_AT_A_TIME) {
    const some = files.slice(i, i + FILES_AT_A_TIME).map(async ({ text, ...file }): Promise<Written> => {
      const bytes = new TextEncoder().encode(text);
      await bucket.put(deliverableKey(tenant, delivery.state.id, file.name), bytes, { httpMetadata: { contentType: file.mediaType } });
      return { ...file, bytes: bytes.byteLength, sha256: sha256Hex(bytes) };
    });
    written.push(...(await Promise.all(some)));
  }
  const manifest = withProvenance(manifestOf(delivery, written));
  const text = JSON.stringify(manifest, null, 1);
  const key = deliverableKey(tenant, delivery.state.id, "manifest.json");
  await bucket.put(key, text, { httpMetadata: { contentType: "application/json" } });
  return { manifest, key, sha256: sha256Hex(text) };
}

/** What the project delivered; undefined while it has delivered nothing. @throws Problem when it is not stored as it was delivered */
export async function deliveredManifest({ env, state, atHand }: Desk): Promise<Manifest | undefined> {
  const { manifest } = state();
  if (manifest === undefined) return undefined;
  if (atHand.manifest?.sha256 === manifest.sha256) return atHand.manifest.value;
  const text = await (await env.ARTIFACTS.get(manifest.key))?.text();
  if (text === undefined || sha256Hex(text) !== manifest.sha256)
    throw new Problem("unavailable", "The manifest of the project is missing from storage, or is not the one that was delivered.");
  const value = manifestSchema.parse(JSON.parse(text));
  atHand.manifest = { sha256: manifest.sha256, value };
  return value;
}

function filesOf({ report, plan, results }: Delivery): File[] {
  const steps = results.map((result) => result.step);
  const ofGoal = Map.groupBy(results, ({ goalId }) => goalId);
  const whole = { madeBy: "report", madeFrom: steps };
  return [
    { name: "report.html", mediaType: "text/html", text: report.html, ...whole },
    { name: "report.md", mediaType: "text/markdown", text: report.markdown, ...whole },
    { name: "evidence.json", mediaType: "application/json", text: evidenceText(plan, results), ...whole },
    ...report.content.sections.flatMap((section) =>
      section.charts.map((chart) => ({
        name: `charts/${chart.name}.svg`,
        mediaType: "image/svg+xml",
        text: chart.svg,
        madeBy: "report",
        madeFrom: (ofGoal.get(section.goalId) ?? []).map((result) => result.step),
      })),
    ),
  ];
}

function manifestOf(delivery: Delivery, deliverables: readonly Written[]): Provenanced {
  const { state, plan, results, sources, review } = delivery;
  const goals = new Map(plan.goals.map((goal) => [goal.id, goal.text]));
  return {
    project: state.id,
    title: plan.title,
    briefSha256: sha256Hex(state.brief),
    sources: [...sources],
    steps: results.map((result) => {
      const { capsule, inputs } = taskSchema.parse(plan.graph.steps[result.step]?.with);
      return {
        step: result.step,
        goal: goals.get(result.goalId) ?? "",
        capsule: result.capsule ?? capsule,
        inputs,
        madeFrom: sourcesRead(delivery, inputs),
        engine: result.engine,
        resultSha256: sha256Hex(JSON.stringify(result.analyses)),
      };
    }),
    review,
    deliverables: [...deliverables],
  };
}

/** The manifest with the hash of the statement about each deliverable, which covers the statements too. */
function withProvenance(manifest: Provenanced): Manifest {
  const deliverables = manifest.deliverables.map((deliverable) => {
    const statement = provenanceOf(manifest, deliverable.name);
    if (statement === undefined) throw new Problem("internal", `${deliverable.name} has no provenance.`);
    return { ...deliverable, provenanceSha256: statementText(statement).sha256 };
  });
  return { ...manifest, deliverables };
}

/** A task on a table reads the file it came from; a task that names no table reads the documents. */
function sourcesRead({ datasets, sources }: Delivery, inputs: Readonly<Record<string, unknown>>): string[] {
  const table = datasets.find((dataset) => dataset.table === inputs.table);
  if (table !== undefined) return [table.source];
  return sources.map(({ name }) => name).filter((name) => !datasets.some((dataset) => dataset.source === name));
}
