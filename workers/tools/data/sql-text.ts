import { z } from "zod";
import { Problem } from "../../platform/problem.ts";
import type { Cell, ColumnProfile, DatasetProfile } from "./profile.ts";

/** Which rows count. */
export const filterSchema = z.strictObject({
  column: z.string().max(300),
  op: z.enum(["eq", "ne", "lt", "lte", "gt", "gte", "in", "contains", "between", "missing", "present"]),
  value: z
    .union([z.string().max(1_000), z.number(), z.boolean(), z.array(z.union([z.string().max(1_000), z.number()])).max(200)])
    .optional(),
});
export type Filter = z.infer<typeof filterSchema>;
export const filtersSchema = z.array(filterSchema).max(20).default([]);

/** An identifier in double quotes, whatever characters it holds. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A value as a literal of SQL. */
export function sqlLiteral(value: Cell | boolean): string {
  if (value === null) return "NULL";
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new Problem("invalid-query", `${value} is not a number that data can hold.`);
    return String(value);
  }
  return `'${value.replaceAll("'", "''")}'`;
}

/** The column of this name. @throws Problem `invalid-query` naming the columns there are: SQLite would take an unknown name for text */
export function columnOf(dataset: DatasetProfile, name: string): ColumnProfile {
  const found =
    dataset.columns.find((column) => column.name === name) ??
    dataset.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) {
    const known = dataset.columns.slice(0, 30).map((column) => column.name);
    throw new Problem("invalid-query", `${dataset.table} has no column ${name}; it has ${known.join(", ")}.`);
  }
  return found;
}

/** The FROM clause that offers these columns: one table, or several joined by row when the data is wide. */
export function fromClause(dataset: DatasetProfile, columns: readonly ColumnProfile[]): string {
  const relations = [...new Set(columns.map((column) => column.relation))];
  const [first = dataset.table, ...others] = relations;
  return [quoteIdentifier(first), ...others.map((other) => `JOIN ${quoteIdentifier(other)} USING (_row)`)].join(" ");
}

/** The columns that filters read. */
export function filterColumns(dataset: DatasetProfile, filters: readonly Filter[]): ColumnProfile[] {
  return filters.map((filter) => columnOf(dataset, filter.column));
}

/** The WHERE clause of filters and further conditions; empty when there are none. */
export function whereClause(dataset: DatasetProfile, filters: readonly Filter[], conditions: readonly string[] = []): string {
  const all = [...filters.map((filter) => filterCondition(dataset, filter)), ...conditions];
  return all.length === 0 ? "" : ` WHERE ${all.join(" AND ")}`;
}

function filterCondition(dataset: DatasetProfile, filter: Filter): string {
  const column = columnOf(dataset, filter.column);
  const name = quoteIdentifier(column.name);
  switch (filter.op) {
    case "missing":
      return `${name} IS NULL`;
    case "present":
      return `${name} IS NOT NULL`;
    case "in":
      return `(${
        list(filter)
          .map((item) => equals(column, item))
          .join(" OR ") || "0"
      })`;
    case "between": {
      const [low, high] = list(filter);
      if (low === undefined || high === undefined) throw new Problem("invalid-query", `The filter on ${filter.column} needs two values.`);
      return `${name} BETWEEN ${comparable(column, low)} AND ${upper(column, high)}`;
    }
    case "contains":
      return `instr(lower(${name}), lower(${sqlLiteral(String(single(filter)))})) > 0`;
    case "lte":
      return `${name} <= ${upper(column, single(filter))}`;
    case "eq":
      return equals(column, single(filter));
    case "ne":
      return `NOT ${equals(column, single(filter))}`;
    case "gt":
      return `${name} > ${upper(column, single(filter))}`;
    case "lt":
    case "gte":
      return `${name} ${{ lt: "<", gte: ">=" }[filter.op]} ${comparable(column, single(filter))}`;
    default:
      return filter.op satisfies never;
  }
}

function single(filter: Filter): string | number | boolean {
  if (filter.value === undefined || Array.isArray(filter.value))
    throw new Problem("invalid-query", `The filter on ${filter.column} needs one value.`);
  return filter.value;
}

function list(filter: Filter): readonly (string | number)[] {
  if (!Array.isArray(filter.value)) throw new Problem("invalid-query", `The filter on ${filter.column} needs a list of values.`);
  return filter.value;
}

/** A value in the form the column stores: numbers as numbers, truth as 0 and 1, dates as ISO text. */
function comparable(column: ColumnProfile, value: string | number | boolean): string {
  if (column.type === "boolean") return /^(1|true|yes|y|t)$/i.test(String(value)) ? "1" : "0";
  if (column.type === "integer" || column.type === "real") {
    const number = Number(value);
    if (Number.isNaN(number)) throw new Problem("invalid-query", `${column.name} holds numbers; ${String(value)} is none.`);
    return sqlLiteral(number);
  }
  return sqlLiteral(String(value));
}

/** Equality; with a part of a date (a year, a month) every time that lies in it is equal. */
function equals(column: ColumnProfile, value: string | number | boolean): string {
  const name = quoteIdentifier(column.name);
  return isPartOfDate(column, value) ? `${name} LIKE ${sqlLiteral(`${String(value)}%`)}` : `${name} = ${comparable(column, value)}`;
}

/** An upper bound that is only part of a date (a year, a month) takes in the whole of it. */
function upper(column: ColumnProfile, value: string | number | boolean): string {
  return isPartOfDate(column, value) ? sqlLiteral(`${String(value)}\uffff`) : comparable(column, value);
}

function isPartOfDate(column: ColumnProfile, value: Filter["value"]): boolean {
  if (column.type !== "date" && column.type !== "datetime") return false;
  return /^\d{4}(-\d{2}(-\d{2})?)?$/.test(String(value)) && !(column.type === "date" && String(value).length === 10);
}
