import { Problem } from "../platform/problem.ts";
import { type Graph, graphSchema } from "./graph.ts";
import type { GraphFault } from "./graph-fault.ts";
import { expressionFaults } from "./validate-expressions.ts";
import { referenceFaults } from "./validate-references.ts";
import { cycleFaults, wavesOf } from "./waves.ts";

/** Faults told at once: enough to mend a graph by, few enough for an answer. */
const MAX_FAULTS = 50;
/** Graphs inside graphs. */
export const MAX_GRAPH_DEPTH = 8;

/**
 * Checks what the schema of a graph cannot say: that every step, agent, rate and signal that is named exists, that no steps wait for each
 * other in a circle, that branches lead to steps that wait for them, that every expression parses and reads only steps that have
 * surely ended before.
 * @throws Problem `invalid-graph` naming every fault with a pointer to it
 */
export function validateGraph(graph: Graph): void {
  const errors = graphFaults(graph);
  if (errors.length === 0) return;
  const told = errors.slice(0, 3).map(({ pointer, message }) => `${pointer}: ${message}`);
  throw new Problem("invalid-graph", `The graph cannot run. ${told.join("; ")}.`, { errors });
}

/** A graph that can run, for schemas of what holds one: each fault is an issue at its place. */
export const runnableGraphSchema = graphSchema.superRefine((graph, context) => {
  for (const { pointer, message } of graphFaults(graph)) context.addIssue({ code: "custom", message, path: pointer.slice(1).split("/") });
});

/** What is wrong with a graph, in the order of its steps; nothing when it can run. */
export function graphFaults(graph: Graph): GraphFault[] {
  return faultsAt(graph, "", []).slice(0, MAX_FAULTS);
}

/** @param outer the graphs that this one is inside of, from the outermost */
function faultsAt(graph: Graph, at: string, outer: readonly Graph[]): GraphFault[] {
  if (outer.length > MAX_GRAPH_DEPTH) return [{ pointer: at, message: `graphs may be nested ${MAX_GRAPH_DEPTH} deep` }];
  const waves = wavesOf(graph);
  const own = [...referenceFaults(graph, outer), ...expressionFaults(graph, waves), ...cycleFaults(graph, waves)];
  const inner = Object.entries(graph.steps).flatMap(([name, step]) =>
    step.graph === undefined ? [] : faultsAt(step.graph, `${at}/steps/${name}/graph`, [...outer, graph]),
  );
  return [...own.map(({ pointer, message }) => ({ pointer: at + pointer, message })), ...inner];
}
