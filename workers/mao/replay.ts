import { canonicalJson, type Json } from "../platform/canonical-json.ts";
import { problemOf } from "../platform/problem.ts";
import { evaluate, isTrue, resolveTemplates, type Scope, stepsReadBy, stripTemplate, templatesOf } from "./expression.ts";
import type { Graph, Step } from "./graph.ts";
import { type Ending, progressOf, type StepStatus } from "./next-steps.ts";

/** Differences told at once: a graph that differs more is another graph. */
const MAX_DIFFERENCES = 1_000;

/** How a step of the finished run ended. */
export interface RecordedOutcome {
  readonly state: StepStatus;
  /** Which steps its switch chose. */
  readonly chosen: readonly string[];
}

/** A finished run, as far as a replay looks at it. */
export interface FinishedRun {
  readonly graph: Graph;
  readonly inputs: Readonly<Record<string, Json>>;
  readonly outcomeOf: (step: string) => RecordedOutcome | undefined;
  /** What expressions see beside inputs: outputs and states of the recorded steps, signals, updates. */
  readonly scope: Scope;
}

/** One thing that would go another way. */
export interface ReplayDifference {
  readonly step: string;
  readonly kind: "added" | "removed" | "definition" | "input" | "condition" | "branch" | "order" | "depends";
  readonly detail: string;
}

export interface Replay {
  /** Steps whose recorded outcome holds in the changed graph as well. */
  readonly same: number;
  readonly differences: readonly ReplayDifference[];
  /** Whether the run would return the same; `unknown` when that depends on what was never run. */
  readonly outputs: "same" | "different" | "unknown";
}

/**
 * Where a finished run would have gone another way by a changed graph: the steps are taken in the order of the changed graph, each ends as it
 * ended in the run as long as it is the same step with the same inputs, and what depends on a step that never ran like this is said to depend on it. Nothing runs.
 */
export function replay(run: FinishedRun, graph: Graph, inputs: Readonly<Record<string, Json>>): Replay {
  const differences: ReplayDifference[] = [];
  const unknown = new Set<string>();
  const scope: Scope = { ...run.scope, inputs: { ...inputs } };
  const progress = progressOf(graph, { endingOf: () => undefined, isBegun: () => false });
  let same = 0;
  for (let name = progress.next(); name !== undefined; name = progress.next()) {
    const step = graph.steps[name];
    if (step === undefined) continue;
    const look = lookAt({ run, name, step, scope, unknown });
    differences.push(...look.differences);
    if (look.isUnknown) unknown.add(name);
    else same += 1;
    progress.end(name, look.ending);
    differences.push(...lost(run, progress.concluded()));
  }
  for (const name of Object.keys(run.graph.steps))
    if (!Object.hasOwn(graph.steps, name) && hasRun(run.outcomeOf(name)))
      differences.push({ step: name, kind: "removed", detail: "It ran, and is no step of the changed graph." });
  return { same, differences: differences.slice(0, MAX_DIFFERENCES), outputs: outputsOf(run, graph, scope, unknown) };
}

interface LookedAt {
  readonly run: FinishedRun;
  readonly name: string;
  readonly step: Step;
  readonly scope: Scope;
  /** Steps of the changed graph whose outcome no record tells. */
  readonly unknown: ReadonlySet<string>;
}

interface Look {
  readonly ending: Ending;
  readonly isUnknown: boolean;
  readonly differences: readonly ReplayDifference[];
}

/** One step that the changed graph would come to. */
function lookAt(at: LookedAt): Look {
  const { run, name, step, scope, unknown } = at;
  const differs = (kind: ReplayDifference["kind"], detail: string): Look => ({
    ending: { state: "done", chosen: step.switch === undefined ? [] : step.switch.default },
    isUnknown: true,
    differences: [{ step: name, kind, detail }],
  });
  const before = run.graph.steps[name];
  if (before === undefined) return differs("added", "It is no step of the graph that ran; nothing tells how it would end.");
  const depends = readBy(step).filter((read) => unknown.has(read));
  if (depends.length > 0) return differs("depends", `It reads ${depends.join(", ")}, of which no outcome is recorded.`);
  const recorded = run.outcomeOf(name);
  try {
    if (step.when !== undefined && !isTrue(step.when, scope)) {
      const told = hasRun(recorded) ? [{ step: name, kind: "condition", detail: "It ran, and would be skipped." } as const] : [];
      return { ending: { state: "skipped" }, isUnknown: false, differences: told };
    }
    if (!hasRun(recorded)) return differs("condition", "It did not run, and would.");
    if (definitionOf(step) !== definitionOf(before)) return differs("definition", "What it does is defined in another way.");
    const changed = changedInputs(before, step, { ...scope, inputs: { ...run.inputs } }, scope);
    if (changed.length > 0) return differs("input", `It would run with another ${changed.join(", ")}.`);
    return unchanged(at, before, recorded);
  } catch (error) {
    return differs("input", problemOf(error)?.detail ?? "Its expressions cannot be computed.");
  }
}

