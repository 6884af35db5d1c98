import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Graph, graphSchema } from "../../../workers/mao/graph.ts";
import { graphFaults, validateGraph } from "../../../workers/mao/validate.ts";
import { wavesOf } from "../../../workers/mao/waves.ts";
import { problemOf } from "../../../workers/platform/problem.ts";

function graph(steps: Record<string, object>, outputs: Record<string, string> = {}): Graph {
  const named = Object.entries(steps).map(([name, step]) => [name, { uses: "tool:data.query", ...step }]);
  return graphSchema.parse({ steps: Object.fromEntries(named), outputs });
}

const named = (i: number) => `s${i}`;

/** Graphs without circles: a step needs only ones with a smaller number, and the steps stand in any order. */
const acyclic = fc
  .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 30 })
  .chain((needs) =>
    fc.shuffledSubarray(
      needs.map((of, i) => [named(i), { needs: i === 0 ? [] : of.map((need) => named(need % i)) }] as const),
      { minLength: needs.length },
    ),
  )
  .map((entries) => graph(Object.fromEntries(entries)));

describe("waves", () => {
  it("hold every step of a graph without circles once, behind all it needs", () => {
    fc.assert(
      fc.property(acyclic, (candidate) => {
        const waves = wavesOf(candidate);
        expect(waves.flat().sort()).toEqual(Object.keys(candidate.steps).sort());
        const place = new Map(waves.flatMap((wave, i) => wave.map((name) => [name, i] as const)));
        for (const [name, step] of Object.entries(candidate.steps)) {
          const behind = step.needs.map((need) => place.get(need) ?? -1);
          expect(place.get(name)).toBe(Math.max(-1, ...behind) + 1);
        }
        expect(graphFaults(candidate)).toEqual([]);
      }),
    );
  });

  it("show a circle wherever one need is turned back", () => {
    fc.assert(
      fc.property(acyclic, fc.nat(), (candidate, pick) => {
        const waiting = Object.entries(candidate.steps).filter(([, step]) => step.needs.length > 0);
        fc.pre(waiting.length > 0);
        const [name, step] = waiting[pick % waiting.length] ?? ["", undefined];
        const [need = ""] = step?.needs ?? [];
        candidate.steps[need]?.needs.push(name);
        const fault = graphFaults(candidate).find(({ message }) => message.startsWith("steps wait for each other: "));
        const circle = fault?.message.replace("steps wait for each other: ", "").split(" needs ") ?? [];
        expect(circle.length).toBeGreaterThan(2);
        expect(circle[0]).toBe(circle.at(-1));
        for (const [i, member] of circle.slice(0, -1).entries()) expect(candidate.steps[member]?.needs).toContain(circle[i + 1]);
      }),
    );
  });
});

