import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Graph, graphSchema } from "../../../workers/mao/graph.ts";
import { hasFailed, nextSteps, type StepStatus } from "../../../workers/mao/next-steps.ts";

/** A random graph without circles: a step needs only steps before it. */
const graphs = fc
  .array(fc.record({ needs: fc.array(fc.nat(50), { maxLength: 4 }), goesOn: fc.boolean() }), { minLength: 1, maxLength: 40 })
  .map(
    (steps): Graph =>
      graphSchema.parse({
        steps: Object.fromEntries(
          steps.map(({ needs, goesOn }, i) => [
            `s${i}`,
            {
              uses: "tool:test.effect",
              needs: i === 0 ? [] : [...new Set(needs.map((need) => `s${need % i}`))],
              on_error: goesOn ? "continue" : "fail",
            },
          ]),
        ),
      }),
  );

/** Runs a graph with a random number of steps at a time and random outcomes; checks every start. */
function simulate(graph: Graph, choices: () => number): Map<string, StepStatus> {
  const status = new Map<string, StepStatus>();
  const statusOf = (step: string) => status.get(step) ?? "pending";
  for (let turn = 0; turn < 1_000; turn += 1) {
    const next = nextSteps(graph, statusOf);
    for (const step of next.blocked) status.set(step, "blocked");
    for (const step of next.ready) {
      for (const need of graph.steps[step]?.needs ?? []) {
        const met =
          statusOf(need) === "done" ||
          statusOf(need) === "skipped" ||
          (statusOf(need) === "failed" && graph.steps[need]?.on_error === "continue");
        expect(met, `${step} started before ${need} had ended`).toBe(true);
      }
      if (choices() % 3 > 0) status.set(step, "running");
    }
    const running = [...status].filter(([, state]) => state === "running").map(([step]) => step);
    const ended = running[choices() % Math.max(1, running.length)];
    if (ended !== undefined) status.set(ended, (["done", "done", "failed", "skipped"] as const)[choices() % 4] ?? "done");
    if (nextSteps(graph, statusOf).isComplete) return status;
  }
  throw new Error("the graph never came to an end");
}

describe("the next steps of a graph", () => {
  it("never join early, and always come to an end, in whatever order steps end", () => {
    fc.assert(
      fc.property(graphs, fc.infiniteStream(fc.nat(1_000)), (graph, stream) => {
        const numbers = stream[Symbol.iterator]();
        const status = simulate(graph, () => numbers.next().value ?? 0);
        expect(status.size).toBe(Object.keys(graph.steps).length);
      }),
    );
  });

  it("fail as a whole when a step failed that may not", () => {
    const graph = graphSchema.parse({ steps: { a: { uses: "tool:test.effect" }, b: { uses: "tool:test.effect", needs: ["a"] } } });
    const status = new Map<string, StepStatus>([["a", "failed"]]);
    const statusOf = (step: string) => status.get(step) ?? "pending";
    expect(nextSteps(graph, statusOf).blocked).toEqual(["b"]);
    expect(hasFailed(graph, statusOf)).toBe(true);
  });
});
