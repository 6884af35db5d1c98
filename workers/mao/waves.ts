import type { Graph, Step } from "./graph.ts";
import type { GraphFault } from "./graph-fault.ts";

/**
 * The steps of a graph in the order in which they can run: each wave needs only the ones before it. Steps that wait for each other
 * in a circle, and those behind them, are in none; a need that does not exist counts as met.
 */
export function wavesOf(graph: Graph): string[][] {
  const open = new Map<string, number>();
  const waiters = new Map<string, string[]>();
  for (const [name, step] of Object.entries(graph.steps)) {
    const needs = ownNeeds(graph, step);
    open.set(name, needs.size);
    for (const need of needs) {
      const known = waiters.get(need);
      if (known === undefined) waiters.set(need, [name]);
      else known.push(name);
    }
  }
  const waves: string[][] = [];
  let wave = [...open].filter(([, count]) => count === 0).map(([name]) => name);
  while (wave.length > 0) {
    waves.push(wave);
    const next: string[] = [];
    for (const waiter of wave.flatMap((name) => waiters.get(name) ?? [])) {
      const left = (open.get(waiter) ?? 0) - 1;
      open.set(waiter, left);
      if (left === 0) next.push(waiter);
    }
    wave = next;
  }
  return waves;
}

/** The needs of a step that are steps of the graph, each once. */
function ownNeeds(graph: Graph, step: Step): Set<string> {
  return new Set(step.needs.filter((need) => Object.hasOwn(graph.steps, need)));
}

/** One circle is named with all its steps; there may be more behind it. */
export function cycleFaults(graph: Graph, waves: readonly (readonly string[])[]): GraphFault[] {
  const placed = new Set(waves.flat());
  const start = Object.keys(graph.steps).find((name) => !placed.has(name));
  if (start === undefined) return [];
  const places = new Map<string, number>();
  const path: string[] = [];
  let at = start;
  while (!places.has(at)) {
    places.set(at, path.length);
    path.push(at);
    at = graph.steps[at]?.needs.find((need) => Object.hasOwn(graph.steps, need) && !placed.has(need)) ?? start;
  }
  const circle = path.slice(places.get(at));
  if (circle.length === 1) return [];
  return [{ pointer: `/steps/${at}/needs`, message: `steps wait for each other: ${shownCircle([...circle, at])}` }];
}

/** Steps of a circle that are named; of a longer one the first and the last. */
const MAX_SHOWN = 20;

function shownCircle(circle: readonly string[]): string {
  if (circle.length <= MAX_SHOWN) return circle.join(" needs ");
  return [...circle.slice(0, MAX_SHOWN / 2), "…", ...circle.slice(-MAX_SHOWN / 2)].join(" needs ");
}
