import { z } from "zod";
import { Problem } from "../../platform/problem.ts";
import type { ColumnProfile, DatasetProfile } from "./profile.ts";
import { columnOf, type Filter, filterColumns, filterSchema, filtersSchema, fromClause, quoteIdentifier, whereClause } from "./sql-text.ts";

/** What is computed of each group of rows. */
export const statisticSchema = z.enum(["count", "sum", "mean", "median", "min", "max", "share", "distinct"]);
export type Statistic = z.infer<typeof statisticSchema>;

/** How times are cut: into consecutive periods, or into places of a cycle (which month of the year, which day of the week). */
export const periodSchema = z.enum(["hour", "day", "week", "month", "quarter", "year", "month_of_year", "day_of_week", "hour_of_day"]);
export type Period = z.infer<typeof periodSchema>;

/** The part that all analyses of a table share: which rows, what of them, how it is summed up. */
export const measurementSchema = z.strictObject({
  table: z.string().max(100),
  /** The numeric column; none for counts. */
  measure: z.string().max(300).optional(),
  statistic: statisticSchema.default("mean"),
  /** For `share`: which rows count, of all rows of a group. */
  of: z.array(filterSchema).max(10).optional(),
  filters: filtersSchema,
});
export type Measurement = z.output<typeof measurementSchema>;

/** An expression to group by. */
export interface Key {
  readonly expression: string;
  /** The name of its column in the result. */
  readonly name: string;
  /** What people call it. */
  readonly label: string;
  readonly columns: readonly ColumnProfile[];
}

export function columnKey(dataset: DatasetProfile, name: string): Key {
  const column = columnOf(dataset, name);
  return { expression: quoteIdentifier(column.name), name: resultName(column.name), label: column.name, columns: [column] };
}

/** Columns that results have of their own; a column of the data that is called so is shown under another name. */
const RESULT_COLUMNS = new Set([
  "n",
  "value",
  "matching",
  "share",
  "mean",
  "median",
  "sd",
  "smallest",
  "largest",
  "total",
  ...periodSchema.options,
]);

/** The name under which a column of the data stands in a result. */
export function resultName(column: string): string {
  return RESULT_COLUMNS.has(column.toLowerCase()) ? `${column} (column)` : column;
}

/** The period a time falls in, as text that sorts in time. A column of whole years is a time as well. */
export function periodKey(dataset: DatasetProfile, name: string, period: Period): Key {
  const column = columnOf(dataset, name);
  const quoted = quoteIdentifier(column.name);
  if (column.type === "integer") return columnKey(dataset, name);
  if (column.type !== "date" && column.type !== "datetime")
    throw new Problem("invalid-query", `${column.name} holds no dates; a trend needs a column that does.`);
  const expressions: Record<Period, string> = {
    hour: `substr(${quoted}, 1, 13)`,
    day: `substr(${quoted}, 1, 10)`,
    week: `date(${quoted}, 'weekday 0', '-6 days')`,
    month: `substr(${quoted}, 1, 7)`,
    quarter: `substr(${quoted}, 1, 4) || '-Q' || ((CAST(substr(${quoted}, 6, 2) AS INTEGER) + 2) / 3)`,
    year: `substr(${quoted}, 1, 4)`,
    month_of_year: `substr(${quoted}, 6, 2)`,
    day_of_week: `strftime('%w', ${quoted})`,
    hour_of_day: `substr(${quoted}, 12, 2)`,
  };
  return { expression: expressions[period], name: period, label: period, columns: [column] };
}

export interface AggregateOptions {
  readonly dataset: DatasetProfile;
  readonly measurement: Measurement;
  readonly keys: readonly Key[];
  readonly orderBy: "value desc" | "value asc" | "keys";
  readonly limit?: number;
}

/**
 * The query behind every figure about groups: keys, `n` (values that count), and the statistic as `value`; for a numeric measure also
 * mean, median, standard deviation (n − 1), smallest, largest and sum. Rows whose key is missing are a group of their own (null).
 */
export function aggregateSql(options: AggregateOptions): string {
  const { dataset, measurement, keys } = options;
  const measure = measurement.measure === undefined ? undefined : columnOf(dataset, measurement.measure);
  const counts = measurement.statistic === "count" || measurement.statistic === "share";
  const body = measure !== undefined && !counts ? numericBody(options, measure) : countBody(options, measure);
  const order =
    options.orderBy === "keys"
      ? keys.map((_, i) => String(i + 1)).join(", ")
      : `value ${options.orderBy === "value desc" ? "DESC" : "ASC"}, ${keys.map((_, i) => String(i + 1)).join(", ") || "1"}`;
  const ordered = keys.length === 0 ? "" : ` ORDER BY ${order}`;
  return `${body}${ordered}${options.limit === undefined ? "" : ` LIMIT ${options.limit}`}`;
}

