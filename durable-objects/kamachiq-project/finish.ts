import { z } from "zod";
import type { Manifest } from "../../workers/kamachiq/manifest.ts";
import { type Report, writeReport } from "../../workers/kamachiq/report.ts";
import { REVIEW_PASS_SCORE, type Review, reviewReport, reviewSchema } from "../../workers/kamachiq/review.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import { sha256Hex } from "../../workers/platform/crypto.ts";
import { problemOf } from "../../workers/platform/problem.ts";
import { valueReferenceSchema } from "../../workers/platform/recorded.ts";
import { DEFAULT_RETRY, NO_RETRY } from "../journal/retry.ts";
import { type Delivery, deliver } from "./deliver.ts";
import { type Desk, datasetsOf, documentsOf, LOCAL_STEP_MS, type LoadedFile, toJson } from "./desk.ts";
import { evidenceText } from "./evidence.ts";
import { runGoverned } from "./governance.ts";
import { type PeerReview, peerReview, peerReviewSchema } from "./peer-review.ts";
import { presentPlan, type RoundPlan } from "./round-plan.ts";
import { resultsOf } from "./tasks.ts";

/** What a reviewer of the tenant is given of a report; it is asked to judge, not to store it. */
const MAX_REPORT_CHARACTERS = 200_000;
const MAX_REASON_CHARACTERS = 2_000;

const LOCAL = { isOutside: false, onUnknown: "retry", retry: NO_RETRY, timeoutMs: LOCAL_STEP_MS } as const;
const STORED = { uses: "tool:artifacts.put", isOutside: true, onUnknown: "retry", retry: DEFAULT_RETRY, timeoutMs: LOCAL_STEP_MS } as const;

const writtenSchema = z.object({ report: valueReferenceSchema, evidence: valueReferenceSchema });
const deliveredSchema = z.object({ deliverables: z.number(), key: z.string(), sha256: z.string() });

/**
 * Has the report of this round written, reviewed, and looked at by second agents where that is wanted; has tasks done again whose results do not
 * hold, and opens the gate for a person when it is not good enough after that. While a reviewer works it returns with nothing changed.
 */
export async function reviewRound(desk: Desk, present: RoundPlan, loaded: readonly LoadedFile[]): Promise<void> {
  const { log } = desk.bench;
  const { round, reworks, options } = desk.state();
  const isWanted = () => desk.state().round === round && desk.state().phase === "running" && !desk.state().isPaused;
  await writtenRound(desk, present, loaded);
  if (!isWanted()) return;
  const review = await reviewOf(desk, present, loaded, isWanted);
  if (review === undefined || !isWanted()) return;
  const { score, notes, checks, tasks } = review;
  if (!review.passed && tasks.length > 0 && reworks < options.maxReworks) {
    const rejected = tasks.map((task) => `r${round}/${task}`);
    log.append({ type: "review.reworked", data: { round, tasks: rejected, notes: notes.slice(0, MAX_REASON_CHARACTERS) } });
    return;
  }
  const peer = options.peerReview && review.passed ? await peerReview(desk, present) : undefined;
  if (!isWanted() || (options.peerReview && review.passed && peer === undefined)) return;
  const passed = review.passed && (peer === undefined || peer.disagreed === 0);
  log.append({ type: "review.completed", data: { round, score, passed, findings: checks.filter((check) => !check.passed).length } });
  if (peer !== undefined) log.append({ type: "peer.reviewed", data: { round, ...peer } });
  const reason = [notes, ...(peer === undefined ? [] : [peer.notes])].join("\n");
  if (!passed) log.append({ type: "gate.opened", data: { round, score, reason: reason.slice(0, MAX_REASON_CHARACTERS) } });
}

/** The review of a round, once there is one. */
export async function recordedReview(
  { bench: { journal } }: Desk,
  round: number,
): Promise<{ review: Review; peer: PeerReview | undefined } | undefined> {
  if (journal.record(`review_${round}`)?.state !== "done") return undefined;
  const peer =
    journal.record(`peer_${round}`)?.state === "done" ? peerReviewSchema.parse(await journal.output(`peer_${round}`)) : undefined;
  return { review: reviewSchema.parse(await journal.output(`review_${round}`)), peer };
}

/** Where the report and the evidence of a round are, once they were written. */
export async function writtenFiles({ bench: { journal } }: Desk, round: number): Promise<z.infer<typeof writtenSchema> | undefined> {
  return journal.record(`report_${round}`)?.state === "done" ? writtenSchema.parse(await journal.output(`report_${round}`)) : undefined;
}

/** Stores the deliverables of an approved report with their provenance. */
export async function deliverRound(desk: Desk, loaded: readonly LoadedFile[]): Promise<void> {
  const { env, bench } = desk;
  const { round } = desk.state();
  const present = await presentPlan(desk);
  const recorded = await recordedReview(desk, round);
  const delivered = await bench.journal.step(`deliver_${round}`, { ...STORED, title: "Deliver" }, async () => {
    const results = await resultsOf(desk, present, round);
    const delivery: Delivery = {
      state: desk.state(),
      plan: present.plan,
      results,
      report: writeReport(reportInput(desk, present, loaded, results)),
      sources: desk.state().attachments.map(({ id, name, sha256 }) => ({ artifact: id, name, sha256 })),
      datasets: datasetsOf(loaded),
      review: reviewFor(desk, recorded),
    };
    const { manifest, key, sha256 } = await deliver(env.ARTIFACTS, delivery);
    return { deliverables: manifest.deliverables.length, key, sha256 };
  });
  if (desk.state().phase !== "reviewing" || desk.state().round !== round) return;
  const { deliverables, key, sha256 } = deliveredSchema.parse(delivered);
  bench.log.append({ type: "project.delivered", data: { score: recorded?.review.score ?? 0, deliverables, manifest: key, sha256 } });
}

