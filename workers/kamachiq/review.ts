import { z } from "zod";
import type { Cell, DatasetProfile } from "../tools/data/profile.ts";
import type { Plan } from "./plan.ts";
import type { DocumentSummary } from "./planner.ts";
import type { Report, TaskResult } from "./report.ts";
import { chartsCheck } from "./review-charts.ts";
import { evidenceCheck, quotesCheck } from "./review-evidence.ts";
import { figuresCheck } from "./review-figures.ts";
import { goalsCheck, reportCheck, sharesCheck } from "./review-report.ts";

/** Below this a person decides. */
export const REVIEW_PASS_SCORE = 0.8;
/** What a report gets at most when something in it is wrong and not only thin. */
const FAILED_CAP = 0.79;
const MAX_DETAILS = 5;

export const reviewCheckSchema = z.object({ name: z.string(), passed: z.boolean(), weight: z.number(), detail: z.string() });
export const reviewSchema = z.object({
  score: z.number().min(0).max(1),
  passed: z.boolean(),
  checks: z.array(reviewCheckSchema).default([]),
  notes: z.string(),
  /** Tasks whose results do not hold: they can be done again. */
  tasks: z.array(z.string()).default([]),
});
export type Review = z.infer<typeof reviewSchema>;

export interface ReviewInput {
  readonly plan: Plan;
  readonly brief: string;
  readonly datasets: readonly DatasetProfile[];
  readonly documents: readonly DocumentSummary[];
  readonly results: readonly TaskResult[];
  readonly report: Report;
  /** Runs a query of the evidence again. */
  readonly requery: (sql: string) => Promise<{ columns: readonly string[]; rows: readonly (readonly Cell[])[] }>;
  readonly documentText: (name: string) => Promise<string>;
}

/** What one check looked at, and what it found wrong. */
export interface Finding {
  readonly name: string;
  /** Its part of the score; all checks together have 1. */
  readonly weight: number;
  /** Things looked at. */
  readonly count: number;
  readonly faults: readonly string[];
  /** What is said when nothing is wrong. */
  readonly fine: string;
  /** The tasks at fault, where the check can tell. */
  readonly tasks?: readonly string[];
}

/**
 * Reviews a report by computing again: every query must give the same rows, every figure in the prose must be one of those it cites, every
 * goal must have a finding, every chart must hold the rows of its query, every quote must stand in its document, and the report must say
 * what was found and nothing else. It trusts neither the report nor the evidence. Each check earns the part of its weight that is in
 * order; with anything wrong at all the whole is scaled down to under what passes.
 */
export async function reviewReport(input: ReviewInput): Promise<Review> {
  const findings = [
    await evidenceCheck(input),
    figuresCheck(input),
    goalsCheck(input),
    reportCheck(input),
    chartsCheck(input),
    await quotesCheck(input),
    sharesCheck(input),
  ];
  const earned = findings.reduce((sum, finding) => sum + finding.weight * inOrder(finding), 0);
  const failed = findings.filter(({ faults }) => faults.length > 0);
  const score = failed.length === 0 ? 1 : Math.round(FAILED_CAP * earned * 100) / 100;
  return {
    score,
    passed: score >= REVIEW_PASS_SCORE,
    checks: findings.map(checkOf),
    notes:
      failed.length === 0
        ? "Everything in the report could be computed again."
        : failed.map((finding) => `${finding.name}: ${checkOf(finding).detail}`).join("\n"),
    tasks: [...new Set(findings.flatMap((finding) => finding.tasks ?? []))],
  };
}

/** The part of what was looked at that is in order. */
function inOrder({ count, faults }: Finding): number {
  return faults.length === 0 ? 1 : Math.max(0, 1 - faults.length / Math.max(1, count));
}

function checkOf({ name, weight, faults, fine }: Finding): z.infer<typeof reviewCheckSchema> {
  const more = faults.length > MAX_DETAILS ? ` (and ${faults.length - MAX_DETAILS} more)` : "";
  const detail = faults.length === 0 ? `${fine}.` : `${faults.slice(0, MAX_DETAILS).join("; ")}${more}.`;
  return { name, weight, passed: faults.length === 0, detail };
}
