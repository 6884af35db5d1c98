import { z } from "zod";
import { cellSchema } from "./profile.ts";

/** The result of one query, kept so that every figure made from it can be traced back and computed again. */
export const queryEvidenceSchema = z.object({
  kind: z.literal("query"),
  /** Unique within one analysis: `q1`, `q2` … */
  id: z.string(),
  sql: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.array(cellSchema)),
  /** True when there were more rows than are kept here. */
  truncated: z.boolean(),
});
export type QueryEvidence = z.infer<typeof queryEvidenceSchema>;

/** A passage of a document, word for word. */
export const quoteEvidenceSchema = z.object({
  kind: z.literal("quote"),
  id: z.string(),
  document: z.string(),
  /** Offsets in UTF-16 code units into the document's text. */
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  text: z.string(),
});
export type QuoteEvidence = z.infer<typeof quoteEvidenceSchema>;

export const evidenceSchema = z.discriminatedUnion("kind", [queryEvidenceSchema, quoteEvidenceSchema]);

/** A chart as data: a Vega-Lite specification whose values are rows of one piece of evidence, and its rendering. */
export const chartSchema = z.object({
  title: z.string(),
  /** What the chart shows, for those who cannot see it. */
  alt: z.string(),
  evidence: z.string(),
  /** The Vega-Lite specification as JSON text, data included. */
  spec: z.string(),
  svg: z.string(),
  /** Data items (marks) drawn. A chart without any is a failure. */
  marks: z.number().int().nonnegative(),
});
export type Chart = z.infer<typeof chartSchema>;

/** One sentence of a result, and the evidence its figures come from. */
export const statementSchema = z.object({ text: z.string(), sources: z.array(z.string()) });
export type Statement = z.infer<typeof statementSchema>;

/** What every analysis tool and capsule returns: sentences, the evidence behind them, at most a few charts. */
export const analysisSchema = z.object({
  title: z.string(),
  /** How it was computed, for a reader who wants to check: which measure, which test, what was left out. */
  method: z.string(),
  statements: z.array(statementSchema),
  evidence: z.array(evidenceSchema),
  charts: z.array(chartSchema),
  /** What a careful reader should know: missing values left out, small groups, a truncated list. */
  caveats: z.array(z.string()),
});
export type Analysis = z.infer<typeof analysisSchema>;
