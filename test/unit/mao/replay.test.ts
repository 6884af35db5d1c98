import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Graph, graphSchema } from "../../../workers/mao/graph.ts";
import { type FinishedRun, replay } from "../../../workers/mao/replay.ts";
import type { Json } from "../../../workers/platform/canonical-json.ts";

const graphOf = (steps: Record<string, object>, outputs: Record<string, Json> = {}): Graph => graphSchema.parse({ steps, outputs });
const set = (value: Json, rest: object = {}) => ({ uses: "tool:value.set", with: { value }, ...rest });

/** A run in which each of these steps ended like this. */
function finished(
  graph: Graph,
  ended: Record<string, { state: "done" | "failed" | "skipped" | "dead"; output?: Json; chosen?: string[] }>,
): FinishedRun {
  return {
    graph,
    inputs: {},
    outcomeOf: (step) => {
      const end = ended[step];
      return end === undefined ? undefined : { state: end.state, chosen: end.chosen ?? [] };
    },
    scope: {
      steps: Object.fromEntries(Object.entries(ended).map(([name, { state, output }]) => [name, { output: output ?? null, state }])),
    },
  };
}

const before = graphOf(
  { a: set(1), b: set("${steps.a.output}", { needs: ["a"] }), c: set("${steps.b.output}", { needs: ["b"] }) },
  { c: "${steps.c.output}" },
);
const run = finished(before, { a: { state: "done", output: 1 }, b: { state: "done", output: 1 }, c: { state: "done", output: 1 } });
const kinds = (graph: Graph) => replay(run, graph, {}).differences.map(({ step, kind }) => `${step} ${kind}`);

describe("a replay of a finished run", () => {
  it("finds nothing where nothing was changed", () => {
    expect(replay(run, before, {})).toEqual({ same: 3, differences: [], outputs: "same" });
  });

  it("names the step whose input is another, and what depends on it", () => {
    const after = graphOf({ ...before.steps, a: set(2) }, before.outputs);
    expect(replay(run, after, {})).toMatchObject({
      same: 0,
      differences: [
        { step: "a", kind: "input" },
        { step: "b", kind: "depends" },
        { step: "c", kind: "depends" },
      ],
      outputs: "unknown",
    });
  });

  it("names steps that were added, removed, defined in another way, and that wait for others", () => {
    const { a, b } = before.steps;
    expect(kinds(graphOf({ a: a ?? {}, b: b ?? {} }))).toEqual(["c removed"]);
    expect(kinds(graphOf({ ...before.steps, d: set(1) }))).toEqual(["d added"]);
    expect(kinds(graphOf({ ...before.steps, a: { ...set(1), uses: "tool:artifacts.list" } }))[0]).toBe("a definition");
    expect(kinds(graphOf({ ...before.steps, c: set("${steps.b.output}", { needs: ["a", "b"] }) }))).toEqual(["c order"]);
  });

  it("follows conditions and branches to where they would go now", () => {
    expect(kinds(graphOf({ ...before.steps, b: { ...before.steps.b, when: "steps.a.output > 1.0" } }))).toEqual(["b condition"]);
    const forked = graphOf({
      a: set(1, { switch: { cases: [{ when: "output > 0.0", run: ["b"] }], default: ["c"] } }),
      b: set(1, { needs: ["a"] }),
      c: set(1, { needs: ["a"] }),
    });
    const ran = finished(forked, { a: { state: "done", output: 1, chosen: ["b"] }, b: { state: "done", output: 1 }, c: { state: "dead" } });
    expect(replay(ran, forked, {}).differences).toEqual([]);
    const other = graphOf({ ...forked.steps, a: set(1, { switch: { cases: [{ when: "output > 5.0", run: ["b"] }], default: ["c"] } }) });
    expect(
      replay(ran, other, {})
        .differences.map(({ step, kind }) => `${step} ${kind}`)
        .toSorted(),
    ).toEqual(["a branch", "b condition", "c condition"]);
  });

  it("of the graph that ran is always the same, whatever the graph", () => {
    const graphs = fc.array(fc.array(fc.nat(30), { maxLength: 3 }), { minLength: 1, maxLength: 30 }).map((all) =>
      graphOf(
        Object.fromEntries(
          all.map((needs, i) => {
            const own = [...new Set(needs.filter((need) => need < i))].map((need) => `s${need}`);
            return [`s${i}`, set(own.length === 0 ? i : `\${steps.${own[0]}.output}`, { needs: own })];
          }),
        ),
      ),
    );
    fc.assert(
      fc.property(graphs, (graph) => {
        const names = Object.keys(graph.steps);
        const all = finished(graph, Object.fromEntries(names.map((name) => [name, { state: "done" as const, output: 1 }])));
        expect(replay(all, graph, {})).toMatchObject({ same: names.length, differences: [] });
      }),
    );
  });
});
