import { z } from "zod";
import type { Plan } from "../../workers/kamachiq/plan.ts";
import type { Report, TaskResult } from "../../workers/kamachiq/report.ts";
import { parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import { sha256Hex } from "../../workers/platform/crypto.ts";
import type { DatasetProfile } from "../../workers/tools/data/profile.ts";
import type { ProjectState } from "./project-view.ts";

export const deliverableSchema = z.object({
  name: z.string(),
  mediaType: z.string(),
  bytes: z.number().int(),
  sha256: z.string(),
  madeBy: z.string(),
  madeFrom: z.array(z.string()),
});
export type Deliverable = z.infer<typeof deliverableSchema>;

export const manifestSchema = z.object({
  project: z.string(),
  title: z.string(),
  briefSha256: z.string(),
  sources: z.array(z.object({ artifact: z.string(), name: z.string(), sha256: z.string() })),
  steps: z.array(
    z.object({
      step: z.string(),
      goal: z.string(),
      capsule: z.string(),
      inputs: z.record(z.string(), parsedJsonSchema),
      /** Names of the sources it read. */
      madeFrom: z.array(z.string()),
      engine: z.string(),
      resultSha256: z.string(),
    }),
  ),
  review: z.object({ score: z.number(), approvedBy: z.enum(["review", "person"]) }),
  deliverables: z.array(deliverableSchema),
});
export type Manifest = z.infer<typeof manifestSchema>;

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
  readonly score: number;
  readonly approvedBy: "review" | "person";
}

/**
 * Writes the deliverables and then the manifest that names them, each with its hash, the step that made it and what it was made
 * from. Writing the same again changes nothing, so it can be repeated after a crash.
 */
export async function deliver(bucket: R2Bucket, delivery: Delivery): Promise<{ manifest: Manifest; key: string; sha256: string }> {
  const { state, report } = delivery;
  const steps = delivery.results.map((result) => result.step);
  const files: { name: string; mediaType: string; text: string; madeBy: string; madeFrom: string[] }[] = [
    { name: "report.html", mediaType: "text/html", text: report.html, madeBy: "report", madeFrom: steps },
    { name: "report.md", mediaType: "text/markdown", text: report.markdown, madeBy: "report", madeFrom: steps },
    {
      name: "evidence.json",
      mediaType: "application/json",
      text: JSON.stringify(evidenceOf(delivery), null, 1),
      madeBy: "report",
      madeFrom: steps,
    },
    ...report.content.sections.flatMap((section) =>
      section.charts.map((chart) => ({
        name: `charts/${chart.name}.svg`,
        mediaType: "image/svg+xml",
        text: chart.svg,
        madeBy: "report",
        madeFrom: delivery.results.filter((result) => result.goalId === section.goalId).map((result) => result.step),
      })),
    ),
  ];
  const deliverables: Deliverable[] = [];
  for (const { text, ...file } of files) {
    const bytes = new TextEncoder().encode(text);
    await bucket.put(deliverableKey(state.principal.tenant, state.id, file.name), bytes, { httpMetadata: { contentType: file.mediaType } });
    deliverables.push({ ...file, bytes: bytes.byteLength, sha256: sha256Hex(bytes) });
  }
  const manifest = manifestOf(delivery, deliverables);
  const text = JSON.stringify(manifest, null, 1);
  const key = deliverableKey(state.principal.tenant, state.id, "manifest.json");
  await bucket.put(key, text, { httpMetadata: { contentType: "application/json" } });
  return { manifest, key, sha256: sha256Hex(text) };
}

function manifestOf(delivery: Delivery, deliverables: Deliverable[]): Manifest {
  const { state, plan, results, sources, score, approvedBy } = delivery;
  return {
    project: state.id,
    title: plan.title,
    briefSha256: sha256Hex(state.brief),
    sources: [...sources],
    steps: results.map((result) => {
      const { capsule, inputs } = taskSchema.parse(plan.graph.steps[result.step]?.with);
      return {
        step: result.step,
        goal: plan.goals.find((goal) => goal.id === result.goalId)?.text ?? "",
        capsule,
        inputs,
        madeFrom: sourcesRead(delivery, inputs),
        engine: result.engine,
        resultSha256: sha256Hex(JSON.stringify(result.analyses)),
      };
    }),
    review: { score, approvedBy },
    deliverables,
  };
}

/** A task on a table reads the file it came from; a task that names no table reads the documents. */
function sourcesRead({ datasets, sources }: Delivery, inputs: Readonly<Record<string, unknown>>): string[] {
  const table = datasets.find((dataset) => dataset.table === inputs.table);
  if (table !== undefined) return [table.source];
  return sources.map(({ name }) => name).filter((name) => !datasets.some((dataset) => dataset.source === name));
}

function evidenceOf({ plan, results }: Delivery) {
  return plan.goals.map((goal) => ({
    goal: goal.id,
    text: goal.text,
    evidence: results
      .filter((result) => result.goalId === goal.id)
      .flatMap((result) => result.analyses.map((analysis) => ({ title: analysis.title, evidence: analysis.evidence }))),
  }));
}
