import { Problem } from "../platform/problem.ts";
import { expressionFault, stepsReadBy, stripTemplate, templatesOf } from "./expression.ts";
import { type Graph, graphSchema, type Step } from "./graph.ts";

/** The longest chain of steps that wait for each other: each link wakes the object that runs the graph once more. */
export const MAX_CHAIN = 250;
/** Faults told at once: enough to mend a graph by, few enough for an answer. */
const MAX_FAULTS = 50;

/** One thing that is wrong with a graph, and where (RFC 6901). */
export interface GraphFault {
  readonly pointer: string;
  readonly message: string;
}

/**
 * Checks what the schema of a graph cannot say: that every need exists, that no steps wait for each other in a circle, that every
 * expression parses and reads only steps that have surely ended before.
 * @throws Problem `invalid-graph` naming every fault with a pointer to it
 */
export function validateGraph(graph: Graph): void {
  const errors = graphFaults(graph);
  if (errors.length === 0) return;
  const told = errors.slice(0, 3).map(({ pointer, message }) => `${pointer}: ${message}`);
  throw new Problem("invalid-graph", `The graph cannot run. ${told.join("; ")}.`, { errors });
}

/** A graph that can run, for schemas of what holds one: each fault is an issue at its place. */
export const runnableGraphSchema = graphSchema.superRefine((graph, context) => {
  for (const { pointer, message } of graphFaults(graph)) context.addIssue({ code: "custom", message, path: pointer.slice(1).split("/") });
});

/** What is wrong with a graph, in the order of its steps; nothing when it can run. */
export function graphFaults(graph: Graph): GraphFault[] {
  const waves = wavesOf(graph);
  const bits = bitsOf(graph);
  const upstream = upstreamOf(graph, waves);
  const faults = Object.entries(graph.steps).flatMap(([name, step]) => [
    ...needFaults(graph, name, step),
    ...expressionFaults(graph, name, step, (read) => ((upstream.get(name) ?? 0n) & (bits.get(read) ?? 0n)) !== 0n),
  ]);
  return [...faults, ...cycleFaults(graph, waves), ...chainFaults(waves), ...outputFaults(graph)].slice(0, MAX_FAULTS);
}

/**
 * The steps of a graph in the order in which they can run: each wave needs only the ones before it. Steps that wait for each other
 * in a circle, and those behind them, are in none; a need that does not exist counts as met.
 */
export function wavesOf(graph: Graph): string[][] {
  const open = new Map(Object.entries(graph.steps).map(([name, step]) => [name, ownNeeds(graph, step).size]));
  const waiters = new Map<string, string[]>();
  for (const [name, step] of Object.entries(graph.steps))
    for (const need of ownNeeds(graph, step)) waiters.set(need, [...(waiters.get(need) ?? []), name]);
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

function needFaults(graph: Graph, name: string, step: Step): GraphFault[] {
  return step.needs.flatMap((need, i) => {
    const pointer = `/steps/${name}/needs/${i}`;
    if (need === name) return [{ pointer, message: `${name} needs itself` }];
    if (!Object.hasOwn(graph.steps, need)) return [{ pointer, message: `there is no step ${need}` }];
    return [];
  });
}

/**
 * For each step that can run, all steps that have ended before it begins, as a set of bits in the order of the graph: the largest
 * graph has half a million needs, and lists of ancestors would be walked once for each of them.
 */
function upstreamOf(graph: Graph, waves: readonly (readonly string[])[]): Map<string, bigint> {
  const bits = bitsOf(graph);
  const upstream = new Map<string, bigint>();
  for (const name of waves.flat()) {
    let ended = 0n;
    for (const need of graph.steps[name]?.needs ?? []) ended |= (bits.get(need) ?? 0n) | (upstream.get(need) ?? 0n);
    upstream.set(name, ended);
  }
  return upstream;
}

function bitsOf(graph: Graph): Map<string, bigint> {
  return new Map(Object.keys(graph.steps).map((name, i) => [name, 1n << BigInt(i)]));
}

function expressionFaults(graph: Graph, name: string, step: Step, hasEnded: (read: string) => boolean): GraphFault[] {
  const at = `/steps/${name}`;
  const written = [
    ...templatesOf(step.with).map((expression) => ({ expression, pointer: `${at}/with` })),
    ...(step.when === undefined ? [] : [{ expression: stripTemplate(step.when), pointer: `${at}/when` }]),
    ...step.accept.map((expression, i) => ({ expression: stripTemplate(expression), pointer: `${at}/accept/${i}` })),
  ];
  return written.flatMap(({ expression, pointer }) => {
    const fault = expressionFault(expression);
    if (fault !== undefined) return [{ pointer, message: `\`${expression.slice(0, 200)}\` is no expression: ${fault}` }];
    return stepsReadBy(expression)
      .filter((read) => !hasEnded(read))
      .map((read) => ({ pointer, message: readFault(graph, name, read) }));
  });
}

function readFault(graph: Graph, name: string, read: string): string {
  return Object.hasOwn(graph.steps, read)
    ? `reads ${read}, which may not have ended; add ${read} to the needs of ${name}`
    : `reads ${read}, which is no step`;
}

function outputFaults(graph: Graph): GraphFault[] {
  return Object.entries(graph.outputs).flatMap(([name, value]) =>
    templatesOf(value).flatMap((expression) => {
      const pointer = `/outputs/${name}`;
      const fault = expressionFault(expression);
      if (fault !== undefined) return [{ pointer, message: `\`${expression.slice(0, 200)}\` is no expression: ${fault}` }];
      return stepsReadBy(expression)
        .filter((read) => !Object.hasOwn(graph.steps, read))
        .map((read) => ({ pointer, message: `reads ${read}, which is no step` }));
    }),
  );
}

/** One circle is named with all its steps; there may be more behind it. */
function cycleFaults(graph: Graph, waves: readonly (readonly string[])[]): GraphFault[] {
  const placed = new Set(waves.flat());
  const start = Object.keys(graph.steps).find((name) => !placed.has(name));
  if (start === undefined) return [];
  const path: string[] = [];
  let at = start;
  while (!path.includes(at)) {
    path.push(at);
    at = graph.steps[at]?.needs.find((need) => Object.hasOwn(graph.steps, need) && !placed.has(need)) ?? start;
  }
  const circle = path.slice(path.indexOf(at));
  if (circle.length === 1) return [];
  return [{ pointer: `/steps/${at}/needs`, message: `steps wait for each other: ${[...circle, at].join(" needs ")}` }];
}

function chainFaults(waves: readonly (readonly string[])[]): GraphFault[] {
  if (waves.length <= MAX_CHAIN) return [];
  return [{ pointer: "/steps", message: `${waves.length} steps wait for each other in a row; ${MAX_CHAIN} are the most` }];
}
