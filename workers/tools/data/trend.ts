import { z } from "zod";
import { lineChart } from "../chart/specs.ts";
import type { QueryEvidence, Statement } from "./analysis.ts";
import { type AnalysisDraft, say } from "./draft.ts";
import { formatFigure, formatShare } from "./figure.ts";
import { cell, figure, type Inquiry } from "./inquiry.ts";
import {
  aggregateSql,
  columnKey,
  type Key,
  type Measurement,
  measurementSchema,
  type Period,
  periodKey,
  periodSchema,
} from "./measurement.ts";
import type { Cell, DatasetProfile } from "./profile.ts";
import { columnOf, type Filter, quoteIdentifier } from "./sql-text.ts";
import { keyText, measureNoun, sentence, whereText, words } from "./wording.ts";

/** Points that one result keeps. A longer series is summed up by a query of its own and drawn by longer periods. */
const MAX_POINTS = 1_000;
const MAX_GROUPS_TOLD = 5;
const DAY_MS = 86_400_000;
/** Each period and the next longer one that it lies in. */
const LONGER: Partial<Record<Period, Period>> = { hour: "day", day: "month", week: "month", month: "quarter", quarter: "year" };

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
  const followed = followedGroups(inquiry, dataset, input);
  const series = new Series(inquiry, dataset, input, followed.filters);
  const noun = measureNoun(input);
  const by = period.replaceAll("_", " ");
  const isWhole = series.points(period) <= MAX_POINTS;
  const result = isWhole ? series.ask(period) : series.askEnds(period);
  const lines = isWhole ? linesOfPoints(result, series.keys(period), period) : linesOfEnds(result, series.keys(period), period);
  const drawn = isWhole ? { result, period } : series.askLonger(period);
  return {
    title: sentence(`${noun} by ${by}${input.group === undefined ? "" : ` and ${words(input.group)}`}${whereText(input.filters)}`),
    method: `Rows${whereText(input.filters).replace(/^,/, "")} with a ${words(input.time)}, cut by ${by}; the ${noun} of each. Rows without a time are left out, and so are periods without rows.`,
    statements: told(lines, input, noun, result.id),
    evidence: inquiry.evidence,
    charts:
      drawn === undefined || drawn.result.rows.length === 0 ? [] : [chart(drawn.result, series.keys(drawn.period), noun, drawn.period)],
    caveats: [
      ...followed.caveats,
      ...(isWhole || drawn === undefined ? [] : [`The chart shows each ${drawn.period}; there are too many points to draw each ${by}.`]),
      ...(drawn === undefined ? ["There are too many points to draw."] : []),
    ],
  };
}

/** The series of one question, cut by any period. */
class Series {
  readonly #inquiry: Inquiry;
  readonly #dataset: DatasetProfile;
  readonly #input: TrendInput;
  readonly #measurement: Measurement;

  constructor(inquiry: Inquiry, dataset: DatasetProfile, input: TrendInput, filters: readonly Filter[]) {
    this.#inquiry = inquiry;
    this.#dataset = dataset;
    this.#input = input;
    const present = { column: columnOf(dataset, input.time).name, op: "present" } as const;
    this.#measurement = { ...input, filters: [...input.filters, ...filters, present] };
  }

  /** The time's key, then the group's. */
  keys(period: Period): readonly [Key, ...Key[]] {
    const time = periodKey(this.#dataset, this.#input.time, period);
    return this.#input.group === undefined ? [time] : [time, columnKey(this.#dataset, this.#input.group)];
  }

  points(period: Period): number {
    return this.#inquiry.count(`SELECT count(*) FROM (${this.#sql(period)})`);
  }

  ask(period: Period): QueryEvidence {
    return this.#inquiry.ask(`${this.#sql(period)} LIMIT ${MAX_POINTS}`);
  }

  /** The same series by a longer period, the first that can be drawn. */
  askLonger(period: Period): { result: QueryEvidence; period: Period } | undefined {
    let longer = LONGER[period];
    while (longer !== undefined && this.points(longer) > MAX_POINTS) longer = LONGER[longer];
    const isCut = longer !== undefined && this.keys(longer)[0].name === longer;
    return longer === undefined || !isCut ? undefined : { result: this.ask(longer), period: longer };
  }

  /** First, last, highest and lowest point of each line. */
  askEnds(period: Period): QueryEvidence {
    const [time, group] = this.keys(period);
    const t = quoteIdentifier(time.name);
    const g = group === undefined ? "NULL" : quoteIdentifier(group.name);
    const at = (place: string, name: string) =>
      `max(CASE WHEN ${place} = 1 THEN _t END) AS ${name}, max(CASE WHEN ${place} = 1 THEN _y END) AS ${name}_value`;
    const ranked =
      "SELECT *, row_number() OVER (PARTITION BY _g ORDER BY _t) AS _first, row_number() OVER (PARTITION BY _g ORDER BY _t DESC) AS _last, " +
      "row_number() OVER (PARTITION BY _g ORDER BY _y DESC, _t) AS _highest, row_number() OVER (PARTITION BY _g ORDER BY _y, _t) AS _lowest FROM _s";
    return this.#inquiry.ask(
      `WITH _s AS (SELECT ${t} AS _t, ${g} AS _g, value AS _y FROM (${this.#sql(period)}) WHERE value IS NOT NULL), _o AS (${ranked}), ` +
        `_e AS (SELECT _g, count(*) AS points, ${at("_first", "first")}, ${at("_last", "last")}, ${at("_highest", "highest")}, ${at("_lowest", "lowest")} FROM _o GROUP BY _g) ` +
        `SELECT ${group === undefined ? "" : `_g AS ${g}, `}points, first, first_value, last, last_value, (last_value - first_value) / abs(nullif(1.0 * first_value, 0)) AS change, highest, highest_value, lowest, lowest_value FROM _e ORDER BY points DESC, _g`,
    );
  }

