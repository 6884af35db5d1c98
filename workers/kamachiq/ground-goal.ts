import type { Json } from "../platform/canonical-json.ts";
import type { Period, Statistic } from "../tools/data/measurement.ts";
import type { ColumnProfile, DatasetProfile } from "../tools/data/profile.ts";
import type { Filter } from "../tools/data/sql-text.ts";
import { isTime, numberFilters, timeColumn, yearFilters } from "./conditions.ts";
import { columnMentions, type Mention, nameParts, valueMentions, type Word, wordsOf } from "./mentions.ts";
import type { Question } from "./plan.ts";
import {
  ADDITIVE,
  FILLERS,
  INTENT_PATTERNS,
  type Intent,
  LOW_END,
  NUMBER_WORDS,
  PERIOD_PATTERNS,
  STATISTIC_PATTERNS,
} from "./vocabulary.ts";

/** A goal matched to a capsule with its inputs filled, or what is missing for that. */
export type Grounding =
  | { readonly kind: "task"; readonly capsule: string; readonly inputs: Record<string, Json>; readonly score: number }
  | { readonly kind: "question"; readonly question: Question; readonly score: number };

/** Groups of more values than this are entities to rank, not groups to compare. */
const MAX_GROUP_VALUES = 200;
const GROUP_MARKER =
  /\b(by|per|for each|for every|across|among|amongst|between|within each|within every|within|in each|in every|each|every|of each)\b/gi;

/** What was understood of a goal before an intent gives it a shape. */
interface Reading {
  readonly text: string;
  readonly dataset: DatasetProfile;
  readonly words: readonly Word[];
  readonly measures: readonly Mention[];
  readonly groups: readonly ColumnProfile[];
  readonly time: ColumnProfile | undefined;
  readonly isTimeNamed: boolean;
  readonly period: Period | undefined;
  readonly statistic: Statistic | undefined;
  readonly filters: readonly Filter[];
  readonly rowNouns: ReadonlySet<string>;
  readonly unknown: readonly string[];
}

/** Matches one goal to one table. `score` says how much of the goal the table knows, to choose between tables. */
export function groundGoal(text: string, dataset: DatasetProfile, rowNouns: ReadonlySet<string>): Grounding {
  const reading = read(text, dataset, rowNouns);
  const known = reading.measures.length + reading.groups.length + reading.filters.length + (reading.isTimeNamed ? 1 : 0);
  const result = shape(reading, intentOf(reading));
  return "capsule" in result ? { kind: "task", ...result, score: known + 1 } : { kind: "question", question: result, score: known };
}

function read(text: string, dataset: DatasetProfile, rowNouns: ReadonlySet<string>): Reading {
  const words = wordsOf(text);
  const offsets = [...text.toLowerCase().matchAll(/[\p{L}\p{N}]+(?:[.,]\d+)*/gu)].map((match) => match.index);
  const named = columnMentions(words, dataset).filter(
    (mention) => !isIdentifier(mention.column, dataset) || words.some((word) => /^ids?$/.test(word.text)),
  );
  const hasNamedMeasure = named.some((mention) => isMeasure(mention.column) && !mention.isImplied);
  const mentions = named.filter((mention) => !mention.isImplied || !hasNamedMeasure);
  const time = timeColumn(dataset, mentions);
  const exact = new Set(mentions.filter((mention) => mention.score === 1).flatMap((mention) => mention.words));
  const rowWords = words.filter((word) => rowNouns.has(word.stem)).map((word) => word.at);
  const values = valueMentions(words, dataset, new Set([...exact, ...rowWords]));
  const valueWords = new Set(values.flatMap((value) => value.words));
  const columns = mentions.filter((mention) => mention.score === 1 || !mention.words.every((word) => valueWords.has(word)));
  const period = PERIOD_PATTERNS.find(([, pattern]) => pattern.test(text))?.[0];
  const markers = [...text.matchAll(GROUP_MARKER)].map((match) => match.index);
  const byValue = groupValues(values);
  const numbers = numberFilters(text, named, offsets);
  const bounded = new Set(numbers.map((filter) => filter.column));
  const isGroup = (mention: Mention) =>
    !isTime(mention.column) &&
    isGroupable(
      mention.column,
      markers.some((marker) => marker < (offsets[mention.at] ?? 0)),
    );
  const groups = columns.filter(isGroup).map((mention) => mention.column);
  const measures = columns.filter(
    (mention) =>
      isMeasure(mention.column) &&
      !groups.includes(mention.column) &&
      (!bounded.has(mention.column.name) || columns.filter(({ column }) => isMeasure(column)).length === 1),
  );
  const used = new Set([...columns.flatMap((mention) => mention.words), ...valueWords]);
  return {
    text,
    dataset,
    words,
    time,
    period,
    rowNouns,
    measures,
    groups: [...new Set([...groups, ...byValue.groups.filter((column) => !groups.includes(column))])],
    isTimeNamed: columns.some(({ column }) => isTime(column)),
    statistic: STATISTIC_PATTERNS.find(([, pattern]) => pattern.test(text))?.[0],
    filters: [...byValue.filters, ...yearFilters(text, time), ...numbers],
    unknown: words
      .filter(
        (word) =>
          !used.has(word.at) && !FILLERS.has(word.text) && !rowNouns.has(word.stem) && !/^\d/.test(word.text) && word.text.length > 2,
      )
      .map((word) => word.text),
  };
}