function numericBody({ dataset, measurement, keys }: AggregateOptions, measure: ColumnProfile): string {
  if (measurement.statistic !== "distinct" && !isNumeric(measure)) {
    throw new Problem("invalid-query", `${measure.name} holds ${measure.type}, of which no ${measurement.statistic} can be computed.`);
  }
  const x = quoteIdentifier(measure.name);
  const from = fromClause(dataset, [...keys.flatMap((key) => key.columns), measure, ...filterColumns(dataset, measurement.filters)]);
  const where = whereClause(dataset, measurement.filters, [`${x} IS NOT NULL`]);
  const groups = keys.map((key, i) => `${key.expression} AS _k${i}`);
  const names = keys.map((key, i) => `_k${i} AS ${quoteIdentifier(key.name)}`);
  const partition = keys.length === 0 ? "" : `PARTITION BY ${keys.map((key) => key.expression).join(", ")}`;
  const inner = [
    ...groups,
    `${x} AS _x`,
    `row_number() OVER (${partition} ORDER BY ${x}) AS _r`,
    `count(*) OVER (${partition}) AS _n`,
    `avg(${x}) OVER (${partition}) AS _m`,
  ];
  const median = "avg(CASE WHEN _r IN ((_n + 1) / 2, (_n + 2) / 2) THEN _x END)";
  const values: Record<Statistic, string> = {
    count: "count(*)",
    share: "count(*)",
    // As doubles: the sum of many large whole numbers would overflow.
    sum: "sum(1.0 * _x)",
    mean: "avg(_x)",
    median,
    min: "min(_x)",
    max: "max(_x)",
    distinct: "count(DISTINCT _x)",
  };
  const deviation = "CASE WHEN count(*) > 1 THEN sqrt(sum((_x - _m) * (_x - _m)) / (count(*) - 1)) END";
  const more = isNumeric(measure)
    ? [
        `avg(_x) AS mean`,
        `${median} AS median`,
        `${deviation} AS sd`,
        "min(_x) AS smallest",
        "max(_x) AS largest",
        "sum(1.0 * _x) AS total",
      ]
    : [];
  const outer = [...names, "count(*) AS n", `${values[measurement.statistic]} AS value`, ...more];
  const groupBy = keys.length === 0 ? "" : ` GROUP BY ${keys.map((_, i) => `_k${i}`).join(", ")}`;
  return `WITH _v AS (SELECT ${inner.join(", ")} FROM ${from}${where}) SELECT ${outer.join(", ")} FROM _v${groupBy}`;
}

function countBody({ dataset, measurement, keys }: AggregateOptions, measure: ColumnProfile | undefined): string {
  const of = measurement.of ?? [];
  const columns = [
    ...keys.flatMap((key) => key.columns),
    ...filterColumns(dataset, [...measurement.filters, ...of]),
    ...(measure === undefined ? [] : [measure]),
  ];
  const from = fromClause(dataset, columns);
  const conditions = measure === undefined ? [] : [`${quoteIdentifier(measure.name)} IS NOT NULL`];
  const where = whereClause(dataset, measurement.filters, conditions);
  const outer = keys.map((key) => `${key.expression} AS ${quoteIdentifier(key.name)}`);
  if (measurement.statistic === "share" && of.length > 0) {
    const meets = `sum(CASE WHEN ${shareCondition(dataset, of)} THEN 1 ELSE 0 END)`;
    outer.push("count(*) AS n", `${meets} AS matching`, `1.0 * ${meets} / count(*) AS value`);
  } else if (measurement.statistic === "share") {
    outer.push("count(*) AS n", "1.0 * count(*) / sum(count(*)) OVER () AS value");
  } else {
    outer.push("count(*) AS n", "count(*) AS value", "1.0 * count(*) / sum(count(*)) OVER () AS share");
  }
  const groupBy = keys.length === 0 ? "" : ` GROUP BY ${keys.map((_, i) => String(i + 1)).join(", ")}`;
  return `SELECT ${outer.join(", ")} FROM ${from}${where}${groupBy}`;
}

function shareCondition(dataset: DatasetProfile, of: readonly Filter[]): string {
  return whereClause(dataset, of).replace(/^ WHERE /, "");
}

/** Counts the rows that match and have no value in a column. */
export function missingSql(dataset: DatasetProfile, column: ColumnProfile, filters: readonly Filter[]): string {
  const from = fromClause(dataset, [column, ...filterColumns(dataset, filters)]);
  return `SELECT count(*) - count(${quoteIdentifier(column.name)}) AS missing FROM ${from}${whereClause(dataset, filters)}`;
}

export function isNumeric(column: ColumnProfile): boolean {
  return column.type === "integer" || column.type === "real" || column.type === "boolean";
}
