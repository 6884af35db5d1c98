import type { Statistic } from "../tools/data/measurement.ts";
import type { Filter } from "../tools/data/sql-text.ts";
import { FILLERS } from "./plain-words.ts";
import { scopeOf } from "./scope.ts";
import { splitBrief } from "./split-brief.ts";
import { groundWish, type Material, type Wish, wish } from "./wishes.ts";
import { wordsOf } from "./words.ts";

/** What became of the wishes after a report was sent back, and what a reader must be told of it. */
export interface Revised {
  readonly wishes: readonly Wish[];
  readonly filters: readonly Filter[];
  readonly remarks: readonly string[];
}

const DROP = /^(?:please )?(?:drop|remove|delete|leave out|skip|omit|cut)\b/i;
const STATISTIC: readonly (readonly [RegExp, Statistic])[] = [
  [/\bmedians?\b/i, "median"],
  [/\b(?:means?|averages?)\b/i, "mean"],
  [/\b(?:totals?|sums?)\b/i, "sum"],
];
const CHANGE = /\b(?:use|using|show|give|take|prefer|want|report|instead|rather)\b/i;

/** Follows the notes of a person who sent a report back, one sentence after the other; what cannot be followed is said. */
export function revised(wishes: readonly Wish[], notes: readonly string[], material: Material): Revised {
  let current: Revised = { wishes, filters: [], remarks: [] };
  for (const note of notes) for (const { text } of splitBrief(note).parts) current = followed(current, text, material);
  return current;
}

function followed(current: Revised, note: string, material: Material): Revised {
  const change =
    dropped(current, note) ?? summedUpOtherwise(current, note) ?? narrowed(current, note, material) ?? added(current, note, material);
  if (change !== undefined) return { ...change, remarks: [...change.remarks, `Changed as the note asked: “${note}”`] };
  return {
    ...current,
    remarks: [...current.remarks, `The note “${note}” could not be followed: it names nothing that can be changed in this plan.`],
  };
}

function dropped(current: Revised, note: string): Revised | undefined {
  if (!DROP.test(note)) return undefined;
  const place = likest(current.wishes, note);
  return place === undefined
    ? undefined
    : { ...current, wishes: current.wishes.map((each, i) => (i === place ? { ...each, leftOut: "as a note asked" } : each)) };
}

/** "Use the median": for the wish whose words the note uses, or for all of them. */
function summedUpOtherwise(current: Revised, note: string): Revised | undefined {
  const wanted = note.replace(/\b(?:instead of|rather than|not) (?:the )?\w+/gi, " ");
  const statistic = STATISTIC.find(([pattern]) => pattern.test(wanted))?.[1];
  const isOwnWish = wordsOf(wanted).filter((word) => !FILLERS.has(word.text)).length > 2;
  if (statistic === undefined || !CHANGE.test(note) || isOwnWish) return undefined;
  const place = likest(current.wishes, wanted);
  return {
    ...current,
    wishes: current.wishes.map((each, i) => (place === undefined || i === place ? { ...each, hints: { ...each.hints, statistic } } : each)),
  };
}

function narrowed(current: Revised, note: string, material: Material): Revised | undefined {
  const filters = scopeOf(note, material.datasets);
  return filters === undefined ? undefined : { ...current, filters: [...current.filters, ...filters] };
}

function added(current: Revised, note: string, material: Material): Revised | undefined {
  const text = note.replace(/^(?:please )?(?:also )?(?:add|include|append)(?: also)?(?: a (?:section|part) (?:on|about))?:?\s+/i, "");
  const more = wish(text);
  return groundWish(more, material).kind === "tasks" && material.datasets.length > 0
    ? { ...current, wishes: [...current.wishes, more] }
    : undefined;
}

/** The wish that shares most words with a note; none when two share as many. */
function likest(wishes: readonly Wish[], note: string): number | undefined {
  const said = new Set(
    wordsOf(note)
      .filter((word) => !FILLERS.has(word.text))
      .map((word) => word.stem),
  );
  const shared = wishes.map((each) => (each.leftOut === undefined ? wordsOf(each.text).filter((word) => said.has(word.stem)).length : 0));
  const most = Math.max(0, ...shared);
  return most > 0 && shared.filter((count) => count === most).length === 1 ? shared.indexOf(most) : undefined;
}
