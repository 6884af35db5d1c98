import type { Graph, Step } from "./graph.ts";
import { rankedQueue } from "./ready-queue.ts";

/** Where a step of a run stands. `dead`: its branch was not chosen. `blocked`: a step it needs has failed. */
export type StepStatus = "pending" | "running" | "waiting" | "done" | "failed" | "skipped" | "dead" | "blocked";

/** How a step ended; of one that is done and has a switch, which steps the switch chose. */
export type Ending =
  | { readonly state: "done"; readonly chosen: readonly string[] }
  | { readonly state: "failed" | "skipped" | "dead" | "blocked" };

/** What the end of a step means for one that needs it. */
export type Edge = "met" | "dead" | "failed";

/** Why a step that never ran was skipped: a record says it by these words. */
export const BLOCKED_REASON = "a step it needs has failed";
export const DEAD_REASON = "not chosen";

/** A step that can never run, found out because others ended. */
export interface Concluded {
  readonly step: string;
  readonly state: "dead" | "blocked";
}

/** How far a graph has come. It is kept up to date step by step: nothing in it looks at all steps again. */
export interface Progress {
  /** Takes the next step whose needs are met: what was begun before first, then by priority, then in the order of the graph. */
  next(): string | undefined;
  /** Lets a step that was taken be taken again. */
  putBack(step: string): void;
  /** Tells how a step ended. A step ends once; telling it again changes nothing. */
  end(step: string, ending: Ending): void;
  /** Takes the steps that can never run, which were found out since this was last asked. */
  concluded(): readonly Concluded[];
  /** True when every step has ended. */
  isComplete(): boolean;
  /** True when a step has failed that was not allowed to. */
  hasFailed(): boolean;
}

/** What the recorded steps say when a graph is taken up. */
export interface Recorded {
  endingOf(step: string): Ending | undefined;
  /** True when someone has begun the step and it has not ended. */
  isBegun(step: string): boolean;
}

/**
 * What the end of `step` means for `to`, which needs it. A need is met by a step that is done or was skipped by its own condition, and by
 * one that failed and may (`continue`). It is dead when a switch or an error branch went another way, or when the step itself is dead.
 * A step that failed with `continue` or was skipped takes the default of its switch.
 */
export function edgeOf(step: Step, ending: Ending, to: string): Edge {
  const onError = typeof step.on_error === "object" ? step.on_error.goto : undefined;
  switch (ending.state) {
    case "blocked":
      return "failed";
    case "dead":
      return "dead";
    case "failed":
      if (onError !== undefined) return to === onError ? "met" : "dead";
      return step.on_error === "continue" ? branchEdge(step, step.switch?.default ?? [], to) : "failed";
    case "skipped":
      return to === onError ? "dead" : branchEdge(step, step.switch?.default ?? [], to);
    case "done":
      if (to === onError && !ending.chosen.includes(to)) return "dead";
      return branchEdge(step, ending.chosen, to);
    default:
      return ending satisfies never;
  }
}

function branchEdge(step: Step, chosen: readonly string[], to: string): Edge {
  return !isBranch(step, to) || chosen.includes(to) ? "met" : "dead";
}

/** True when the step's switch decides about `to`. */
export function isBranch({ switch: branches }: Step, to: string): boolean {
  if (branches === undefined) return false;
  return branches.default.includes(to) || branches.cases.some(({ run }) => run.includes(to));
}

/** The priorities of the schema, and room for as many steps as a graph may have, in one number that a heap can compare. */
const HIGHEST_PRIORITY = 100;
const PRIORITIES = 2 * HIGHEST_PRIORITY + 1;
const RANKS_A_PRIORITY = 2 ** 20;

/**
 * The progress of a graph from what is recorded of its steps. A join is computed from the ends of its needs and from nothing else, so it can
 * neither come early nor be missed: one failed need blocks, all needs dead is dead, and otherwise it waits for all.
 */
