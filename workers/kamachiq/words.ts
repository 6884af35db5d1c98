import { stem } from "../tools/documents/passages.ts";

/** A word, number or sign of comparison in a goal: what it is, in which stem, and where. */
export interface Word {
  /** In lower case. */
  readonly text: string;
  /** As it was written. */
  readonly raw: string;
  readonly stem: string;
  /** Its place among the words. */
  readonly at: number;
  /** Offsets into the text, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

const TOKEN = /(?<![\p{L}\p{N}])-\d+(?:[.,]\d+)*|[\p{L}\p{N}]+(?:[.,]\d+)*(?:['’]s?(?=\s|$))?|[<>]=?|[≥≤=+%]/gu;

/** The words of a text in order; a genitive's ending is cut off. */
export function wordsOf(text: string): Word[] {
  return [...text.matchAll(TOKEN)].map((match, at) => {
    const raw = match[0].replace(/['’]s?$/u, "");
    const lower = raw.toLowerCase();
    return { text: lower, raw, stem: stem(lower), at, start: match.index, end: match.index + match[0].length };
  });
}

/** The places of the words that lie in a stretch of the text. */
export function placesIn(words: readonly Word[], start: number, end: number): number[] {
  return words.filter((word) => word.start >= start && word.end <= end).map((word) => word.at);
}

/** The number that a word writes: `1,000`, `2.5`, `10k`, `-3`; undefined when it writes none. */
export function numberOf(word: string | undefined): number | undefined {
  const match = /^(-?\d+(?:,\d{3})*(?:\.\d+)?)(k|m|bn)?$/i.exec(word ?? "");
  if (match === null) return undefined;
  const scale = { k: 1e3, m: 1e6, bn: 1e9 }[(match[2] ?? "").toLowerCase()] ?? 1;
  return Number((match[1] ?? "").replaceAll(",", "")) * scale;
}
