import { durationMs } from "../../workers/mao/duration.ts";
import { evaluate, isTrue, resolveTemplates, stripTemplate, templatesOf } from "../../workers/mao/expression.ts";
import { type Graph, MAX_ITEMS, type Step } from "../../workers/mao/graph.ts";
import { preparedInputs } from "../../workers/mao/inputs.ts";
import { iterationName } from "../../workers/mao/step-names.ts";
import { MAX_GRAPH_DEPTH } from "../../workers/mao/validate.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import { Problem, problemOf } from "../../workers/platform/problem.ts";
import { recordedProblem } from "../journal/journal.ts";
import { NO_RETRY } from "../journal/retry.ts";
import { isBegun, isSettled } from "../journal/step-record.ts";
import { depthOf, type GraphHost, type GraphRun, innerRun, type StepCall, usesAround } from "./graph-run.ts";
import { graphUnits, type StepWork } from "./graph-units.ts";
import { itemUnits, iterationUnits } from "./item-units.ts";
import { type Rates, ratesOf, windowOf } from "./rates.ts";
import { isVolatile, type Locals, scopeFor } from "./scope.ts";
import { expireStep, isWaitKind, startWait } from "./waits.ts";
import { workThrough } from "./work-through.ts";

export type GraphStatus = "done" | "failed" | "waiting" | "stopped";

/** What the interpreter computes itself is one row, is never tried again and takes no time to speak of. */
const COMPUTED = { isOutside: false, onUnknown: "retry", retry: NO_RETRY, timeoutMs: 60_000 } as const;
/** Iterations of a loop that names no bound of its own. */
const DEFAULT_ITERATIONS = 100;
/** Items of a `for_each` that are worked on at once, when it names no bound of its own. */
const DEFAULT_PARALLEL_ITEMS = 8;

/** A graph that is being run, and what its parts share. */
interface Running {
  readonly host: GraphHost;
  readonly run: GraphRun;
  readonly rates: Rates;
}

/** A step of a running graph, or one item or iteration of it, under its name in the journal. */
export interface Unit {
  readonly name: string;
  readonly step: Step;
  readonly locals: Locals;
}

/**
 * Takes a graph as far as it goes now: starts every step whose needs are met, at most `max_parallel` at a time, until all have
 * ended (`done`, `failed`), or the rest waits for something outside (`waiting`), or nothing new may start (`stopped`). Where it
 * stands is in the journal and nowhere else, so it can be called again at any time, in any incarnation of the object.
 * @throws what `host.run` throws, after the steps that were running have ended
 */
export async function runGraph(host: GraphHost, run: GraphRun): Promise<GraphStatus> {
  return runWithRates(host, run, undefined);
}

async function runWithRates(host: GraphHost, run: GraphRun, outer: Rates | undefined): Promise<GraphStatus> {
  if (depthOf(run) > MAX_GRAPH_DEPTH) throw new Problem("limit-exceeded", `Graphs may be nested ${MAX_GRAPH_DEPTH} deep.`);
  const running = { host, run, rates: ratesOf(host.journal, run, outer) };
  const units = () => graphUnits(host, run, running.rates, graphWork(running));
  let hasFailed = () => false;
  const status = await workThrough(host, () => {
    const made = units();
    hasFailed = made.hasFailed;
    return made;
  });
  if (status !== "over") return status;
  return hasFailed() ? "failed" : "done";
}

/** What a finished graph returns: its `outputs` with every template resolved. */
export async function graphOutputs(host: GraphHost, run: GraphRun): Promise<Json> {
  const scope = await scopeFor(host, run, templatesOf(run.graph.outputs), {});
  return resolveTemplates(run.graph.outputs, scope);
}

/** True when `output` meets every acceptance condition of the step; otherwise the first that it does not meet. */
export function unmetCondition(step: Step, output: Json): string | undefined {
  return step.accept.find((condition) => !isTrue(condition, { output }));
}

/** The first step of a graph, in its order, that has failed and was not allowed to; undefined when there is none. */
export function firstFailure(host: GraphHost, { graph, prefix }: GraphRun): { step: string; problem: Problem } | undefined {
  for (const [step, { on_error }] of Object.entries(graph.steps)) {
    const record = host.journal.record(prefix + step);
    if (record?.state === "failed" && record.final === true && on_error === "fail") return { step, problem: recordedProblem(record) };
  }
  return undefined;
}

