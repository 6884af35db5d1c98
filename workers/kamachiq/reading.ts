import type { Period, Statistic } from "../tools/data/measurement.ts";
import type { ColumnProfile, DatasetProfile } from "../tools/data/profile.ts";
import type { Filter } from "../tools/data/sql-text.ts";
import { isNumber, numberConditions } from "./conditions.ts";
import { columnMentions, type Mention, nameParts, valueMentions } from "./mentions.ts";
import { isHarmless, NEGATIONS } from "./plain-words.ts";
import { rowNounsOf } from "./row-nouns.ts";
import { saidConditions } from "./said-values.ts";
import { corrected } from "./slips.ts";
import { isTime, timeConditions } from "./times.ts";
import {
  ADDITIVE,
  ADJECTIVE_NOUNS,
  GROUP_MARKER,
  INTENT_PATTERNS,
  NUMBER_WORDS,
  PERIOD_PATTERNS,
  PHRASES,
  STATISTIC_PATTERNS,
} from "./vocabulary.ts";
import { numberOf, placesIn, type Word, wordsOf } from "./words.ts";

/** What a person settled about a goal: columns that are meant, words to pass over, other words for some. */
export interface Hints {
  readonly columns: readonly string[];
  readonly ignored: ReadonlySet<string>;
  readonly filters: readonly Filter[];
  readonly statistic?: Statistic | undefined;
  /** The file that is meant, where several would do. */
  readonly source?: string | undefined;
}

export const NO_HINTS: Hints = { columns: [], ignored: new Set(), filters: [] };

/** Something of a goal that can be meant in more than one way. */
export interface Doubt {
  readonly question: string;
  readonly choices: readonly string[];
}

/** What was understood of a goal, before an intent gives it a shape. */
export interface Reading {
  readonly text: string;
  /** The text without the words that name columns, values and filters: what is left says what to do. */
  readonly frame: string;
  readonly dataset: DatasetProfile;
  readonly words: readonly Word[];
  readonly measures: readonly Mention[];
  /** Numbers that adjectives speak of beside those that are named. */
  readonly implied: readonly Mention[];
  readonly groups: readonly ColumnProfile[];
  readonly groupMentions: readonly Mention[];
  /** Columns that say whether something holds, and that the goal speaks of. */
  readonly truths: readonly {
    readonly column: ColumnProfile;
    readonly at: number;
    readonly isNegated: boolean;
    readonly isModifier: boolean;
  }[];
  readonly time: ColumnProfile | undefined;
  readonly times: readonly ColumnProfile[];
  readonly isTimeNamed: boolean;
  readonly period: Period | undefined;
  readonly statistics: readonly Statistic[];
  /** Filters with the place of their first word, which tells a share's part from its whole. */
  readonly filters: readonly { readonly filter: Filter; readonly at: number }[];
  readonly countsRows: boolean;
  readonly doubts: readonly Doubt[];
  /** Words that were not understood. */
  readonly unread: readonly Word[];
  readonly pickedStatistic: Statistic | undefined;
}

