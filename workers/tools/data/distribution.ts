import { z } from "zod";
import { barChart, histogram } from "../chart/specs.ts";
import { type AnalysisDraft, say } from "./draft.ts";
import { formatFigure, formatShare } from "./figure.ts";
import { cell, figure, type Inquiry } from "./inquiry.ts";
import { aggregateSql, columnKey, isNumeric, missingSql } from "./measurement.ts";
import type { ColumnProfile, DatasetProfile } from "./profile.ts";
import { columnOf, filterColumns, filtersSchema, fromClause, quoteIdentifier, sqlLiteral, whereClause } from "./sql-text.ts";
import { keyText, listText, sentence, whereText, words } from "./wording.ts";

const TARGET_BINS = 16;
const MAX_CATEGORIES = 50;
/** A whole-number column with fewer values than this is told value by value, not in bins. */
const FEW_VALUES = 12;

export const distributionInputSchema = z.strictObject({ table: z.string().max(100), column: z.string().max(300), filters: filtersSchema });
export type DistributionInput = z.output<typeof distributionInputSchema>;

/** How the values of one column spread: quantiles and a histogram of numbers, shares of categories. */
export function distribution(inquiry: Inquiry, dataset: DatasetProfile, input: DistributionInput): AnalysisDraft {
  const column = columnOf(dataset, input.column);
  const isSpread = isNumeric(column) && column.type !== "boolean" && column.distinct > FEW_VALUES;
  return isSpread ? ofNumbers(inquiry, dataset, input, column) : ofCategories(inquiry, dataset, input, column);
}

function ofNumbers(inquiry: Inquiry, dataset: DatasetProfile, input: DistributionInput, column: ColumnProfile): AnalysisDraft {
  const x = quoteIdentifier(column.name);
  const rows = `SELECT ${x} AS _x FROM ${fromClause(dataset, [column, ...filterColumns(dataset, input.filters)])}${whereClause(dataset, input.filters, [`${x} IS NOT NULL`])}`;
  const at = (share: number) =>
    `max(CASE WHEN _r = CAST(${share} * (_n - 1) AS INTEGER) + 1 THEN _x END) + (${share} * (max(_n) - 1) - CAST(${share} * (max(_n) - 1) AS INTEGER)) * (max(CASE WHEN _r = min(_n, CAST(${share} * (_n - 1) AS INTEGER) + 2) THEN _x END) - max(CASE WHEN _r = CAST(${share} * (_n - 1) AS INTEGER) + 1 THEN _x END))`;
  const quantiles = inquiry.ask(
    `WITH _v AS (${rows}), _o AS (SELECT _x, row_number() OVER (ORDER BY _x) AS _r, count(*) OVER () AS _n, avg(_x) OVER () AS _m FROM _v) ` +
      `SELECT count(*) AS n, avg(_x) AS mean, CASE WHEN count(*) > 1 THEN sqrt(sum((_x - _m) * (_x - _m)) / (count(*) - 1)) END AS sd, min(_x) AS smallest, ${at(0.25)} AS q1, ${at(0.5)} AS median, ${at(0.75)} AS q3, max(_x) AS largest FROM _o`,
  );
  const row = quantiles.rows[0];
  const told = (name: string) => formatFigure(figure(quantiles, row, name) ?? 0);
  const [low, high] = [figure(quantiles, row, "smallest") ?? 0, figure(quantiles, row, "largest") ?? 0];
  const width = niceWidth((high - low) / TARGET_BINS);
  const start = Math.floor(low / width) * width;
  const bins = inquiry.ask(
    `WITH _v AS (${rows}) SELECT ${sqlLiteral(start)} + CAST((_x - ${sqlLiteral(start)}) / ${sqlLiteral(width)} AS INTEGER) * ${sqlLiteral(width)} AS bin_from, ${sqlLiteral(start)} + (CAST((_x - ${sqlLiteral(start)}) / ${sqlLiteral(width)} AS INTEGER) + 1) * ${sqlLiteral(width)} AS bin_to, count(*) AS n FROM _v GROUP BY 1, 2 ORDER BY 1`,
  );
  const gaps = column.missing > 0 ? inquiry.ask(missingSql(dataset, column, input.filters)) : undefined;
  const missing = gaps === undefined ? 0 : (figure(gaps, gaps.rows[0], "missing") ?? 0);
  const hasRows = (figure(quantiles, row, "n") ?? 0) > 0;
  const name = words(column.name);
  return {
    title: sentence(`distribution of ${name}${whereText(input.filters)}`),
    method: "Quartiles interpolate between neighbours; the histogram's bins have equal width. Rows without a value are left out.",
    statements: hasRows
      ? [
          say(
            `${sentence(name)} ranges from ${told("smallest")} to ${told("largest")} with a median of ${told("median")} and a mean of ${told("mean")} (n = ${told("n")}).`,
            quantiles.id,
          ),
          say(`Half of the values lie between ${told("q1")} and ${told("q3")}; the standard deviation is ${told("sd")}.`, quantiles.id),
        ]
      : [say("No rows match.", quantiles.id)],
    evidence: inquiry.evidence,
    charts: hasRows ? [histogram(bins, { title: name, alt: `Histogram of ${name}.` })] : [],
    caveats: missing > 0 ? [`${formatFigure(missing)} ${missing === 1 ? "row has" : "rows have"} no ${name}.`] : [],
  };
}

function ofCategories(inquiry: Inquiry, dataset: DatasetProfile, input: DistributionInput, column: ColumnProfile): AnalysisDraft {
  const key = columnKey(dataset, column.name);
  const measurement = { table: input.table, statistic: "count" as const, filters: input.filters };
  const result = inquiry.ask(aggregateSql({ dataset, measurement, keys: [key], orderBy: "value desc", limit: MAX_CATEGORIES }));
  const name = words(column.name);
  const parts = result.rows
    .slice(0, 8)
    .map(
      (row) =>
        `${keyText(cell(result, row, key.name))}: ${formatFigure(figure(result, row, "n") ?? 0)} (${formatShare(figure(result, row, "share") ?? 0)})`,
    );
  return {
    title: sentence(`distribution of ${name}${whereText(input.filters)}`),
    method: `Rows${whereText(input.filters).replace(/^,/, "")} counted by ${name}.`,
    statements: [say(parts.length === 0 ? "No rows match." : `Rows by ${name}: ${listText(parts)}.`, result.id)],
    evidence: inquiry.evidence,
    charts:
      result.rows.length === 0
        ? []
        : [
            barChart(result, [key], "value", { title: "Rows", alt: `Bar chart of the number of rows by ${name}.` }, (value) =>
              keyText(value),
            ),
          ],
    caveats: result.rows.length >= MAX_CATEGORIES ? [`Only the ${MAX_CATEGORIES} most frequent values are shown.`] : [],
  };
}

/** The next width of the form 1, 2 or 5 times a power of ten. */
function niceWidth(width: number): number {
  if (!(width > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(width));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= width) ?? 10;
  return Number((factor * power).toPrecision(6));
}