/** One value of a column keeps its rows; several of one column are groups to compare. */
function groupValues(values: readonly { column: ColumnProfile; value: string }[]): { filters: Filter[]; groups: ColumnProfile[] } {
  const byColumn = new Map<ColumnProfile, string[]>();
  for (const { column, value } of values) byColumn.set(column, [...(byColumn.get(column) ?? []), value]);
  const filters = [...byColumn].map(
    ([column, all]): Filter =>
      all.length === 1 ? { column: column.name, op: "eq", value: all[0] ?? "" } : { column: column.name, op: "in", value: all },
  );
  return { filters, groups: [...byColumn].filter(([, all]) => all.length > 1).map(([column]) => column) };
}

/** A column that numbers or names rows one by one: neither a measure nor a group. */
function isIdentifier(column: ColumnProfile, dataset: DatasetProfile): boolean {
  return (
    /(^|[_ ])(id|key|index|uuid)$/i.test(column.name.replace(/([a-z])([A-Z])/g, "$1 $2")) &&
    column.distinct >= Math.min(1_000, dataset.rows) * 0.9
  );
}

/** Whole numbers that are only ever 0 and 1 say whether something holds. */
function isTruth(column: ColumnProfile): boolean {
  return column.type === "boolean" || (column.type === "integer" && column.distinct === 2 && column.min === 0 && column.max === 1);
}

function isMeasure(column: ColumnProfile): boolean {
  return (column.type === "integer" || column.type === "real") && !isTime(column);
}

function isGroupable(column: ColumnProfile, isAfterMarker: boolean): boolean {
  if (column.type === "text" || column.type === "boolean") return true;
  return column.type === "integer" && isAfterMarker && column.distinct <= 30;
}

function intentOf(reading: Reading): Intent {
  const asked = INTENT_PATTERNS.filter(([, pattern]) => pattern.test(reading.text)).map(([intent]) => intent);
  const [first = "aggregate"] = asked;
  const numbers = reading.measures.filter((mention) => !mention.isImplied).length;
  if (first === "correlate" && numbers < 2 && (reading.groups.length > 0 || reading.statistic !== undefined))
    return reading.groups.length > 0 ? "compare" : "aggregate";
  if (first === "trend" && reading.time === undefined && reading.groups.length > 0) return "compare";
  if (first === "rank" && /\bmost (of|people|often)\b/i.test(reading.text) && reading.groups.length === 0) return "aggregate";
  if (
    first === "rank" &&
    reading.groups.length === 0 &&
    reading.period === undefined &&
    asked.includes("aggregate") &&
    numbers > 0 &&
    !/\b(top|bottom|rank\w*|which|who|\d+|ten|five|three)\b/i.test(reading.text)
  )
    return "aggregate";
  if (first === "compare" && reading.groups.length === 0) {
    if (isYearComparison(reading)) return "compare";
    if (reading.period !== undefined && reading.time !== undefined) return isCycle(reading.period) ? "compare" : "trend";
    if (numbers >= 2) return "correlate";
    return "aggregate";
  }
  if (first === "aggregate" && reading.statistic === "count" && reading.groups.every(isTruth)) return "aggregate";
  if (
    first === "aggregate" &&
    reading.groups.length > 0 &&
    reading.filters.every((filter) => !reading.groups.some((group) => group.name === filter.column))
  )
    return "compare";
  if (first === "describe" && reading.groups.length > 0 && numbers > 0) return "compare";
  return first;
}

type Shaped = { readonly capsule: string; readonly inputs: Record<string, Json> } | Question;

/** "2014 and 2015" in a comparison are the groups. */
function isYearComparison(reading: Reading): boolean {
  const years = new Set(reading.text.match(/\b(?:1[5-9]|20)\d{2}\b/g) ?? []);
  return reading.time !== undefined && years.size === 2 && /\bcompar|versus|vs\b|differ/i.test(reading.text);
}