/** Reads one goal against one table: which columns, values, times and numbers it speaks of, and which of its words say nothing here. */
export function readGoal(given: string, dataset: DatasetProfile, hints: Hints = NO_HINTS): Reading {
  const text = corrected(given.replaceAll(/[’‘]/g, "'").replace(/\bnon[- ](?=\p{L})/giu, "not "), dataset);
  const words = wordsOf(text);
  const rowNouns = rowNounsOf(dataset);
  const blocked = new Set([...text.matchAll(PHRASES)].flatMap((match) => placesIn(words, match.index, match.index + match[0].length)));
  const isRowNoun = (place: number) => rowNouns.has(words[place]?.stem ?? "");
  const raw = columnMentions(words, dataset, blocked).filter((mention) => isMeant(mention, { words, dataset, isRowNoun }));
  const picked = pickedMentions(raw, dataset, hints);
  const whole = new Set(picked.filter((mention) => mention.score > 0.94 && !mention.isImplied).flatMap((mention) => mention.words));
  const rowPlaces = words.flatMap((word) => (isRowNoun(word.at) ? [word.at] : []));
  const values = valueMentions(words, dataset, new Set([...whole, ...rowPlaces, ...blocked]));
  const valuePlaces = new Set(values.flatMap((value) => value.words));
  const mentions = picked.filter((mention) => !mention.words.some((place) => valuePlaces.has(place)) || mention.score > 0.94);
  const times = dataset.columns.filter((column) => column.type === "date" || column.type === "datetime");
  const time = timeOf(mentions, dataset, times);
  const when = timeConditions(text, words, time);
  const whenPlaces = new Set([...when.filters, ...when.open].flatMap(({ words: at }) => at));
  const tops = topNumbers(text, words);
  const numbers = numberConditions({ words, dataset, mentions, taken: new Set([...whenPlaces, ...valuePlaces, ...tops]) });
  const numberPlaces = new Set(numbers.flatMap((condition) => condition.words));
  const free = mentions.filter((mention) => !mention.words.some((place) => numberPlaces.has(place) || whenPlaces.has(place)));
  const said = saidConditions({ words, text, values, mentions: free, dataset, settled: hints.filters });
  const explicit = free.filter((mention) => !said.usedMentions.has(mention));
  const kept = withoutNeedlessImplications(explicit, text);
  const namesOfNumbers = numberOfPlaces(words, kept);
  const frame = framed(
    text,
    words,
    new Set([
      ...kept.filter(({ isImplied, column }) => !isImplied && !isTime(column)).flatMap((mention) => mention.words),
      ...namesOfNumbers,
      ...valuePlaces,
      ...whenPlaces,
      ...numberPlaces,
      ...said.words,
    ]),
  );
  const parts = partsOf(kept, { frame, words, said: said.groups });
  const claimed = new Set([
    ...kept.flatMap((mention) => mention.words),
    ...free.flatMap((mention) => mention.words),
    ...valuePlaces,
    ...whenPlaces,
    ...numberPlaces,
    ...said.words,
    ...tops,
    ...namesOfNumbers,
    ...parts.truths.flatMap((truth) => negationPlaces(words, truth.at)),
  ]);
  const statistics = statisticsOf(frame);
  return {
    text,
    frame,
    dataset,
    words,
    time,
    times,
    ...parts,
    implied: explicit.filter(({ isImplied }) => isImplied),
    isTimeNamed: kept.some(({ column }) => isTime(column)),
    period: PERIOD_PATTERNS.find(([, pattern]) => pattern.test(frame))?.[0],
    statistics,
    filters: [
      ...said.filters,
      ...when.filters.map(({ filter, words: at }) => ({ filter, at: at[0] ?? 0 })),
      ...numbers.map(({ filter, words: at }) => ({ filter, at: at[0] ?? 0 })),
      ...hints.filters.map((filter) => ({ filter, at: -1 })),
    ],
    countsRows: rowPlaces.some((place) => !claimed.has(place)),
    doubts: [...when.open, ...said.doubts, ...rivalDoubts(kept, dataset)],
    unread: unreadWords({ words, claimed: new Set([...claimed, ...rowPlaces, ...blocked]), frame, text, hints }),
    pickedStatistic: hints.statistic,
  };
}

/** A name said in part counts only where nothing else is meant by the words, and numbers of rows are never meant. */
function isMeant(
  mention: Mention,
  context: { words: readonly Word[]; dataset: DatasetProfile; isRowNoun: (place: number) => boolean },
): boolean {
  const isAsked = context.words.some((word) => /^ids?$/.test(word.text));
  if (isIdentifier(mention.column, context.dataset) && !isAsked) return false;
  return mention.score > 0.94 || mention.isImplied || !mention.words.every(context.isRowNoun);
}

