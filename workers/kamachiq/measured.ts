import type { Json } from "../platform/canonical-json.ts";
import type { Statistic } from "../tools/data/measurement.ts";
import type { ColumnProfile } from "../tools/data/profile.ts";
import type { Filter } from "../tools/data/sql-text.ts";
import { isExtremeOfGroups } from "./intent.ts";
import type { Mention } from "./mentions.ts";
import { nameParts } from "./mentions.ts";
import { type Doubt, isMeasure, isTruth, type Reading } from "./reading.ts";
import { rowNounsOf } from "./row-nouns.ts";
import { ADDITIVE, type Intent, STOCK } from "./vocabulary.ts";

/** What is computed of each group: a number of the rows, summed up; and which rows count at all. */
export interface Measured {
  readonly measures: readonly { readonly measure?: string; readonly statistic: Statistic; readonly of?: Json }[];
  readonly filters: readonly Filter[];
  /** Columns that are part of the measurement, and so no groups. */
  readonly used: ReadonlySet<string>;
}

/** Which numbers a goal means, summed up how; or what has to be asked first. */
export function measuredOf(reading: Reading, intent: Intent): Measured | Doubt {
  const statistics = reading.pickedStatistic === undefined ? reading.statistics : [reading.pickedStatistic];
  if (statistics.includes("share") || /\brate\b/i.test(reading.frame)) return shareOf(reading, statistics);
  const filters = reading.filters.map(({ filter }) => filter);
  const truth = reading.truths[0];
  const isOften = /\boften|likely|likel/i.test(reading.frame);
  if (truth !== undefined && reading.measures.length === 0 && !statistics.includes("count") && (isOften || intent !== "aggregate"))
    return shareOf(reading, statistics);
  const conditions = [...filters, ...(intent === "compare" && !truth?.isModifier ? [] : truthFilters(reading))];
  const truthNames = new Set(
    intent === "compare" && truth !== undefined && !truth.isModifier ? [] : reading.truths.map(({ column }) => column.name),
  );
  if (reading.measures.length === 0) {
    if (statistics.includes("distinct") || (statistics.includes("count") && countedGroup(reading) !== undefined))
      return distinctOf(reading, conditions);
    const nested = statistics.filter((statistic) => statistic !== "count" && statistic !== "max" && statistic !== "min");
    if (statistics.includes("count") && nested.length > 0 && !isTotalOnly(nested)) return nestedDoubt(reading, nested[0] ?? "mean");
    const isCounted = statistics.includes("count") || reading.countsRows;
    if (!isCounted || (nested.length > 0 && !isTotalOnly(nested))) return whichNumber(reading);
    return { measures: [{ statistic: "count" }], filters: conditions, used: truthNames };
  }
  const counted = countedMeasure(reading);
  if (statistics.includes("count") && counted === undefined)
    return reading.countsRows || /how many|number of/i.test(reading.text) ? countOrMeasure(reading) : whichNumber(reading);
  const rest = statistics.filter((statistic) => statistic !== "count" && statistic !== "share" && statistic !== "distinct");
  const measures = reading.measures.flatMap((mention) => {
    const chosen = rest.length > 0 ? rest : [fallback(reading, mention, intent, counted)];
    return chosen.map((statistic) => ({ measure: mention.column.name, statistic }));
  });
  return { measures, filters: conditions, used: truthNames };
}

function isTotalOnly(statistics: readonly Statistic[]): boolean {
  return statistics.every((statistic) => statistic === "sum");
}

/** Truths that modify what is counted: "remote employees" are those where remote is true. */
function truthFilters(reading: Reading): Filter[] {
  return reading.truths.map(({ column, isNegated }) => ({ column: column.name, op: "eq", value: truthValue(column.type, !isNegated) }));
}

function truthValue(type: string, holds: boolean): boolean | number {
  return type === "boolean" ? holds : Number(holds);
}

/** "How many units", "number of bedrooms": the number that is asked for stands right behind the words. */
function countedMeasure(reading: Reading): Mention | undefined {
  const match = /\b(?:how many|how much|numbers? of)\s+/i.exec(reading.text);
  if (match === null) return undefined;
  const place = reading.words.find((word) => word.start >= match.index + match[0].length)?.at;
  return reading.measures.find((mention) => mention.at === place && mention.column.type === "integer");
}

