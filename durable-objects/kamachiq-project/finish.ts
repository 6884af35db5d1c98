import { z } from "zod";
import type { Plan } from "../../workers/kamachiq/plan.ts";
import { type TaskResult, writeReport } from "../../workers/kamachiq/report.ts";
import { type Review, reviewReport, reviewSchema } from "../../workers/kamachiq/review.ts";
import { DEFAULT_RETRY, NO_RETRY } from "../journal/retry.ts";
import { type Delivery, deliver } from "./deliver.ts";
import { type Desk, datasetsOf, documentsOf, LOCAL_STEP_MS, type LoadedFile, toJson } from "./desk.ts";
import { presentPlan } from "./planning.ts";
import { resultsOf } from "./tasks.ts";

const DELIVER = {
  uses: "tool:artifacts.put",
  title: "Deliver",
  isOutside: true,
  onUnknown: "retry",
  retry: DEFAULT_RETRY,
  timeoutMs: LOCAL_STEP_MS,
} as const;

const REVIEW = {
  uses: "reviewer",
  title: "Review",
  isOutside: false,
  onUnknown: "retry",
  retry: NO_RETRY,
  timeoutMs: LOCAL_STEP_MS,
} as const;

const deliveredSchema = z.object({ deliverables: z.number(), key: z.string(), sha256: z.string() });

/** Has the report of this round computed again; opens the gate for a person when that is not good enough. */
export async function reviewRound(desk: Desk, plan: Plan, loaded: readonly LoadedFile[]): Promise<void> {
  const { env, bench } = desk;
  const { principal, id, round } = desk.state();
  const workspace = env.DATA_WORKSPACE.getByName(`${principal.tenant}/${id}`);
  const input = reportInput(desk, plan, loaded, await resultsOf(desk, plan));
  const reviewed = await bench.journal.step(`review_${round}`, REVIEW, async () =>
    toJson(
      await reviewReport({
        ...input,
        report: writeReport(input),
        requery: (sql) => workspace.query(sql),
        documentText: (name) => workspace.documentText(name),
      }),
    ),
  );
  if (desk.state().phase !== "running") return;
  const { score, passed, checks, notes } = reviewSchema.parse(reviewed);
  const findings = checks.filter((check) => !check.passed).length;
  bench.log.append({ type: "review.completed", data: { round, score, passed, findings } });
  if (!passed) bench.log.append({ type: "gate.opened", data: { round, score, reason: notes.slice(0, 2_000) } });
}

/** The review of the present round, once there is one. */
export async function presentReview({ bench: { journal }, state }: Desk): Promise<Review | undefined> {
  const step = `review_${state().round}`;
  return journal.record(step)?.state === "done" ? reviewSchema.parse(await journal.output(step)) : undefined;
}

/** Stores the deliverables of an approved report with their provenance. */
export async function deliverRound(desk: Desk, loaded: readonly LoadedFile[]): Promise<void> {
  const { env, bench } = desk;
  const { round } = desk.state();
  const plan = await presentPlan(desk);
  const results = await resultsOf(desk, plan);
  const review = reviewSchema.parse(await bench.journal.output(`review_${round}`));
  const delivery: Delivery = {
    state: desk.state(),
    plan,
    results,
    report: writeReport(reportInput(desk, plan, loaded, results)),
    sources: desk.state().attachments.map(({ id, name, sha256 }) => ({ artifact: id, name, sha256 })),
    datasets: datasetsOf(loaded),
    score: review.score,
    approvedBy: review.passed ? "review" : "person",
  };
  const delivered = await bench.journal.step(`deliver_${round}`, DELIVER, async () => {
    const { manifest, key, sha256 } = await deliver(env.ARTIFACTS, delivery);
    return { deliverables: manifest.deliverables.length, key, sha256 };
  });
  if (desk.state().phase !== "reviewing") return;
  const { deliverables, key, sha256 } = deliveredSchema.parse(delivered);
  bench.log.append({ type: "project.delivered", data: { score: review.score, deliverables, manifest: key, sha256 } });
}

function reportInput(desk: Desk, plan: Plan, loaded: readonly LoadedFile[], results: readonly TaskResult[]) {
  return { plan, brief: desk.state().brief, datasets: datasetsOf(loaded), documents: documentsOf(loaded), results };
}
