/** A piece of a document: a paragraph with the heading it stands under. Offsets are UTF-16 code units into the document's text. */
export interface Passage {
  readonly start: number;
  readonly end: number;
  readonly heading: string;
}

/** Longer paragraphs are cut at the end of a sentence. */
const MAX_PASSAGE_CHARACTERS = 1_200;
const STOP_WORDS = new Set(
  "a an the of in on at to for from by with and or not is are was were be been being do does did what which who whom whose when where why how that this these those it its as than then there here can could may might shall should will would must have has had i you we they he she about into over under between per any all some no if so such".split(
    " ",
  ),
);

/** Cuts a text (Markdown or plain) into passages that respect headings and paragraphs. */
export function passagesOf(text: string): Passage[] {
  const passages: Passage[] = [];
  let heading = "";
  for (const block of text.matchAll(/[^\n](?:(?!\n\s*\n|\n#{1,6} )[\s\S])*/g)) {
    const start = block.index;
    const title = /^#{1,6}\s+(.*)/.exec(block[0]);
    if (title !== null && !block[0].trim().includes("\n")) {
      heading = (title[1] ?? "").replace(/\s*\{#.*\}\s*$/, "").trim();
      continue;
    }
    for (const piece of cut(block[0])) passages.push({ start: start + piece.start, end: start + piece.end, heading });
  }
  return passages;
}

/** The sentences of a passage, as offsets into it. */
export function sentencesOf(text: string): { start: number; end: number }[] {
  const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });
  return [...segmenter.segment(text)].flatMap(({ segment, index }) => {
    const start = index + (segment.length - segment.trimStart().length);
    const end = start + segment.trim().length;
    return end > start ? [{ start, end }] : [];
  });
}

/** The words of a text that carry meaning, in a crude stem, for matching. */
export function contentWords(text: string): string[] {
  return [...text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)]
    .map((match) => match[0])
    .filter((word) => !STOP_WORDS.has(word))
    .map(stem);
}

/** Cuts common endings, so that "refunds", "refunded" and "refund" are one word. */
export function stem(word: string): string {
  const singular = word
    .replace(/ies$/, "y")
    .replace(/(?<=s|x|z|ch|sh)es$/, "")
    .replace(/(?<=[^s])s$/, "");
  if (singular.length <= 4) return singular;
  return singular
    .replace(/(ations?|ments?|ings?|edly|ed|ly)$/, "")
    .replace(/([^aeiou])\1$/, "$1")
    .replace(/e$/, "");
}

function cut(block: string): { start: number; end: number }[] {
  if (block.length <= MAX_PASSAGE_CHARACTERS) return [{ start: 0, end: block.trimEnd().length }];
  const pieces: { start: number; end: number }[] = [];
  for (const sentence of sentencesOf(block)) {
    const last = pieces.at(-1);
    if (last !== undefined && sentence.end - last.start <= MAX_PASSAGE_CHARACTERS)
      pieces[pieces.length - 1] = { start: last.start, end: sentence.end };
    else pieces.push({ ...sentence });
  }
  return pieces;
}
