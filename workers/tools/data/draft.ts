import type { ChartPlan } from "../chart/specs.ts";
import type { Analysis, Statement } from "./analysis.ts";

/** An analysis whose charts are not drawn yet: what the analyses return, so that they stay plain functions. */
export type AnalysisDraft = Omit<Analysis, "charts"> & { readonly charts: readonly ChartPlan[] };

/** A sentence and the evidence it rests on. */
export function say(text: string, ...sources: string[]): Statement {
  return { text, sources };
}
