import type { Measurement, Period, Statistic } from "./measurement.ts";
import type { Cell } from "./profile.ts";
import type { Filter } from "./sql-text.ts";

const NOUNS: Record<Statistic, string> = {
  count: "number of rows",
  sum: "total",
  mean: "mean",
  median: "median",
  min: "smallest",
  max: "largest",
  share: "share",
  distinct: "number of different values of",
};

/** A column's name as words: `body_mass_g` reads "body mass g". */
export function words(column: string): string {
  return column
    .replace(/[_]+/g, " ")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .trim();
}

/** What is measured, as a noun: "mean body mass g", "number of rows", "share of rows where sex is male". */
export function measureNoun(measurement: Measurement): string {
  if (measurement.statistic === "share")
    return measurement.of === undefined ? "share of rows" : `share of rows where ${conditionText(measurement.of)}`;
  if (measurement.measure === undefined || measurement.statistic === "count") return "number of rows";
  return `${NOUNS[measurement.statistic]} ${words(measurement.measure)}`;
}

/** Filters as people say them. */
export function conditionText(filters: readonly Filter[]): string {
  const operators = {
    eq: "is",
    ne: "is not",
    lt: "is below",
    lte: "is at most",
    gt: "is above",
    gte: "is at least",
    in: "is one of",
    contains: "contains",
    between: "is between",
    missing: "is missing",
    present: "is present",
  };
  return filters
    .map((filter) => {
      const value = Array.isArray(filter.value) ? filter.value.join(filter.op === "between" ? " and " : ", ") : filter.value;
      return `${words(filter.column)} ${operators[filter.op]}${value === undefined ? "" : ` ${String(value)}`}`;
    })
    .join(" and ");
}

/** ", where year is 2008", or nothing. */
export function whereText(filters: readonly Filter[]): string {
  return filters.length === 0 ? "" : `, where ${conditionText(filters)}`;
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** A group's key as people say it. */
export function keyText(value: Cell, period?: Period): string {
  if (value === null) return "(missing)";
  if (period === "month_of_year") return MONTHS[Number(value) - 1] ?? String(value);
  if (period === "day_of_week") return DAYS[Number(value)] ?? String(value);
  return String(value);
}

/** "a, b and c". */
export function listText(items: readonly string[]): string {
  return items.length <= 1 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** The first letter large: a sentence. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