function graphWork(running: Running): StepWork {
  const { graph, prefix } = running.run;
  const unitOf = (name: string): Unit | undefined => {
    const step = graph.steps[name.slice(prefix.length)];
    return step === undefined ? undefined : { name, step, locals: {} };
  };
  return {
    async work(name) {
      const unit = unitOf(name);
      if (unit !== undefined) await recordingProblem(running.host, name, () => runStep(running, unit));
    },
    async settled(name) {
      const unit = unitOf(name);
      if (unit === undefined) return;
      if (unit.step.for_each === undefined && unit.step.until === undefined) await checkAccepted(running, unit);
      await recordingProblem(running.host, name, () => decideSwitch(running, unit));
    },
    deadline(name) {
      const unit = unitOf(name);
      return unit === undefined || unit.step.for_each !== undefined || unit.step.until !== undefined
        ? undefined
        : deadlineOf(running, unit);
    },
    expire: (name) => expireStep(running.host, name),
  };
}

/** A step from its condition on: spread over items, repeated, or as it is. */
async function runStep(running: Running, unit: Unit): Promise<void> {
  const { host, run } = running;
  const { name, step, locals } = unit;
  const { journal } = host;
  if (step.when !== undefined && !isBegun(journal, name)) {
    const condition = stripTemplate(step.when);
    if (evaluate(condition, await scopeFor(host, run, [condition], locals)) !== true) {
      journal.skip(name, `its condition does not hold: ${condition}`);
      return;
    }
  }
  if (step.for_each !== undefined) await runItems(running, unit, step.for_each);
  else await runRepeated(running, unit);
}

async function runItems(running: Running, unit: Unit, written: NonNullable<Step["for_each"]>): Promise<void> {
  const { host, run } = running;
  const { name, step } = unit;
  const { journal } = host;
  const items = await itemsOf(host, run, unit, written);
  const startedAt = journal.record(`${name}#items`)?.startedAt ?? journal.clock.now();
  const itemOf = (unitName: string): Unit => {
    const index = Number(unitName.slice(name.length + 1));
    return { name: unitName, step, locals: { ...unit.locals, item: items[index] ?? null, index } };
  };
  const each: StepWork = {
    work: (item) => recordingProblem(host, item, () => runRepeated(running, itemOf(item))),
    settled: (item) => (step.until === undefined ? checkAccepted(running, itemOf(item)) : undefined),
    deadline: (item) => (step.until === undefined ? deadlineOf(running, itemOf(item)) : undefined),
    expire: (item) => expireStep(host, item),
  };
  let failure: () => string | undefined = () => undefined;
  const status = await workThrough(stoppedWith(host, name), () => {
    const units = itemUnits({
      journal,
      step: name,
      window: step.until === undefined ? windowOf(running.rates, step) : undefined,
      each,
      items: items.length,
      limit: Math.min(step.max_parallel ?? DEFAULT_PARALLEL_ITEMS, run.graph.max_parallel),
      mayFail: () => step.on_item_error === "continue",
    });
    failure = units.firstFailure;
    return units;
  });
  if (status !== "over" || isEnded(host, name)) return;
  const failed = failure();
  if (failed !== undefined) throw innerProblem(host, failed, `Item ${failed.slice(name.length + 1)}`);
  journal.finishList(name, step.uses, items.length, startedAt);
}

/** The list of a `for_each`. One that was computed is recorded, so that an interruption cannot change it. */
export async function itemsOf(
  host: GraphHost,
  run: GraphRun,
  { name, step, locals }: Unit,
  written: NonNullable<Step["for_each"]>,
): Promise<Json[]> {
  const expressions = typeof written === "string" ? [stripTemplate(written)] : templatesOf(written);
  if (typeof written !== "string" && expressions.length === 0) return written;
  const { title } = step;
  const list = await host.journal.step(`${name}#items`, { uses: "items", title, ...COMPUTED }, async () => {
    const scope = await scopeFor(host, run, expressions, locals);
    const value = typeof written === "string" ? evaluate(expressions[0] ?? "", scope) : resolveTemplates(written, scope);
    if (!Array.isArray(value)) throw new Problem("invalid-graph", `for_each wants a list, and \`${written}\` is none.`);
    if (value.length > MAX_ITEMS)
      throw new Problem("limit-exceeded", `for_each has ${value.length} items; ${MAX_ITEMS} are the most. Spread them over several steps.`);
    return value;
  });
  return Array.isArray(list) ? list : [];
}

