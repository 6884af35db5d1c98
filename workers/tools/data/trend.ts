import { z } from "zod";
import { lineChart } from "../chart/specs.ts";
import type { QueryEvidence } from "./analysis.ts";
import { type AnalysisDraft, say } from "./draft.ts";
import { formatFigure, formatShare } from "./figure.ts";
import { cell, figure, type Inquiry } from "./inquiry.ts";
import { aggregateSql, columnKey, measurementSchema, type Period, periodKey, periodSchema } from "./measurement.ts";
import type { Cell, DatasetProfile } from "./profile.ts";
import { columnOf } from "./sql-text.ts";
import { keyText, measureNoun, sentence, whereText, words } from "./wording.ts";

/** Periods shown: a century of months. */
const MAX_PERIODS = 1_200;
const MAX_GROUPS_TOLD = 5;
const DAY_MS = 86_400_000;

export const trendInputSchema = measurementSchema.extend({
  /** The column that says when. */
  time: z.string().max(300),
  /** How time is cut; chosen by the span of the data when absent. */
  period: periodSchema.optional(),
  /** One line for each value of this column. */
  group: z.string().max(300).optional(),
});
export type TrendInput = z.output<typeof trendInputSchema>;

/** Follows a measure or count over time: first, last, change, highest and lowest period. */
export function trendOverTime(inquiry: Inquiry, dataset: DatasetProfile, input: TrendInput): AnalysisDraft {
  const period = input.period ?? periodFor(dataset, input.time);
  const time = periodKey(dataset, input.time, period);
  const keys = input.group === undefined ? [time] : [time, columnKey(dataset, input.group)];
  const present = { column: columnOf(dataset, input.time).name, op: "present" } as const;
  const measurement = { ...input, filters: [...input.filters, present] };
  const result = inquiry.ask(aggregateSql({ dataset, measurement, keys, orderBy: "keys", limit: MAX_PERIODS }));
  const noun = measureNoun(input);
  const by = period.replaceAll("_", " ");
  return {
    title: sentence(`${noun} by ${by}${input.group === undefined ? "" : ` and ${words(input.group)}`}${whereText(input.filters)}`),
    method: `Rows${whereText(input.filters).replace(/^,/, "")} with a ${words(input.time)}, cut by ${by}; the ${noun} of each. Rows without a time are left out.`,
    statements:
      input.group === undefined
        ? oneLine(result, input, time.name, period, noun)
        : manyLines(result, input, time.name, input.group, period, noun),
    evidence: inquiry.evidence,
    charts:
      result.rows.length === 0
        ? []
        : [lineChart(result, time.name, "value", input.group, { title: sentence(noun), alt: `Line chart of ${noun} by ${by}.` })],
    caveats: result.rows.length >= MAX_PERIODS ? [`Only the first ${MAX_PERIODS} points are shown.`] : [],
  };
}

/** A period that cuts the data's span into a readable number of points. */
function periodFor(dataset: DatasetProfile, time: string): Period {
  const { min, max, type } = columnOf(dataset, time);
  if (type === "integer") return "year";
  const days = (Date.parse(String(max)) - Date.parse(String(min))) / DAY_MS;
  if (days <= 2 && type === "datetime") return "hour";
  if (days <= 92) return "day";
  if (days <= 366 * 8) return "month";
  return "year";
}

function oneLine(result: QueryEvidence, input: TrendInput, time: string, period: Period, noun: string) {
  const told = lineText(result, result.rows, input, time, period);
  if (told === undefined) return [say("No rows with a time match, so there is no trend.", result.id)];
  return [
    say(`From ${told.first} to ${told.last} the ${noun} went from ${told.from} to ${told.to}${told.change}.`, result.id),
    say(`It was highest in ${told.peak} and lowest in ${told.trough}.`, result.id),
  ];
}

function manyLines(result: QueryEvidence, input: TrendInput, time: string, group: string, period: Period, noun: string) {
  const names = [...new Set(result.rows.map((row) => cell(result, row, group)))].filter((name) => name !== null);
  const statements = names.slice(0, MAX_GROUPS_TOLD).flatMap((name) => {
    const told = lineText(
      result,
      result.rows.filter((row) => cell(result, row, group) === name),
      input,
      time,
      period,
    );
    return told === undefined
      ? []
      : [
          say(
            `${keyText(name)}: the ${noun} went from ${told.from} (${told.first}) to ${told.to} (${told.last})${told.change}; highest in ${told.peak}.`,
            result.id,
          ),
        ];
  });
  return statements.length === 0 ? [say("No rows with a time match, so there is no trend.", result.id)] : statements;
}

function lineText(result: QueryEvidence, rows: readonly (readonly Cell[])[], input: TrendInput, time: string, period: Period) {
  const points = rows.flatMap((row) => {
    const value = figure(result, row, "value");
    return value === undefined ? [] : [{ at: keyText(cell(result, row, time), period), value }];
  });
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const show = (value: number) => (input.statistic === "share" ? formatShare(value) : formatFigure(value));
  const peak = points.reduce((best, point) => (point.value > best.value ? point : best));
  const trough = points.reduce((best, point) => (point.value < best.value ? point : best));
  const change =
    first === last ? "" : first.value === 0 ? "" : `, a change of ${formatShare((last.value - first.value) / Math.abs(first.value))}`;
  return {
    first: first.at,
    last: last.at,
    from: show(first.value),
    to: show(last.value),
    change,
    peak: `${peak.at} (${show(peak.value)})`,
    trough: `${trough.at} (${show(trough.value)})`,
  };
}