/** How a number is summed up when no word says it: amounts add up over a group, a column of totals adds up, all others are averaged. */
function fallback(reading: Reading, mention: Mention, intent: Intent, counted: Mention | undefined): Statistic {
  if (counted === mention) return "sum";
  if (intent === "compare" && isExtremeOfGroups(reading)) return /\b(lowest|smallest|shortest)\b/i.test(reading.frame) ? "min" : "max";
  const said = mention.words.map((place) => reading.words[place]?.text ?? "");
  if (said.includes("total")) return "sum";
  if (intent === "aggregate" && said.some((word) => /^max(imum)?$/.test(word))) return "max";
  if (intent === "aggregate" && said.some((word) => /^min(imum)?$/.test(word))) return "min";
  if (intent === "aggregate" && /\b(highest|largest|biggest|greatest|longest|most)\b/i.test(reading.frame)) return "max";
  if (intent === "aggregate" && /\b(lowest|smallest|least|shortest)\b/i.test(reading.frame)) return "min";
  if (/\btotal\b/i.test(reading.frame)) return "sum";
  if (isPerRow(reading)) return "mean";
  const name = nameParts(mention.column.name).join(" ");
  const isAdditive = ADDITIVE.test(name) && !(intent === "trend" && STOCK.test(name));
  return isAdditive && (intent !== "aggregate" || /how much/i.test(reading.text)) ? "sum" : "mean";
}

/** "per order", in a table of orders. */
function isPerRow({ words, dataset }: Reading): boolean {
  const nouns = rowNounsOf(dataset);
  return words.some((word) => word.text === "per" && nouns.has(words[word.at + 1]?.stem ?? ""));
}

/**
 * The part and the whole of a share: "what share of Adelie penguins are male" is male of Adelie; "the share of Adelie on Dream" is
 * Adelie of those on Dream.
 */
function shareOf(reading: Reading, statistics: readonly Statistic[]): Measured | Doubt {
  const shared = /\b(?:shares?|percentages?|percent|proportions?|fractions?)\s+of\s+(?:the\s+)?(?:total\s+|overall\s+)?/i.exec(
    reading.text,
  );
  const place = shared === null ? -1 : (reading.words.find((word) => word.start >= shared.index + shared[0].length)?.at ?? -1);
  const summed = reading.measures.find((mention) => mention.at === place || statistics.includes("sum"));
  if (summed !== undefined || reading.measures.length > 0) return amountShare(reading, (summed ?? reading.measures[0])?.column.name ?? "");
  const used = new Set(reading.truths.map(({ column }) => column.name));
  const truths = reading.truths.map((truth) => ({
    filter: { column: truth.column.name, op: "eq", value: truthValue(truth.column.type, !truth.isNegated) } satisfies Filter,
    at: truth.at,
  }));
  const conditions = [...reading.filters, ...truths].filter(
    ({ filter }) => !reading.groups.some((group) => group.name === filter.column && filter.op === "in"),
  );
  const whole = reading.filters.filter((condition) => !conditions.includes(condition)).map(({ filter }) => filter);
  const split = splitShare(reading, conditions, shared === null ? -1 : place);
  if (split === undefined)
    return {
      question: `Of which rows is the share, and which rows count in “${reading.text}”?`,
      choices: conditions.map(({ filter }) => `${filter.column} ${String(filter.value)}`),
    };
  const of = split.of.map(filterJson);
  return { measures: [of.length === 0 ? { statistic: "share" } : { statistic: "share", of }], filters: [...whole, ...split.base], used };
}

interface Placed {
  readonly filter: Filter;
  readonly at: number;
}

