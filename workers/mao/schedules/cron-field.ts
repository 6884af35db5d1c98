import { Problem } from "../../platform/problem.ts";

/** One of the five fields: its name, its bounds, and the words that stand for numbers. */
export interface CronField {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Different values it has: Sunday is both 0 and 7. */
  readonly values: number;
  /** In the order of their numbers, beginning with `least`. */
  readonly words: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

export const CRON_FIELDS: readonly CronField[] = [
  { name: "minute", least: 0, most: 59, values: 60, words: [] },
  { name: "hour", least: 0, most: 23, values: 24, words: [] },
  { name: "day of month", least: 1, most: 31, values: 31, words: [] },
  { name: "month", least: 1, most: 12, values: 12, words: MONTHS },
  { name: "day of week", least: 0, most: 7, values: 7, words: DAYS },
];

/** What one field may list: every minute of an hour, once each. */
const MAX_PARTS = 60;

/** A piece of the expression and where it begins, counted from 0. */
export interface Piece {
  readonly text: string;
  readonly at: number;
}

/**
 * Reads one field: `*`, `n`, `n-m`, each with `/step`, in a list.
 * @returns the numbers it names, in order
 * @throws Problem `invalid-request` that names the column
 */
export function parseCronField(field: CronField, piece: Piece): number[] {
  const numbers = new Set<number>();
  const parts = split(piece, ",");
  if (parts.length > MAX_PARTS) throw wrong(piece.at, field, `lists ${parts.length} parts; a field may list ${MAX_PARTS}`);
  for (const part of parts) for (const number of partNumbers(field, part)) numbers.add(number);
  return [...numbers].sort((a, b) => a - b);
}

function partNumbers(field: CronField, part: Piece): number[] {
  const [range = part, step, more] = split(part, "/");
  if (more !== undefined) throw wrong(more.at, field, "has a second step; write one, as in */15");
  const { from, to, isOne } = rangeOf(field, range);
  if (step === undefined) return sequence(from, to, 1);
  if (isOne)
    throw wrong(part.at, field, `${part.text} has a step but no range; write ${range.text}-${field.most}/${step.text} or */${step.text}`);
  const by = /^\d{1,4}$/.test(step.text) ? Number(step.text) : 0;
  if (by < 1 || by > field.values) throw wrong(step.at, field, `the step ${shown(step)} is not between 1 and ${field.values}`);
  return sequence(from, to, by);
}

function rangeOf(field: CronField, range: Piece): { from: number; to: number; isOne: boolean } {
  if (range.text === "*") return { from: field.least, to: field.most, isOne: false };
  const [first = range, last, more] = split(range, "-");
  if (more !== undefined) throw wrong(more.at, field, `${shown(range)} is no range; write two numbers, as in 9-17`);
  const from = numberOf(field, first);
  if (last === undefined) return { from, to: from, isOne: true };
  const to = numberOf(field, last);
  if (to < from) throw wrong(range.at, field, `${shown(range)} runs backwards; write ${from}-${field.most},${field.least}-${to}`);
  return { from, to, isOne: false };
}

function numberOf(field: CronField, piece: Piece): number {
  const word = field.words.indexOf(piece.text.toLowerCase());
  if (word >= 0) return word + field.least;
  const number = /^\d{1,4}$/.test(piece.text) ? Number(piece.text) : Number.NaN;
  if (!(number >= field.least && number <= field.most))
    throw wrong(piece.at, field, `${shown(piece)} is not between ${field.least} and ${field.most}`);
  return number;
}

function sequence(from: number, to: number, by: number): number[] {
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => from + i * by);
}

function split(piece: Piece, separator: string): Piece[] {
  let at = piece.at;
  return piece.text.split(separator).map((text) => {
    const part = { text, at };
    at += text.length + separator.length;
    return part;
  });
}

function shown(piece: Piece): string {
  return piece.text === "" ? "nothing" : piece.text.slice(0, 40);
}

function wrong(at: number, field: CronField, what: string): Problem {
  return cronProblem(at, `${field.name}: ${what}`);
}

/** The problem with an expression, with the column (from 1) where it lies. */
export function cronProblem(at: number, what: string): Problem {
  return new Problem("invalid-request", "The cron expression cannot be used; the error names the place.", {
    errors: [{ pointer: "/cron", message: `column ${at + 1}, ${what}` }],
  });
}