export function progressOf(graph: Graph, recorded: Recorded): Progress {
  const { names, indexOf, needs, dependents } = shapeOf(graph);
  const steps = names.map((name) => graph.steps[name]);
  const open = Int32Array.from(needs, (list) => list.length);
  const met = new Int32Array(names.length);
  const ended = new Uint8Array(names.length);
  const ready = rankedQueue();
  let left = names.length;
  let hasFailed = false;
  let found: Concluded[] = [];

  const rankOf = (index: number) => {
    const priority = steps[index]?.priority ?? 0;
    const first = recorded.isBegun(names[index] ?? "") ? 0 : PRIORITIES;
    return (first + HIGHEST_PRIORITY - priority) * RANKS_A_PRIORITY + index;
  };
  const markEnded = (index: number, ending: Ending) => {
    ended[index] = 1;
    left -= 1;
    if (ending.state === "failed" && steps[index]?.on_error === "fail") hasFailed = true;
  };
  /** Tells those that need a step how it ended, and those that need them, as far as that decides their fate. */
  const spread = (from: number, how: Ending) => {
    const queue: [number, Ending][] = [[from, how]];
    for (const [index, ending] of drain(queue)) {
      const step = steps[index];
      if (step === undefined) continue;
      for (const to of dependents[index] ?? []) {
        const edge = edgeOf(step, ending, names[to] ?? "");
        open[to] = (open[to] ?? 0) - 1;
        if (edge === "met") met[to] = (met[to] ?? 0) + 1;
        const fate = ended[to] === 1 ? undefined : fateOf(edge, open[to], met[to] ?? 0);
        if (fate === "ready") ready.push(rankOf(to));
        if (fate !== "dead" && fate !== "blocked") continue;
        found.push({ step: names[to] ?? "", state: fate });
        markEnded(to, { state: fate });
        queue.push([to, { state: fate }]);
      }
    }
  };

  const begun = names.map((name, index) => ({ index, ending: recorded.endingOf(name) }));
  for (const { index, ending } of begun) if (ending !== undefined) markEnded(index, ending);
  for (const { index, ending } of begun) if (ending !== undefined) spread(index, ending);
  for (const { index, ending } of begun) if (ending === undefined && needs[index]?.length === 0) ready.push(rankOf(index));

  return {
    next() {
      const rank = ready.pop();
      return rank === undefined ? undefined : names[rank % RANKS_A_PRIORITY];
    },
    putBack(step) {
      const index = indexOf.get(step);
      if (index !== undefined && ended[index] === 0) ready.push(rankOf(index));
    },
    end(step, ending) {
      const index = indexOf.get(step);
      if (index === undefined || ended[index] === 1) return;
      markEnded(index, ending);
      spread(index, ending);
    },
    concluded() {
      const taken = found;
      found = [];
      return taken;
    },
    isComplete: () => left === 0,
    hasFailed: () => hasFailed,
  };
}

function fateOf(edge: Edge, open: number, met: number): "ready" | Concluded["state"] | undefined {
  if (edge === "failed") return "blocked";
  if (open > 0) return undefined;
  return met > 0 ? "ready" : "dead";
}

function* drain<T>(queue: T[]): Generator<T> {
  for (let item = queue.pop(); item !== undefined; item = queue.pop()) yield item;
}

/** Who needs whom, by the steps' places in the graph. */
interface Shape {
  readonly names: readonly string[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly needs: readonly (readonly number[])[];
  readonly dependents: readonly (readonly number[])[];
}

/** A graph is taken up again whenever its run wakes; what does not change is found out once. */
const shapes = new WeakMap<Graph, Shape>();

function shapeOf(graph: Graph): Shape {
  const known = shapes.get(graph);
  if (known !== undefined) return known;
  const names = Object.keys(graph.steps);
  const indexOf = new Map(names.map((name, index) => [name, index]));
  const dependents: number[][] = names.map(() => []);
  const needs = names.map((name, index) => {
    const own = [...new Set(graph.steps[name]?.needs)].flatMap((need) => indexOf.get(need) ?? []);
    for (const need of own) dependents[need]?.push(index);
    return own;
  });
  const shape = { names, indexOf, needs, dependents };
  shapes.set(graph, shape);
  return shape;
}