  #sql(period: Period): string {
    return aggregateSql({ dataset: this.#dataset, measurement: this.#measurement, keys: this.keys(period), orderBy: "keys" });
  }
}

/** Of many groups the largest are followed. */
function followedGroups(inquiry: Inquiry, dataset: DatasetProfile, input: TrendInput): { filters: Filter[]; caveats: string[] } {
  if (input.group === undefined) return { filters: [], caveats: [] };
  const group = columnKey(dataset, input.group);
  const [column] = group.columns;
  const present = { column: column?.name ?? input.group, op: "present" } as const;
  if ((column?.distinct ?? 0) <= MAX_GROUPS_TOLD) return { filters: [present], caveats: [] };
  const measurement = { table: input.table, statistic: "count" as const, filters: [...input.filters, present] };
  const groups = inquiry.count(`SELECT count(*) FROM (${aggregateSql({ dataset, measurement, keys: [group], orderBy: "keys" })})`);
  if (groups <= MAX_GROUPS_TOLD) return { filters: [present], caveats: [] };
  const largest = inquiry.ask(aggregateSql({ dataset, measurement, keys: [group], orderBy: "value desc", limit: MAX_GROUPS_TOLD }));
  const names = largest.rows.flatMap((row) => (row[0] === null || row[0] === undefined ? [] : [row[0]]));
  return {
    filters: [{ column: present.column, op: "in", value: names }],
    caveats: [`The ${names.length} values of ${words(input.group)} with the most rows are followed; there are more.`],
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

interface Point {
  readonly at: string;
  readonly value: number;
}

interface Line {
  readonly name: Cell;
  readonly first: Point;
  readonly last: Point;
  readonly highest: Point;
  readonly lowest: Point;
}

function linesOfPoints(result: QueryEvidence, [time, group]: readonly [Key, ...Key[]], period: Period): Line[] {
  const lines = new Map<Cell, Point[]>();
  for (const row of result.rows) {
    const value = figure(result, row, "value");
    if (value === undefined) continue;
    const name = group === undefined ? null : cell(result, row, group.name);
    lines.set(name, [...(lines.get(name) ?? []), { at: keyText(cell(result, row, time.name), period), value }]);
  }
  return [...lines].flatMap(([name, points]) => {
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return [];
    const highest = points.reduce((best, point) => (point.value > best.value ? point : best));
    const lowest = points.reduce((best, point) => (point.value < best.value ? point : best));
    return [{ name, first, last, highest, lowest }];
  });
}

function linesOfEnds(result: QueryEvidence, [, group]: readonly [Key, ...Key[]], period: Period): Line[] {
  return result.rows.map((row) => {
    const point = (name: string): Point => ({
      at: keyText(cell(result, row, name), period),
      value: figure(result, row, `${name}_value`) ?? 0,
    });
    const name = group === undefined ? null : cell(result, row, group.name);
    return { name, first: point("first"), last: point("last"), highest: point("highest"), lowest: point("lowest") };
  });
}

function told(lines: readonly Line[], input: TrendInput, noun: string, source: string): Statement[] {
  const show = (value: number) => (input.statistic === "share" ? formatShare(value) : formatFigure(value));
  const [only] = lines;
  if (only === undefined) return [say("No rows with a time match, so there is no trend.", source)];
  const peak = ({ at, value }: Point) => `${at} (${show(value)})`;
  if (input.group !== undefined) {
    return lines
      .slice(0, MAX_GROUPS_TOLD)
      .map(({ name, first, last, highest }) =>
        say(
          `${keyText(name)}: the ${noun} went from ${show(first.value)} (${first.at}) to ${show(last.value)} (${last.at})${change(first, last)}; highest in ${peak(highest)}.`,
          source,
        ),
      );
  }
  const { first, last, highest, lowest } = only;
  return [
    say(`From ${first.at} to ${last.at} the ${noun} went from ${show(first.value)} to ${show(last.value)}${change(first, last)}.`, source),
    say(`It was highest in ${peak(highest)} and lowest in ${peak(lowest)}.`, source),
  ];
}

function change(first: Point, last: Point): string {
  if (first.at === last.at || first.value === 0) return "";
  return `, a change of ${formatShare((last.value - first.value) / Math.abs(first.value))}`;
}

function chart(result: QueryEvidence, [time, group]: readonly [Key, ...Key[]], noun: string, period: Period) {
  const text = { title: sentence(noun), alt: `Line chart of ${noun} by ${period.replaceAll("_", " ")}.` };
  return lineChart(result, { name: time.name, label: words(time.label) }, "value", group, text, (at) => keyText(at, period));
}