function reviewFor(desk: Desk, recorded: Awaited<ReturnType<typeof recordedReview>>): Manifest["review"] {
  const { review, peer } = recorded ?? {};
  const isByReview = review?.passed === true && (peer === undefined || peer.disagreed === 0);
  return {
    score: review?.score ?? 0,
    approvedBy: isByReview ? "review" : "person",
    reviewer: desk.state().options.governance.reviewer,
    ...(peer === undefined ? {} : { peer: { agreed: peer.agreed, disagreed: peer.disagreed } }),
  };
}

/** Writes the report of a round and stores it with its evidence, for those who review it. */
async function writtenRound(desk: Desk, present: RoundPlan, loaded: readonly LoadedFile[]): Promise<void> {
  const { round } = desk.state();
  await desk.bench.journal.step(`report_${round}`, { ...STORED, title: "Write the report" }, async () => {
    const results = await resultsOf(desk, present, round);
    const { markdown } = writeReport(reportInput(desk, present, loaded, results));
    return toJson({
      report: await stored(desk, markdown, "text/markdown"),
      evidence: await stored(desk, evidenceText(present.plan, results), "application/json"),
    });
  });
}

async function stored(desk: Desk, text: string, contentType: string): Promise<z.infer<typeof valueReferenceSchema>> {
  const { principal, id } = desk.state();
  const bytes = new TextEncoder().encode(text);
  const sha256 = sha256Hex(bytes);
  const key = `${principal.tenant}/objects/${id}/values/${sha256}`;
  await desk.env.ARTIFACTS.put(key, bytes, { httpMetadata: { contentType } });
  return { key, sha256, bytes: bytes.byteLength };
}

/** The reviewer's word on the round. A reviewer that fails, or says what cannot be read, has not passed it: the gate opens. */
async function reviewOf(
  desk: Desk,
  present: RoundPlan,
  loaded: readonly LoadedFile[],
  isWanted: () => boolean,
): Promise<Review | undefined> {
  const { round, options } = desk.state();
  const before = await recordedReview(desk, round);
  if (before !== undefined) return before.review;
  const { reviewer } = options.governance;
  let said: Json | undefined;
  try {
    said = await saidByReviewer(desk, present, loaded, isWanted);
    if (said === undefined) return undefined;
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    said = { problem: problem.detail };
  }
  const judged = said;
  const recorded = await desk.bench.journal.step(
    `review_${round}`,
    { ...LOCAL, uses: `capsule:${reviewer}`, title: "Take the review in" },
    async () => toJson(judgement(judged, reviewer)),
  );
  return reviewSchema.parse(recorded);
}

function judgement(said: Json, reviewer: string): Review {
  const review = z.object({ review: reviewSchema }).safeParse(said).data?.review;
  if (review !== undefined) return { ...review, passed: review.passed && review.score >= REVIEW_PASS_SCORE };
  const failed = z.object({ problem: z.string() }).safeParse(said).data?.problem;
  const why = failed ?? "it gave no {review: {score: 0 to 1, passed, notes}}.";
  return { score: 0, passed: false, checks: [], notes: `The reviewer ${reviewer} did not review the report: ${why}`, tasks: [] };
}

async function saidByReviewer(
  desk: Desk,
  present: RoundPlan,
  loaded: readonly LoadedFile[],
  isWanted: () => boolean,
): Promise<Json | undefined> {
  const { round, brief, options } = desk.state();
  const report = await writtenFiles(desk, round);
  const text = report === undefined ? "" : await (await desk.env.ARTIFACTS.get(report.report.key))?.text();
  return runGoverned(desk, {
    step: `reviewer_${round}`,
    title: "Review",
    capsule: options.governance.reviewer,
    isWanted,
    own: { "tool:kamachiq.review": (call) => computedAgain(desk, call.name, present, loaded) },
    input: {
      title: present.plan.title,
      brief,
      report: (text ?? "").slice(0, MAX_REPORT_CHARACTERS),
      goals: present.plan.goals.map(({ id, text: goal }) => ({ id, text: goal })),
      round,
    },
  });
}

/** The built-in reviewer: everything in the report is computed again. */
async function computedAgain(desk: Desk, step: string, present: RoundPlan, loaded: readonly LoadedFile[]): Promise<Json> {
  const { principal, id, round } = desk.state();
  const workspace = desk.env.DATA_WORKSPACE.getByName(`${principal.tenant}/${id}`);
  return desk.bench.journal.step(step, { ...LOCAL, uses: "reviewer", title: "Review" }, async () => {
    const input = reportInput(desk, present, loaded, await resultsOf(desk, present, round));
    const report: Report = writeReport(input);
    return toJson(
      await reviewReport({
        ...input,
        report,
        requery: (sql) => workspace.query(sql),
        documentText: (name) => workspace.documentText(name),
      }),
    );
  });
}

function reportInput(desk: Desk, { plan }: RoundPlan, loaded: readonly LoadedFile[], results: Awaited<ReturnType<typeof resultsOf>>) {
  const title = plan.title === "" ? desk.state().title : plan.title;
  return { plan: { ...plan, title }, brief: desk.state().brief, datasets: datasetsOf(loaded), documents: documentsOf(loaded), results };
}
