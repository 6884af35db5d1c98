import type { ColumnProfile, DatasetProfile } from "../tools/data/profile.ts";
import { stem } from "../tools/documents/passages.ts";
import { FILLERS } from "./plain-words.ts";
import { isSlip, likeness, synonymsOf } from "./same-word.ts";
import { ADJECTIVE_NOUNS, GENERIC_HEADS, UNITS, VALUE_SYNONYMS } from "./vocabulary.ts";
import { type Word, wordsOf } from "./words.ts";

/** A column that a goal speaks of: where, and how surely. */
export interface Mention {
  readonly column: ColumnProfile;
  readonly at: number;
  /** How much of its name was said: 1 for all of it. */
  readonly score: number;
  /** Places of the words that name it. */
  readonly words: readonly number[];
  /** True when an adjective or a verb stands for it: "heavier" for a weight. */
  readonly isImplied: boolean;
  /** Columns that the same words name just as well. */
  readonly rivals: readonly ColumnProfile[];
}

/** A value of a column that a goal names. */
export interface ValueMention {
  readonly column: ColumnProfile;
  readonly value: string;
  readonly words: readonly number[];
  /** Other columns that hold the same value. */
  readonly rivals: readonly ColumnProfile[];
}

const IMPLIED_SCORE = 0.3;
/** Scores nearer than this are the same. */
const SAME_SCORE = 0.02;
/** Words that may stand between the parts of a name: "depth of the bill". */
const LINKS = new Set(["of", "the", "in", "for", "a", "per", "at"]);
const MAX_LINKS = 2;

/** The parts of a column's name as they are written: `body_mass_g` → body, mass, g. */
function allParts(column: string): string[] {
  return column
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}$]+/u)
    .filter((part) => part !== "");
}

/** The parts that people would say: units, and words such as "name" or "id" behind another, are left out. */
export function nameParts(column: string): string[] {
  const parts = allParts(column);
  const said = parts.filter((part, i) => i === 0 || (!UNITS.has(part) && !(GENERIC_HEADS.has(part) && parts.length === 2)));
  return said.length > 0 ? said : parts;
}

/**
 * The columns of a table that a goal names, in the order of the goal; each word counts for the column it fits best. Where it fits several
 * just as well, one of them stands with the others as its rivals.
 */
export function columnMentions(words: readonly Word[], dataset: DatasetProfile, blocked: ReadonlySet<number>): Mention[] {
  const found = dataset.columns.flatMap((column) => [...spokenRuns(words, column, blocked), ...impliedRuns(words, column, blocked)]);
  const sorted = found.sort((a, b) => b.score - a.score || b.words.length - a.words.length || a.at - b.at);
  const kept: Mention[] = [];
  for (const mention of sorted) {
    const place = kept.findIndex((other) => other.words.some((word) => mention.words.includes(word)));
    const rival = kept[place];
    if (rival === undefined) kept.push(mention);
    else if (isRival(rival, mention)) kept[place] = { ...rival, rivals: [...rival.rivals, mention.column] };
  }
  return kept.sort((a, b) => a.at - b.at);
}

function isRival(kept: Mention, other: Mention): boolean {
  const isSame = kept.column.name === other.column.name || kept.rivals.some((rival) => rival.name === other.column.name);
  return !isSame && kept.score - other.score < SAME_SCORE && kept.words.length === other.words.length;
}

/** The stretches of a goal that say a column's name or part of it. */
function spokenRuns(words: readonly Word[], column: ColumnProfile, blocked: ReadonlySet<number>): Mention[] {
  const parts = allParts(column.name);
  const said = nameParts(column.name);
  const mentions: Mention[] = [];
  for (let start = 0; start < words.length; start += 1) {
    const isTruth = column.type === "boolean" || column.distinct === 2;
    const isJoined = isJoinedName(words[start], parts) && !blocked.has(start);
    const run = isJoined
      ? { parts: new Map(parts.map((part) => [part, 1])), places: [start] }
      : runFrom(words, start, parts, blocked, isTruth);
    const hits = said.map((part) => run.parts.get(part) ?? 0);
    const score = hits.reduce((sum, hit) => sum + hit, 0) / said.length;
    const isWhole = hits.every((hit) => hit > 0);
    if (score === 0 || (!isWhole && run.places.every((place) => FILLERS.has(words[place]?.text ?? "")))) continue;
    // A name is spoken of by its head, which stands last; a modifier alone is a weaker sign.
    const head = hits.at(-1) ?? 0;
    mentions.push({
      column,
      at: run.places[0] ?? start,
      score: isWhole || head > 0 ? score : score * 0.9,
      words: run.places,
      isImplied: false,
      rivals: [],
    });
  }
  return mentions;
}

/** A name of several parts written in one: "magType". */
function isJoinedName(word: Word | undefined, parts: readonly string[]): boolean {
  return parts.length > 1 && word?.text === parts.join("");
}

