import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Graph, graphSchema } from "../../../workers/mao/graph.ts";
import { graphFaults, MAX_CHAIN, validateGraph, wavesOf } from "../../../workers/mao/validate.ts";
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
      "a chain without end",
      graph(Object.fromEntries(Array.from({ length: MAX_CHAIN + 1 }, (_, i) => [named(i), { needs: i === 0 ? [] : [named(i - 1)] }]))),
      "/steps",
      "in a row",
    ],
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
