import type { Statistic } from "../tools/data/measurement.ts";
import type { Filter } from "../tools/data/sql-text.ts";
import { FILLERS } from "./plain-words.ts";
import type { Question } from "./plan.ts";
import { readGoal } from "./reading.ts";
import { groundWish, type Material, type Wish } from "./wishes.ts";
import { wordsOf } from "./words.ts";

/** A wish that waits for an answer: its place among the wishes, what was asked, and the words that were not understood. */
export interface OpenWish {
  readonly place: number;
  readonly question: Question;
  readonly unread: readonly string[];
}

const LEAVE =
  /^(?:please )?(?:skip|drop|leave|ignore|forget|remove)(?: (?:it|that|this|them|all|everything|the rest|both|out|the|question))\b/i;
const ALL = /\b(all|everything|them|the rest|both)\b/i;
const STATISTICS: readonly (readonly [RegExp, Statistic])[] = [
  [/^(?:the )?(?:mean|average)\b/i, "mean"],
  [/^(?:the )?median\b/i, "median"],
  [/^(?:the )?(?:total|sum)\b/i, "sum"],
  [/^count\b/i, "count"],
];

/**
 * The wishes after a person answered. A line settles the question whose number it begins with, whose words it uses or one of whose choices it
 * gives; what could be meant for several stays open, and nothing is settled that was not answered.
 */
export function answered(wishes: readonly Wish[], open: readonly OpenWish[], answer: string, material: Material): Wish[] {
  const settled = [...wishes];
  for (const line of answer
    .split(/\n|;\s+/)
    .map((part) => part.trim())
    .filter((part) => part !== "")) {
    const number = /^(\d{1,3})\s*[.):]\s*/.exec(line);
    const said = line.slice(number?.[0].length ?? 0).replace(/\.$/, "");
    for (const target of targetsOf(said, number === null ? undefined : Number(number[1]), open)) {
      const before = settled[target.place];
      if (before !== undefined) settled[target.place] = settledBy(before, target, said, material);
    }
  }
  return settled;
}

function targetsOf(said: string, number: number | undefined, open: readonly OpenWish[]): OpenWish[] {
  if (number !== undefined) return open.slice(number - 1, number);
  if (open.length === 1) return [...open];
  if (LEAVE.test(said) && ALL.test(said)) return [...open];
  const speaking = open.filter((target) => sharesWords(said, target));
  if (speaking.length > 0) return speaking;
  const choosing = open.filter((target) => choiceOf(said, target.question) !== undefined);
  return choosing.length === 1 ? choosing : [];
}

/** True when an answer uses a word that was not understood, or that only this question is about. */
function sharesWords(said: string, target: OpenWish): boolean {
  const words = new Set(
    wordsOf(said)
      .filter((word) => !FILLERS.has(word.text))
      .map((word) => word.stem),
  );
  const about = wordsOf(target.question.about).filter((word) => !FILLERS.has(word.text));
  return (
    target.unread.some((word) => wordsOf(said).some((each) => each.text === word)) ||
    about.filter((word) => words.has(word.stem)).length >= 2
  );
}

/** The longest choice that an answer holds. */
function choiceOf(said: string, question: Question): string | undefined {
  const lower = ` ${said.toLowerCase()} `;
  return [...question.choices]
    .sort((a, b) => b.length - a.length)
    .find((choice) => new RegExp(`[^\\p{L}\\p{N}]${escaped(choice.toLowerCase())}[^\\p{L}\\p{N}]`, "u").test(lower));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function settledBy(before: Wish, target: OpenWish, said: string, material: Material): Wish {
  const choice = choiceOf(said, target.question);
  if (choice === "leave it out" || LEAVE.test(said)) return { ...before, leftOut: "as it was answered" };
  const meant = /\b(?:mean|means|is|use|take|=|:)\s+(.*)$/i.exec(said)?.[1] ?? said;
  const tries = [choice, meant, said].filter((text) => text !== undefined);
  for (const text of tries) {
    const next = oneChange(before, target, text, material);
    if (next !== undefined) return next;
  }
  return before;
}

/** The wish with one piece of an answer taken in; undefined when that piece says nothing here. */
function oneChange(before: Wish, target: OpenWish, text: string, material: Material): Wish | undefined {
  const { hints } = before;
  const source = material.datasets.find((dataset) => dataset.source.toLowerCase() === text.toLowerCase());
  if (source !== undefined) return { ...before, hints: { ...hints, source: source.source } };
  const ignored = /^ignore (\S+)$/i.exec(text)?.[1];
  if (ignored !== undefined) return { ...before, hints: { ...hints, ignored: new Set([...hints.ignored, ignored.toLowerCase()]) } };
  const isColumn = material.datasets.some((dataset) => dataset.columns.some((column) => column.name.toLowerCase() === text.toLowerCase()));
  const replaced = { ...before, reworded: text };
  if (!isColumn && wordsOf(text).length > 1 && groundWish(replaced, material).kind === "tasks") return replaced;
  const relative = relativeIn(before.text);
  if (relative !== undefined && /\d{4}/.test(text))
    return { ...before, reworded: `${(before.reworded ?? before.text).replace(relative, " ")} ${text}` };
  return withHints(before, target, text, material);
}

function relativeIn(text: string): string | undefined {
  return /\b(?:(?:in |during |over |for )?(?:the )?(?:last|past|previous|recent|current|this) (?:\d+ |few |two |three |five |ten )?(?:year|month|week|day|quarter|decade)s?|yesterday|today|recently|nowadays)\b/i.exec(
    text,
  )?.[0];
}

/** Columns, a statistic or a filter that an answer names settle the words that were asked about. */
function withHints(before: Wish, target: OpenWish, text: string, material: Material): Wish | undefined {
  const lower = text.toLowerCase();
  const statistic = STATISTICS.find(([pattern]) => pattern.test(text))?.[1];
  const names = material.datasets.flatMap((dataset) => dataset.columns.map((column) => column.name));
  const exact = names.filter((name) =>
    new RegExp(`(^|[^\\p{L}\\p{N}_])${escaped(name.toLowerCase())}($|[^\\p{L}\\p{N}_])`, "u").test(lower),
  );
  const longest = exact.filter((name) => !exact.some((other) => other !== name && other.toLowerCase().includes(name.toLowerCase())));
  const read = material.datasets
    .map((dataset) => readGoal(text, dataset))
    .find((reading) => reading.doubts.length === 0 && reading.filters.length + reading.measures.length + reading.groups.length > 0);
  const filters: Filter[] = read?.filters.map(({ filter }) => filter) ?? [];
  const columns =
    filters.length > 0
      ? []
      : longest.length > 0
        ? longest
        : [...(read?.measures ?? []).map(({ column }) => column.name), ...(read?.groups ?? []).map(({ name }) => name)];
  if (columns.length === 0 && filters.length === 0 && statistic === undefined) return undefined;
  const { hints } = before;
  return {
    ...before,
    hints: {
      ...hints,
      columns: [...new Set([...hints.columns, ...columns])],
      filters: [...hints.filters, ...filters],
      ignored: new Set([...hints.ignored, ...target.unread]),
      statistic: statistic ?? hints.statistic,
    },
  };
}