/** What a person picked stands for the mention it settles, or is a mention of its own. */
function pickedMentions(mentions: readonly Mention[], dataset: DatasetProfile, hints: Hints): Mention[] {
  const picks = dataset.columns.filter((column) => hints.columns.some((name) => name.toLowerCase() === column.name.toLowerCase()));
  const settled = mentions.map((mention) => {
    const choice = picks.find((column) => mention.rivals.includes(column) || (mention.rivals.length > 0 && mention.column === column));
    return choice === undefined ? mention : { ...mention, column: choice, rivals: [], isImplied: false, score: 1 };
  });
  const added = picks
    .filter((column) => !settled.some((mention) => mention.column === column))
    .map((column): Mention => ({ column, at: -1, score: 1, words: [], isImplied: false, rivals: [] }));
  return [...settled, ...added];
}

/** An adjective that stands for a number says nothing new beside a number that is named: "the longest average delay" — but both are meant in "do heavier ones have longer wings". */
function withoutNeedlessImplications(mentions: readonly Mention[], text: string): Mention[] {
  const isNamed = (mention: Mention) => !mention.isImplied && isNumber(mention.column) && !isTime(mention.column);
  const hasNamed = mentions.some(isNamed) || /\b(how many|numbers? of|different|distinct|unique|how often)\b/i.test(text);
  return mentions.filter((mention) => !mention.isImplied || !hasNamed);
}

/** "the number of bedrooms" is the name of a column and counts nothing. */
function numberOfPlaces(words: readonly Word[], mentions: readonly Mention[]): number[] {
  return mentions.flatMap(({ column, at, isImplied }) => {
    const isNamed =
      !isImplied && column.type === "integer" && words[at - 1]?.text === "of" && /^(numbers?|no)$/.test(words[at - 2]?.text ?? "");
    return isNamed ? [at - 2, at - 1] : [];
  });
}

function timeOf(mentions: readonly Mention[], dataset: DatasetProfile, times: readonly ColumnProfile[]): ColumnProfile | undefined {
  const named = mentions.find(({ column, isImplied }) => isTime(column) && !isImplied);
  if (named !== undefined) return named.column;
  const usual = times.find((column) => /^(date|time|timestamp|datetime|when|day|month)$/i.test(column.name));
  return usual ?? (times.length > 0 ? times[0] : dataset.columns.find(isTime));
}

/** A column that numbers or names rows one by one: neither a measure nor a group. */
export function isIdentifier(column: ColumnProfile, dataset: DatasetProfile): boolean {
  const isNamed = /(^|[_ .])(id|key|index|uuid|no|nr|number|code|ref)\.?$/i.test(column.name.replace(/([a-z])([A-Z])/g, "$1 $2"));
  return isNamed && column.distinct >= Math.min(1_000, dataset.rows) * 0.9;
}

/** Values that only ever say whether something holds. */
export function isTruth(column: ColumnProfile): boolean {
  return column.type === "boolean" || (column.type === "integer" && column.distinct === 2 && column.min === 0 && column.max === 1);
}

export function isMeasure(column: ColumnProfile): boolean {
  return isNumber(column) && !isTime(column);
}

/** Whole numbers with at most this many values make groups when a goal says "by". */
const MAX_NUMBER_GROUPS = 30;

