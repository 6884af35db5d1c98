import type { ColumnProfile, DatasetProfile } from "../tools/data/profile.ts";
import type { Filter } from "../tools/data/sql-text.ts";
import { impliedNouns, type Mention, nameParts } from "./mentions.ts";
import { synonymsOf } from "./same-word.ts";
import { inUnitOf, quantityOf, unitOf } from "./units.ts";
import { DURATION, VALUE_SYNONYMS } from "./vocabulary.ts";
import { numberOf, type Word } from "./words.ts";

/** A filter that a goal asks for, and the places of the words that say it. */
export interface Condition {
  readonly filter: Filter;
  readonly words: readonly number[];
}

type Comparison = "gt" | "gte" | "lt" | "lte";

const FLIPPED: Record<Comparison, Comparison> = { gt: "lte", gte: "lt", lt: "gte", lte: "gt" };
const MIRRORED: Record<Comparison, Comparison> = { gt: "lt", gte: "lte", lt: "gt", lte: "gte" };
const BEFORE: readonly (readonly [Comparison, RegExp])[] = [
  ["gte", /(?:^|(?<=\s))(?:at least|no (?:less|fewer) than|not (?:less|fewer|under|below) than|(?:a )?minimum of|>=|≥)$/],
  ["lte", /(?:^|(?<=\s))(?:at most|no more than|not more than|not over|not above|up to|(?:a )?maximum of|<=|≤)$/],
  ["gt", /(?:^|(?<=\s))(?:(?:more|greater|larger|higher|bigger) than|over|above|exceeding|exceeds?|beyond|in excess of|>)$/],
  ["lt", /(?:^|(?<=\s))(?:(?:less|fewer|smaller|lower) than|under|below|<)$/],
];
const RISING =
  /^(?:longer|heavier|older|taller|warmer|hotter|faster|deeper|stronger|wider|later|farther|further|costlier|dearer|windier|wetter|richer)$/;
const FALLING = /^(?:shorter|lighter|younger|cheaper|colder|cooler|slower|weaker|shallower|narrower|earlier|nearer|closer|drier|poorer)$/;
const AFTER: readonly (readonly [Comparison, RegExp])[] = [
  ["gte", /^(?:(?:or|and) (?:more|over|above|older|higher|longer|heavier|larger|up|upwards|greater)|\+|plus\b)/],
  ["lte", /^(?:(?:or|and) (?:less|fewer|under|below|younger|lower|shorter|lighter|smaller))/],
];
/** Words between a column and what is said of it. */
const BINDING = new Set(
  "is are was were be been of with being that has have had which a an the value values level equals equal to by stands at aged".split(" "),
);
const CLOSE = new Set("is are was were be been being of equals = value values level".split(" "));
const MAX_BINDING_WORDS = 3;

/** What conditions are read from. */
export interface ConditionContext {
  readonly words: readonly Word[];
  readonly dataset: DatasetProfile;
  readonly mentions: readonly Mention[];
  /** Places that say something else already. */
  readonly taken: ReadonlySet<number>;
}

/** Filters that numbers in a goal ask for: "longer than 500", "at least 3 engines", "delay above 60", "between 20 and 30", "class 3". */
export function numberConditions(context: ConditionContext): Condition[] {
  const found: Condition[] = [];
  const used = new Set(context.taken);
  for (const word of context.words) {
    const value = numberOf(word.text);
    if (value === undefined || used.has(word.at)) continue;
    const condition = rangeAt(context, word, value) ?? comparisonAt(context, word, value) ?? equalityAt(context, word, value);
    if (condition === undefined) continue;
    found.push(condition);
    for (const place of condition.words) used.add(place);
  }
  return found;
}

/** "between 20 and 30", "20 to 30", "from 20 to 30". */
function rangeAt(context: ConditionContext, word: Word, low: number): Condition | undefined {
  const { words } = context;
  const joint = words[word.at + 1]?.text;
  const high = numberOf(words[word.at + 2]?.text);
  const isAnnounced = /^(between|from)$/.test(words[word.at - 1]?.text ?? "");
  const isHyphenated = numberOf(words[word.at + 1]?.text) !== undefined && isNear(words[word.at], words[word.at + 1]);
  if (isHyphenated) return ranged(context, { first: word.at, last: word.at + 1, low, high: Math.abs(numberOf(joint) ?? 0) });
  if (high === undefined || !(joint === "to" || joint === "through" || (joint === "and" && isAnnounced))) return undefined;
  return ranged(context, { first: isAnnounced ? word.at - 1 : word.at, last: word.at + 2, low, high });
}

function isNear(a: Word | undefined, b: Word | undefined): boolean {
  return a !== undefined && b !== undefined && b.start - a.end <= 1;
}

