/** A run of lines that two texts share, or that only one of them has. */
export interface DiffRun {
  readonly kind: "same" | "removed" | "added";
  readonly lines: readonly string[];
}

/** Edits that are looked for before two texts count as different from there on: the search takes time and memory by its square. */
const MAX_EDITS = 1_000;

/**
 * The lines by which one text became another (E. Myers, "An O(ND) difference algorithm", 1986). Beyond MAX_EDITS the rest of the old text is told as
 * removed and the rest of the new one as added.
 */
export function lineDiff(before: string, after: string): DiffRun[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const middle = middleRuns(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return joined([{ kind: "same", lines: a.slice(0, start) }, ...middle, { kind: "same", lines: a.slice(a.length - end) }]);
}

function middleRuns(a: readonly string[], b: readonly string[]): DiffRun[] {
  const trace = furthestReaches(a, b);
  if (trace === undefined)
    return [
      { kind: "removed", lines: a },
      { kind: "added", lines: b },
    ];
  const runs: DiffRun[] = [];
  let [x, y] = [a.length, b.length];
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const reach = trace[edits];
    const k = x - y;
    const isDown = k === -edits || (k !== edits && at(reach, k - 1) < at(reach, k + 1));
    const fromX = edits === 0 ? 0 : at(reach, isDown ? k + 1 : k - 1);
    const fromY = edits === 0 ? 0 : fromX - (isDown ? k + 1 : k - 1);
    const [meetX, meetY] = edits === 0 ? [0, 0] : isDown ? [fromX, fromY + 1] : [fromX + 1, fromY];
    if (x > meetX) runs.push({ kind: "same", lines: a.slice(meetX, x) });
    if (edits > 0 && isDown) runs.push({ kind: "added", lines: b.slice(fromY, meetY) });
    else if (edits > 0) runs.push({ kind: "removed", lines: a.slice(fromX, meetX) });
    [x, y] = [fromX, fromY];
  }
  return runs.reverse();
}

/** For each number of edits, how far one comes on each diagonal before the last of them; undefined when it takes too many. */
function furthestReaches(a: readonly string[], b: readonly string[]): ReadonlyMap<number, number>[] | undefined {
  const trace: ReadonlyMap<number, number>[] = [];
  let reach = new Map<number, number>([[1, 0]]);
  for (let edits = 0; edits <= Math.min(MAX_EDITS, a.length + b.length); edits += 1) {
    trace.push(reach);
    const next = new Map<number, number>();
    for (let k = -edits; k <= edits; k += 2) {
      const isDown = k === -edits || (k !== edits && at(reach, k - 1) < at(reach, k + 1));
      let x = isDown ? at(reach, k + 1) : at(reach, k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      next.set(k, x);
      if (x >= a.length && x - k >= b.length) return trace;
    }
    reach = next;
  }
  return undefined;
}

function at(reach: ReadonlyMap<number, number> | undefined, k: number): number {
  return reach?.get(k) ?? 0;
}

/** Runs of the same kind one after the other are one; empty ones are none. */
function joined(runs: readonly DiffRun[]): DiffRun[] {
  const result: DiffRun[] = [];
  for (const run of runs.filter(({ lines }) => lines.length > 0)) {
    const last = result.at(-1);
    if (last?.kind === run.kind) result[result.length - 1] = { kind: run.kind, lines: [...last.lines, ...run.lines] };
    else result.push(run);
  }
  return result;
}
