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
const MAX_GROUPED_BARS = 40;
const MAX_COLOURS = 8;
const MAX_POINTS = 2_000;
const MAX_LABEL_CHARACTERS = 60;

interface ChartText {
  readonly title: string;
  readonly alt: string;
}

/** A column of the evidence, and what people call it. */
interface Field {
  readonly name: string;
  readonly label: string;
}

/**
 * Bars of `value` for each key, in the order of the evidence; a second key with few values becomes the colour, others stand in the label.
 * The data's own names are titles only: its fields are called by what they do, so that no name of a column can mean anything to Vega.
 */
export function barChart(
  evidence: QueryEvidence,
  keys: readonly Field[],
  value: string,
  text: ChartText,
  label: (cell: Cell) => string = String,
): ChartPlan {
  const all = rowsOf(evidence, { value, ...Object.fromEntries(keys.map((key, i) => [`key${i}`, key.name])) }).filter(
    (row) => row.value !== null,
  );
  const colours = new Set(all.map((row) => row.key1));
  const colour = keys.length === 2 && colours.size <= MAX_COLOURS && colours.size < all.length ? keys[1] : undefined;
  const rows = all.slice(0, colour === undefined ? MAX_BARS : MAX_GROUPED_BARS);
  const labels =
    colour === undefined ? distinct(rows.map((row) => labelOf(keys, row, label))) : rows.map((row) => short(label(row.key0 ?? null)));
  const values = rows.map((row, i) => ({
    label: labels[i] ?? "",
    value: row.value ?? null,
    ...(colour === undefined ? {} : { colour: short(label(row.key1 ?? null)) }),
  }));
  const named = keys.map((key) => key.label).join(", ");
  return {
    title: text.title,
    alt: rows.length < all.length ? `${text.alt} The first ${rows.length} of ${all.length} are drawn.` : text.alt,
    evidence: evidence.id,
    spec: {
      data: { values },
      mark: { type: "bar", cornerRadiusEnd: 2 },
      encoding: {
        y: { field: "label", type: "nominal", sort: null, title: short(colour === undefined ? named : (keys[0]?.label ?? "")) },
        x: { field: "value", type: "quantitative", title: text.title },
        ...(colour === undefined
          ? {}
          : { yOffset: { field: "colour", sort: null }, color: { field: "colour", type: "nominal", title: short(colour.label) } }),
      },
      height: { step: colour === undefined ? 24 : 14 },
    },
  };
}

/** A line of `value` over consecutive periods, one for each group when there is one. */
export function lineChart(
  evidence: QueryEvidence,
  time: Field,
  value: string,
  group: Field | undefined,
  text: ChartText,
  label: (cell: Cell) => string = String,
): ChartPlan {
  const rows = rowsOf(evidence, { time: time.name, value, ...(group === undefined ? {} : { group: group.name }) });
  const groups = new Set([...new Set(rows.map((row) => row.group))].slice(0, MAX_COLOURS));
  const shown = rows.filter((row) => row.time !== null && row.value !== null && groups.has(row.group)).slice(0, MAX_POINTS);
  const instants = shown.map((row) => instantOf(String(row.time)));
  const isCalendar = instants.every((instant) => instant !== undefined);
  const values = shown.map((row, i) => ({
    time: isCalendar ? (instants[i] ?? "") : label(row.time ?? null),
    value: row.value ?? null,
    ...(group === undefined ? {} : { group: short(String(row.group ?? "(missing)")) }),
  }));
  return {
    title: text.title,
    alt: text.alt,
    evidence: evidence.id,
    spec: {
      data: { values },
      mark: { type: "line", point: values.length <= 60 },
      encoding: {
        x: { field: "time", type: isCalendar ? "temporal" : "ordinal", ...(isCalendar ? {} : { sort: null }), title: short(time.label) },
        y: { field: "value", type: "quantitative", title: text.title, scale: { zero: false } },
        ...(group === undefined ? {} : { color: { field: "group", type: "nominal", title: short(group.label) } }),
      },
      height: 260,
    },
  };
}

/** One point for each row. */
export function scatterChart(evidence: QueryEvidence, x: Field, y: Field, text: ChartText): ChartPlan {
  return {
    ...text,
    evidence: evidence.id,
    spec: {
      data: { values: rowsOf(evidence, { x: x.name, y: y.name }).slice(0, MAX_POINTS) },
      mark: { type: "point", filled: true, opacity: 0.55, size: 28 },
      encoding: {
        x: { field: "x", type: "quantitative", scale: { zero: false }, title: short(x.label) },
        y: { field: "y", type: "quantitative", scale: { zero: false }, title: short(y.label) },
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
      data: { values: rowsOf(evidence, { from: "bin_from", to: "bin_to", rows: "n" }) },
      mark: { type: "bar", binSpacing: 1 },
      encoding: {
        x: { field: "from", bin: { binned: true }, type: "quantitative", title: text.title },
        x2: { field: "to" },
        y: { field: "rows", type: "quantitative", title: "rows" },
      },
      height: 220,
    },
  };
}

/** The beginning of a period as ISO 8601; undefined for what is no time. */
function instantOf(period: string): string | undefined {
  const quarter = /^(\d{4})-Q([1-4])$/.exec(period);
  if (quarter !== null) return `${quarter[1]}-${String(Number(quarter[2]) * 3 - 2).padStart(2, "0")}`;
  if (/^\d{4}-\d{2}-\d{2}T\d{2}$/.test(period)) return `${period}:00`;
  return /^\d{4}(-\d{2}(-\d{2})?)?$/.test(period) ? period : undefined;
}

function labelOf(keys: readonly Field[], row: Readonly<Record<string, Cell>>, label: (cell: Cell) => string): string {
  return short(keys.map((_, i) => label(row[`key${i}`] ?? null)).join(", "));
}

/** Labels that are the same would be one bar on another; the later ones are numbered. */
function distinct(labels: readonly string[]): string[] {
  const seen = new Set<string>();
  return labels.map((base) => {
    let label = base;
    for (let copy = 2; seen.has(label); copy += 1) label = `${base} (${copy})`;
    seen.add(label);
    return label;
  });
}

function short(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  const characters = [...line];
  return characters.length <= MAX_LABEL_CHARACTERS ? line : `${characters.slice(0, MAX_LABEL_CHARACTERS - 1).join("")}…`;
}

/** The rows of the evidence with these of its columns, under the names that the chart gives them. */
function rowsOf(evidence: QueryEvidence, columns: Readonly<Record<string, string>>): Record<string, Cell>[] {
  const places = Object.entries(columns).map(([name, column]) => [name, evidence.columns.indexOf(column)] as const);
  return evidence.rows.map((row) => Object.fromEntries(places.map(([name, place]) => [name, row[place] ?? null])));
}