function ranged(context: ConditionContext, range: { first: number; last: number; low: number; high: number }): Condition | undefined {
  const bound = boundColumn(context, range.first, range.last);
  if (bound === undefined) return undefined;
  const values = [range.low, range.high].map((value) => inUnitOf(bound.column, value, bound.unit));
  if (values.includes(undefined)) return undefined;
  const [low = 0, high = 0] = values.flatMap((value) => value ?? []).sort((a, b) => a - b);
  return {
    filter: { column: bound.column.name, op: "between", value: [low, high] },
    words: [...places(range.first, range.last), ...bound.words],
  };
}

function comparisonAt(context: ConditionContext, word: Word, value: number): Condition | undefined {
  const { words } = context;
  const behind = words
    .slice(word.at + 1, word.at + 4)
    .map(({ text }) => text)
    .join(" ");
  const unitSkip = unitOf(words[word.at + 1]?.text ?? "") === undefined ? 0 : 1;
  const behindUnit = words
    .slice(word.at + 1 + unitSkip, word.at + 4 + unitSkip)
    .map(({ text }) => text)
    .join(" ");
  const before = words
    .slice(Math.max(0, word.at - 4), word.at)
    .map(({ text }) => text)
    .join(" ");
  const leading = leadingComparison(words, word, before);
  if (leading !== undefined) return compared(context, { ...leading, last: word.at, value });
  const trailing = AFTER.map(([op, pattern]) => ({ op, match: pattern.exec(behind) ?? pattern.exec(behindUnit) })).find(
    ({ match }) => match !== null,
  );
  if (trailing?.match === undefined || trailing.match === null) return undefined;
  const length = trailing.match[0].split(" ").length + (AFTER.some(([, pattern]) => pattern.test(behind)) ? 0 : unitSkip);
  return compared(context, { op: trailing.op, first: word.at, last: word.at + length, value, adjective: words[word.at + length] });
}

function leadingComparison(words: readonly Word[], word: Word, before: string) {
  const plain = BEFORE.map(([op, pattern]) => ({ op, match: pattern.exec(before) })).find(({ match }) => match !== null);
  if (plain?.match !== undefined && plain.match !== null)
    return { op: plain.op, first: word.at - plain.match[0].trim().split(" ").length, adjective: undefined };
  const adjective = words[word.at - 2];
  if (adjective === undefined || words[word.at - 1]?.text !== "than") return undefined;
  const isNegated = /^(not?)$/.test(words[word.at - 3]?.text ?? "");
  const op = RISING.test(adjective.text) ? "gt" : FALLING.test(adjective.text) ? "lt" : undefined;
  if (op === undefined) return undefined;
  return { op: isNegated ? FLIPPED[op] : op, first: word.at - (isNegated ? 3 : 2), adjective } as const;
}

function compared(
  context: ConditionContext,
  comparison: { op: Comparison; first: number; last: number; value: number; adjective: Word | undefined },
): Condition | undefined {
  const { op, first, last } = comparison;
  const bound = boundColumn(context, first, last, comparison.adjective);
  if (bound === undefined) return undefined;
  const value = inUnitOf(bound.column, comparison.value, bound.unit);
  if (value === undefined) return undefined;
  // What is slower takes longer.
  const isTurned = /^(?:slower|faster)$/.test(comparison.adjective?.text ?? "") && DURATION.test(nameParts(bound.column.name).join(" "));
  return {
    filter: { column: bound.column.name, op: isTurned ? MIRRORED[op] : op, value },
    words: [...places(first, last), ...bound.words],
  };
}

/** "class 3", "3rd class", "3 bedrooms", "status 404": a whole number beside a column of few of them. */
function equalityAt(context: ConditionContext, word: Word, value: number): Condition | undefined {
  const isFew = (column: ColumnProfile) => column.type === "integer" && column.top.some((top) => top.value === value);
  const beside = context.mentions.find(
    (mention) =>
      isFew(mention.column) &&
      !mention.isImplied &&
      (mention.words[0] === word.at + 1 || isBoundBefore(context.words, mention, word.at, CLOSE)),
  );
  if (beside === undefined) return undefined;
  const from = Math.min(word.at, (beside.words.at(-1) ?? 0) + 1);
  const more = listedNumbers(context.words, word.at, (number) => beside.column.top.some((top) => top.value === number));
  const { name } = beside.column;
  const filter: Filter = more.length === 0 ? { column: name, op: "eq", value } : { column: name, op: "in", value: [value, ...more] };
  return { filter, words: [...places(from, word.at + more.length * 2), ...beside.words] };
}

/** "404 or 500": the numbers that follow one, joined by "or" or "and". */
function listedNumbers(words: readonly Word[], from: number, isValue: (number: number) => boolean): number[] {
  const next = numberOf(words[from + 2]?.text);
  if (!/^(or|and)$/.test(words[from + 1]?.text ?? "") || next === undefined || !isValue(next)) return [];
  return [next, ...listedNumbers(words, from + 2, isValue)];
}

interface Bound {
  readonly column: ColumnProfile;
  readonly unit: string | undefined;
  readonly words: readonly number[];
}

