import { stem } from "../tools/documents/passages.ts";
import { ABBREVIATIONS, SYNONYMS } from "./vocabulary.ts";
import type { Word } from "./words.ts";

/** How surely a word of a goal is a part of a column's name: 1 for the same word, less for kinder readings, 0 for none. */
export function likeness(part: string, word: Word, isFiller: boolean): number {
  if (part === word.text) return 1;
  if (word.stem.length > 1 && stem(part) === word.stem) return 0.99;
  if (synonymsOf(part).some((synonym) => synonym === word.text || (synonym.length > 3 && STEMS.get(synonym) === word.stem))) return 0.95;
  if (isFiller) return 0;
  if (isAbbreviation(part, word)) return 0.9;
  if (word.stem.length >= 4 && part.length - word.stem.length >= 2 && part.startsWith(word.stem)) return 0.85;
  return isSlip(part, word.text) ? 0.8 : 0;
}

/** Words that mean the same as a part of a name. */
export function synonymsOf(part: string): readonly string[] {
  const places = [...(PLACES.get(part) ?? []), ...(PLACES.get(stem(part)) ?? [])];
  return [...new Set(places)].sort((a, b) => a - b).flatMap((place) => SYNONYMS[place] ?? []);
}

// A brief of a thousand goals asks for these for every word of every goal and every column.
/** By word: which of the groups it is in. */
const PLACES = new Map<string, number[]>();
const STEMS = new Map<string, string>();
for (const [place, group] of SYNONYMS.entries())
  for (const word of group) {
    PLACES.set(word, [...(PLACES.get(word) ?? []), place]);
    STEMS.set(word, stem(word));
  }

/** Endings that make another word of a stem, and not the long form of a short one: a mark is not marketing. */
const OTHER_WORD = /^(e?ting|ing|e?rs?|able|ed|ly|ful|less|ness|ward|y|ish|er|ery|i?est|ier|iness)$/;

/** A short form: one that everybody uses, or the first four to six letters of a long word. */
function isAbbreviation(part: string, word: Word): boolean {
  if ((ABBREVIATIONS[part] ?? []).some((long) => long === word.text || stem(long) === word.stem)) return true;
  if (part.length < 4 || part.length > 6 || word.text.length < part.length + 3 || !word.text.startsWith(part)) return false;
  return !OTHER_WORD.test(word.text.slice(part.length));
}

/** A slip of the pen: one letter more, less, other or swapped with its neighbour; two in long words. */
export function isSlip(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  return shorter >= 5 && a[0] === b[0] && editDistance(a, b) <= (shorter >= 9 ? 2 : 1);
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const kept = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : kept;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, kept, swapped));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 3;
}
