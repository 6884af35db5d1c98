import type { Cell, ColumnProfile, ColumnType } from "../../workers/tools/data/profile.ts";
import { quoteIdentifier } from "../../workers/tools/data/sql-text.ts";

/** Distinct values are counted up to here; a column with more is no grouping. */
const MAX_DISTINCT = 1_000;
const TOP_VALUES = 25;

/** Reads what a planner needs to know of one loaded column. */
export function profileColumn(sql: SqlStorage, column: { name: string; relation: string; type: ColumnType }): ColumnProfile {
  const x = quoteIdentifier(column.name);
  const table = quoteIdentifier(column.relation);
  const isNumber = column.type === "integer" || column.type === "real";
  const summary = sql
    .exec<Record<string, Cell>>(
      `SELECT count(*) - count(${x}) AS missing, min(${x}) AS low, max(${x}) AS high, ${isNumber ? `avg(${x})` : "NULL"} AS mean FROM ${table}`,
    )
    .one();
  const distinct = sql
    .exec<{ n: number }>(`SELECT count(*) AS n FROM (SELECT DISTINCT ${x} FROM ${table} WHERE ${x} IS NOT NULL LIMIT ${MAX_DISTINCT})`)
    .one().n;
  const top =
    distinct >= MAX_DISTINCT
      ? []
      : sql
          .exec<{ value: Cell; n: number }>(
            `SELECT ${x} AS value, count(*) AS n FROM ${table} WHERE ${x} IS NOT NULL GROUP BY ${x} ORDER BY n DESC, value LIMIT ${TOP_VALUES}`,
          )
          .toArray();
  return {
    ...column,
    missing: Number(summary.missing),
    distinct,
    min: summary.low ?? null,
    max: summary.high ?? null,
    mean: typeof summary.mean === "number" ? summary.mean : null,
    top: top.map(({ value, n }) => ({ value: typeof value === "string" ? value.slice(0, 200) : value, count: n })),
  };
}
