import { and, type Column, eq, gt, gte, isNotNull, lt, lte, not, or, type SQL, sql } from "drizzle-orm";
import { keyOf } from "../users/store.ts";
import { type Filter, FilterFault, type FilterValue } from "./filter.ts";

/** How an attribute stands in its table. */
export interface FilterColumn {
  readonly column: Column;
  /** `key`: kept in the form of `keyOf`, so compared without regard to case; `time`: milliseconds, compared with ISO 8601 texts. */
  readonly kind: "key" | "text" | "boolean" | "time";
}

/**
 * The condition that a filter is, over the columns that its attributes stand in.
 * @throws FilterFault naming the attribute that cannot be asked for, or the value that does not fit it
 */
export function filterToSql(filter: Filter, columns: Readonly<Record<string, FilterColumn>>): SQL {
  switch (filter.kind) {
    case "and":
      return and(filterToSql(filter.left, columns), filterToSql(filter.right, columns)) ?? sql`1`;
    case "or":
      return or(filterToSql(filter.left, columns), filterToSql(filter.right, columns)) ?? sql`1`;
    case "not":
      return not(filterToSql(filter.of, columns));
    case "present":
      return isNotNull(columnOf(filter.attribute, columns).column);
    case "compare":
      return comparison(columnOf(filter.attribute, columns), filter.operator, filter.value);
    default:
      return filter satisfies never;
  }
}

function columnOf(attribute: string, columns: Readonly<Record<string, FilterColumn>>): FilterColumn {
  const column = Object.hasOwn(columns, attribute) ? columns[attribute] : undefined;
  if (column === undefined) throw new FilterFault(`${attribute} cannot be asked for; there are ${Object.keys(columns).join(", ")}`);
  return column;
}

function comparison({ column, kind }: FilterColumn, operator: string, value: FilterValue): SQL {
  const wanted = storedValue(kind, value);
  switch (operator) {
    case "eq":
      return eq(column, wanted);
    case "ne":
      return sql`(${column} IS NULL OR ${column} <> ${wanted})`;
    case "co":
      return sql`instr(${column}, ${textOf(wanted)}) > 0`;
    case "sw":
      return sql`substr(${column}, 1, length(${textOf(wanted)})) = ${textOf(wanted)}`;
    case "ew":
      return sql`substr(${column}, -length(${textOf(wanted)})) = ${textOf(wanted)}`;
    case "gt":
      return gt(column, wanted);
    case "ge":
      return gte(column, wanted);
    case "lt":
      return lt(column, wanted);
    default:
      return lte(column, wanted);
  }
}

function storedValue(kind: FilterColumn["kind"], value: FilterValue): string | number | boolean {
  if (kind === "boolean" && typeof value === "boolean") return value;
  if (kind === "time" && typeof value === "string" && !Number.isNaN(Date.parse(value))) return Date.parse(value);
  if (kind === "key" && typeof value === "string") return keyOf(value);
  if (kind === "text" && typeof value === "string") return value;
  throw new FilterFault(`${JSON.stringify(value)} is not a value of this attribute`);
}

function textOf(value: string | number | boolean): string {
  if (typeof value !== "string" || value === "") throw new FilterFault("co, sw and ew compare texts");
  return value;
}