function splitShare(reading: Reading, conditions: readonly Placed[], from: number): { of: Filter[]; base: Filter[] } | undefined {
  const fixed = conditions.filter(({ at, filter }) => at < 0 || (isTimeFilter(reading, filter) && at >= 0));
  const open = conditions.filter((condition) => !fixed.includes(condition));
  const base = fixed.map(({ filter }) => filter);
  if (open.length === 0) return { of: [], base };
  if (open.length === 1) return { of: open.map(({ filter }) => filter), base };
  const verb = placeOf(
    reading,
    /^(is|are|was|were|has|have|had|caused?|got|gets|survived|lived|end(?:ed|s)?|that|who|which|come|comes|came)$/,
    from + 1,
  );
  const among = placeOf(reading, /^(among|amongst|in|on|from|within|at|for|by)$/, from + 1);
  const cut = verb ?? among;
  if (cut === undefined) return undefined;
  const [before, after] = [open.filter(({ at }) => at < cut), open.filter(({ at }) => at >= cut)].map((part) =>
    part.map(({ filter }) => filter),
  );
  const [of = [], rest = []] = verb !== undefined ? [after, before] : [before, after];
  return of.length === 0 ? { of: rest, base } : { of, base: [...base, ...rest] };
}

function placeOf(reading: Reading, pattern: RegExp, from: number): number | undefined {
  return reading.words.find((word) => word.at >= from && pattern.test(word.text))?.at;
}

function isTimeFilter(reading: Reading, filter: Filter): boolean {
  return reading.time?.name === filter.column;
}

function amountShare(reading: Reading, measure: string): Doubt {
  const by = reading.groups[0]?.name;
  return {
    question: `Shares are computed of rows, and not of an amount such as ${measure}. What should stand instead?`,
    choices:
      by === undefined ? [`total ${measure}`, "leave it out"] : [`total ${measure} by ${by}`, `share of rows by ${by}`, "leave it out"],
  };
}

function distinctOf(reading: Reading, filters: readonly Filter[]): Measured | Doubt {
  const match = /\b(?:distinct|different|unique) /i.exec(reading.text);
  const place = reading.words.find((word) => word.start >= (match === null ? 0 : match.index + match[0].length))?.at;
  const [only] = reading.groups;
  const counted =
    countedGroup(reading) ??
    reading.groups.find((column) => place !== undefined && isNamedAt(reading, column.name, place)) ??
    (reading.groups.length === 1 ? only : undefined);
  if (counted === undefined)
    return { question: "Of which column should different values be counted?", choices: reading.dataset.columns.map(({ name }) => name) };
  return { measures: [{ measure: counted.name, statistic: "distinct" }], filters, used: new Set([counted.name]) };
}

/** "How many teachers" counts the values of a column that is no row. */
function countedGroup(reading: Reading): ColumnProfile | undefined {
  const match = /\b(?:how many|numbers? of)\s+(?:(?:distinct|different|unique)\s+)?/i.exec(reading.text);
  if (match === null) return undefined;
  const place = reading.words.find((word) => word.start >= match.index + match[0].length)?.at;
  return place === undefined ? undefined : reading.groupMentions.find((mention) => mention.at === place)?.column;
}

function isNamedAt(reading: Reading, column: string, place: number): boolean {
  const said = reading.words[place]?.stem ?? "";
  return nameParts(column).some((part) => part.startsWith(said) || said.startsWith(part));
}

function nestedDoubt(reading: Reading, statistic: Statistic): Doubt {
  const unit = reading.period ?? reading.groups[0]?.name ?? "group";
  return {
    question: `A ${statistic} of counts is not computed. Should the number of rows be shown for each ${unit} instead?`,
    choices: [`number of rows by ${unit}`, "leave it out"],
  };
}

function countOrMeasure(reading: Reading): Doubt {
  const name = reading.measures[0]?.column.name ?? "";
  return {
    question: `Should rows be counted, or ${name} be summed up?`,
    choices: ["count", `mean ${name}`, `total ${name}`],
  };
}

/** Asks for the number that a goal leaves open. */
export function whichNumber(reading: Reading): Doubt {
  const names = reading.dataset.columns.filter((column) => isMeasure(column) && !isTruth(column)).map(({ name }) => name);
  return { question: "Which number is meant?", choices: [...names, "number of rows"] };
}

export function filterJson(filter: Filter): Json {
  return { column: filter.column, op: filter.op, ...(filter.value === undefined ? {} : { value: filter.value }) };
}
