import { z } from "zod";
import type { Analysis, Chart, QueryEvidence } from "../tools/data/analysis.ts";
import type { Cell } from "../tools/data/profile.ts";
import { keyText } from "../tools/data/wording.ts";
import type { Finding, ReviewInput } from "./review.ts";

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

/** A chart may leave rows out, but neither change one nor bring them into another order. */
function areRowsOf(values: readonly Record<string, unknown>[], evidence: QueryEvidence): boolean {
  let place = 0;
  for (const value of values) {
    while (place < evidence.rows.length && !isRow(value, evidence, evidence.rows[place] ?? [])) place += 1;
    if (place === evidence.rows.length) return false;
    place += 1;
  }
  return true;
}

function isRow(value: Record<string, unknown>, evidence: QueryEvidence, row: readonly Cell[]): boolean {
  return Object.entries(value).every(([column, shown]) => {
    const place = evidence.columns.indexOf(column);
    return place >= 0 && (shown === (row[place] ?? null) || labelsOf(row[place] ?? null).includes(String(shown)));
  });
}

/** How a key may be written: as it is, or as the name of a month or a day. */
function labelsOf(cell: Cell): string[] {
  return [String(cell), keyText(cell), ...(["month_of_year", "day_of_week"] as const).map((period) => keyText(cell, period))];
}
