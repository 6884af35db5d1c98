import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Graph, graphSchema } from "../../../workers/mao/graph.ts";
import { type Ending, edgeOf, progressOf } from "../../../workers/mao/next-steps.ts";

const fresh = { endingOf: () => undefined, isBegun: () => false };

interface Drawn {
  readonly needs: number[];
  readonly onError: number;
  readonly branches: boolean;
  readonly priority: number;
}

/** A random graph without circles: a step needs only steps before it; errors and switches lead to steps after it that need it. */
const graphs = fc
  .array(
    fc.record({
      needs: fc.array(fc.nat(50), { maxLength: 4 }),
      onError: fc.nat(3),
      branches: fc.boolean(),
      priority: fc.integer({ min: -2, max: 2 }),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map(graphOf);

function graphOf(drawn: readonly Drawn[]): Graph {
  const needs = drawn.map((step, i) => (i === 0 ? [] : [...new Set(step.needs.map((need) => `s${need % i}`))]));
  const steps = drawn.map(({ onError, branches, priority }, i) => {
    const dependents = drawn.flatMap((_, j) => (needs[j]?.includes(`s${i}`) ? [`s${j}`] : []));
    const [first, ...others] = dependents;
    return {
      uses: "tool:value.set",
      needs: needs[i],
      priority,
      on_error: first !== undefined && onError === 2 ? { goto: first } : onError === 1 ? "continue" : "fail",
      ...(branches && others.length > 0
        ? { switch: { cases: [{ when: "true", run: others.slice(0, 1) }], default: others.slice(1) } }
        : {}),
    };
  });
  return graphSchema.parse({ steps: Object.fromEntries(steps.map((step, i) => [`s${i}`, step])) });
}

/** The fate of every step once all have ended, worked out from the definition and not step by step. */
function fates(graph: Graph, outcomes: ReadonlyMap<string, Ending>): Map<string, string> {
  const fate = new Map<string, Ending>();
  for (const [name, step] of Object.entries(graph.steps)) {
    const edges = step.needs.map((need) => {
      const from = graph.steps[need];
      const ending = fate.get(need);
      return from === undefined || ending === undefined ? "failed" : edgeOf(from, ending, name);
    });
    if (edges.includes("failed")) fate.set(name, { state: "blocked" });
    else if (edges.length > 0 && !edges.includes("met")) fate.set(name, { state: "dead" });
    else fate.set(name, outcomes.get(name) ?? { state: "done", chosen: [] });
  }
  return new Map([...fate].map(([name, { state }]) => [name, state]));
}

describe("the progress of a graph", () => {
  it("joins exactly, in whatever order steps end, and wherever it is taken up again", () => {
    fc.assert(
      fc.property(graphs, fc.infiniteStream(fc.nat(1_000)), (graph, stream) => {
        const numbers = stream[Symbol.iterator]();
        const draw = (below: number) => (numbers.next().value ?? 0) % below;
        const outcomes = new Map<string, Ending>();
        for (const [name, step] of Object.entries(graph.steps)) {
          const cases = step.switch === undefined ? [[]] : [step.switch.cases[0]?.run ?? [], step.switch.default];
          const chosen = cases[draw(cases.length)] ?? [];
          outcomes.set(name, draw(4) > 0 ? { state: "done", chosen } : { state: draw(2) === 0 ? "failed" : "skipped" });
        }
        const ended = new Map<string, Ending>();
        const running = new Set<string>();
        const record = () => {
          for (const { step, state } of progress.concluded()) ended.set(step, { state });
        };
        let progress = progressOf(graph, fresh);
        for (let turn = 0; turn < 500 && !progress.isComplete(); turn += 1) {
          for (let next = progress.next(); next !== undefined && running.size < 3; next = progress.next()) running.add(next);
          const ending = [...running][draw(Math.max(1, running.size))];
          if (ending !== undefined) {
            running.delete(ending);
            const how = outcomes.get(ending) ?? { state: "failed" };
            ended.set(ending, how);
            progress.end(ending, how);
          }
          record();
          // The object that runs the graph dies: what was running begins again from what is recorded.
          if (draw(4) === 0 || running.size === 3) {
            running.clear();
            progress = progressOf(graph, { endingOf: (step) => ended.get(step), isBegun: () => false });
            record();
          }
        }
        expect(progress.isComplete()).toBe(true);
        expect(new Map([...ended].map(([name, { state }]) => [name, state]))).toEqual(fates(graph, outcomes));
        const mayNot = Object.entries(graph.steps).some(([name, step]) => ended.get(name)?.state === "failed" && step.on_error === "fail");
        expect(progress.hasFailed()).toBe(mayNot);
      }),
    );
  });

  it("gives out what was begun first, then by priority, then in the order of the graph", () => {
    const step = (priority: number) => ({ uses: "tool:value.set", priority });
    const graph = graphSchema.parse({ steps: { low: step(-5), first: step(0), second: step(0), urgent: step(9), begun: step(-9) } });
    const progress = progressOf(graph, { endingOf: () => undefined, isBegun: (name) => name === "begun" });
    expect(Array.from({ length: 6 }, () => progress.next())).toEqual(["begun", "urgent", "first", "second", "low", undefined]);
  });

  it("blocks what needs a failed step at once, without waiting for the rest", () => {
    const uses = "tool:value.set";
    const graph = graphSchema.parse({ steps: { a: { uses }, slow: { uses }, b: { uses, needs: ["a", "slow"] } } });
    const progress = progressOf(graph, fresh);
    progress.end("a", { state: "failed" });
    expect(progress.concluded()).toEqual([{ step: "b", state: "blocked" }]);
    expect(progress.isComplete()).toBe(false);
  });
});
