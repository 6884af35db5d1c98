import type { Project } from "../../../../clients/sdk/client.ts";

export type Task = Project["tasks"][number];

/** One wave of the graph: tasks that wait for none of each other. */
export interface Layer {
  readonly wave: number;
  readonly tasks: readonly Task[];
}

/**
 * Orders tasks by waves: the one a task was started in, or else the first after everything it needs. A task never stands before or
 * beside what it needs; a need that names no task counts for nothing, and a circle (which no valid plan has) ends where it began.
 */
export function layersOf(tasks: readonly Task[]): Layer[] {
  const byStep = new Map(tasks.map((task) => [task.step, task]));
  const waves = new Map<string, number>();
  const waveOf = (task: Task, path: ReadonlySet<string>): number => {
    const known = waves.get(task.step);
    if (known !== undefined) return known;
    const through = new Set(path).add(task.step);
    let wave = task.wave ?? 1;
    for (const need of task.needs) {
      const needed = byStep.get(need);
      if (needed !== undefined && !through.has(need)) wave = Math.max(wave, waveOf(needed, through) + 1);
    }
    waves.set(task.step, wave);
    return wave;
  };
  const layers = new Map<number, Task[]>();
  for (const task of tasks) {
    const wave = waveOf(task, new Set());
    layers.set(wave, [...(layers.get(wave) ?? []), task]);
  }
  return [...layers].sort(([a], [b]) => a - b).map(([wave, members]) => ({ wave, tasks: members }));
}
