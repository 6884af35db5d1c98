import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readyNodes } from "../../../workers/mao/teams/flow.ts";
import { type TeamNode, teamInputSchema } from "../../../workers/mao/teams/team-input.ts";
import type { TeamMessage } from "../../../workers/mao/teams/transcript.ts";

type Drawn = Record<string, { edges?: { to: string; when?: string; group?: string; activation?: "all" | "any" }[] }>;

function nodesOf(drawn: Drawn): Record<string, TeamNode> {
  const nodes = Object.fromEntries(Object.entries(drawn).map(([name, node]) => [name, { agent: "a", ...node }]));
  return teamInputSchema.parse({ agents: ["a"], task: "t", nodes }).nodes ?? {};
}

/** Lets every node that is ready speak, in order, up to a bound. */
function walk(nodes: Record<string, TeamNode>, say: (node: string, turn: number) => string = () => "", turns = 50): string[] {
  const messages: TeamMessage[] = [{ speaker: "user", text: "", at: 0 }];
  const order: string[] = [];
  while (order.length < turns) {
    const [node] = readyNodes(nodes, undefined, messages);
    if (node === undefined) break;
    messages.push({ speaker: node, node, text: say(node, order.length), at: 0 });
    order.push(node);
  }
  return order;
}

describe("a graph of participants", () => {
  it("lets every node of a graph without circles speak once, after all that lead to it", () => {
    const dag = fc.integer({ min: 1, max: 8 }).chain((size) =>
      fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 16 }).map((pairs) => {
        const drawn: Drawn = Object.fromEntries(Array.from({ length: size }, (_, i) => [`n${i}`, { edges: [] }]));
        for (const key of new Set(pairs.filter(([a, b]) => a < b).map(([a, b]) => `${a} ${b}`))) {
          const [from, to] = key.split(" ");
          drawn[`n${from}`]?.edges?.push({ to: `n${to}` });
        }
        return drawn;
      }),
    );
    fc.assert(
      fc.property(dag, (drawn) => {
        const order = walk(nodesOf(drawn));
        expect([...order].sort()).toEqual(Object.keys(drawn).sort());
        for (const [name, node] of Object.entries(drawn))
          for (const { to } of node.edges ?? []) expect(order.indexOf(name)).toBeLessThan(order.indexOf(to));
      }),
    );
  });

  it("waits for all edges of a group, and goes at the first where the group says any", () => {
    const fan = (activation: "all" | "any") =>
      nodesOf({
        a: { edges: [{ to: "b" }, { to: "c" }] },
        b: { edges: [{ to: "d", activation }] },
        c: { edges: [{ to: "d", activation }] },
        d: {},
      });
    expect(walk(fan("all"))).toEqual(["a", "b", "c", "d"]);
    expect(walk(fan("any")).filter((node) => node === "d")).toHaveLength(1);
  });

  it("goes round while a condition says so, and out when it does not", () => {
    const nodes = nodesOf({
      write: { edges: [{ to: "judge" }] },
      judge: {
        edges: [
          { to: "write", when: 'text == "again"', group: "back" },
          { to: "ship", when: 'text == "good"' },
        ],
      },
      ship: {},
    });
    expect(walk(nodes, (node, turn) => (node !== "judge" ? "" : turn < 4 ? "again" : "good"))).toEqual([
      "write",
      "judge",
      "write",
      "judge",
      "write",
      "judge",
      "ship",
    ]);
  });

  it("ends when no condition leads on", () => {
    expect(walk(nodesOf({ a: { edges: [{ to: "b", when: "false" }] }, b: {} }))).toEqual(["a"]);
  });
});
