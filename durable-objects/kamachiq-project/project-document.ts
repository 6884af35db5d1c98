import type { z } from "zod";
import type { Plan } from "../../workers/kamachiq/plan.ts";
import type { Review } from "../../workers/kamachiq/review.ts";
import type { Usage } from "../../workers/platform/recorded.ts";
import type { StepRecord } from "../journal/step-record.ts";
import { manifestSchema } from "./deliver.ts";
import type { ProjectState } from "./project-view.ts";
import type { taskResultSchema } from "./results.ts";

export interface ProjectParts {
  readonly state: ProjectState;
  readonly records: ReadonlyMap<string, StepRecord>;
  readonly plan: Plan | undefined;
  readonly review: Review | undefined;
  readonly manifest: string | undefined;
  /** What planning took. */
  readonly planning: readonly Usage[];
  readonly results: readonly { step: string; result: z.infer<typeof taskResultSchema> | undefined }[];
}

/** The project as the API shows it. */
export function projectDocument({ state, records, plan, review, manifest, planning, results }: ProjectParts) {
  const prefix = `r${state.round}/`;
  const delivered = manifest === undefined ? [] : manifestSchema.parse(JSON.parse(manifest)).deliverables;
  return {
    id: state.id,
    title: state.title,
    brief: state.brief,
    state: state.isPaused && (state.phase === "planning" || state.phase === "running") ? ("paused" as const) : state.phase,
    createdAt: new Date(state.createdAt).toISOString(),
    updatedAt: new Date(state.updatedAt).toISOString(),
    attachments: state.attachments.map(({ id, name }) => ({ id, name })),
    engine: state.engine,
    round: state.round,
    goals: plan?.goals ?? [],
    tasks: Object.entries(plan?.graph.steps ?? {}).map(([step, { title, uses, needs }]) => ({
      step,
      title: title ?? step,
      uses,
      needs,
      ...taskProgress(records.get(prefix + step)),
      wave: waveOf(state, prefix + step),
      findings: results.find((result) => result.step === prefix + step)?.result?.text,
    })),
    questions: state.questions,
    review: review === undefined ? undefined : { round: state.round, ...review },
    usage: sumOf([...planning, ...results.flatMap(({ result }) => (result === undefined ? [] : [result.usage]))]),
    deliverables: delivered.map(({ name, mediaType, bytes, sha256 }) => ({ name, mediaType, bytes, sha256 })),
    problem: state.failure?.problem,
  };
}
export type ProjectDocument = ReturnType<typeof projectDocument>;

function sumOf(usages: readonly Usage[]): Usage {
  return usages.reduce(
    (sum, usage) => ({
      inputTokens: sum.inputTokens + usage.inputTokens,
      outputTokens: sum.outputTokens + usage.outputTokens,
      costMicros: sum.costMicros + usage.costMicros,
    }),
    { inputTokens: 0, outputTokens: 0, costMicros: 0 },
  );
}

function taskProgress(record: StepRecord | undefined) {
  const time = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());
  return {
    state: taskState(record),
    attempt: record?.attempt ?? 0,
    session: record?.child,
    startedAt: time(record?.startedAt),
    finishedAt: time(record?.finishedAt),
    problem: record?.state === "failed" || record?.state === "skipped" ? record.problem : undefined,
  };
}

function taskState(record: StepRecord | undefined): "pending" | "running" | "waiting" | "done" | "failed" | "skipped" {
  if (record === undefined) return "pending";
  switch (record.state) {
    case "intended":
      return "running";
    case "waiting":
      return record.on === "agent" ? "running" : "waiting";
    case "unknown":
      return "waiting";
    case "failed":
      return record.final === true ? "failed" : "running";
    case "done":
    case "skipped":
      return record.state;
    default:
      return record.state satisfies never;
  }
}

function waveOf(state: ProjectState, step: string): number | undefined {
  const index = state.waves.findIndex((steps) => steps.includes(step));
  return index < 0 ? undefined : index + 1;
}
