import type { ColumnProfile, DatasetProfile } from "../tools/data/profile.ts";
import { stem } from "../tools/documents/passages.ts";
import { ADJECTIVE_NOUNS, FILLERS, SYNONYMS, UNITS, VALUE_SYNONYMS } from "./vocabulary.ts";

/** A word of a goal, with its stem and place. */
export interface Word {
  readonly text: string;
  readonly stem: string;
  readonly at: number;
}

/** A column that a goal speaks of: where, and how surely. */
export interface Mention {
  readonly column: ColumnProfile;
  readonly at: number;
  readonly score: number;
  /** Places of the words that name it. */
  readonly words: readonly number[];
  /** True when an adjective stands for it: "heavier" for a weight. */
  readonly isImplied: boolean;
}

/** A value of a column that a goal names. */
export interface ValueMention {
  readonly column: ColumnProfile;
  readonly value: string;
  readonly words: readonly number[];
}

/** The least share of a name that must be spoken for it to be meant; what an adjective implies counts for less. */
const MIN_SCORE = 0.5;
const IMPLIED_SCORE = 0.45;

export function wordsOf(text: string): Word[] {
  return [...text.toLowerCase().matchAll(/[\p{L}\p{N}]+(?:[.,]\d+)*/gu)].map((match, at) => ({ text: match[0], stem: stem(match[0]), at }));
}

/** The parts of a column's name that people would say: `body_mass_g` → body, mass. */
export function nameParts(column: string): string[] {
  const parts = column
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}$]+/u)
    .filter((part) => part !== "");
  const said = parts.filter((part, i) => i === 0 || !UNITS.has(part));
  return said.length > 0 ? said : parts;
}

/** The columns of a table that a goal names, the surest first; each word of the goal counts for the column it fits best. */
export function columnMentions(words: readonly Word[], dataset: DatasetProfile): Mention[] {
  const found = dataset.columns.flatMap((column) => {
    const mention = mentionOf(words, column);
    return mention === undefined ? [] : [mention];
  });
  const sorted = found.sort((a, b) => b.score - a.score || b.words.length - a.words.length);
  const kept: Mention[] = [];
  for (const mention of sorted) {
    const rival = kept.find((other) => other.words.some((word) => mention.words.includes(word)));
    if (rival === undefined) kept.push(mention);
    else if (rival.score === mention.score && rival.words.length === mention.words.length && !rival.isImplied) kept.push(mention);
  }
  return kept.sort((a, b) => a.at - b.at);
}

function mentionOf(words: readonly Word[], column: ColumnProfile): Mention | undefined {
  const parts = nameParts(column.name);
  const hits = parts.map((part) => words.filter((word) => sameWord(part, word)).map((word) => word.at));
  const places = nearestPlaces(hits);
  const first = places[0];
  if (first !== undefined && !isOnlyFiller(words, places, parts.length)) {
    const share = places.length / parts.length;
    // A long name is spoken of by its noun, which stands first or last: "speed" for "Speed IAS in knots".
    const ends = [hits[0], hits.at(-1)].some((hit) =>
      hit?.some((place) => places.includes(place) && (words[place]?.text.length ?? 0) >= 4),
    );
    const score = share >= MIN_SCORE ? share : ends ? MIN_SCORE : 0;
    if (score > 0) return { column, at: Math.min(...places), score, words: places, isImplied: false };
  }
  const adjective = words.find((word) =>
    impliedNouns(word).some((noun) => parts.some((part) => part === noun || synonymsOf(noun).includes(part))),
  );
  const isNumber = column.type === "integer" || column.type === "real";
  return adjective !== undefined && isNumber
    ? { column, at: adjective.at, score: IMPLIED_SCORE, words: [adjective.at], isImplied: true }
    : undefined;
}

/** The places of a name's parts that stand together; parts far from each other are not one name. */
function nearestPlaces(hits: readonly (readonly number[])[]): number[] {
  const all = [...new Set(hits.flat())].sort((a, b) => a - b);
  const runs = all.reduce<number[][]>((groups, place) => {
    const last = groups.at(-1);
    if (last !== undefined && place - (last.at(-1) ?? 0) === 1) last.push(place);
    else groups.push([place]);
    return groups;
  }, []);
  return runs.reduce<number[]>((best, run) => (run.length > best.length ? run : best), []).slice(0, hits.length);
}

function isOnlyFiller(words: readonly Word[], places: readonly number[], parts: number): boolean {
  return places.length < parts && places.every((place) => FILLERS.has(words[place]?.text ?? ""));
}

function impliedNouns(word: Word): readonly string[] {
  const base = word.text.replace(/(iest|est|ier|er|s)$/, "");
  return ADJECTIVE_NOUNS[base] ?? ADJECTIVE_NOUNS[word.stem] ?? ADJECTIVE_NOUNS[`${base}i`] ?? [];
}

/** Whether a part of a column's name and a word of the goal are the same: by stem, synonym, abbreviation or a slip of the pen. */
function sameWord(part: string, word: Word): boolean {
  if (part === word.text || (stem(part) === word.stem && word.stem.length > 1)) return true;
  if (synonymsOf(part).some((synonym) => synonym === word.text || stem(synonym) === word.stem)) return true;
  if (FILLERS.has(word.text)) return false;
  if (part.length >= 3 && word.text.length > part.length && word.text.startsWith(part) && part.length >= word.text.length / 3) return true;
  if (word.text.length >= 4 && part.startsWith(word.stem) && word.stem.length >= 4) return true;
  return part.length >= 5 && word.text.length >= 5 && editDistance(part, word.text) <= 1;
}

function synonymsOf(part: string): readonly string[] {
  return SYNONYMS.filter((group) => group.includes(part) || group.includes(stem(part))).flat();
}

/** Values of a table's columns that a goal names word for word; the longest first, so that "New York" is not "York". */
export function valueMentions(words: readonly Word[], dataset: DatasetProfile, taken: ReadonlySet<number>): ValueMention[] {
  const candidates = dataset.columns
    .filter((column) => column.type === "text")
    .flatMap((column) => column.top.map(({ value }) => ({ column, value: String(value), parts: wordsOf(String(value)) })))
    .filter(({ parts, value }) => parts.length > 0 && value.length >= 3 && !parts.every((part) => FILLERS.has(part.text)))
    .sort((a, b) => b.parts.length - a.parts.length);
  const used = new Set(taken);
  const found: ValueMention[] = [];
  for (const { column, value, parts } of candidates) {
    const start = words.findIndex((_, i) =>
      parts.every((part, k) => !used.has(i + k) && words[i + k] !== undefined && isSameValue(part, words[i + k])),
    );
    if (start < 0) continue;
    const places = parts.map((_, k) => start + k);
    for (const place of places) used.add(place);
    found.push({ column, value, words: places });
  }
  return found;
}

function isSameValue(part: Word, word: Word | undefined): boolean {
  return (
    word !== undefined &&
    (part.text === word.text || VALUE_SYNONYMS[word.text] === part.text || (part.text.length >= 4 && part.stem === word.stem))
  );
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 1) return 2;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 2;
}