function shape(reading: Reading, intent: Intent): Shaped {
  const { dataset } = reading;
  const table = dataset.table;
  const filters: Json = reading.filters.map((filter) => ({
    column: filter.column,
    op: filter.op,
    ...(filter.value === undefined ? {} : { value: filter.value }),
  }));
  const given = filters.length > 0 ? { filters } : {};
  switch (intent) {
    case "describe":
      return { capsule: "describe@^1", inputs: { table } };
    case "correlate": {
      const named = reading.measures.map(({ column }) => column.name);
      const all = dataset.columns
        .filter((column) => isMeasure(column) && !/(^|[_ ])(id|index|row)$/i.test(column.name))
        .map((column) => column.name);
      const measures =
        named.length >= 2
          ? named
          : /\b(all|measurements?|variables?|numeric|numbers|columns|each other|measures)\b/i.test(reading.text)
            ? all
            : named;
      if (measures.length < 2) return question(reading, "Which two numeric columns should be related?", all);
      return { capsule: "correlate@^1", inputs: { table, measures: measures.slice(0, 6), ...given } };
    }
    case "distribution": {
      const column = reading.measures[0]?.column ?? reading.groups[0];
      if (column === undefined)
        return question(
          reading,
          "Which column's values should be shown?",
          dataset.columns.map(({ name }) => name),
        );
      if (reading.measures[0] !== undefined && reading.groups[0] !== undefined) return compare(reading, table, given);
      return { capsule: "distribution@^1", inputs: { table, column: column.name, ...given } };
    }
    case "trend":
      return trend(reading, table, given);
    case "rank":
      return rank(reading, table, given);
    case "compare":
      return compare(reading, table, given);
    case "aggregate":
      return figure(reading, table, given);
    default:
      return intent satisfies never;
  }
}

function trend(reading: Reading, table: string, given: Record<string, Json>): Shaped {
  if (reading.time === undefined)
    return question(
      reading,
      "The data has no column of dates or years, so nothing can be followed over time. Which column says when?",
      reading.dataset.columns.map(({ name }) => name),
    );
  const measured = measurement(reading, "trend");
  if (isQuestion(measured)) return measured;
  const [group] = reading.groups.filter((column) => column.distinct <= MAX_GROUP_VALUES);
  const period = reading.time.type === "integer" ? undefined : reading.period;
  if (period !== undefined && isCycle(period))
    return { capsule: "compare-groups@^1", inputs: { table, ...measured, time: reading.time.name, period, ...given } };
  return {
    capsule: "trend-over-time@^1",
    inputs: {
      table,
      time: reading.time.name,
      ...measured,
      ...(period === undefined ? {} : { period }),
      ...(group === undefined ? {} : { group: group.name }),
      ...given,
    },
  };
}

function compare(reading: Reading, table: string, given: Record<string, Json>): Shaped {
  const measured = measurement(reading, "compare");
  if (isQuestion(measured)) return measured;
  const groups = reading.groups.slice(0, 3).map((column) => column.name);
  const period = reading.period ?? (isYearComparison(reading) ? "year" : undefined);
  const timed = period !== undefined && reading.time !== undefined ? { time: reading.time.name, period } : {};
  if (groups.length === 0 && period === undefined)
    return question(reading, "Between which groups should be compared?", groupNames(reading.dataset));
  return { capsule: "compare-groups@^1", inputs: { table, ...measured, groups, ...timed, ...given } };
}

function rank(reading: Reading, table: string, given: Record<string, Json>): Shaped {
  const isWorstLow = /\bworst\b/i.test(reading.text) && !/delay|cost|error|damage|crime|death|loss|late|wait|rate/i.test(reading.text);
  const order = isWorstLow || (LOW_END.test(reading.text) && !/\b(last (year|month|decade))\b/i.test(reading.text)) ? "asc" : "desc";
  const size = { order, n: howMany(reading.text) };
  const entities = reading.groups.slice(0, 2).map((column) => column.name);
  const isPeriodAsked =
    reading.period !== undefined && reading.time !== undefined && /\b(which|top|\w+est|most|least|best|worst)\b/i.test(reading.text);
  const areRowsPeriods =
    reading.period === "day" && reading.time !== undefined && reading.time.distinct >= Math.min(1_000, reading.dataset.rows * 0.9);
  if (entities.length === 0 && isPeriodAsked && reading.time !== undefined && reading.period !== undefined && !areRowsPeriods) {
    const measured = measurement(reading, "rank");
    return isQuestion(measured)
      ? measured
      : { capsule: "rank@^1", inputs: { table, ...measured, time: reading.time.name, period: reading.period, ...size, ...given } };
  }
  if (entities.length === 0) {
    const measure = reading.measures[0]?.column.name;
    if (measure === undefined) return question(reading, "By which number should be ranked?", measureNames(reading.dataset));
    return { capsule: "rank@^1", inputs: { table, measure, ...size, ...given } };
  }
  const measured = measurement(reading, "rank");
  return isQuestion(measured) ? measured : { capsule: "rank@^1", inputs: { table, entities, ...measured, ...size, ...given } };
}

