import type { Graph, Step } from "./graph.ts";
import type { GraphFault } from "./graph-fault.ts";

/** Agents that every graph has without defining them. */
const BUILT_IN_AGENTS: ReadonlySet<string> = new Set(["analyst"]);
/** Kinds that can take an effect back: they end by themselves. */
const UNDO_KIND = /^(tool|capsule|agent|a2a):|^run:(?!inline$)/;

/**
 * Names that a graph uses and nobody has: needs, branches, agents, rates, signals; and parts of a step that do not go together.
 * @param outer the graphs around this one: their agents, rates and signals hold in it
 */
export function referenceFaults(graph: Graph, outer: readonly Graph[]): GraphFault[] {
  const around = [graph, ...outer];
  return Object.entries(graph.steps).flatMap(([name, step]) => [
    ...needFaults(graph, name, step),
    ...switchFaults(graph, name, step),
    ...gotoFaults(graph, name, step),
    ...kindFaults(name, step),
    ...nameFaults(around, `/steps/${name}/uses`, step.uses),
    ...undoFaults(around, name, step),
    ...rateFaults(around, name, step),
  ]);
}

function needFaults(graph: Graph, name: string, step: Step): GraphFault[] {
  return step.needs.flatMap((need, i) => {
    const pointer = `/steps/${name}/needs/${i}`;
    if (need === name) return [{ pointer, message: `${name} needs itself` }];
    if (!Object.hasOwn(graph.steps, need)) return [{ pointer, message: `there is no step ${need}` }];
    return [];
  });
}

function switchFaults(graph: Graph, name: string, { switch: branches }: Step): GraphFault[] {
  if (branches === undefined) return [];
  const at = `/steps/${name}/switch`;
  const targets = [
    ...branches.cases.flatMap(({ run }, i) => run.map((target, j) => ({ target, pointer: `${at}/cases/${i}/run/${j}` }))),
    ...branches.default.map((target, j) => ({ target, pointer: `${at}/default/${j}` })),
  ];
  return targets.flatMap(({ target, pointer }) => targetFaults(graph, name, target, pointer));
}

function gotoFaults(graph: Graph, name: string, { on_error: onError }: Step): GraphFault[] {
  return typeof onError === "object" ? targetFaults(graph, name, onError.goto, `/steps/${name}/on_error/goto`) : [];
}

/** A branch leads to a step that waits for it. */
function targetFaults(graph: Graph, name: string, target: string, pointer: string): GraphFault[] {
  if (!Object.hasOwn(graph.steps, target)) return [{ pointer, message: `there is no step ${target}` }];
  if (graph.steps[target]?.needs.includes(name) === true) return [];
  return [{ pointer, message: `${target} does not wait for ${name}; add ${name} to the needs of ${target}` }];
}

function kindFaults(name: string, step: Step): GraphFault[] {
  const pointer = `/steps/${name}`;
  if (step.uses === "run:inline" && step.graph === undefined) return [{ pointer, message: "run:inline needs a graph" }];
  if (step.uses !== "run:inline" && step.graph !== undefined)
    return [{ pointer: `${pointer}/graph`, message: "only run:inline has a graph" }];
  return [];
}

function nameFaults(around: readonly Graph[], pointer: string, uses: string): GraphFault[] {
  const colon = uses.indexOf(":");
  const name = uses.slice(colon + 1);
  switch (uses.slice(0, colon)) {
    case "agent":
      if (BUILT_IN_AGENTS.has(name) || around.some(({ agents }) => Object.hasOwn(agents, name))) return [];
      return [{ pointer, message: `there is no agent ${name}; define it under agents` }];
    case "a2a":
      if (around.some(({ agents }) => Object.hasOwn(agents, name) && agents[name]?.as === "a2a")) return [];
      return [{ pointer, message: `there is no remote agent ${name}; define it under agents with \`as: a2a\`` }];
    case "signal":
      if (around.some(({ signals }) => Object.hasOwn(signals, name))) return [];
      return [{ pointer, message: `there is no signal ${name}; name it under signals` }];
    default:
      return [];
  }
}

function undoFaults(around: readonly Graph[], name: string, { undo }: Step): GraphFault[] {
  if (undo === undefined) return [];
  const pointer = `/steps/${name}/undo/uses`;
  if (!UNDO_KIND.test(undo.uses))
    return [{ pointer, message: `${undo.uses} cannot take an effect back; use a tool, a capsule, an agent or a run` }];
  return nameFaults(around, pointer, undo.uses);
}

function rateFaults(around: readonly Graph[], name: string, { rate }: Step): GraphFault[] {
  if (rate === undefined || around.some(({ rates }) => Object.hasOwn(rates, rate))) return [];
  return [{ pointer: `/steps/${name}/rate`, message: `there is no rate ${rate}; define it under rates` }];
}
