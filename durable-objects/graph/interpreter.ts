import { evaluate, isTrue, resolveTemplates, type Scope, stepsReadBy, stripTemplate, templatesOf } from "../../workers/mao/expression.ts";
import type { Graph, Step } from "../../workers/mao/graph.ts";
import { BLOCKED_REASON, hasFailed, nextSteps, type StepStatus } from "../../workers/mao/next-steps.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import { isPlatformReset } from "../../workers/platform/platform-reset.ts";
import { problemOf } from "../../workers/platform/problem.ts";
import type { Journal } from "../journal/journal.ts";
import type { StepRecord } from "../journal/step-record.ts";

/** One step, ready to run: its name in the journal (with the prefix of its graph) and its inputs with every template resolved. */
export interface StepCall {
  readonly name: string;
  readonly step: Step;
  readonly input: Readonly<Record<string, Json>>;
}

/** What an object brings to the interpreter: its journal, and how the kinds of steps run there. */
export interface GraphHost {
  readonly journal: Journal;
  /** True while nothing new may start: paused, cancelled, closed. */
  isStopped(): boolean;
  /**
   * Runs one step until the journal says that it is settled or waits. Problems are recorded there; what it throws are the
   * platform's own resets and bugs.
   */
  run(call: StepCall): Promise<void>;
  /** Steps that start together, for those who watch. */
  onWave?(steps: readonly string[]): void;
}

export interface GraphRun {
  readonly graph: Graph;
  readonly inputs: Readonly<Record<string, Json>>;
  /** Put before the names of steps in the journal: empty for a run, `<step>/` for the graph of a capsule. */
  readonly prefix: string;
}

export type GraphStatus = "done" | "failed" | "waiting" | "stopped";

/**
 * Takes a graph as far as it goes now: starts every step whose needs are met, at most `max_parallel` at a time, until all have
 * ended (`done`, `failed`), or the rest waits for something outside (`waiting`), or nothing new may start (`stopped`). Where it
 * stands is in the journal and nowhere else, so it can be called again at any time, in any incarnation of the object.
 * @throws what `host.run` throws, after the steps that were running have ended
 */
export async function runGraph(host: GraphHost, run: GraphRun): Promise<GraphStatus> {
  const inFlight = new Map<string, Promise<void>>();
  const interruptions: unknown[] = [];
  const statusOf = (name: string) => (inFlight.has(name) ? "running" : statusOfRecord(host.journal.record(run.prefix + name)));
  for (;;) {
    const next = nextSteps(run.graph, statusOf);
    for (const name of next.blocked) host.journal.skip(run.prefix + name, BLOCKED_REASON);
    if (next.blocked.length > 0) continue;
    const isHeld = interruptions.length > 0 || host.isStopped();
    const started = isHeld ? [] : next.ready.slice(0, freeSlots(run, statusOf));
    if (started.length > 0) host.onWave?.(started.map((name) => run.prefix + name));
    for (const name of started) {
      const work = startStep(host, run, name).catch((error: unknown) => void interruptions.push(error));
      inFlight.set(
        name,
        work.finally(() => inFlight.delete(name)),
      );
    }
    if (inFlight.size > 0) {
      await Promise.race(inFlight.values());
      continue;
    }
    return verdict(host, run, next.isComplete, interruptions);
  }
}

/** How it stands when nothing runs any more. @throws the first interruption, the platform's own before bugs */
function verdict(host: GraphHost, run: GraphRun, isComplete: boolean, interruptions: readonly unknown[]): GraphStatus {
  if (interruptions.length > 0) throw interruptions.find(isPlatformReset) ?? interruptions[0];
  if (!isComplete) return host.isStopped() ? "stopped" : "waiting";
  return hasFailed(run.graph, (name) => statusOfRecord(host.journal.record(run.prefix + name))) ? "failed" : "done";
}

/** What a finished graph returns: its `outputs` with every template resolved. */
export async function graphOutputs(host: GraphHost, run: GraphRun): Promise<Json> {
  const scope = await scopeFor(host, run, templatesOf(run.graph.outputs));
  return resolveTemplates(run.graph.outputs, scope);
}

/** True when `output` meets every acceptance condition of the step; otherwise the first that it does not meet. */
export function unmetCondition(step: Step, output: Json): string | undefined {
  return step.accept.find((condition) => !isTrue(condition, { output }));
}

async function startStep(host: GraphHost, run: GraphRun, name: string): Promise<void> {
  const step = run.graph.steps[name];
  if (step === undefined) return;
  const full = run.prefix + name;
  let input: Readonly<Record<string, Json>>;
  try {
    const condition = step.when === undefined ? undefined : stripTemplate(step.when);
    const expressions = [...templatesOf(step.with), ...(condition === undefined ? [] : [condition])];
    const scope = await scopeFor(host, run, expressions);
    if (condition !== undefined && evaluate(condition, scope) !== true) {
      host.journal.skip(full, `its condition does not hold: ${condition}`);
      return;
    }
    // An input that resolves to nothing is left out, so that the tool's own default holds.
    const resolved = Object.entries(step.with).map(([key, value]) => [key, resolveTemplates(value, scope)] as const);
    input = Object.fromEntries(resolved.filter(([, value]) => value !== null));
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    host.journal.fail(full, problem);
    return;
  }
  await host.run({ name: full, step, input });
}

/** The values that these expressions read, and no others: outputs may be large. */
async function scopeFor(host: GraphHost, run: GraphRun, expressions: readonly string[]): Promise<Scope> {
  const steps: Record<string, Json> = {};
  for (const name of new Set(expressions.flatMap(stepsReadBy))) {
    const record = host.journal.record(run.prefix + name);
    steps[name] = { output: record?.state === "done" ? await host.journal.output(run.prefix + name) : null, state: statusOfRecord(record) };
  }
  return { inputs: { ...run.inputs }, steps };
}

/** Steps that may start now: those that wait for an agent work as well, those that wait for a person or a time do not. */
function freeSlots(run: GraphRun, statusOf: (name: string) => StepStatus): number {
  const busy = Object.entries(run.graph.steps).filter(([name, step]) => {
    const status = statusOf(name);
    return status === "running" || (status === "waiting" && step.uses.startsWith("agent:"));
  });
  return Math.max(0, run.graph.max_parallel - busy.length);
}

/** Where a step stands by its record. One that was interrupted, or may be tried again, is pending: whoever runs it asks the journal what to do. */
export function statusOfRecord(record: StepRecord | undefined): StepStatus {
  if (record === undefined) return "pending";
  switch (record.state) {
    case "intended":
      return "pending";
    case "done":
      return "done";
    case "failed":
      return record.final === true ? "failed" : "pending";
    case "unknown":
    case "waiting":
      return "waiting";
    case "skipped":
      return record.problem?.detail === BLOCKED_REASON ? "blocked" : "skipped";
    default:
      return record.state satisfies never;
  }
}
