import { type Flow, type FlowNode, successorsOf } from "./flow.ts";

/** Nodes that run as one loop, because the flow can come back to them. */
export interface Region {
  readonly nodes: readonly FlowNode[];
  /** Nodes of it that are entered from outside. */
  readonly entries: readonly string[];
  /** Nodes behind it, of which one is taken when it has ended. */
  readonly exits: readonly string[];
}

/**
 * The cycles of a flow, each with what must run inside its loop. What follows a cycle stays outside when the loop leaves to it by
 * one choice at its end; when a cycle starts work beside itself and goes on, that work and what follows it belong into the loop.
 */
export function regionsOf(flow: Flow): Region[] {
  const nodes = new Map(flow.nodes.map((node) => [node.name, node]));
  const next = new Map(flow.nodes.map((node) => [node.name, successorsOf(node)]));
  let groups = cyclesOf(next).map((cycle) => new Set(cycle));
  // Each pass takes nodes into a group or joins two; there are no more passes than nodes.
  for (let changed = true; changed; ) {
    changed = false;
    for (const group of groups) if (!leavesByOneChoice(flow, nodes, group)) changed = absorb(next, group) || changed;
    const joined = joinGroups(groups);
    changed = changed || joined.length !== groups.length;
    groups = joined;
  }
  return groups.map((group) => regionOf(flow, nodes, next, group));
}

function regionOf(
  flow: Flow,
  nodes: ReadonlyMap<string, FlowNode>,
  next: ReadonlyMap<string, readonly string[]>,
  group: ReadonlySet<string>,
): Region {
  return {
    nodes: flow.nodes.filter(({ name }) => group.has(name)),
    entries: entriesOf(flow, nodes, group),
    exits: [...new Set([...group].flatMap((name) => next.get(name) ?? []))].filter((name) => !group.has(name)),
  };
}

function entriesOf(flow: Flow, nodes: ReadonlyMap<string, FlowNode>, group: ReadonlySet<string>): string[] {
  const entered = new Set(flow.entries);
  for (const [name, node] of nodes) if (!group.has(name)) for (const to of successorsOf(node)) entered.add(to);
  return [...group].filter((name) => entered.has(name));
}

/** True when at every moment one node of the group runs, and the flow leaves it by a choice, and for good. */
function leavesByOneChoice(flow: Flow, nodes: ReadonlyMap<string, FlowNode>, group: ReadonlySet<string>): boolean {
  const members = [...group].flatMap((name) => nodes.get(name) ?? []);
  const leaves = members.some((node) => successorsOf(node).some((name) => !group.has(name)));
  if (!leaves) return true;
  const runsOneAtATime = members.every((node) => node.always.length + (node.cases.length > 0 || node.otherwise !== undefined ? 1 : 0) <= 1);
  return runsOneAtATime && entriesOf(flow, nodes, group).length <= 1;
}

/** Takes everything into the group that can be reached from it; false when nothing is new. */
function absorb(next: ReadonlyMap<string, readonly string[]>, group: Set<string>): boolean {
  const before = group.size;
  const open = [...group];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const to of next.get(name) ?? []) {
      if (group.has(to)) continue;
      group.add(to);
      open.push(to);
    }
  }
  return group.size > before;
}

function joinGroups(groups: readonly Set<string>[]): Set<string>[] {
  const joined: Set<string>[] = [];
  for (const group of groups) {
    const other = joined.find((one) => [...group].some((name) => one.has(name)));
    if (other === undefined) joined.push(group);
    else for (const name of group) other.add(name);
  }
  return joined;
}

/** The cycles of a directed graph: its strongly connected components that hold an edge (Kosaraju and Sharir), found without recursion. */
function cyclesOf(next: ReadonlyMap<string, readonly string[]>): string[][] {
  const back = new Map<string, string[]>([...next.keys()].map((name) => [name, []]));
  for (const [name, targets] of next) for (const to of targets) back.get(to)?.push(name);
  const placed = new Set<string>();
  const components = finishOrder(next)
    .reverse()
    .map((root) => reachedFrom(root, back, placed));
  return components.filter(([name, ...others]) => name !== undefined && (others.length > 0 || next.get(name)?.includes(name)));
}

/** All nodes, each after those that are found from it. */
function finishOrder(next: ReadonlyMap<string, readonly string[]>): string[] {
  const seen = new Set<string>();
  const finished: string[] = [];
  for (const root of next.keys()) {
    if (seen.has(root)) continue;
    seen.add(root);
    const path = [{ name: root, rest: [...(next.get(root) ?? [])] }];
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const to = at.rest.pop();
      if (to === undefined) {
        finished.push(at.name);
        path.pop();
      } else if (!seen.has(to)) {
        seen.add(to);
        path.push({ name: to, rest: [...(next.get(to) ?? [])] });
      }
    }
  }
  return finished;
}

/** What is reached from a node and has no place yet; all of it is placed. */
function reachedFrom(root: string, next: ReadonlyMap<string, readonly string[]>, placed: Set<string>): string[] {
  if (placed.has(root)) return [];
  placed.add(root);
  const reached = [root];
  for (const name of reached) {
    for (const to of next.get(name) ?? []) {
      if (placed.has(to)) continue;
      placed.add(to);
      reached.push(to);
    }
  }
  return reached;
}
