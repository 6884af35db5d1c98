import type { QueryEvidence } from "../data/analysis.ts";
import type { Cell } from "../data/profile.ts";

/** A Vega-Lite specification before it is rendered, and what it is made from. */
export interface ChartPlan {
  readonly title: string;
  readonly alt: string;
  readonly evidence: string;
  readonly spec: Record<string, unknown>;
}

/** Marks beyond these make a chart unreadable; the table has the rest. */
const MAX_BARS = 25;
const MAX_POINTS = 2_000;
const MAX_LINES = 8;

interface ChartText {
  readonly title: string;
  readonly alt: string;
}

/** Bars of `value` for each `key`, in the order of the evidence; a second key becomes the colour. */
export function barChart(
  evidence: QueryEvidence,
  keys: readonly string[],
  value: string,
  text: ChartText,
  label: (cell: Cell) => string = String,
): ChartPlan {
  const [x = "", colour] = keys;
  const values = rowsOf(evidence, [...keys, value])
    .slice(0, MAX_BARS)
    .map((row) => ({ ...row, [x]: label(row[x] ?? null), ...(colour === undefined ? {} : { [colour]: label(row[colour] ?? null) }) }));
  return {
    ...text,
    evidence: evidence.id,
    spec: {
      data: { values },
      mark: { type: "bar", cornerRadiusEnd: 2 },
      encoding: {
        y: { field: field(x), type: "nominal", sort: null, title: x },
        x: { field: field(value), type: "quantitative", title: text.title },
        ...(colour === undefined
          ? {}
          : { yOffset: { field: field(colour), sort: null }, color: { field: field(colour), type: "nominal", title: colour } }),
      },
      height: { step: colour === undefined ? 24 : 14 },
    },
  };
}

/** A line of `value` over consecutive periods, one for each group when there is one. */
export function lineChart(evidence: QueryEvidence, time: string, value: string, group: string | undefined, text: ChartText): ChartPlan {
  const rows = rowsOf(evidence, group === undefined ? [time, value] : [time, value, group]);
  const shown = group === undefined ? undefined : new Set([...new Set(rows.map((row) => row[group]))].slice(0, MAX_LINES));
  const values = rows.filter((row) => shown === undefined || (group !== undefined && shown.has(row[group]))).slice(0, MAX_POINTS);
  const isCalendar = values.every((row) => /^\d{4}(-\d{2}(-\d{2})?)?$/.test(String(row[time])));
  return {
    ...text,
    evidence: evidence.id,
    spec: {
      data: { values: values.map((row) => ({ ...row, [time]: String(row[time]) })) },
      mark: { type: "line", point: values.length <= 60 },
      encoding: {
        x: isCalendar ? { field: field(time), type: "temporal", title: time } : { field: field(time), type: "ordinal", title: time },
        y: { field: field(value), type: "quantitative", title: text.title, scale: { zero: false } },
        ...(group === undefined ? {} : { color: { field: field(group), type: "nominal", title: group } }),
      },
      height: 260,
    },
  };
}

/** One point for each row. */
export function scatterChart(evidence: QueryEvidence, x: string, y: string, text: ChartText): ChartPlan {
  return {
    ...text,
    evidence: evidence.id,
    spec: {
      data: { values: rowsOf(evidence, [x, y]).slice(0, MAX_POINTS) },
      mark: { type: "point", filled: true, opacity: 0.55, size: 28 },
      encoding: {
        x: { field: field(x), type: "quantitative", scale: { zero: false }, title: x },
        y: { field: field(y), type: "quantitative", scale: { zero: false }, title: y },
      },
      height: 320,
    },
  };
}

/** Bars over bins whose bounds the query computed. */
export function histogram(evidence: QueryEvidence, text: ChartText): ChartPlan {
  return {
    ...text,
    evidence: evidence.id,
    spec: {
      data: { values: rowsOf(evidence, ["bin_from", "bin_to", "n"]) },
      mark: { type: "bar", binSpacing: 1 },
      encoding: {
        x: { field: "bin_from", bin: { binned: true }, type: "quantitative", title: text.title },
        x2: { field: "bin_to" },
        y: { field: "n", type: "quantitative", title: "rows" },
      },
      height: 220,
    },
  };
}

/** Vega reads dots and brackets in a field's name as a path; escaped they are part of the name. */
function field(name: string): string {
  return name.replace(/([.[\]\\'"])/g, "\\$1");
}

function rowsOf(evidence: QueryEvidence, columns: readonly string[]): Record<string, Cell>[] {
  const places = columns.map((column) => [column, evidence.columns.indexOf(column)] as const);
  return evidence.rows.map((row) => Object.fromEntries(places.map(([column, place]) => [column, row[place] ?? null])));
}
