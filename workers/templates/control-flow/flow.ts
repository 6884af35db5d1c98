import type { z } from "zod";
import type { stepSchema } from "../../mao/graph.ts";
import type { Json } from "../../platform/canonical-json.ts";

/**
 * What the frameworks that draw control flow have in common: nodes, and after each node the choice of the next. `compileFlow` makes steps of
 * it. Expressions (CEL) read `inputs.<name>` and `steps.<node>.output`, wherever the step comes to stand; a node inside a cycle
 * sees of its neighbours what they answered last, null before they ran.
 */

/** A step before its needs are known. */
export interface StepDraft extends Omit<z.input<typeof stepSchema>, "with" | "needs" | "switch" | "until" | "max_iterations" | "every"> {
  readonly with?: Record<string, Json> | undefined;
}

/** One way on: taken when the condition is the first of its node's that is true. */
export interface FlowCase {
  /** CEL over `steps.<node>.output` and all that the node sees. */
  readonly when: string;
  /** A node's name; undefined ends this path. */
  readonly to: string | undefined;
}

export interface FlowNode {
  /** Name of its step. */
  readonly name: string;
  readonly main: StepDraft;
  /** Comes before it (LangGraph's interrupt before a node); its step is called `<name>_before`. */
  readonly before?: StepDraft | undefined;
  /** `<name>_after`. */
  readonly after?: StepDraft | undefined;
  /** Decides between `cases`, which read its output as `steps.<name>_route.output`. */
  readonly router?: StepDraft | undefined;
  /** Nodes that follow whatever the cases say. */
  readonly always: readonly string[];
  readonly cases: readonly FlowCase[];
  /** True when no two of the cases can be true at once: labels of one answer. */
  readonly casesExclude: boolean;
  /** Follows when no case is true; undefined ends this path. */
  readonly otherwise: string | undefined;
}

export interface Flow {
  readonly nodes: readonly FlowNode[];
  /** Where it begins: nodes that run at the start. */
  readonly entries: readonly string[];
  /** Names of the graph's inputs. */
  readonly inputs: readonly string[];
  /** Rounds a cycle may go: LangGraph's `recursion_limit`. */
  readonly maxRounds: number;
}

/** The steps a node becomes, in the order they run. */
export function stepsOfNode(node: FlowNode): { readonly name: string; readonly draft: StepDraft }[] {
  return [
    ...(node.before === undefined ? [] : [{ name: `${node.name}_before`, draft: node.before }]),
    { name: node.name, draft: node.main },
    ...(node.after === undefined ? [] : [{ name: `${node.name}_after`, draft: node.after }]),
    ...(node.router === undefined ? [] : [{ name: `${node.name}_route`, draft: node.router }]),
  ];
}

/** The nodes that may follow a node, each once. */
export function successorsOf(node: FlowNode): string[] {
  const chosen = [...node.cases.map(({ to }) => to), node.otherwise];
  return [...new Set([...node.always, ...chosen.filter((to) => to !== undefined)])];
}

/**
 * When each of a node's chosen successors is taken, as one condition over what the node sees: the case itself, and none of those before it
 * that lead elsewhere.
 */
export function choicesOf(node: FlowNode): ReadonlyMap<string, string> {
  const taken = new Map<string, string[]>();
  const before: FlowCase[] = [];
  const add = (to: string, when: string | undefined): void => {
    const known = node.casesExclude && when !== undefined ? [] : before;
    const rivals = known.filter((rival) => rival.to !== to).map((rival) => `!(${rival.when})`);
    const condition = [...rivals, ...(when === undefined ? [] : [`(${when})`])].join(" && ");
    taken.set(to, [...(taken.get(to) ?? []), condition === "" ? "true" : condition]);
  };
  for (const one of node.cases) {
    if (one.to !== undefined) add(one.to, one.when);
    before.push(one);
  }
  if (node.otherwise !== undefined) add(node.otherwise, undefined);
  return new Map(
    [...taken].map(([to, conditions]) => [
      to,
      conditions.length === 1 ? (conditions[0] ?? "true") : conditions.map((c) => `(${c})`).join(" || "),
    ]),
  );
}

/** A flow without the nodes that nothing leads to, and their names. */
export function reachableFlow(flow: Flow): { readonly flow: Flow; readonly dropped: readonly string[] } {
  const nodes = new Map(flow.nodes.map((node) => [node.name, node]));
  const reached = new Set(flow.entries);
  const open = [...reached];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = nodes.get(name);
    for (const to of node === undefined ? [] : successorsOf(node)) {
      if (reached.has(to)) continue;
      reached.add(to);
      open.push(to);
    }
  }
  return {
    flow: { ...flow, nodes: flow.nodes.filter(({ name }) => reached.has(name)) },
    dropped: flow.nodes.map(({ name }) => name).filter((name) => !reached.has(name)),
  };
}
