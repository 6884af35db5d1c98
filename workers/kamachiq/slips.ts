import type { DatasetProfile } from "../tools/data/profile.ts";
import { nameParts } from "./mentions.ts";
import { FILLERS } from "./plain-words.ts";
import { isSlip } from "./same-word.ts";
import { wordsOf } from "./words.ts";

/** Words that decide what a goal asks; a slip of the pen in them is put right. */
const DECIDING =
  "average median maximum minimum compare comparison between distribution correlation relationship highest lowest largest smallest number percentage proportion share trend develop development describe summarise summarize overview excluding except without within across grouped total percentile percentiles percent heaviest longest shortest how which".split(
    " ",
  );

/** The text with slips of the pen in deciding words put right: "avrage" reads "average". Words of the table are left as they are. */
export function corrected(given: string, dataset: DatasetProfile): string {
  const text = withAges(given, dataset);
  const own = new Set(
    dataset.columns.flatMap((column) => [
      ...nameParts(column.name),
      ...(column.type === "text" ? column.top.flatMap(({ value }) => wordsOf(String(value)).map((word) => word.text)) : []),
    ]),
  );
  const isKnown = (word: string) => FILLERS.has(word) || own.has(word) || DECIDING.includes(word);
  return wordsOf(text)
    .filter((word) => !isKnown(word.text) && ![...own].some((part) => isSlip(part, word.text)))
    .reduceRight((all, word) => {
      const meant = DECIDING.find((candidate) => isSlip(candidate, word.text));
      return meant === undefined ? all : all.slice(0, word.start) + meant + all.slice(word.end);
    }, text);
}

const PEOPLE_OVER =
  /\b(people|persons|patients|customers|clients|employees|students|pupils|passengers|users|members|participants|men|women|adults|those)( (?:who|that))?( (?:are|were|is|was))? (over|above|under|below) (?=\d{1,3}\b(?! ?(?:%|percent)))/gi;

/** "patients over 65" are older than that, where the data know an age. */
function withAges(text: string, dataset: DatasetProfile): string {
  if (!dataset.columns.some((column) => nameParts(column.name).includes("age"))) return text;
  return text.replace(PEOPLE_OVER, (_, noun: string, who = "", are = "", over: string) => {
    const older = /over|above/i.test(over) ? "older" : "younger";
    return `${noun}${String(who)}${String(are)} ${older} than `;
  });
}
