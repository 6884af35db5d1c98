import { tellingWordsOf } from "./words.ts";

/** As many as common embedding models have, so that one of them can take this one's place. */
export const VECTOR_DIMENSIONS = 768;
/** Text beyond this adds little to what a vector of this kind tells. */
const MAX_WORDS = 4_000;
const WORD_WEIGHT = 1;
const PAIR_WEIGHT = 0.25;
/** A word's character n-grams, each by the root of their number: they bring inflections and typing errors together. */
const CHARACTERS_WEIGHT = 1.5;
const SHORTEST_GRAM = 3;
const LONGEST_GRAM = 4;
/** A component is kept in one byte, which costs less than one part in a hundred of a similarity. */
const LARGEST_COMPONENT = 127;

/**
 * The vector of a text: its words, pairs of words and character n-grams hashed into 768 dimensions with a sign (feature hashing), their
 * counts damped by the logarithm, scaled so that the largest component fills a byte. It needs no model and is the same everywhere; it knows spelling
 * and nothing of meaning.
 */
export function vectorOf(text: string): Int8Array {
  const counts = new Map<string, number>();
  const add = (feature: string, weight: number) => counts.set(feature, (counts.get(feature) ?? 0) + weight);
  const words = tellingWordsOf(text).slice(0, MAX_WORDS);
  words.forEach((word, i) => {
    add(`w${word}`, WORD_WEIGHT);
    const next = words[i + 1];
    if (next !== undefined) add(`p${word} ${next}`, PAIR_WEIGHT);
    const grams = gramsOf(word);
    for (const gram of grams) add(`c${gram}`, CHARACTERS_WEIGHT / Math.sqrt(grams.length));
  });
  const sums = new Float64Array(VECTOR_DIMENSIONS);
  for (const [feature, count] of counts) {
    const hash = hashOf(feature);
    const place = (hash >>> 1) % VECTOR_DIMENSIONS;
    sums[place] = (sums[place] ?? 0) + (hash & 1 ? 1 : -1) * Math.log1p(count);
  }
  const largest = sums.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Int8Array.from(sums, (value) => (largest === 0 ? 0 : Math.round((value / largest) * LARGEST_COMPONENT)));
}

/** The cosine of the angle between two vectors: 1 for the same direction; 0 when either is empty. */
export function cosine(a: Int8Array, b: Int8Array): number {
  let product = 0;
  let lengthA = 0;
  let lengthB = 0;
  for (let i = 0; i < VECTOR_DIMENSIONS; i += 1) {
    const left = a[i] ?? 0;
    const right = b[i] ?? 0;
    product += left * right;
    lengthA += left * left;
    lengthB += right * right;
  }
  return lengthA === 0 || lengthB === 0 ? 0 : product / Math.sqrt(lengthA * lengthB);
}

/** The character n-grams of a word with its ends marked. */
function gramsOf(word: string): string[] {
  const characters = [...`<${word}>`];
  const grams: string[] = [];
  for (let size = SHORTEST_GRAM; size <= LONGEST_GRAM; size += 1) {
    for (let i = 0; i + size <= characters.length; i += 1) grams.push(characters.slice(i, i + size).join(""));
  }
  return grams;
}

/** FNV-1a over UTF-16 code units, stirred once more (the end of MurmurHash3) so that its low bits are good ones. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
