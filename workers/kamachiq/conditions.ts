import type { ColumnProfile, DatasetProfile } from "../tools/data/profile.ts";
import type { Filter } from "../tools/data/sql-text.ts";
import type { Mention } from "./mentions.ts";

const MORE =
  "(?:more|greater|larger|higher|longer|heavier|older|bigger|above|over|exceeding|exceed|after|beyond|taller|warmer|hotter|faster|deeper|stronger)(?:\\s+than)?|at least|no less than|>=?";
const LESS =
  "(?:less|fewer|smaller|lower|shorter|lighter|younger|below|under|before|cheaper|colder|slower|weaker)(?:\\s+than)?|at most|no more than|up to|<=?";
const YEAR = "(1[5-9]\\d{2}|20\\d{2}|21\\d{2})";

/** The column that says when: the one a goal names, the only one of dates, or whole years. */
export function timeColumn(dataset: DatasetProfile, mentions: readonly Mention[]): ColumnProfile | undefined {
  const named = mentions.find(({ column }) => isTime(column));
  if (named !== undefined) return named.column;
  return dataset.columns.find((column) => column.type === "date" || column.type === "datetime") ?? dataset.columns.find(isTime);
}

export function isTime(column: ColumnProfile): boolean {
  if (column.type === "date" || column.type === "datetime") return true;
  return (
    column.type === "integer" &&
    /\b(year|yr|jahr|season)\b/i.test(column.name.replaceAll("_", " ")) &&
    Number(column.min) >= 1000 &&
    Number(column.max) <= 2200
  );
}

/** Filters that years in a goal ask for: "in 2014 and 2015", "since 2010", "between 2000 and 2010", "before 1990". */
export function yearFilters(text: string, time: ColumnProfile | undefined): Filter[] {
  if (time === undefined) return [];
  const column = time.name;
  const value = (year: string) => (time.type === "integer" ? Number(year) : year);
  const range =
    new RegExp(`\\b(?:between|from)\\s+${YEAR}\\s+(?:and|to|until|through|-|–)\\s+${YEAR}`, "i").exec(text) ??
    new RegExp(`\\b${YEAR}\\s*[-–]\\s*${YEAR}\\b`).exec(text);
  if (range !== null) return [{ column, op: "between", value: [value(range[1] ?? ""), value(range[2] ?? "")] }];
  const since = new RegExp(`\\b(since|from|after|before|until|up to)\\s+${YEAR}`, "i").exec(text);
  if (since !== null) {
    const op = /since|from/i.test(since[1] ?? "")
      ? "gte"
      : /after/i.test(since[1] ?? "")
        ? "gt"
        : /before/i.test(since[1] ?? "")
          ? "lt"
          : "lte";
    const year = since[2] ?? "";
    return op === "gt" && time.type !== "integer"
      ? [{ column, op: "gte", value: String(Number(year) + 1) }]
      : [{ column, op, value: value(year) }];
  }
  const years = [...new Set([...text.matchAll(new RegExp(`\\b${YEAR}\\b`, "g"))].map((match) => match[1] ?? ""))].sort();
  const [first, last] = [years[0], years.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (first === last) return [{ column, op: "eq", value: value(first) }];
  if (time.type === "integer") return [{ column, op: "in", value: years.map(Number) }];
  return Number(last) - Number(first) === years.length - 1 ? [{ column, op: "between", value: [first, last] }] : [];
}

/** Filters that numbers in a goal ask for: "longer than 500", "at least 3 engines", "delay above 60". */
export function numberFilters(text: string, mentions: readonly Mention[], offsets: readonly number[]): Filter[] {
  const filters: Filter[] = [];
  const pattern = new RegExp(`(?:\\b|(?<=\\s))(${MORE}|${LESS})\\s+(-?\\d[\\d,]*(?:\\.\\d+)?)(?!\\s*(?:%|percent))`, "gi");
  for (const match of text.matchAll(pattern)) {
    const number = Number((match[2] ?? "").replaceAll(",", ""));
    const isYear = /^(1[5-9]|20)\d{2}$/.test(match[2] ?? "") && /after|before|over/i.test(match[1] ?? "");
    const numeric = mentions.filter(({ column }) => column.type === "integer" || column.type === "real");
    const nearest = [...numeric].sort(
      (a, b) => Math.abs((offsets[a.at] ?? 0) - match.index) - Math.abs((offsets[b.at] ?? 0) - match.index),
    )[0];
    if (nearest === undefined || isYear || Number.isNaN(number)) continue;
    const word = (match[1] ?? "").toLowerCase();
    const isMore = new RegExp(`^(?:${MORE})$`, "i").test(word);
    const isInclusive = /at least|at most|no less|no more|up to|=/.test(word);
    filters.push({ column: nearest.column.name, op: isMore ? (isInclusive ? "gte" : "gt") : isInclusive ? "lte" : "lt", value: number });
  }
  return filters;
}
