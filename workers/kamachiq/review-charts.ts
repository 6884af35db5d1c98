import { z } from "zod";
import type { Analysis, Chart, QueryEvidence } from "../tools/data/analysis.ts";
import type { Cell } from "../tools/data/profile.ts";
import { keyText } from "../tools/data/wording.ts";
import type { Finding, ReviewInput } from "./review.ts";

/** As much of a label as any chart shows. */
const LABEL_CHARACTERS = 24;
const YEAR_CHARACTERS = 4;
const chartDataSchema = z.object({ data: z.object({ values: z.array(z.record(z.string(), z.unknown())).min(1) }) });

/** Every chart draws something, and what it draws are rows of its query, in their order. */
export function chartsCheck({ results }: ReviewInput): Finding {
  const all = results.flatMap((result) => result.analyses).flatMap((analysis) => analysis.charts.map((chart) => ({ analysis, chart })));
  const faults = all.flatMap(({ analysis, chart }) => chartFaults(analysis, chart));
  return {
    name: "Charts hold their data",
    weight: 0.1,
    count: all.length,
    faults,
    fine: `${all.length} charts hold the data of their queries`,
  };
}

function chartFaults(analysis: Analysis, chart: Chart): string[] {
  if (chart.marks === 0) return [`the chart “${chart.title}” shows nothing`];
  const evidence = analysis.evidence.find((candidate) => candidate.id === chart.evidence);
  const spec = chartDataSchema.safeParse(parsed(chart.spec));
  const isTrue = spec.success && evidence?.kind === "query" && areRowsOf(spec.data.data.values, evidence);
  return isTrue ? [] : [`the chart “${chart.title}” shows other data than its query`];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A chart may leave rows out, but neither change one nor bring them into another order. Its fields have names of their own. */
function areRowsOf(values: readonly Shown[], evidence: QueryEvidence): boolean {
  const fields = Object.keys(values[0] ?? {}).filter((field) => values.some((value) => typeof value[field] === "number"));
  const columns = evidence.columns.map((_, i) => i).filter((i) => evidence.rows.some((row) => typeof row[i] === "number"));
  return assignments(fields, columns).some((places) => isSubsequence(values, evidence.rows, places));
}

type Shown = Readonly<Record<string, unknown>>;

/** Every way to give each field a column of its own. */
function assignments(fields: readonly string[], columns: readonly number[]): Map<string, number>[] {
  const [field, ...rest] = fields;
  if (field === undefined) return [new Map()];
  return columns.flatMap((column) =>
    assignments(
      rest,
      columns.filter((other) => other !== column),
    ).map((others) => new Map([[field, column], ...others])),
  );
}

function isSubsequence(values: readonly Shown[], rows: readonly (readonly Cell[])[], places: ReadonlyMap<string, number>): boolean {
  let at = 0;
  for (const value of values) {
    while (at < rows.length && !isRow(value, rows[at] ?? [], places)) at += 1;
    if (at === rows.length) return false;
    at += 1;
  }
  return true;
}

function isRow(value: Shown, row: readonly Cell[], places: ReadonlyMap<string, number>): boolean {
  return Object.entries(value).every(([field, shown]) => {
    if (typeof shown !== "string") return shown === (row[places.get(field) ?? -1] ?? null);
    return row.some((cell) => labelsOf(cell).some((label) => isLabelOf(label, shown)));
  });
}

/** Labels are shortened, joined, or, for times, written out; they begin with what the row says. */
function isLabelOf(label: string, shown: string): boolean {
  const start = label.replace(/\s+/g, " ").trim().slice(0, LABEL_CHARACTERS);
  return start === "" ? shown === "" : shown.includes(start) || (/^\d{4}/.test(label) && shown.startsWith(label.slice(0, YEAR_CHARACTERS)));
}

/** How a key may be written: as it is, or as the name of a month or a day. */
function labelsOf(cell: Cell): string[] {
  return [String(cell), keyText(cell), ...(["month_of_year", "day_of_week"] as const).map((period) => keyText(cell, period))];
}
