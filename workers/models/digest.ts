import { contentWords, sentencesOf } from "../tools/documents/passages.ts";
import type { Assignment, ContextPart } from "./assignment.ts";

/** What a digest says of one part of its material: enough to go on with, short enough that the digest of a digest does not grow. */
const SENTENCES_A_PART = 6;
const SENTENCES_OF_THE_TASK = 8;
const MAX_SENTENCE_CHARACTERS = 600;
const MAX_DIGEST_CHARACTERS = 12_000;
/** Longer texts are read up to here. */
const MAX_READ_CHARACTERS = 50_000;
/** By this a digest's own remarks are known, so that the next one does not quote them. */
const REMARK = "> Embedded engine:";

/**
 * What can be said about an assignment without a language model: which sentences of the material are about it, word for word and under the name of
 * where they come from, and what was asked for beyond that. It states nothing that it was not given.
 * @param settings the settings that connect a language model, for the reader who wants one
 */
export function digestOf({ goal, expectedOutput, context }: Assignment, settings: string): string {
  const wanted = `${goal} ${expectedOutput ?? ""}`;
  const quoted = context
    .map((part) => ({ from: part.from, sentences: mostTelling(part, wanted, SENTENCES_A_PART) }))
    .filter((part) => part.sentences.length > 0);
  const said =
    quoted.length > 0
      ? quoted.map(({ from, sentences }) => `### From ${from}\n\n${asList(sentences)}`)
      : [`### The task itself\n\n${asList(mostTelling({ from: "task", text: goal }, wanted, SENTENCES_OF_THE_TASK))}`];
  const remark =
    quoted.length > 0
      ? "no language model is connected, so this is put together, word for word, from what the step was given; nothing was written, judged or looked up."
      : "no language model is connected and the step was given no material, so this only repeats what is asked; nothing was written, judged or looked up.";
  const asked =
    expectedOutput === undefined || expectedOutput === "" ? [] : [`${REMARK} expected was: ${oneLine(expectedOutput).slice(0, 500)}`];
  return [`${REMARK} ${remark} ${settings} connect one.`, ...asked, ...said].join("\n\n").slice(0, MAX_DIGEST_CHARACTERS);
}

/** The sentences of a text that share most with what is wanted, in the order they stand; the first ones when none shares anything. */
export function mostTelling(part: ContextPart, wanted: string, count: number): string[] {
  const words = new Set(contentWords(wanted));
  const ranked = linesOf(part.text)
    .map((text, place) => ({ text, place, shared: new Set(contentWords(text).filter((word) => words.has(word))).size }))
    .sort((a, b) => b.shared - a.shared || a.place - b.place);
  return ranked
    .slice(0, count)
    .sort((a, b) => a.place - b.place)
    .map(({ text }) => text);
}

/** The sentences and list items of a text, without marks of lists and headings, each once. */
function linesOf(text: string): string[] {
  const lines = text
    .slice(0, MAX_READ_CHARACTERS)
    .split(/\n+/)
    .filter((line) => !line.startsWith(REMARK) && !/^\s*(#{1,6}\s|```|---|\|)/.test(line))
    .map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, ""))
    .flatMap((line) => sentencesOf(line).map(({ start, end }) => line.slice(start, end)));
  return [...new Set(lines.map((line) => oneLine(line).slice(0, MAX_SENTENCE_CHARACTERS)).filter((line) => /\p{L}/u.test(line)))];
}

function asList(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${sentence}`).join("\n");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
