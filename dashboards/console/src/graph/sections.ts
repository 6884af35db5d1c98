import type { GraphStep, Layer } from "./layers.ts";

/** A graph of no more steps than this is shown whole. */
export const MAX_STEPS_SHOWN_WHOLE = 60;
/** Waves are gathered into one section while they hold no more steps than this together. */
const STEPS_A_SECTION = 40;

/** Waves that are shown, or folded to a row of dots, together. */
export interface Section {
  /** The number of its first wave: its name. */
  readonly id: number;
  readonly layers: readonly Layer[];
  readonly steps: readonly GraphStep[];
}

/** The sections of a graph, in the order of its waves: each wave is one in a small graph; in a large one, waves that follow each other are gathered. */
export function sectionsOf(layers: readonly Layer[]): Section[] {
  const total = layers.reduce((sum, layer) => sum + layer.steps.length, 0);
  const gathered: Layer[][] = [];
  let held = 0;
  for (const layer of layers) {
    const last = gathered.at(-1);
    if (last !== undefined && total > MAX_STEPS_SHOWN_WHOLE && held + layer.steps.length <= STEPS_A_SECTION) {
      last.push(layer);
      held += layer.steps.length;
    } else {
      gathered.push([layer]);
      held = layer.steps.length;
    }
  }
  return gathered.map((members) => ({ id: members[0]?.wave ?? 0, layers: members, steps: members.flatMap(({ steps }) => steps) }));
}

/** `Wave 3`, `Waves 3–12`. */
export function sectionName({ layers }: Section): string {
  const [first, last] = [layers[0]?.wave, layers.at(-1)?.wave];
  return first === last ? `Wave ${first}` : `Waves ${first}–${last}`;
}

/** True when a section of a large graph wants to be seen: something goes on in it, waits for someone or has failed. */
export function wantsAttention({ steps }: Section): boolean {
  return steps.some(({ state }) => state === "running" || state === "waiting" || state === "failed");
}

/** True when what is looked for is in the step's title, name or kind. */
export function isFound({ title, step, uses }: GraphStep, wanted: string): boolean {
  const text = wanted.trim().toLowerCase();
  return text !== "" && [title, step, uses].some((part) => part.toLowerCase().includes(text));
}

/** How many steps stand where, the most telling first. */
export function countsOf(steps: readonly GraphStep[]): [GraphStep["state"], number][] {
  const order = ["failed", "blocked", "waiting", "running", "pending", "done", "skipped"] as const;
  const counts = new Map<string, number>();
  for (const { state } of steps) counts.set(state, (counts.get(state) ?? 0) + 1);
  return order.flatMap((state): [GraphStep["state"], number][] => {
    const count = counts.get(state) ?? 0;
    return count === 0 ? [] : [[state, count]];
  });
}
