import { and, asc, desc, type SQL } from "drizzle-orm";
import type { Json } from "../../platform/canonical-json.ts";
import { LIST_SCHEMA, ScimFault } from "./answer.ts";
import { attributeName, parseFilter } from "./filter.ts";
import { type FilterColumn, filterToSql } from "./filter-sql.ts";

/** Resources of one page, whatever is asked for. */
export const MAX_COUNT = 200;
/** Beyond this nobody pages: a filter finds what is looked for. */
const MAX_START = 1_000_000;

/** A page that is asked for (RFC 7644 §3.4.2). */
export interface ScimQuery {
  readonly condition: SQL | undefined;
  readonly order: SQL;
  /** From 1. */
  readonly startIndex: number;
  readonly count: number;
}

/** @throws FilterFault, or ScimFault `invalidValue` */
export function readQuery(
  query: URLSearchParams,
  columns: Readonly<Record<string, FilterColumn>>,
  tenant: SQL,
  most = MAX_COUNT,
): ScimQuery {
  const filter = query.get("filter");
  const condition = filter === null || filter.trim() === "" ? undefined : filterToSql(parseFilter(filter), columns);
  const sortBy = attributeName(query.get("sortBy") ?? "id");
  const column = Object.hasOwn(columns, sortBy) ? columns[sortBy]?.column : undefined;
  if (column === undefined) throw new ScimFault(400, "invalidValue", `sortBy: ${sortBy} cannot be sorted by.`);
  return {
    condition: and(tenant, condition),
    order: query.get("sortOrder") === "descending" ? desc(column) : asc(column),
    startIndex: Math.min(MAX_START, Math.max(1, wholeNumber(query, "startIndex", 1))),
    count: Math.min(most, Math.max(0, wholeNumber(query, "count", most))),
  };
}

function wholeNumber(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^-?\d{1,9}$/.test(text)) throw new ScimFault(400, "invalidValue", `${name} is a whole number.`);
  return Number(text);
}

export function listResponse(resources: readonly Json[], totalResults: number, startIndex: number): Json {
  return { schemas: [LIST_SCHEMA], totalResults, startIndex, itemsPerPage: resources.length, Resources: [...resources] };
}

/** Leaves out what was not asked for (RFC 7644 §3.9): what is always told stays. */
export function projected(resource: Record<string, Json>, query: URLSearchParams): Record<string, Json> {
  const names = (key: string) =>
    (query.get(key) ?? "")
      .split(",")
      .map((name) => attributeName(name.trim()).split(".")[0])
      .filter(Boolean);
  const [only, without] = [names("attributes"), names("excludedAttributes")];
  if (only.length === 0 && without.length === 0) return resource;
  return Object.fromEntries(
    Object.entries(resource).filter(([name]) => {
      const key = name.toLowerCase();
      return ["schemas", "id"].includes(key) || (only.length > 0 ? only.includes(key) : !without.includes(key));
    }),
  );
}
