/** A part of a brief: something asked, something told, or something that may be either. */
export interface BriefPart {
  readonly text: string;
  readonly kind: "request" | "background" | "open";
}

const ASKING =
  /^(please|show|tell|give|find|list|rank|compare|describe|summari[sz]e|explain|analy[sz]e|look|investigate|examine|explore|determine|identify|calculate|compute|count|plot|chart|break|check|report|follow|track|measure|estimate|work out|present|draw|correlate|see|test|name|which|what|how|who|when|where|why|is|are|was|were|do|does|did|has|have|can|could|would|i(?:'d| would)? (?:want|need|like|love)|we(?:'d| would)? (?:want|need|like|love)|let us know|answer)\b/i;
const ASKING_INSIDE =
  /\b(we (?:want|need|would like|wish) to (?:know|see|understand)|i (?:want|need|would like) to (?:know|see|understand)|interested in|should (?:show|tell|contain|cover|include|answer)|wants? to (?:know|see|understand)|need to know|wonder)\b/i;
const TELLING =
  /^(answer (?:from|using|with|in|each|every|the (?:following|questions))\b|(?:please )?(?:use|base|include|cite|cover|keep|avoid|write|attach)\b|the (?:report|reader|audience|board|result|text)\b.*\b(?:is for|read|short|plain|pages?|words|tone|style)|audience|background|context|tone|style|format|deadline|title|write (?:it|the report|in|for)|keep (?:it|the)|use plain|deliver|attached|the (?:attached )?(?:file|data|dataset|table|csv)\b.*\b(?:holds?|contains?|has|have|comes?|is from|was|are from|lists?|attached))/i;

/** The signs before an item of a list: bullets, numbers, letters, "Q1:", "Goal 2.". */
const ITEM = /^\s*(?:[-*+•–]|\(?\d{1,3}[.):]|\(?[a-z]\)|(?:q|goal|question|task|wish)\s?\d{1,3}[.:)])\s+(.*)$/i;
/** Words after which another wish of the same sentence begins. */
const JOINTS =
  /(?:;\s+|,?\s+and (?:also )?(?=(?:how|which|what|whether|who|when|where|compare|rank|show|describe|tell|list|find|count|plot|summari[sz]e)\b)|,\s+(?=(?:how|which|what|whether|compare|rank|show|describe|list|find|count)\b)|\.\s+|\?\s+)/i;

/**
 * Cuts a brief into what it asks and what it only tells. Bullets and numbered lines are requests by themselves, unless they only tell;
 * running text is cut into sentences, and sentences with several wishes into those. Nothing that asks is left out.
 */
export function splitBrief(brief: string): { title: string | undefined; parts: BriefPart[] } {
  let title: string | undefined;
  let isBackgroundSection = false;
  const parts: BriefPart[] = [];
  for (const block of blocksOf(brief)) {
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(block.text);
    if (heading !== null) {
      const name = heading[1] ?? "";
      title ??= name;
      isBackgroundSection = /^(background|context|about|audience|notes?|data|the data|source|style|tone|format)\b/i.test(name);
      continue;
    }
    for (const sentence of sentencesOf(block.text)) {
      const kind = kindOf(sentence, block.isItem, isBackgroundSection);
      if (kind !== "request") parts.push({ text: sentence, kind });
      else parts.push(...wishesOf(sentence).map((text) => ({ text, kind })));
    }
  }
  return { title, parts };
}

/** "… and which is highest?" asks about what stands before it. */
const AFTERTHOUGHT =
  /^which (?:\p{L}+ )?(?:is|are|was|were|has|have|had) (?:the )?(?:highest|lowest|largest|smallest|biggest|greatest|best|worst|most|least|fewest|longest|shortest|top)\P{L}*$/iu;

/** The wishes of one sentence. */
function wishesOf(sentence: string): string[] {
  const wishes: string[] = [];
  for (const piece of sentence.split(JOINTS).map((wish) => wish.trim())) {
    const last = wishes.at(-1);
    if (last !== undefined && AFTERTHOUGHT.test(piece)) wishes[wishes.length - 1] = `${last}, and ${piece}`;
    else if (piece !== "") wishes.push(piece);
  }
  return wishes;
}

function kindOf(sentence: string, isItem: boolean, isBackgroundSection: boolean): BriefPart["kind"] {
  const isAsking = sentence.endsWith("?") || ASKING.test(sentence) || ASKING_INSIDE.test(sentence);
  if (TELLING.test(sentence) && !sentence.endsWith("?")) return "background";
  if (isAsking) return "request";
  if (isBackgroundSection) return "background";
  return isItem ? "request" : "open";
}

/** Lines of one paragraph belong together; each item of a list stands alone. */
function blocksOf(brief: string): { text: string; isItem: boolean }[] {
  const blocks: { text: string; isItem: boolean }[] = [];
  let open = false;
  for (const line of brief.replace(/\r\n?/g, "\n").split("\n")) {
    const item = ITEM.exec(line);
    const text = (item?.[1] ?? line).trim();
    if (text === "") open = false;
    else if (item !== null || /^#{1,6}\s/.test(text) || !open) {
      blocks.push({ text, isItem: item !== null });
      open = !/^#{1,6}\s/.test(text);
    } else {
      const last = blocks.at(-1);
      if (last !== undefined) blocks[blocks.length - 1] = { ...last, text: `${last.text} ${text}` };
    }
  }
  return blocks;
}

function sentencesOf(text: string): string[] {
  const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });
  return [...segmenter.segment(text.replace(/\*\*|__|`/g, ""))].map(({ segment }) => segment.trim()).filter((sentence) => sentence !== "");
}