/** The column that a comparison is about: named before it, behind it, by its adjective, or by the unit of its number. */
function boundColumn(context: ConditionContext, first: number, last: number, adjective?: Word): Bound | undefined {
  const { words, dataset } = context;
  const unit = unitOf(words[last + 1]?.text ?? "");
  const unitWords = unit === undefined ? [] : [last + 1];
  const numeric = context.mentions.filter(({ column, isImplied }) => isNumber(column) && !isImplied);
  const named =
    numeric.find((mention) => isBoundBefore(words, mention, first, CLOSE)) ??
    numeric.find((mention) => [last + 1, last + 1 + unitWords.length].includes(mention.words[0] ?? -1)) ??
    numeric.find((mention) => words[last + 1 + unitWords.length]?.text === "of" && mention.words[0] === last + 2 + unitWords.length) ??
    numeric.find((mention) => isBoundBefore(words, mention, first, BINDING));
  const measured = unit === undefined ? undefined : onlyMeasuredIn(dataset, unit);
  const isOther = measured !== undefined && named !== undefined && unit !== undefined && !isMeasuredIn(named.column, unit);
  if (isOther) return { column: measured, unit, words: unitWords };
  if (named !== undefined)
    return named.rivals.length > 0
      ? undefined
      : { column: named.column, unit, words: [...unitWords, ...named.words, ...between(named, first, last)] };
  if (adjective !== undefined && impliedNouns(adjective).length > 0) {
    const implied = dataset.columns.filter((column) => isNumber(column) && isImpliedBy(column, adjective));
    const [only] = implied;
    return only !== undefined && implied.length === 1
      ? { column: only, unit, words: [...unitWords, ...ageWords(words, last + 1)] }
      : undefined;
  }
  const byUnit = unit === undefined ? undefined : onlyMeasuredIn(dataset, unit);
  if (byUnit !== undefined) return { column: byUnit, unit, words: unitWords };
  const age = dataset.columns.find((column) => isNumber(column) && /^age$/i.test(nameParts(column.name).at(-1) ?? ""));
  const isAge = age !== undefined && (unit === undefined || unit === "y") && isPerson(words[first - 1]);
  return isAge ? { column: age, unit: undefined, words: [...unitWords, ...ageWords(words, last + 1)] } : undefined;
}

/** "women over 80" are so by age. */
function isPerson(word: Word | undefined): boolean {
  const people = /^(people|persons?|patients?|passengers?|employees?|customers?|students?|adults?|those|anyone|everyone)$/;
  return word !== undefined && (VALUE_SYNONYMS[word.text] !== undefined || people.test(word.text));
}

function isMeasuredIn(column: ColumnProfile, unit: string): boolean {
  return hasUnit(column) || quantityOf(unit)?.test(nameParts(column.name).join(" ")) !== false;
}

/** The one column that a unit can be about: by its own unit, or by what is measured in it. */
function onlyMeasuredIn(dataset: DatasetProfile, unit: string): ColumnProfile | undefined {
  const fitting = dataset.columns.filter((column) => isNumber(column) && inUnitOf(column, 1, unit) !== undefined);
  const own = fitting.filter(hasUnit);
  const named = fitting.filter((column) => quantityOf(unit)?.test(nameParts(column.name).join(" ")) === true);
  const chosen = own.length > 0 ? own : named;
  return chosen.length === 1 ? chosen[0] : undefined;
}

/** "30 years old" says years and old besides. */
function ageWords(words: readonly Word[], from: number): number[] {
  return words.slice(from, from + 3).flatMap((word) => (/^(years?|old|of|age)$/.test(word.text) ? [word.at] : []));
}

function hasUnit(column: ColumnProfile): boolean {
  return (
    unitOf(
      column.name
        .toLowerCase()
        .split(/[^\p{L}\p{N}$%]+/u)
        .at(-1) ?? "",
    ) !== undefined
  );
}

function isImpliedBy(column: ColumnProfile, adjective: Word): boolean {
  const parts = nameParts(column.name);
  return impliedNouns(adjective).some((noun) => parts.some((part) => part === noun || synonymsOf(noun).includes(part)));
}

/** True when a mention stands right before a place, with nothing but "is", "of" and the like between. */
function isBoundBefore(words: readonly Word[], mention: Mention, place: number, between: ReadonlySet<string>): boolean {
  const end = (mention.words.at(-1) ?? 0) + 1;
  const gap = words.slice(end, place);
  return end <= place && gap.length <= MAX_BINDING_WORDS && gap.every((word) => between.has(word.text));
}

function between(mention: Mention, first: number, last: number): number[] {
  const end = (mention.words.at(-1) ?? 0) + 1;
  return end <= first ? places(end, first - 1) : places(last + 1, (mention.words[0] ?? last) - 1);
}

function places(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}

export function isNumber(column: ColumnProfile): boolean {
  return column.type === "integer" || column.type === "real";
}