function runFrom(words: readonly Word[], start: number, parts: readonly string[], blocked: ReadonlySet<number>, isTruth: boolean) {
  const found = new Map<string, number>();
  const places: number[] = [];
  let links: number[] = [];
  for (let i = start; i < words.length; i += 1) {
    const word = words[i];
    if (word === undefined || blocked.has(i)) break;
    const hit = bestPart(parts, found, isTruth ? affirmed(word) : word, words[i + 1]);
    if (hit !== undefined) {
      found.set(hit.part, hit.quality);
      places.push(...links, ...(hit.isJoined ? [i, i + 1] : [i]));
      links = [];
      if (hit.isJoined) i += 1;
    } else if (i > start && LINKS.has(word.text) && links.length < MAX_LINKS) links.push(i);
    else break;
    if (i === start && found.size === 0) break;
  }
  return { parts: found, places };
}

/** "uncached" speaks of what is cached. */
function affirmed(word: Word): Word {
  const positive = /^(?:un|non|dis)(.{4,})$/.exec(word.text)?.[1];
  return positive === undefined ? word : { ...word, text: positive, stem: stem(positive) };
}

/** The part of a name that a word says best; "per capita" may say one part in two words. */
function bestPart(parts: readonly string[], found: ReadonlyMap<string, number>, word: Word, next: Word | undefined) {
  let best: { part: string; quality: number; isJoined: boolean } | undefined;
  for (const part of parts) {
    if (found.has(part)) continue;
    const quality = likeness(part, word, FILLERS.has(word.text));
    if (quality > (best?.quality ?? 0)) best = { part, quality, isJoined: false };
    const joined = next === undefined ? "" : word.text + next.text;
    if (
      part.length >= 5 &&
      (joined === part || (joined.startsWith(part) && joined.length - part.length <= 3 && word.text.length < part.length))
    )
      best = { part, quality: 1, isJoined: true };
  }
  return best;
}

/** Adjectives and verbs that speak of a column without its name. */
function impliedRuns(words: readonly Word[], column: ColumnProfile, blocked: ReadonlySet<number>): Mention[] {
  if (column.type !== "integer" && column.type !== "real") return [];
  const parts = nameParts(column.name);
  return words.flatMap((word): Mention[] => {
    if (blocked.has(word.at)) return [];
    const nouns = impliedNouns(word);
    const place = nouns.findIndex(
      (noun) => parts.join("_") === noun || parts.some((part) => part === noun || synonymsOf(noun).includes(part)),
    );
    if (place < 0) return [];
    const isWhole = nouns.includes(parts.join("_"));
    return [{ column, at: word.at, score: IMPLIED_SCORE + (isWhole ? 0.1 : 0), words: [word.at], isImplied: true, rivals: [] }];
  });
}

/** What an adjective measures: "heaviest" a weight or a mass. */
export function impliedNouns(word: Word): readonly string[] {
  const base = word.text.replace(/(iest|est|ier|er|s)$/, "");
  return ADJECTIVE_NOUNS[word.text] ?? ADJECTIVE_NOUNS[base] ?? ADJECTIVE_NOUNS[word.stem] ?? ADJECTIVE_NOUNS[`${base}i`] ?? [];
}

/** Values of a table's columns that a goal names word for word; the longest first, so that "New York" is not "York". */
export function valueMentions(words: readonly Word[], dataset: DatasetProfile, taken: ReadonlySet<number>): ValueMention[] {
  const isShouted = words.every((word) => word.raw === word.raw.toUpperCase());
  const candidates = dataset.columns
    .filter((column) => column.type === "text")
    .flatMap((column) => column.top.map(({ value }) => ({ column, value: String(value), parts: wordsOf(String(value)) })))
    .filter(({ parts }) => parts.length > 0)
    .sort((a, b) => b.parts.length - a.parts.length);
  const used = new Set(taken);
  const found: ValueMention[] = [];
  for (const { column, value, parts } of candidates) {
    const start = words.findIndex((_, i) =>
      parts.every(
        (part, k) =>
          !used.has(i + k) && words[i + k] !== undefined && isSameValue(part, words[i + k], { isAlone: parts.length === 1, isShouted }),
      ),
    );
    if (start < 0) continue;
    const places = parts.map((_, k) => start + k);
    const rivals = candidates.filter((other) => other.column !== column && other.value === value).map((other) => other.column);
    for (const place of places) used.add(place);
    found.push({ column, value, words: places, rivals });
  }
  return found.sort((a, b) => (a.words[0] ?? 0) - (b.words[0] ?? 0));
}

/** Short values and values that are everyday words must be written as they are stored. */
function isSameValue(part: Word, word: Word | undefined, how: { isAlone: boolean; isShouted: boolean }): boolean {
  if (word === undefined) return false;
  if (VALUE_SYNONYMS[word.text]?.includes(part.text) === true) return true;
  if (how.isAlone && FILLERS.has(part.text)) return part.raw === word.raw && !how.isShouted && /\p{Lu}/u.test(part.raw);
  if (how.isAlone && part.text.length <= 2) return part.raw === word.raw && !how.isShouted;
  if (part.text === word.text) return true;
  if (part.text.length < 4 || FILLERS.has(word.text)) return false;
  // What failed is a failure.
  const isNoun = word.text.startsWith(part.text) && /^(?:ure|ment|ation|ion|al)s?$/.test(word.text.slice(part.text.length));
  return isNoun || part.stem === word.stem || isSlip(part.text, word.text);
}
