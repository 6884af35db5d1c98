/** A piece of a document: a paragraph with the heading it stands under. Offsets are UTF-16 code units into the document's text. */
export interface Passage {
  readonly start: number;
  readonly end: number;
  readonly heading: string;
}

/** Longer paragraphs are cut at the end of a sentence. */
const MAX_PASSAGE_CHARACTERS = 1_200;
const MAX_HEADING_CHARACTERS = 300;
const STOP_WORDS = new Set(
  "a an the of in on at to for from by with and or not is are was were be been being do does did what which who whom whose when where why how that this these those it its as than then there here can could may might shall should will would must have has had i you we they he she about into over under between per any all some no if so such".split(
    " ",
  ),
);

/** Cuts a text (Markdown or plain) into passages that respect headings and paragraphs. */
export function passagesOf(text: string): Passage[] {
  const passages: Passage[] = [];
  let heading = "";
  for (const block of blocksOf(text)) {
    if (block.kind === "heading") heading = block.title;
    else
      for (const piece of cut(text.slice(block.start, block.end)))
        passages.push({ start: block.start + piece.start, end: block.start + piece.end, heading });
  }
  return passages;
}

/** The headings that passages stand under, each once. */
export function headingsOf(passages: readonly Passage[]): string[] {
  return [...new Set(passages.map((passage) => passage.heading).filter((heading) => heading !== ""))];
}

/** The text of the first heading; undefined when there is none. */
export function titleOf(text: string): string | undefined {
  return blocksOf(text).find((block) => block.kind === "heading")?.title;
}

type Block = { readonly kind: "heading"; readonly title: string } | { readonly kind: "text"; readonly start: number; readonly end: number };

/** Headings (`# …`, or a line underlined with === or ---) and the paragraphs between them. What is fenced as code holds no headings. */
function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let open: { start: number; end: number; lines: number } | undefined;
  let isCode = false;
  const close = () => {
    if (open !== undefined) blocks.push({ kind: "text", start: open.start, end: open.end });
    open = undefined;
  };
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    const line = text.slice(start, end);
    const title = isCode ? undefined : /^#{1,6}\s+(.*)/.exec(line.slice(0, MAX_HEADING_CHARACTERS))?.[1];
    if (/^\s{0,3}(```|~~~)/.test(line)) isCode = !isCode;
    if (title !== undefined) {
      close();
      blocks.push({
        kind: "heading",
        title: title
          .replace(/\s*\{#[^}]*\}\s*$/, "")
          .replace(/\s+#+\s*$/, "")
          .trim(),
      });
    } else if (open?.lines === 1 && !isCode && open.end - open.start <= MAX_HEADING_CHARACTERS && /^(={3,}|-{3,})\s*$/.test(line)) {
      blocks.push({ kind: "heading", title: text.slice(open.start, open.end).trim() });
      open = undefined;
    } else if (line.trim() === "") close();
    else open = open === undefined ? { start, end, lines: 1 } : { start: open.start, end, lines: open.lines + 1 };
    start = end + 1;
  }
  close();
  return blocks;
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
  for (const sentence of sentencesOf(block).flatMap((one) => bounded(block, one))) {
    const last = pieces.at(-1);
    if (last !== undefined && sentence.end - last.start <= MAX_PASSAGE_CHARACTERS)
      pieces[pieces.length - 1] = { start: last.start, end: sentence.end };
    else pieces.push({ ...sentence });
  }
  return pieces;
}

/** A sentence, or what has no end of one, in pieces that end between words. */
function bounded(text: string, { start, end }: { start: number; end: number }): { start: number; end: number }[] {
  const pieces: { start: number; end: number }[] = [];
  let from = start;
  while (end - from > MAX_PASSAGE_CHARACTERS) {
    const space = text.lastIndexOf(" ", from + MAX_PASSAGE_CHARACTERS);
    const to = space > from ? space : from + MAX_PASSAGE_CHARACTERS - (isHighSurrogate(text, from + MAX_PASSAGE_CHARACTERS - 1) ? 1 : 0);
    pieces.push({ start: from, end: to });
    from = space > from ? space + 1 : to;
  }
  return [...pieces, { start: from, end }];
}

function isHighSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdbff;
}