function partsOf(mentions: readonly Mention[], context: { frame: string; words: readonly Word[]; said: readonly ColumnProfile[] }) {
  const isRanking = /\b(top|bottom|rank\w*|sort\w*|order(?:ed)?|best|worst|most|least|\w{3,}est)\b/i.test(context.frame);
  const groups = mentions.filter((mention) => {
    const { column, isImplied } = mention;
    if (isTime(column) || isTruth(column) || isImplied) return false;
    if (column.type === "text") return true;
    const isFew = column.type === "integer" && column.distinct <= MAX_NUMBER_GROUPS && !ADDITIVE.test(nameParts(column.name).join(" "));
    return isFew && !(isRanking && isMarked(mention, context, /\bby\b/gi)) && isMarked(mention, context, GROUP_MARKER);
  });
  const measures = mentions.filter(
    (mention) => isMeasure(mention.column) && !isTruth(mention.column) && !groups.some(({ column }) => column === mention.column),
  );
  const unique = <T extends { column: ColumnProfile }>(all: readonly T[]) =>
    all.filter((one, i) => all.findIndex(({ column }) => column === one.column) === i);
  return {
    measures: unique(measures),
    groupMentions: groups,
    groups: [...new Set([...groups.map(({ column }) => column), ...context.said])],
    truths: unique(truthsOf(mentions, context)),
  };
}

/** True when a mention stands behind "by", "for each" and the like, or in a list that does. */
function isMarked(mention: Mention, context: { frame: string; words: readonly Word[] }, marker: RegExp): boolean {
  const start = context.words[mention.at]?.start ?? -1;
  const before = context.frame.slice(0, Math.max(0, start));
  return [...before.matchAll(marker)].some((match) => {
    const gap = before.slice(match.index + match[0].length);
    return /^(?:[\s,&]|\b(?:and|or|the|each|both|their|its|every|different|own)\b)*$/i.test(gap);
  });
}

/**
 * A truth before a noun says which rows ("remote employees"); behind "by", or in both its forms ("cached and uncached"), or as one side of a
 * comparison without other groups, it makes groups.
 */
function truthsOf(mentions: readonly Mention[], context: { frame: string; words: readonly Word[] }) {
  const found = mentions.filter(({ column, isImplied }) => isTruth(column) && !isImplied);
  const isSided =
    /\b(compar\w*|versus|vs|differ\w*|than|between|\w{4,}er|more|less|fewer)\b/i.test(context.frame) &&
    !mentions.some(({ column, isImplied }) => column.type === "text" && !isImplied);
  return found.map((mention) => {
    const isNegated = isNegatedAt(context.words, mention);
    const before = context.frame.slice(0, context.words[mention.at]?.start ?? 0);
    const isWithAndWithout = /\bwith (?:and|or|vs\.?|versus|than) without (?:an? |the |any )?$/i.test(before);
    const isInBoth = found.some((other) => other.column === mention.column && isNegatedAt(context.words, other) !== isNegated);
    return {
      column: mention.column,
      at: mention.at,
      isNegated,
      isModifier: !isMarked(mention, context, GROUP_MARKER) && !isInBoth && !isSided && !isWithAndWithout,
    };
  });
}

function isNegatedAt(words: readonly Word[], mention: Mention): boolean {
  const [before, earlier] = [words[mention.at - 1]?.text ?? "", words[mention.at - 2]?.text ?? ""];
  const own = words[mention.at]?.text ?? "";
  return (
    NEGATIONS.has(before) ||
    (NEGATIONS.has(earlier) && /^(a|an|any|the|being|been)$/.test(before)) ||
    (/^(un|in|dis)/.test(own) && !/^(un|in|dis)/i.test(mention.column.name))
  );
}

/** The words of negation before a truth. */
function negationPlaces(words: readonly Word[], at: number): number[] {
  const isArticle = /^(a|an|any|the|being|been)$/.test(words[at - 1]?.text ?? "");
  return (isArticle ? [at - 2] : [at - 1]).filter((place) => NEGATIONS.has(words[place]?.text ?? ""));
}

function framed(text: string, words: readonly Word[], hidden: ReadonlySet<number>): string {
  return words.reduce(
    (frame, word) => (hidden.has(word.at) ? frame.slice(0, word.start) + " ".repeat(word.end - word.start) + frame.slice(word.end) : frame),
    text,
  );
}

function statisticsOf(frame: string): Statistic[] {
  return STATISTIC_PATTERNS.filter(([, pattern]) => pattern.test(frame)).map(([statistic]) => statistic);
}

