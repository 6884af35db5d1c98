import type { Graph } from "../../../mao/graph.ts";
import { type Reading, readingOf } from "./values.ts";

/** Ways to a step that are told one by one; more are one question to the engine. */
const MAX_WAYS = 16;

/** One question on the way to a step. */
export type Guard =
  /** An output has this value. */
  | { readonly kind: "value"; readonly reading: Reading; readonly equals: string }
  /** An expression of ours is true. */
  | { readonly kind: "expression"; readonly expression: string };

/** A step runs when all guards of one of its ways hold; no guards at all: it always runs. */
export type Ways = readonly (readonly Guard[])[];

const EQUALS = /^\s*(.+?)\s*==\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*$/;

/** For each step, when it runs: which switches before it have to choose it, and its own condition. */
export function waysOf(graph: Graph, order: readonly string[]): Map<string, Ways> {
  const alive = new Map<string, Ways>();
  for (const name of order) {
    const needs = graph.steps[name]?.needs ?? [];
    const ways = needs.length === 0 ? [[]] : needs.flatMap((need) => through(graph, need, name, alive.get(need) ?? [[]]));
    alive.set(name, simplest(ways, name));
  }
  const own = order.map((name) => {
    const when = graph.steps[name]?.when;
    const ways = alive.get(name) ?? [[]];
    return [name, when === undefined ? ways : ways.map((way) => [...way, guardOf(graph, undefined, when)])] as const;
  });
  return new Map(own);
}

/** The ways to a step through one that it needs. */
function through(graph: Graph, need: string, name: string, ways: Ways): Ways {
  const step = graph.steps[need];
  const choice = step?.switch;
  const isNamed = choice !== undefined && (choice.default.includes(name) || choice.cases.some(({ run }) => run.includes(name)));
  if (choice === undefined || !isNamed) return ways;
  const chosen = choice.cases.filter(({ run }) => run.includes(name)).map(({ when }) => guardOf(graph, need, when));
  if (choice.default.includes(name)) {
    const others = choice.cases.filter(({ run }) => !run.includes(name)).map(({ when }) => `!(${when})`);
    if (others.length === 0) return ways;
    chosen.push({ kind: "expression", expression: ownOutput(need, others.join(" && ")) });
  }
  return ways.flatMap((way) => chosen.map((guard) => [...way, guard]));
}

function guardOf(graph: Graph, owner: string | undefined, written: string): Guard {
  const bare = /^\s*\$\{([\s\S]*)\}\s*$/.exec(written)?.[1] ?? written;
  const expression = owner === undefined ? bare : ownOutput(owner, bare);
  const [, read = "", text = ""] = EQUALS.exec(expression) ?? [];
  const reading = readingOf(graph, read);
  if (reading === undefined || text.includes("\\")) return { kind: "expression", expression };
  return { kind: "value", reading, equals: text.slice(1, -1) };
}

function ownOutput(step: string, expression: string): string {
  return expression.replace(/(?<![\w.])output\b/g, `steps.${step}.output`);
}

/** A way without guards makes the others needless. */
function simplest(ways: Ways, name: string): Ways {
  if (ways.some((way) => way.length === 0)) return [[]];
  return ways.length <= MAX_WAYS ? ways : [[{ kind: "expression", expression: `steps.${name}.isDue` }]];
}
