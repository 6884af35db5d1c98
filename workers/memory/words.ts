/** Words so common that sharing them says nothing. */
const STOP_WORDS = new Set(
  "a an and are as at be been but by can could did do does for from had has have how if in into is it its may me might must my no not of on or our should so such than that the their them then there these they this to us was we were what when where which who whom whose why will with would you your".split(
    " ",
  ),
);
/** Scripts that put no spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * The words of a text in any script, lower-case, in Unicode NFKC and without the accents of Latin, Greek and Cyrillic letters: "Zürich" and "zurich" are one word. Scripts without
 * spaces are cut by Unicode's rules and dictionaries. A text of signs alone ("🎉") has its signs for words.
 */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]+/g, "")
    .normalize("NFKC")
    .toLowerCase();
  const runs = plain.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu) ?? plain.match(/\p{S}/gu) ?? [];
  return runs.flatMap((run) => (UNSPACED.test(run) ? segmented(run) : [run]));
}

/** The words that carry meaning; all of them when none does ("to be or not to be"). */
export function tellingWordsOf(text: string): string[] {
  const words = wordsOf(text);
  const telling = words.filter((word) => !STOP_WORDS.has(word));
  return telling.length > 0 ? telling : words;
}

/** The form in which two texts that say the same in the same words are equal: case, white space and punctuation apart, but no accent and no sign. */
export function sameness(text: string): string {
  const words = text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{M}\p{N}\p{S}%?]+/gu);
  return words === null ? text.trim() : words.join(" ");
}

function segmented(run: string): string[] {
  return [...new Intl.Segmenter("und", { granularity: "word" }).segment(run)].map(({ segment }) => segment);
}
