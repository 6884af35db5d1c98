import type { Binding } from "./binding.ts";
import type { Drawing, DrawnEdge, DrawnNode } from "./drawing.ts";

/** A node that only runs the tools another node asked for, and that other node. */
export interface ToolLoop {
  readonly agent: DrawnNode;
  readonly tools: DrawnNode;
}

/**
 * Finds the pairs of agent ⇄ tools (`create_react_agent` draws one). An agent's step here runs its tools itself, so that such a pair is one step.
 */
export function toolLoopsOf(drawing: Drawing, binding: Binding): ToolLoop[] {
  const nodes = new Map(drawing.nodes.map((node) => [node.id, node]));
  return drawing.nodes.flatMap((tools) => {
    if (!runsTools(tools, binding)) return [];
    const askers = new Set(drawing.edges.filter(({ target }) => target === tools.id).map(({ source }) => source));
    const followers = new Set(drawing.edges.filter(({ source }) => source === tools.id).map(({ target }) => target));
    const [asker] = askers;
    if (asker === undefined || askers.size !== 1 || followers.size !== 1 || !followers.has(asker)) return [];
    const agent = nodes.get(asker);
    if (agent === undefined || runsTools(agent, binding) || !isAgent(agent, binding)) return [];
    return [{ agent, tools }];
  });
}

/** A drawing in which the tools nodes of these loops are part of their agents. */
export function withoutToolLoops(drawing: Drawing, loops: readonly ToolLoop[]): Drawing {
  const tools = new Set(loops.map((loop) => loop.tools.id));
  const agents = new Set(loops.map((loop) => loop.agent.id));
  const edges = drawing.edges.filter(({ source, target }) => !tools.has(source) && !tools.has(target));
  const choices = new Map<string, number>();
  for (const edge of edges) if (edge.isConditional) choices.set(edge.source, (choices.get(edge.source) ?? 0) + 1);
  return {
    ...drawing,
    nodes: drawing.nodes.filter(({ id }) => !tools.has(id)),
    // What was "tools or go on" is "go on".
    edges: edges.map(
      (edge): DrawnEdge => (agents.has(edge.source) && choices.get(edge.source) === 1 ? { ...edge, isConditional: false } : edge),
    ),
  };
}

function runsTools(node: DrawnNode, binding: Binding): boolean {
  const bound = binding.nodes[node.id];
  if (bound?.uses !== undefined || bound?.agent !== undefined) return false;
  return bound?.tools !== undefined || node.kind === "ToolNode";
}

function isAgent(node: DrawnNode, binding: Binding): boolean {
  return binding.nodes[node.id]?.uses?.startsWith("agent:") ?? true;
}