function figure(reading: Reading, table: string, given: Record<string, Json>): Shaped {
  const { statistic, filters } = reading;
  const truth = reading.groups.find(isTruth);
  if (statistic === "count" && truth !== undefined) {
    const holds = { column: truth.name, op: "eq", value: truth.type === "boolean" ? true : 1 };
    return {
      capsule: "aggregate@^1",
      inputs: { table, statistic, filters: [holds, ...(Array.isArray(given.filters) ? given.filters : [])] },
    };
  }
  if (statistic === "share" && filters.length > 0) {
    const [of, ...rest] = filters.map(
      (filter): Json => ({ column: filter.column, op: filter.op, ...(filter.value === undefined ? {} : { value: filter.value }) }),
    );
    return { capsule: "aggregate@^1", inputs: { table, statistic, of: [of ?? null], ...(rest.length > 0 ? { filters: rest } : {}) } };
  }
  if (statistic === "distinct" && reading.groups[0] !== undefined)
    return { capsule: "aggregate@^1", inputs: { table, statistic, measure: reading.groups[0].name, ...given } };
  const measured = measurement(reading, "aggregate");
  return isQuestion(measured) ? measured : { capsule: "aggregate@^1", inputs: { table, ...measured, ...given } };
}

/** Which number, summed up how. A count needs none; without a number and without a word for counting it is asked for. */
function measurement(reading: Reading, intent: Intent): Record<string, Json> | Question {
  const { statistic, text, dataset } = reading;
  const measure = reading.measures[0]?.column;
  const truth = [...reading.groups, ...reading.measures.map((mention) => mention.column)].find(isTruth);
  if (truth !== undefined && (statistic === "share" || (statistic !== "count" && measure?.name === truth.name))) {
    return { statistic: "share", of: [{ column: truth.name, op: "eq", value: truth.type === "boolean" ? true : 1 }] };
  }
  if (statistic === "count" || (measure === undefined && countsRows(reading))) {
    if (measure === undefined || !/\bnumber of|how many\b/i.test(text) || statistic !== "count") return { statistic: "count" };
    return { measure: measure.name, statistic: "sum" };
  }
  if (measure === undefined && statistic === "share") return { statistic: "share" };
  if (measure === undefined) return question(reading, "Which number is meant?", measureNames(dataset));
  const rivals = reading.measures.filter(
    (mention) => mention.score === reading.measures[0]?.score && mention.at === reading.measures[0]?.at,
  );
  if (rivals.length > 1)
    return question(
      reading,
      `Which of ${rivals.map(({ column }) => column.name).join(", ")} is meant?`,
      rivals.map(({ column }) => column.name),
    );
  const fallback: Statistic = ADDITIVE.test(nameParts(measure.name).join(" ")) && intent !== "aggregate" ? "sum" : "mean";
  return { measure: measure.name, statistic: statistic === undefined || statistic === "share" ? fallback : statistic };
}

/** "Most strikes", "incidents by state": the noun is what a row is, or nothing but groups is spoken of. */
function countsRows(reading: Reading): boolean {
  if (reading.words.some((word) => reading.rowNouns.has(word.stem))) return true;
  return reading.statistic === "count" || (reading.unknown.length === 0 && (reading.groups.length > 0 || reading.isTimeNamed));
}

function isQuestion(value: object): value is Question {
  return "question" in value && "choices" in value;
}

function isCycle(period: Period): boolean {
  return period === "month_of_year" || period === "day_of_week" || period === "hour_of_day";
}

function howMany(text: string): number {
  const match = /\b(?:top|bottom|first|last|the)\s+(\d{1,3}|[a-z]+)\b/i.exec(text) ?? /\b(\d{1,3})\s+(?:most|least|\w+est)\b/i.exec(text);
  const said = match?.[1]?.toLowerCase() ?? "";
  const number = Number(said) || NUMBER_WORDS[said] || 10;
  return Math.min(100, number);
}

function measureNames(dataset: DatasetProfile): string[] {
  return dataset.columns.filter(isMeasure).map((column) => column.name);
}

function groupNames(dataset: DatasetProfile): string[] {
  return dataset.columns
    .filter((column) => (column.type === "text" || column.type === "boolean") && column.distinct <= MAX_GROUP_VALUES)
    .map((column) => column.name);
}

function question(reading: Reading, ask: string, choices: readonly string[]): Question {
  const unknown =
    reading.unknown.length === 0
      ? ""
      : ` ${reading.dataset.source} has no column for ${[...new Set(reading.unknown)]
          .slice(0, 5)
          .map((word) => `“${word}”`)
          .join(", ")}.`;
  return { about: reading.text, question: `${ask}${unknown}`, choices: choices.slice(0, 100).map(String) };
}