/** A step that would end as it did; its branches and its place may differ all the same. */
function unchanged({ name, step, scope }: LookedAt, before: Step, recorded: RecordedOutcome): Look {
  const differences: ReplayDifference[] = [];
  const [needs, needed] = [step.needs.toSorted(), before.needs.toSorted()];
  if (needs.join() !== needed.join())
    differences.push({
      step: name,
      kind: "order",
      detail: `It waits for ${needs.join(", ") || "nothing"}, not for ${needed.join(", ") || "nothing"}.`,
    });
  if (recorded.state === "failed") return { ending: { state: "failed" }, isUnknown: false, differences };
  const chosen = step.switch === undefined ? [] : chosenBy(step.switch, name, scope);
  if (step.switch !== undefined && chosen.toSorted().join() !== recorded.chosen.toSorted().join())
    differences.push({
      step: name,
      kind: "branch",
      detail: `It would choose ${chosen.join(", ") || "nothing"}, not ${recorded.chosen.join(", ") || "nothing"}.`,
    });
  return { ending: { state: "done", chosen }, isUnknown: false, differences };
}

function chosenBy(branches: NonNullable<Step["switch"]>, name: string, scope: Scope): readonly string[] {
  const output = stepOutput(scope, name);
  return branches.cases.find(({ when }) => isTrue(when, { ...scope, output }))?.run ?? branches.default;
}

function stepOutput({ steps }: Scope, name: string): Json {
  if (typeof steps !== "object" || steps === null || Array.isArray(steps)) return null;
  const step = steps[name];
  return typeof step === "object" && step !== null && !Array.isArray(step) ? (step.output ?? null) : null;
}

/** The inputs that would not be the same, by their names. Those of a loop or a map are compared as they are written. */
function changedInputs(before: Step, after: Step, then: Scope, now: Scope): string[] {
  const hasLocals = after.for_each !== undefined || after.until !== undefined;
  const value = (given: Json | undefined, scope: Scope): string => {
    if (given === undefined) return "";
    return canonicalJson(hasLocals ? given : resolveTemplates(given, scope));
  };
  const names = [...new Set([...Object.keys(before.with), ...Object.keys(after.with)])];
  const changed = names.filter((name) => value(before.with[name], then) !== value(after.with[name], now));
  if (typeof after.for_each === "string" && typeof before.for_each === "string") {
    const list = (expression: string, scope: Scope) => canonicalJson(evaluate(stripTemplate(expression), scope));
    if (list(before.for_each, then) !== list(after.for_each, now)) changed.push("list of items");
  }
  return changed;
}

/** What a step does, without its inputs, its place and what people call it. */
function definitionOf(step: Step): string {
  const { title: _, needs: __, with: ___, when: ____, switch: _____, priority: ______, for_each, ...rest } = step;
  return canonicalJson(JSON.parse(JSON.stringify({ ...rest, items: Array.isArray(for_each) ? for_each : for_each !== undefined })));
}

/** Steps that ran and could not any more. */
function lost(run: FinishedRun, concluded: readonly { step: string; state: "dead" | "blocked" }[]): ReplayDifference[] {
  return concluded
    .filter(({ step }) => hasRun(run.outcomeOf(step)))
    .map(({ step, state }) => ({
      step,
      kind: "condition",
      detail: state === "dead" ? "It ran, and would not be chosen." : "It ran, and a step it needs would have failed.",
    }));
}

function hasRun(recorded: RecordedOutcome | undefined): recorded is RecordedOutcome {
  return recorded?.state === "done" || recorded?.state === "failed";
}

function readBy(step: Step): string[] {
  const expressions = [
    ...templatesOf(step.with),
    ...(step.when === undefined ? [] : [step.when]),
    ...(typeof step.for_each === "string" ? [step.for_each] : []),
  ];
  return expressions.flatMap(stepsReadBy);
}

function outputsOf(run: FinishedRun, graph: Graph, scope: Scope, unknown: ReadonlySet<string>): Replay["outputs"] {
  if (
    templatesOf(graph.outputs)
      .flatMap(stepsReadBy)
      .some((read) => unknown.has(read))
  )
    return "unknown";
  try {
    const then = resolveTemplates(run.graph.outputs, { ...scope, inputs: { ...run.inputs } });
    return canonicalJson(then) === canonicalJson(resolveTemplates(graph.outputs, scope)) ? "same" : "different";
  } catch {
    return "unknown";
  }
}

/** The steps whose outputs a replay by this graph reads. */
export function readByReplay(run: Graph, graph: Graph): string[] {
  const read = [run, graph].flatMap(({ steps, outputs }) => [
    ...Object.entries(steps).flatMap(([name, step]) =>
      step.switch === undefined ? readBy(step) : [...readBy(step), ...switchReads(name, step)],
    ),
    ...templatesOf(outputs).flatMap(stepsReadBy),
  ]);
  return [...new Set(read)].filter((name) => Object.hasOwn(run.steps, name));
}

function switchReads(name: string, step: Step): string[] {
  return [name, ...(step.switch?.cases ?? []).flatMap(({ when }) => stepsReadBy(when))];
}
