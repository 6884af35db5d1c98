import { FILLERS } from "./plain-words.ts";
import type { PlanningInput } from "./planner.ts";
import { splitBrief } from "./split-brief.ts";
import { wordsOf } from "./words.ts";

/** A goal is about a wish when it uses at least this part of the wish's own words. */
const LEAST_SHARED = 0.3;

/**
 * The wishes of a brief that no goal of a plan is about, by the words they share. Notes change goals, so a plan that was sent back may
 * leave wishes out.
 */
export function uncovered(input: PlanningInput, goals: readonly string[]): string[] {
  if (input.notes.length > 0 || input.answers.length > 0) return [];
  const said = goals.map((goal) => new Set(contentOf(goal)));
  const wishes = splitBrief(input.brief).parts.filter((part) => part.kind === "request");
  return wishes.map(({ text }) => text).filter((text) => !said.some((words) => isAbout(contentOf(text), words)));
}

function contentOf(text: string): string[] {
  return wordsOf(text)
    .filter((word) => !FILLERS.has(word.text))
    .map((word) => word.stem);
}

function isAbout(wish: readonly string[], goal: ReadonlySet<string>): boolean {
  return wish.length === 0 || wish.filter((word) => goal.has(word)).length >= Math.max(1, wish.length * LEAST_SHARED);
}
