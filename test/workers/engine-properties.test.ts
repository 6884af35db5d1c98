import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runGraph } from "../../durable-objects/graph/interpreter.ts";
import { statusOfRecord } from "../../durable-objects/graph/scope.ts";
import type { Journal } from "../../durable-objects/journal/journal.ts";
import { isSettled } from "../../durable-objects/journal/step-record.ts";
import type { Graph } from "../../workers/mao/graph.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { type Effect, hostOf, inObject, open, runOf } from "./engine-host.ts";

interface Drawn {
  readonly needs: number[];
  readonly kind: number;
  readonly size: number;
  readonly onError: number;
  readonly when: number;
  readonly branches: boolean;
  readonly inner: readonly Drawn[];
}

const drawn = (depth: number): fc.Arbitrary<Drawn[]> =>
  fc.array(
    fc.record({
      needs: fc.array(fc.nat(50), { maxLength: 3 }),
      kind: fc.nat(depth > 0 ? 5 : 3),
      size: fc.nat(3),
      onError: fc.nat(3),
      when: fc.nat(5),
      branches: fc.boolean(),
      inner: depth > 0 ? drawn(depth - 1) : fc.constant([]),
    }),
    { minLength: 1, maxLength: depth > 0 ? 9 : 4 },
  );

/** The written form of what was drawn: needs lead back, branches lead to steps that wait. */
function written(steps: readonly Drawn[]): { steps: Record<string, object>; max_parallel: number } {
  const needs = steps.map((step, i) => (i === 0 ? [] : [...new Set(step.needs.map((need) => `s${need % i}`))]));
  const entries = steps.map((step, i) => {
    const [first, ...others] = steps.flatMap((_, j) => (needs[j]?.includes(`s${i}`) === true ? [`s${j}`] : []));
    const goTo = first !== undefined && step.onError === 2;
    return [
      `s${i}`,
      {
        ...kindOf(step),
        needs: needs[i],
        on_error: goTo ? { goto: first } : step.onError === 1 ? "continue" : "fail",
        ...(step.when === 0 ? { when: "1 == 2" } : {}),
        ...(step.branches && others.length > 0
          ? { switch: { cases: [{ when: step.size > 1 ? "true" : "false", run: others.slice(0, 1) }], default: others.slice(1) } }
          : {}),
      },
    ] as const;
  });
  return { steps: Object.fromEntries(entries), max_parallel: 3 };
}

function kindOf({ kind, size, inner }: Drawn): object {
  const leaf = { uses: "tool:test.leaf" };
  if (kind === 2)
    return { ...leaf, for_each: Array.from({ length: size }, (_, i) => i), ...(size > 2 ? { on_item_error: "continue" } : {}) };
  if (kind === 3) return { ...leaf, until: `iteration >= ${size}.0`, max_iterations: 2 };
  if (kind === 4) return { uses: "run:inline", graph: written(inner) };
  if (kind === 5) return { uses: "run:inline", for_each: [0, 1], graph: written(inner) };
  return leaf;
}

/** Whether the effect of this name fails: the same whenever it is asked. */
function fails(name: string, seed: number): boolean {
  let hash = seed;
  for (const letter of name) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0;
  return Math.abs(hash) % 5 === 0;
}

/** How each step of a graph ends, from the definition of the form and not from the order in which things happen. */
function expected(graph: Graph, prefix: string, seed: number): { fates: Map<string, string>; hasFailed: boolean } {
  const fates = new Map<string, string>();
  const once = (name: string, step: Graph["steps"][string]) =>
    step.graph === undefined ? !fails(name, seed) : !expected(step.graph, `${name}/`, seed).hasFailed;
  const succeeds = (name: string, step: Graph["steps"][string]): boolean => {
    if (Array.isArray(step.for_each)) return step.on_item_error === "continue" || step.for_each.every((_, i) => once(`${name}/${i}`, step));
    if (step.until === undefined) return once(name, step);
    const last = Math.max(1, Number(/\d+/.exec(step.until)?.[0]));
    const made = Math.min(last, step.max_iterations ?? 1);
    return last <= made && Array.from({ length: made }, (_, i) => once(`${name}/i${i + 1}`, step)).every(Boolean);
  };
  for (const [name, step] of Object.entries(graph.steps)) {
    const edges = step.needs.map((need) => edge(graph.steps[need], fates.get(need) ?? "", name));
    if (edges.includes("failed")) fates.set(name, "blocked");
    else if (edges.length > 0 && !edges.includes("met")) fates.set(name, "dead");
    else if (step.when !== undefined) fates.set(name, "skipped");
    else fates.set(name, succeeds(prefix + name, step) ? "done" : "failed");
  }
  return { fates, hasFailed: [...fates].some(([name, fate]) => fate === "failed" && graph.steps[name]?.on_error === "fail") };
}

