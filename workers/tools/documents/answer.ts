import type { QuoteEvidence } from "../data/analysis.ts";
import { type AnalysisDraft, say } from "../data/draft.ts";
import { contentWords, sentencesOf } from "./passages.ts";

/** A passage that the index found for the question, with the text it holds. */
export interface FoundPassage {
  readonly document: string;
  readonly heading: string;
  readonly start: number;
  readonly text: string;
}

const MAX_QUOTES = 3;
/** A sentence answers when it holds at least this share of the question's words, its heading's counted in. */
const NEEDED_SHARE = 0.6;

/** Answers a question with the sentences of the documents that say it, word for word, and says so when none does. */
export function answerFromPassages(question: string, passages: readonly FoundPassage[]): AnalysisDraft {
  const wanted = [...new Set(contentWords(question))];
  const candidates = passages.flatMap((passage, place) =>
    sentencesOf(passage.text).map((sentence) => {
      const text = passage.text.slice(sentence.start, sentence.end);
      return { passage, sentence, text, score: scoreOf(wanted, text, passage, place) };
    }),
  );
  const best = candidates
    .filter(({ score, text }) => score.share >= NEEDED_SHARE && score.inSentence > 0 && contentWords(text).length >= 3)
    .sort((a, b) => b.score.total - a.score.total);
  const leader = best[0]?.score.total ?? 0;
  const chosen = best.filter(({ score }) => score.total >= leader * 0.75).slice(0, MAX_QUOTES);
  const evidence = chosen.map(
    ({ passage, sentence, text }, i): QuoteEvidence => ({
      kind: "quote",
      id: `q${i + 1}`,
      document: passage.document,
      start: passage.start + sentence.start,
      end: passage.start + sentence.end,
      text,
    }),
  );
  const told = chosen.map(({ passage }, i) => {
    const quote = evidence[i];
    const place = passage.heading === "" ? passage.document : `${passage.document}, “${passage.heading}”`;
    return say(`“${oneLine(quote?.text ?? "")}” (${place})`, quote?.id ?? "");
  });
  return {
    title: question,
    method: "Sentences of the documents that hold the question's words, quoted word for word.",
    statements: told.length > 0 ? told : [say("Nothing in the documents answers this question in words close to its own.")],
    evidence,
    charts: [],
    caveats: told.length > 0 ? [] : ["An answer that needs reading between the lines needs a language model."],
  };
}

function scoreOf(wanted: readonly string[], text: string, passage: FoundPassage, place: number) {
  const own = new Set(contentWords(text));
  const heading = new Set(contentWords(passage.heading));
  const inSentence = wanted.filter((word) => own.has(word)).length;
  const covered = wanted.filter((word) => own.has(word) || heading.has(word)).length;
  const share = wanted.length === 0 ? 0 : covered / wanted.length;
  return { inSentence, share, total: share + (0.5 * inSentence) / Math.max(1, wanted.length) + 0.2 / (place + 1) };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
