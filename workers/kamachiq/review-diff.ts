import { type DiffRun, lineDiff } from "./line-diff.ts";

/** Unchanged lines shown around what changed. */
const CONTEXT_LINES = 3;
/** Lines of one difference that are told; the reports themselves have the rest. */
const MAX_LINES = 5_000;

/** Lines of a difference, in order: kept, gone, or new; `gap` stands for lines left out because nothing changed in them. */
export interface DiffLine {
  readonly kind: "same" | "removed" | "added" | "gap";
  readonly text: string;
}

/** How a report differs from the one of the round before, as a person reads it. */
export function reviewDiff(before: string, after: string): { lines: DiffLine[]; isCut: boolean } {
  const runs = lineDiff(before, after);
  if (runs.every(({ kind }) => kind === "same")) return { lines: [], isCut: false };
  const lines = runs.flatMap((run, i) => shown(run, i === 0, i === runs.length - 1));
  return { lines: lines.slice(0, MAX_LINES), isCut: lines.length > MAX_LINES };
}

function shown({ kind, lines }: DiffRun, isFirst: boolean, isLast: boolean): DiffLine[] {
  const line = (text: string): DiffLine => ({ kind, text });
  if (kind !== "same") return lines.map(line);
  const head = isFirst ? [] : lines.slice(0, CONTEXT_LINES);
  const tail = isLast ? [] : lines.slice(Math.max(head.length, lines.length - CONTEXT_LINES));
  const omitted = lines.length - head.length - tail.length;
  return [...head.map(line), ...(omitted > 0 ? [{ kind: "gap" as const, text: `${omitted} lines` }] : []), ...tail.map(line)];
}
