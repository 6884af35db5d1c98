import type { Graph } from "../../workers/mao/graph.ts";
import { isOver, type RunState } from "../../workers/mao/run-state.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import { shownState } from "../graph/scope.ts";
import { hasUndo } from "../graph/undo.ts";
import type { StepRecord } from "../journal/step-record.ts";
import type { RunRecord } from "./run-view.ts";

/** Steps that the run's own document shows; a larger graph is read by pages. */
const MAX_STEPS_SHOWN = 1_000;
/** Open questions and waits that the run's own document shows. */
const MAX_WAITS_SHOWN = 100;

/** What is known of the steps inside a step: items, iterations, turns, calls. */
interface Inside {
  startedAt: number;
  readonly counts: Record<string, number>;
}

/** The steps inside each step of the graph, counted by where they stand. */
function insidesOf(records: ReadonlyMap<string, StepRecord>): ReadonlyMap<string, Inside> {
  const insides = new Map<string, Inside>();
  for (const record of records.values()) {
    const end = record.step.search(/[/#]/);
    if (end < 0) continue;
    const outer = record.step.slice(0, end);
    const startedAt = record.startedAt ?? Number.POSITIVE_INFINITY;
    const inside = insides.get(outer) ?? { startedAt, counts: {} };
    inside.startedAt = Math.min(inside.startedAt, startedAt);
    const stands = record.state === "intended" ? "running" : shownState(record);
    inside.counts[stands] = (inside.counts[stands] ?? 0) + 1;
    insides.set(outer, inside);
  }
  return insides;
}

/** A step that has no record of its own yet stands as what is inside it does. */
function stateByInside(inside: Inside | undefined): "pending" | "waiting" | "running" {
  if (inside === undefined) return "pending";
  return (inside.counts.waiting ?? 0) > 0 && (inside.counts.running ?? 0) === 0 ? "waiting" : "running";
}

/** A step of a run as the API shows it. */
function stepDocument(name: string, step: Graph["steps"][string], record: StepRecord | undefined, inside: Inside | undefined) {
  const status = record === undefined ? stateByInside(inside) : shownState(record);
  const startedAt = inside === undefined ? record?.startedAt : Math.min(inside.startedAt, record?.startedAt ?? Number.POSITIVE_INFINITY);
  const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());
  return {
    step: name,
    title: step.title ?? name,
    uses: step.uses,
    needs: step.needs,
    state: record?.state === "intended" ? ("running" as const) : status,
    attempt: record?.attempt ?? 0,
    startedAt: iso(startedAt),
    finishedAt: iso(record?.finishedAt),
    durationMs: startedAt === undefined || record?.finishedAt === undefined ? undefined : Math.max(0, record.finishedAt - startedAt),
    inside: inside?.counts,
    child: record?.child,
    problem: record?.problem,
  };
}

/** A page of a run's steps with where each stands, in the order of the graph. */
export function stepsDocument(graph: Graph, records: ReadonlyMap<string, StepRecord>, offset: number, limit: number) {
  const steps = Object.entries(graph.steps);
  const insides = insidesOf(records);
  const items = steps.slice(offset, offset + limit).map(([name, step]) => stepDocument(name, step, records.get(name), insides.get(name)));
  return { items, next: offset + limit < steps.length ? offset + limit : undefined };
}

/** A run as the API shows it. */
export function runDocument(state: RunRecord, graph: Graph, records: ReadonlyMap<string, StepRecord>, output: Json | undefined) {
  const insides = insidesOf(records);
  const steps = Object.entries(graph.steps).map(([name, step]) => stepDocument(name, step, records.get(name), insides.get(name)));
  const counts: Record<string, number> = {};
  for (const { state: stands } of steps) counts[stands] = (counts[stands] ?? 0) + 1;
  const waits = [...records.values()]
    .filter((record) => record.state === "waiting" || record.state === "unknown")
    .slice(0, MAX_WAITS_SHOWN)
    .map(({ step, uses, title, on, until, prompt, child }) => ({
      step,
      uses,
      title,
      on: on ?? "human",
      until: until === undefined ? undefined : new Date(until).toISOString(),
      prompt,
      child,
    }));
  return {
    id: state.id,
    title: state.title,
    state: stateOf(state, records.values()),
    createdAt: new Date(state.createdAt).toISOString(),
    updatedAt: new Date(state.updatedAt).toISOString(),
    finishedAt: state.finishedAt === undefined ? undefined : new Date(state.finishedAt).toISOString(),
    constitutionHash: state.constitution?.hash,
    template: state.template,
    schedule: state.schedule,
    parent: state.parent?.run,
    counts,
    waits,
    steps: steps.slice(0, MAX_STEPS_SHOWN),
    undone: hasUndo(graph) ? undoneOf(records) : [],
    output,
    problem: state.problem,
  };
}

/** The steps that took effects back, and how each did. */
function undoneOf(records: ReadonlyMap<string, StepRecord>) {
  const undone = [...records.values()].filter(({ step }) => step.startsWith("undo/") && !step.includes("#"));
  return undone.slice(0, MAX_STEPS_SHOWN).map((record) => ({ step: record.step, state: shownState(record), problem: record.problem }));
}

/** True when a step runs, or is about to be tried again; one that was set back and waits for others is not. */
function isAtWork({ state, final, retryAt }: StepRecord): boolean {
  return state === "intended" || (state === "failed" && final === false && retryAt !== undefined);
}

/**
 * Where a run stands, as people are told: it waits when something waits and nothing is at work. Told by the records alone, so that whoever asks
 * twice, before and after an interruption, hears the same.
 */
export function stateOf(state: RunRecord, records: Iterable<StepRecord>): RunState {
  if (isOver(state.phase) || state.phase !== "running") return state.phase;
  if (state.isPaused) return "paused";
  let isWaiting = false;
  for (const record of records) {
    if (isAtWork(record)) return "running";
    isWaiting ||= record.state === "waiting" || record.state === "unknown";
  }
  return isWaiting ? "waiting" : "running";
}