function edge(step: Graph["steps"][string] | undefined, fate: string, to: string): "met" | "dead" | "failed" {
  if (step === undefined || fate === "blocked") return "failed";
  if (fate === "dead") return "dead";
  const goTo = typeof step.on_error === "object" ? step.on_error.goto : undefined;
  if (fate === "failed" && step.on_error === "fail") return "failed";
  if (fate === "failed" && goTo !== undefined) return to === goTo ? "met" : "dead";
  if (to === goTo) return "dead";
  const [only] = step.switch?.cases ?? [];
  if (step.switch === undefined || only === undefined || !(only.run.includes(to) || step.switch.default.includes(to))) return "met";
  const taken = fate === "done" && only.when === "true" ? only.run : step.switch.default;
  return taken.includes(to) ? "met" : "dead";
}

/** What a test cancels with; the detail is found again in what it brings down. */
const CANCELLED = "was cancelled";

/** Cancels a run of steps at a moment of the drawn kind, and remembers how far it had come. */
class Cancelling {
  isCancelled = false;
  /** What was settled when a hard cancel came: it has to stay as it is. */
  readonly settledBefore = new Map<string, string>();
  /** Effects that began after it. */
  readonly begunAfter: string[] = [];
  readonly #mode: "graceful" | "hard";
  readonly #at: number;
  #ticks = 0;

  constructor(mode: "graceful" | "hard", at: number) {
    this.#mode = mode;
    this.#at = at;
  }

