/** A step of a graph as the page shows it: a task of a project, a step of a run. */
export interface GraphStep {
  readonly step: string;
  readonly title: string;
  readonly uses: string;
  readonly needs: readonly string[];
  readonly state: "pending" | "running" | "waiting" | "done" | "failed" | "skipped" | "blocked";
  readonly attempt: number;
  readonly startedAt?: string | undefined;
  readonly finishedAt?: string | undefined;
  /** The wave it was started in, where that is known. */
  readonly wave?: number | undefined;
}

/** One wave of the graph: steps that wait for none of each other. */
export interface Layer {
  readonly wave: number;
  readonly steps: readonly GraphStep[];
}

/**
 * Orders steps by waves: the one a step was started in, or else the first after everything it needs. A step never stands before or
 * beside what it needs; a need that names no step counts for nothing, and steps of a circle (which no valid graph has) come last.
 */
export function layersOf(steps: readonly GraphStep[]): Layer[] {
  const waves = wavesOf(steps);
  const last = Math.max(0, ...waves.values()) + 1;
  const layers = new Map<number, GraphStep[]>();
  for (const step of steps) {
    const wave = waves.get(step.step) ?? last;
    const members = layers.get(wave);
    if (members === undefined) layers.set(wave, [step]);
    else members.push(step);
  }
  return [...layers].sort(([a], [b]) => a - b).map(([wave, members]) => ({ wave, steps: members }));
}

/** The wave of every step that is in no circle, nor behind one. */
function wavesOf(steps: readonly GraphStep[]): Map<string, number> {
  const names = new Set(steps.map(({ step }) => step));
  const open = new Map<string, number>();
  const waiters = new Map<string, GraphStep[]>();
  for (const step of steps) {
    const needs = [...new Set(step.needs)].filter((need) => names.has(need));
    open.set(step.step, needs.length);
    for (const need of needs) waiters.set(need, [...(waiters.get(need) ?? []), step]);
  }
  const earliest = new Map(steps.map((step) => [step.step, step.wave ?? 1]));
  const waves = new Map<string, number>();
  const ready = steps.filter(({ step }) => open.get(step) === 0);
  for (let step = ready.pop(); step !== undefined; step = ready.pop()) {
    const wave = earliest.get(step.step) ?? 1;
    waves.set(step.step, wave);
    for (const waiter of waiters.get(step.step) ?? []) {
      earliest.set(waiter.step, Math.max(earliest.get(waiter.step) ?? 1, wave + 1));
      const left = (open.get(waiter.step) ?? 0) - 1;
      open.set(waiter.step, left);
      if (left === 0) ready.push(waiter);
    }
  }
  return waves;
}
