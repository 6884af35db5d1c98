import { evaluate } from "../expression.ts";
import type { TeamNode } from "./team-input.ts";
import type { TeamMessage } from "./transcript.ts";

type Nodes = Readonly<Record<string, TeamNode>>;

/** Where a graph of participants stands: who may speak now, and what was taken of the edges into each group. */
interface FlowState {
  readonly ready: string[];
  readonly taken: Map<string, number>;
  readonly queued: Set<string>;
}

/**
 * The nodes that are to speak now, in order, after what was said: a pure fold over the messages, so that it is the same after any interruption. A node starts when all edges of one of its groups were
 * taken, or at the first where the group says `any`, and may start again. Nobody is ready: the graph has come to its end.
 * @throws Problem `invalid-graph` when a condition cannot be computed
 */
export function readyNodes(nodes: Nodes, start: string | undefined, messages: readonly TeamMessage[]): readonly string[] {
  const state: FlowState = { ready: [...startNodes(nodes, start)], taken: new Map(), queued: new Set() };
  for (const message of messages) if (message.node !== undefined) advance(nodes, state, message.node, message);
  return state.ready;
}

/** Where a graph begins: the named node, or every node that no edge leads to; the first one when every node is part of a circle. */
export function startNodes(nodes: Nodes, start: string | undefined): readonly string[] {
  if (start !== undefined) return [start];
  const targets = new Set(Object.values(nodes).flatMap((node) => node.edges.map((edge) => edge.to)));
  const sources = Object.keys(nodes).filter((name) => !targets.has(name));
  return sources.length > 0 ? sources : Object.keys(nodes).slice(0, 1);
}

function advance(nodes: Nodes, state: FlowState, name: string, message: TeamMessage): void {
  const at = state.ready.indexOf(name);
  if (at >= 0) state.ready.splice(at, 1);
  for (const key of [...state.queued]) if (key.startsWith(groupKey(name, ""))) state.queued.delete(key);
  for (const edge of nodes[name]?.edges ?? []) {
    const isTaken = edge.when === undefined || evaluate(edge.when, { text: message.text, speaker: message.speaker }) === true;
    if (!isTaken) continue;
    const key = groupKey(edge.to, edge.group ?? edge.to);
    const taken = (state.taken.get(key) ?? 0) + 1;
    const isReady = edge.activation === "any" ? !state.queued.has(key) : taken >= edgesOf(nodes, edge.to, edge.group ?? edge.to);
    if (edge.activation === "all") state.taken.set(key, isReady ? 0 : taken);
    if (!isReady) continue;
    state.ready.push(edge.to);
    if (edge.activation === "any") state.queued.add(key);
  }
}

function edgesOf(nodes: Nodes, target: string, group: string): number {
  return Object.values(nodes).flatMap((node) => node.edges.filter((edge) => edge.to === target && (edge.group ?? target) === group)).length;
}

function groupKey(node: string, group: string): string {
  return `${node}\u0000${group}`;
}