async function runRepeated(running: Running, unit: Unit): Promise<void> {
  const { host, run } = running;
  const { name, step, locals } = unit;
  if (step.until === undefined) return runOnce(running, unit);
  const { journal } = host;
  const until = stripTemplate(step.until);
  const outputOf = async (iteration: number) => (iteration < 1 ? null : journal.output(iterationName(name, iteration)));
  const iterationOf = async (unitName: string): Promise<Unit> => {
    const iteration = Number(unitName.slice(name.length + 2));
    return { name: unitName, step, locals: { ...locals, iteration, previous: await outputOf(iteration - 1) } };
  };
  const each: StepWork = {
    work: (at) => recordingProblem(host, at, async () => runOnce(running, await iterationOf(at))),
    settled: (at) => checkAccepted(running, { ...unit, name: at }),
    deadline: (at) => deadlineOf(running, { ...unit, name: at }),
    expire: (at) => expireStep(host, at),
  };
  const most = step.max_iterations ?? DEFAULT_ITERATIONS;
  let outcome = { last: () => 1, isMet: () => false };
  const status = await workThrough(stoppedWith(host, name), () => {
    const units = iterationUnits({
      journal,
      step: name,
      window: windowOf(running.rates, step),
      each,
      most,
      everyMs: step.every === undefined ? 0 : durationMs(step.every),
      isLast: async (iteration) => {
        const seen = { ...locals, iteration, output: await outputOf(iteration), previous: await outputOf(iteration - 1) };
        return evaluate(until, await scopeFor(host, run, [until], seen)) === true;
      },
    });
    outcome = units;
    return units;
  });
  if (status !== "over" || isEnded(host, name)) return;
  const last = outcome.last();
  if (outcome.isMet()) await finish(host, unit, await outputOf(last));
  else if (journal.record(iterationName(name, last))?.state !== "done")
    throw innerProblem(host, iterationName(name, last), `Iteration ${last}`);
  else throw new Problem("limit-exceeded", `\`${until}\` did not hold after ${most} iterations.`);
}

/** One run of a step, for one item and one iteration. */
async function runOnce(running: Running, unit: Unit): Promise<void> {
  const { host, run } = running;
  const { name, step } = unit;
  const input = await inputOf(host, run, unit);
  const call: StepCall = { name, step, input, within: run };
  await host.journal.admit([step.uses, ...usesAround(run)]);
  if (isWaitKind(step.uses)) return startWait(host, call);
  // The limit of a step that takes many turns counts from a recorded start.
  if (isTimedHere(step) && host.journal.record(name) === undefined) host.journal.intend(name, { uses: step.uses, title: step.title });
  if (step.uses === "run:inline") await runInline(running, call, step.graph);
  else await host.run(call);
}

/** The inputs of a step. Those that read what may change meanwhile are recorded, so that every try gets the same. */
export async function inputOf(host: GraphHost, run: GraphRun, { name, step, locals }: Unit): Promise<Readonly<Record<string, Json>>> {
  const expressions = templatesOf(step.with);
  const resolve = async () => {
    const scope = await scopeFor(host, run, expressions, locals);
    const resolved = Object.entries(step.with).map(([key, value]) => [key, resolveTemplates(value, scope)] as const);
    // An input that resolves to nothing is left out, so that the tool's own default holds; expressions of an inline graph read it as null.
    return Object.fromEntries(resolved.filter(([, value]) => value !== null || step.uses === "run:inline"));
  };
  if (!expressions.some(isVolatile)) return resolve();
  const recorded = await host.journal.step(`${name}#input`, { uses: "input", ...COMPUTED }, resolve);
  return typeof recorded === "object" && recorded !== null && !Array.isArray(recorded) ? recorded : {};
}

