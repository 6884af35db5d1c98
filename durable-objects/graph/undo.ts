import { resolveTemplates, templatesOf } from "../../workers/mao/expression.ts";
import { type Graph, stepSchema } from "../../workers/mao/graph.ts";
import { itemName, iterationName, undoName } from "../../workers/mao/step-names.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import { outersOf } from "../journal/step-records.ts";
import { type GraphHost, type GraphRun, innerRun } from "./graph-run.ts";
import { inlineInputs, inputOf, itemsOf, recordingProblem, type Unit } from "./interpreter.ts";
import { scopeFor } from "./scope.ts";
import { expireStep } from "./waits.ts";
import { type Units, type WorkStatus, workThrough } from "./work-through.ts";

/** A finished step whose effect can be taken back, and the graph it belongs to. */
interface Undoable {
  readonly unit: Unit;
  readonly run: GraphRun;
  /** When it ended, as the number of the event that says so. */
  readonly endedAt: number;
}

/** True when a graph, or one inside it, says how to take effects back. */
export function hasUndo(graph: Graph): boolean {
  return Object.values(graph.steps).some((step) => step.undo !== undefined || (step.graph !== undefined && hasUndo(step.graph)));
}

/**
 * Takes back what a run has done, in the reverse of the order in which it was done: each step that is done and has an `undo` gets a step
 * `undo/<name>`. One that fails is recorded as failed and does not stop the others. It goes on where it was, like a graph.
 */
export async function runUndo(host: GraphHost, run: GraphRun): Promise<WorkStatus> {
  const found = hasUndo(run.graph) ? await undoables(host, run) : [];
  const byName = new Map(found.sort((a, b) => b.endedAt - a.endedAt).map((undoable) => [undoName(undoable.unit.name), undoable]));
  return workThrough(host, () => undoUnits(host, byName));
}

function undoUnits(host: GraphHost, byName: ReadonlyMap<string, Undoable>): Units {
  const left = [...byName.keys()].reverse();
  let open = left.length;
  const ended = new Set<string>();
  return {
    limit: 1,
    unitOf: (step) => [step, ...outersOf(step)].find((name) => byName.has(name)),
    next: () => left.pop(),
    putBack: (unit) => void left.push(unit),
    work: async (unit) => {
      const undoable = byName.get(unit);
      if (undoable !== undefined) await recordingProblem(host, unit, () => undo(host, unit, undoable));
    },
    settled(unit) {
      if (ended.has(unit)) return;
      ended.add(unit);
      open -= 1;
    },
    dueAt: () => undefined,
    deadline: () => undefined,
    expire: (unit) => expireStep(host, unit),
    isBusy: () => true,
    isOver: () => open === 0,
  };
}

async function undo(host: GraphHost, name: string, { unit, run }: Undoable): Promise<void> {
  const { undo: how, title } = unit.step;
  if (how === undefined) return;
  const locals = { ...unit.locals, output: await host.journal.output(unit.name) };
  const scope = await scopeFor(host, run, templatesOf(how.with), locals);
  const resolved = Object.entries(how.with).map(([key, value]) => [key, resolveTemplates(value, scope)] as const);
  const input: Record<string, Json> = Object.fromEntries(resolved.filter(([, value]) => value !== null));
  const step = stepSchema.parse({ uses: how.uses, title: how.title ?? `Undo: ${title ?? unit.name}`.slice(0, 200) });
  await host.run({ name, step, input, within: run });
}

/** The steps that are done and can be taken back. A finished inline graph that says itself how it is taken back stands for its steps. */
async function undoables(host: GraphHost, run: GraphRun): Promise<Undoable[]> {
  const found: Undoable[] = [];
  for (const [name, step] of Object.entries(run.graph.steps)) {
    if (step.undo === undefined && (step.graph === undefined || !hasUndo(step.graph))) continue;
    for (const unit of await leavesOf(host, run, { name: run.prefix + name, step, locals: {} })) {
      const record = host.journal.record(unit.name);
      if (step.undo !== undefined && record?.state === "done") found.push({ unit, run, endedAt: record.seq });
      else if (step.graph !== undefined && host.journal.hasInner(unit.name)) {
        const call = { name: unit.name, step, input: await inputOf(host, run, unit), within: run };
        found.push(...(await undoables(host, innerRun(call, step.graph, inlineInputs(step.graph, call.input)))));
      }
    }
  }
  return found;
}

/** A step, or its items and iterations, as far as they were begun. */
async function leavesOf(host: GraphHost, run: GraphRun, unit: Unit): Promise<Unit[]> {
  const { name, step, locals } = unit;
  if (step.for_each === undefined) return iterationsOf(host, unit);
  if (!host.journal.hasInner(name)) return [];
  const items = await itemsOf(host, run, unit, step.for_each);
  const leaves: Unit[] = [];
  for (const [index, item] of items.entries())
    leaves.push(...(await iterationsOf(host, { name: itemName(name, index), step, locals: { ...locals, item, index } })));
  return leaves;
}

async function iterationsOf({ journal }: GraphHost, unit: Unit): Promise<Unit[]> {
  const { name, step, locals } = unit;
  if (step.until === undefined) return [unit];
  const leaves: Unit[] = [];
  let previous: Json = null;
  for (let iteration = 1; ; iteration += 1) {
    const at = iterationName(name, iteration);
    if (journal.record(at) === undefined && !journal.hasInner(at)) return leaves;
    leaves.push({ name: at, step, locals: { ...locals, iteration, previous } });
    if (journal.record(at)?.state === "done") previous = await journal.output(at);
  }
}