describe("a graph that cannot run", () => {
  it.each([
    ["a need that does not exist", graph({ a: { needs: ["b"] } }), "/steps/a/needs/0", "there is no step b"],
    ["a need that is only a word of the language", graph({ a: { needs: ["constructor"] } }), "/steps/a/needs/0", "there is no step"],
    ["a step that needs itself", graph({ a: { needs: ["a"] } }), "/steps/a/needs/0", "a needs itself"],
    ["two that wait for each other", graph({ a: { needs: ["b"] }, b: { needs: ["a"] } }), "/steps/a/needs", "a needs b needs a"],
    [
      "a reader of what is not upstream",
      graph({ a: {}, b: { with: { x: "${steps.a.output}" } } }),
      "/steps/b/with",
      "add a to the needs of b",
    ],
    ["a reader of what is no step", graph({ a: { when: "steps.z.output == 1" } }), "/steps/a/when", "reads z, which is no step"],
    ["an expression that does not parse", graph({ a: { accept: ["output ==="] } }), "/steps/a/accept/0", "is no expression"],
    ["an output of what is no step", graph({ a: {} }, { all: "${steps.b.output}" }), "/outputs/all", "reads b"],
    [
      "a branch to what is no step",
      graph({ a: { switch: { cases: [{ when: "true", run: ["b"] }] } } }),
      "/steps/a/switch/cases/0/run/0",
      "there is no step b",
    ],
    [
      "a branch to a step that does not wait",
      graph({ a: { switch: { cases: [{ when: "true", run: ["b"] }], default: ["c"] } }, b: { needs: ["a"] }, c: {} }),
      "/steps/a/switch/default/0",
      "add a to the needs of c",
    ],
    [
      "an error branch to a step that does not wait",
      graph({ a: { on_error: { goto: "b" } }, b: {} }),
      "/steps/a/on_error/goto",
      "wait for a",
    ],
    ["an agent that nobody defines", graph({ a: { uses: "agent:bob" } }), "/steps/a/uses", "no agent bob"],
    ["a remote agent that nobody defines", graph({ a: { uses: "a2a:bob" } }), "/steps/a/uses", "no remote agent bob"],
    ["a signal that nobody names", graph({ a: { uses: "signal:paid" } }), "/steps/a/uses", "no signal paid"],
    ["a rate that nobody defines", graph({ a: { rate: "slow" } }), "/steps/a/rate", "no rate slow"],
    [
      "an undo that does not end by itself",
      graph({ a: { undo: { uses: "human:input" } } }),
      "/steps/a/undo/uses",
      "cannot take an effect back",
    ],
    ["an undo by an agent that nobody defines", graph({ a: { undo: { uses: "agent:bob" } } }), "/steps/a/undo/uses", "no agent bob"],
    ["an inline graph that is missing", graph({ a: { uses: "run:inline" } }), "/steps/a", "needs a graph"],
    [
      "a fault in a graph inside a step",
      graph({ a: { uses: "run:inline", graph: { steps: { b: { uses: "tool:value.set", needs: ["c"] } } } } }),
      "/steps/a/graph/steps/b/needs/0",
      "there is no step c",
    ],
    ["a list that is no expression", graph({ a: { for_each: "inputs.[" } }), "/steps/a/for_each", "is no expression"],
    [
      "a loop that reads what has not ended",
      graph({ a: { until: "steps.b.output == 1.0" }, b: {} }),
      "/steps/a/until",
      "add b to the needs",
    ],
    [
      "an expression that is nested too deep",
      graph({ a: { when: `${"(".repeat(300)}1${")".repeat(300)}` } }),
      "/steps/a/when",
      "is no expression",
    ],
    ["an expression of too many parts", graph({ a: { when: Array(600).fill("1").join("+") } }), "/steps/a/when", "is no expression"],
    [
      "macros in macros",
      graph({ a: { with: { x: "${[1].map(a, [1].map(b, [1].map(c, 1)))}" } } }),
      "/steps/a/with",
      "more than 2 of all, exists, map, filter",
    ],
    ["a template without end", graph({ a: { with: { x: `\${${"1+".repeat(1_500)}1}` } } }), "/steps/a/with", "characters"],
  ])("because of %s is refused, with the place of the fault", (_, candidate, pointer, message) => {
    expect(graphFaults(candidate)).toContainEqual({ pointer, message: expect.stringContaining(message) });
    try {
      validateGraph(candidate);
      expect.unreachable("it was taken");
    } catch (error) {
      expect(problemOf(error)?.type).toBe("invalid-graph");
    }
  });

  it("may read what is upstream of a need, and name anything in its outputs", () => {
    const chain = graph(
      { a: {}, b: { needs: ["a"] }, c: { needs: ["b"], with: { x: "${steps.a.output}" } } },
      { all: "${steps.c.output}" },
    );
    expect(() => validateGraph(chain)).not.toThrow();
  });
});

describe("the largest graph", () => {
  const chain = (steps: number) =>
    Object.fromEntries(
      Array.from({ length: steps }, (_, i) => [named(i), { uses: "tool:value.set", needs: i === 0 ? [] : [named(i - 1)] }]),
    );

  it("of ten thousand steps in a row can run, and one step more is refused by its place", () => {
    const largest = graphSchema.parse({ steps: chain(10_000) });
    expect(graphFaults(largest)).toEqual([]);
    expect(graphSchema.safeParse({ steps: chain(10_001) }).error?.issues).toMatchObject([
      { path: ["steps"], message: "a graph holds at most 10000 steps" },
    ]);
  });

  it("in a circle is refused without naming every step", () => {
    const steps = chain(5_000);
    const circle = graphSchema.parse({ steps: { ...steps, s0: { uses: "tool:value.set", needs: ["s4999"] } } });
    expect(graphFaults(circle)[0]?.message.length).toBeLessThan(1_000);
  });

  it("nested deeper than graphs may be is refused where it becomes too deep", () => {
    let inner: object = { steps: { leaf: { uses: "tool:value.set" } } };
    for (let depth = 0; depth < 9; depth += 1) inner = { steps: { s: { uses: "run:inline", graph: inner } } };
    expect(graphFaults(graphSchema.parse(inner))).toEqual([
      { pointer: "/steps/s/graph".repeat(9), message: "graphs may be nested 8 deep" },
    ]);
  });
});