async function runInline(running: Running, call: StepCall, graph: Graph | undefined): Promise<void> {
  if (graph === undefined) throw new Problem("invalid-graph", "run:inline needs a `graph`.");
  const { host } = running;
  const run = innerRun(call, graph, inlineInputs(graph, call.input));
  const status = await runWithRates(stoppedWith(host, call.name), run, running.rates);
  if (isEnded(host, call.name)) return;
  if (status === "failed") {
    const failure = firstFailure(host, run);
    throw failure === undefined
      ? new Problem("tool-failed", "A step inside failed.")
      : innerProblem(host, run.prefix + failure.step, `Step ${failure.step}`);
  }
  if (status === "done") await finish(host, { name: call.name, step: call.step, locals: {} }, await graphOutputs(host, run));
}

/** The inputs of an inline graph: all that its step is given, unless it declares what it takes. */
export function inlineInputs(graph: Graph, given: StepCall["input"]): StepCall["input"] {
  return Object.keys(graph.inputs).length === 0 ? given : preparedInputs(graph, given);
}

/** Records what a step has come to that the interpreter itself worked on. */
async function finish(host: GraphHost, { name, step }: Unit, output: Json): Promise<void> {
  await host.journal.step(name, { uses: step.uses, title: step.title, ...COMPUTED }, async () => output);
}

/** Kinds whose results are judged where they run, since they may be tried again for it. */
const JUDGED_WHERE_RUN = /^(tool|capsule|agent|team):/;

/** A result that does not meet the conditions of its step is the failure of the step. */
async function checkAccepted({ host }: Running, { name, step }: Unit): Promise<void> {
  if (step.accept.length === 0 || JUDGED_WHERE_RUN.test(step.uses)) return;
  if (host.journal.record(name)?.state !== "done") return;
  await recordingProblem(host, name, async () => {
    const unmet = unmetCondition(step, await host.journal.output(name));
    if (unmet !== undefined) throw new Problem("tool-failed", `The result of ${step.uses} does not meet its condition: ${unmet}.`);
  });
}

/** Records which steps the switch of a finished step chooses: what it read may change later. */
async function decideSwitch({ host, run }: Running, { name, step }: Unit): Promise<void> {
  const record = host.journal.record(name);
  if (step.switch === undefined || record?.state !== "done" || record.chosen !== undefined) return;
  const conditions = step.switch.cases.map(({ when }) => stripTemplate(when));
  const scope = await scopeFor(host, run, conditions, { output: await host.journal.output(name) });
  const taken = step.switch.cases.find((_, i) => evaluate(conditions[i] ?? "", scope) === true);
  host.journal.branch(name, taken?.run ?? step.switch.default);
}

/** Kinds whose limit is not kept by what runs them. */
function isTimedHere(step: Step): boolean {
  return step.timeout !== undefined && !step.uses.startsWith("tool:") && !isWaitKind(step.uses);
}

function deadlineOf({ host }: Running, { name, step }: Unit): number | undefined {
  if (step.timeout === undefined || !isTimedHere(step)) return undefined;
  return (host.journal.record(name)?.startedAt ?? host.journal.clock.now()) + durationMs(step.timeout);
}

/** What runs inside a step stops when the step was ended from outside. */
function stoppedWith(host: GraphHost, step: string): GraphHost {
  return {
    journal: host.journal,
    isStopped: () => host.isStopped() || isEnded(host, step),
    run: (call) => host.run(call),
    scope: () => host.scope?.() ?? {},
    onSignalWait: async () => host.onSignalWait?.(),
    onExpired: async (record) => host.onExpired?.(record),
    wakeAt: (at) => host.wakeAt?.(at),
  };
}

function isEnded(host: GraphHost, step: string): boolean {
  const record = host.journal.record(step);
  return record !== undefined && isSettled(record);
}

function innerProblem(host: GraphHost, step: string, what: string): Problem {
  const record = host.journal.record(step);
  if (record === undefined) return new Problem("tool-failed", `${what} did not end.`);
  const { type, detail } = recordedProblem(record);
  return new Problem(type, `${what} failed: ${detail}`);
}

/** Turns a problem on the way to a step into its recorded failure, unless the step was ended meanwhile. */
export async function recordingProblem(host: GraphHost, step: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    const record = host.journal.record(step);
    const isFailed = record?.state === "failed" && record.final === true;
    if (!isFailed && record?.state !== "unknown" && record?.state !== "skipped") host.journal.fail(step, problem);
  }
}