  tick(journal: Journal): void {
    this.#ticks += 1;
    if (this.isCancelled || this.#ticks <= this.#at) return;
    this.isCancelled = true;
    if (this.#mode === "graceful") return;
    for (const [name, record] of journal.records)
      if (isSettled(record)) this.settledBefore.set(name, `${record.state} by event ${record.seq}`);
    endAll(journal);
  }
}

function endAll(journal: Journal): void {
  journal.end(undefined, () => new Problem("conflict", CANCELLED));
}

/** Steps of a cancelled graph that are neither as the definition says, nor cut short, nor after one that was. */
function unexplained(journal: Journal, graph: Graph, seed: number): string[] {
  const { fates } = expected(graph, "", seed);
  const cut = new Set<string>();
  const wrong: string[] = [];
  for (const [name, { needs }] of Object.entries(graph.steps)) {
    const record = journal.record(name);
    const isCut = record?.problem?.detail.includes(CANCELLED) === true || needs.some((need) => cut.has(need));
    if (isCut) cut.add(name);
    else if (record !== undefined && statusOfRecord(record) !== fates.get(name)) wrong.push(`${name} is ${statusOfRecord(record)}`);
  }
  return wrong;
}

describe("any graph", () => {
  it("cancelled at any moment begins nothing more, keeps what was done, and leaves nothing open", async () => {
    let hard = 0;
    let graceful = 0;
    await inObject("cancellations", async (storage) => {
      const modes = fc.constantFrom<"graceful" | "hard">("graceful", "hard");
      const numbers = fc.infiniteStream(fc.nat(1_000));
      const property = fc.asyncProperty(drawn(1), fc.integer(), modes, fc.nat(25), numbers, async (steps, seed, mode, at, stream) => {
        for (const table of ["events", "log_state", "snapshots"]) storage.sql.exec(`DROP TABLE IF EXISTS ${table}`);
        const drawing = stream[Symbol.iterator]();
        const draw = (below: number) => (drawing.next().value ?? 0) % below;
        const run = runOf(written(steps));
        const cancelling = new Cancelling(mode, at);
        const brought = new Map<string, string>();
        let interruptions = 0;
        let status = "";
        for (let incarnation = 0; incarnation < 50 && status !== "done" && status !== "failed"; incarnation += 1) {
          const { journal } = open(storage, { at: 1_000 }, () => !cancelling.isCancelled);
          const leaf: Effect = async ({ name }): Promise<Json> => {
            if (cancelling.isCancelled) cancelling.begunAfter.push(name);
            for (let turns = draw(4); turns >= 0; turns -= 1) {
              cancelling.tick(journal);
              await Promise.resolve();
            }
            if (interruptions < 3 && draw(10) === 0) {
              interruptions += 1;
              throw new Error("Network connection lost.");
            }
            brought.set(name, fails(name, seed) ? "failed" : "done");
            if (fails(name, seed)) throw new Problem("invalid-data", "as drawn");
            return null;
          };
          const host = hostOf(journal, { leaf }, { isStopped: () => cancelling.isCancelled });
          status = await runGraph(host, run).catch(() => "interrupted");
          if (!cancelling.isCancelled) continue;
          endAll(journal);
          status = "cancelled";
          break;
        }
        // Whatever was still on its way comes now, too late.
        for (let turns = 0; turns < 50; turns += 1) await Promise.resolve();
        const { journal } = open(storage);
        expect(unexplained(journal, run.graph, seed)).toEqual([]);
        if (status === "cancelled") expect([...journal.open.keys()]).toEqual([]);
        expect(cancelling.begunAfter).toEqual([]);
        for (const [name, how] of cancelling.settledBefore) {
          const record = journal.record(name);
          expect(`${record?.state} by event ${record?.seq}`, name).toBe(how);
        }
        if (mode === "graceful") for (const [name, how] of brought) expect([name, journal.record(name)?.state]).toEqual([name, how]);
        if (status === "cancelled" && mode === "hard") hard += 1;
        if (status === "cancelled" && mode === "graceful") graceful += 1;
      });
      await fc.assert(property, { numRuns: 150 });
    });
    expect(Math.min(hard, graceful)).toBeGreaterThan(20);
  });

  it("ends as its definition says, each effect once, under random orders, interruptions and pauses", async () => {
    await inObject("properties", async (storage) => {
      const property = fc.asyncProperty(drawn(1), fc.integer(), fc.infiniteStream(fc.nat(1_000)), async (steps, seed, stream) => {
        for (const table of ["events", "log_state", "snapshots"]) storage.sql.exec(`DROP TABLE IF EXISTS ${table}`);
        const numbers = stream[Symbol.iterator]();
        const draw = (below: number) => (numbers.next().value ?? 0) % below;
        const run = runOf(written(steps));
        const finished = new Set<string>();
        let interruptions = 0;
        const leaf: Effect = async ({ name }): Promise<Json> => {
          expect(finished.has(name), `${name} ran again`).toBe(false);
          for (let turns = draw(4); turns > 0; turns -= 1) await Promise.resolve();
          if (interruptions < 5 && draw(8) === 0) {
            interruptions += 1;
            throw new Error("Network connection lost.");
          }
          finished.add(name);
          if (fails(name, seed)) throw new Problem("invalid-data", "as drawn");
          return null;
        };
        let status = "";
        for (let incarnation = 0; incarnation < 50 && status !== "done" && status !== "failed"; incarnation += 1) {
          let looks = 0;
          const pausedAfter = draw(40);
          const { journal } = open(storage);
          const host = hostOf(journal, { leaf }, { isStopped: () => incarnation < 10 && ++looks > pausedAfter });
          status = await runGraph(host, run).catch(() => "interrupted");
        }
        const { fates, hasFailed } = expected(run.graph, "", seed);
        const { journal } = open(storage);
        expect(Object.fromEntries(Object.keys(run.graph.steps).map((name) => [name, statusOfRecord(journal.record(name))]))).toEqual(
          Object.fromEntries(fates),
        );
        expect(status).toBe(hasFailed ? "failed" : "done");
      });
      await fc.assert(property, { numRuns: 150 });
    });
  });
});