/** Numbers that say how many are wanted: "top 5", "the ten heaviest", "3 most expensive". */
function topNumbers(text: string, words: readonly Word[]): number[] {
  const found = topNumber(text);
  return found === undefined ? [] : placesIn(words, found.start, found.end);
}

/** How many a ranking should list, and where it is said. */
export function topNumber(text: string): { n: number; start: number; end: number } | undefined {
  const number = `(\\d{1,3}|${Object.keys(NUMBER_WORDS).join("|")})`;
  const match =
    new RegExp(
      `\\b(?:top|bottom|first|last|worst|best|leading)[- ]+${number}\\b(?! (?:years?|months?|weeks?|days?|quarters?|hours?)\\b)`,
      "i",
    ).exec(text) ??
    new RegExp(`\\b\\w{3,}est ${number}\\b`, "i").exec(text) ??
    new RegExp(`\\b${number} (?:(?:most|least) [a-z]+|[a-z]+est|best|worst|leading|top|largest)\\b`, "i").exec(text);
  const said = (match?.[1] ?? "").toLowerCase();
  const n = Number(said) || NUMBER_WORDS[said];
  if (match === null || n === undefined || n < 1) return undefined;
  const start = match.index + match[0].toLowerCase().indexOf(said);
  return { n: Math.min(100, n), start, end: start + said.length };
}

function rivalDoubts(mentions: readonly Mention[], dataset: DatasetProfile): Doubt[] {
  return mentions.flatMap((mention) => {
    if (mention.rivals.length === 0) return [];
    const names = [mention.column, ...mention.rivals].map((column) => column.name);
    return [{ question: `Which column of ${dataset.source} is meant: ${names.join(", ")}?`, choices: names }];
  });
}

/** Words that neither the table nor the planner knows. */
function unreadWords(context: { words: readonly Word[]; claimed: ReadonlySet<number>; frame: string; text: string; hints: Hints }): Word[] {
  const { words, claimed, frame, text, hints } = context;
  const patterns = [...INTENT_PATTERNS, ...STATISTIC_PATTERNS, ...PERIOD_PATTERNS].map(([, pattern]) => pattern);
  const phrases = new Set(
    patterns.flatMap((pattern) =>
      [...frame.matchAll(new RegExp(pattern.source, "gi"))].flatMap((match) => placesIn(words, match.index, match.index + match[0].length)),
    ),
  );
  const isKnown = (word: Word) => {
    if (claimed.has(word.at) || hints.ignored.has(word.text)) return true;
    if (NEGATIONS.has(word.text)) return /\bor not\b/i.test(text);
    if (numberOf(word.text) !== undefined) return false;
    if (words[word.at + 1]?.text === "than" && numberOf(words[word.at + 2]?.text) !== undefined) return false;
    return (
      phrases.has(word.at) ||
      isHarmless(word) ||
      isSuperlative(word) ||
      isExplained(word, context) ||
      /^[<>=+≥≤%]+$/.test(word.text) ||
      word.text.length === 1
    );
  };
  return words.filter((word) => !isKnown(word));
}

/** "Germany (DE)": what a word means stands behind it in brackets. */
function isExplained(
  word: Word,
  { words, claimed, text }: { words: readonly Word[]; claimed: ReadonlySet<number>; text: string },
): boolean {
  const next = words[word.at + 1];
  if (next === undefined || !claimed.has(next.at)) return false;
  return /^\s*\(["']?$/.test(text.slice(word.end, next.start)) && /^["']?\)/.test(text.slice(next.end));
}

/** "longest" says an order even where no column is called by it; whether a number is meant is decided by the shape. */
function isSuperlative(word: Word): boolean {
  const base = word.text.replace(/(iest|est|ier|er)$/, "");
  return base !== word.text && (ADJECTIVE_NOUNS[base] !== undefined || ADJECTIVE_NOUNS[`${base}i`] !== undefined);
}
