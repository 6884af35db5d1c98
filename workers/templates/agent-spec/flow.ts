import type { Json } from "../../platform/canonical-json.ts";
import { compileFlow } from "../control-flow/compile.ts";
import { member, renameInTemplates } from "../control-flow/expressions.ts";
import { type Flow, type FlowCase, type FlowNode, reachableFlow } from "../control-flow/flow.ts";
import { sourceProblem } from "../source.ts";
import { inputTemplate } from "./data-flow.ts";
import type { Component } from "./document.ts";
import { type FlowScope, flowScope, NEXT } from "./flow-scope.ts";
import { nodeDraft } from "./nodes.ts";
import { graphInputs, type Property, propertiesOf } from "./properties.ts";
import { type GraphInput, isSaid, leave, type Work } from "./work.ts";

/** Flows in flows. */
const MAX_FLOW_DEPTH = 16;
/** The output of an inline flow that says by which branch it ended. */
const BRANCH_TAKEN = "branch_taken";
const CAUGHT = "caught_exception_branch";

/** The graph of a flow: its inputs, steps and outputs. `pointer` is where it stands in the template's graph. */
export function flowGraph(work: Work, flow: Component, pointer: string, around: readonly string[]): GraphInput {
  if (around.includes(flow.id) || around.length >= MAX_FLOW_DEPTH) {
    const message = `the flow ${flow.name} holds itself, or more than ${MAX_FLOW_DEPTH} flows in each other`;
    throw sourceProblem([{ place: flow.place, pointer: "", message }]);
  }
  const inside = [...around, flow.id];
  const scope = flowScope(work, flow, (inner, at) => flowGraph(work, inner, pointer + at, inside));
  const drawn: Flow = {
    nodes: [...scope.nodes.values()].flatMap((node) => flowNode(scope, node) ?? []),
    entries: scope.start === undefined ? [] : entriesOf(scope, scope.start),
    inputs: inputsOfFlow(scope).map(({ title }) => title),
    maxRounds: work.binding.max_rounds,
  };
  const { flow: reachable, dropped } = reachableFlow(drawn);
  const compiled = compileFlow(reachable);
  noteSteps(scope, pointer, compiled.loops, new Set(dropped));
  const outputs = Object.entries(flowOutputs(scope, reachedEnds(scope, dropped))).map(
    ([name, value]) => [name, renameInTemplates(value, compiled.rename)] as const,
  );
  return {
    name: flow.name.slice(0, 200),
    ...(flow.description === undefined ? {} : { description: flow.description.slice(0, 10_000) }),
    inputs: graphInputs(inputsOfFlow(scope)),
    steps: compiled.steps,
    outputs: Object.fromEntries(outputs),
  };
}

function inputsOfFlow({ flow, start }: FlowScope): Property[] {
  const own = propertiesOf(flow, "inputs");
  return own.length > 0 || start === undefined ? own : propertiesOf(start, "inputs");
}

function entriesOf(scope: FlowScope, start: Component): string[] {
  if (start.type !== "StartNode") return [scope.names.get(start.id) ?? start.id];
  return [...new Set(scope.control.filter(({ from }) => from === start.id).flatMap(({ to }) => stepFor(scope, to) ?? []))];
}

/** The step a transition leads to; none when it leads to the one end. */
function stepFor(scope: FlowScope, id: string): string | undefined {
  const isEnd = scope.nodes.get(id)?.type === "EndNode" && scope.ends.length === 1;
  return isEnd ? undefined : scope.names.get(id);
}

function flowNode(scope: FlowScope, node: Component): FlowNode | undefined {
  const main = nodeDraft(scope, node);
  const name = scope.names.get(node.id) ?? node.id;
  if (main === undefined) return undefined;
  const tool = scope.work.reader.one(node, "tool");
  const asks = node.type === "ToolNode" && tool?.fields.requires_confirmation === true;
  return {
    name,
    main,
    ...(asks
      ? { before: { uses: "human:approve", title: `May ${tool.name} run?`.slice(0, 200), with: { prompt: `May ${tool.name} run?` } } }
      : {}),
    ...waysFrom(scope, node, name),
  };
}

type Ways = Pick<FlowNode, "router" | "always" | "cases" | "casesExclude" | "otherwise">;

function waysFrom(scope: FlowScope, node: Component, name: string): Ways {
  const edges = scope.control.filter(({ from }) => from === node.id);
  const to = (branch: string): string | undefined => {
    const edge = edges.find((one) => one.branch === branch);
    return edge === undefined ? undefined : stepFor(scope, edge.to);
  };
  if (node.type === "BranchingNode") {
    const { mapping } = node.fields;
    const entries = mapping !== null && typeof mapping === "object" && !Array.isArray(mapping) ? Object.entries(mapping) : [];
    const cases = entries.map(
      ([key, branch]): FlowCase => ({ when: `steps.${name}.output == ${JSON.stringify(key)}`, to: to(String(branch)) }),
    );
    return { always: [], cases, casesExclude: true, otherwise: to("default") };
  }
  const branches = [...new Set(edges.map(({ branch }) => branch))];
  if (node.type === "CatchExceptionNode") {
    const value = {
      caught: `\${steps.${name}.output == null}`,
      branch: `\${steps.${name}.output == null ? null : steps.${name}.output.${BRANCH_TAKEN}}`,
    };
    const taken = `steps.${name}_route.output`;
    const others = branches.filter((branch) => branch !== CAUGHT);
    const cases = [
      { when: `${taken}.caught == true`, to: to(CAUGHT) },
      ...others.map((branch) => ({ when: `${taken}.branch == ${JSON.stringify(branch)}`, to: to(branch) })),
    ];
    return {
      always: [],
      router: { uses: "tool:value.set", title: "Did it fail?", with: { value } },
      cases,
      casesExclude: true,
      otherwise: undefined,
    };
  }
  if (node.type === "FlowNode" && (branches.length > 1 || (branches[0] ?? NEXT) !== NEXT)) {
    const cases = branches.map((branch) => ({ when: `steps.${name}.output.${BRANCH_TAKEN} == ${JSON.stringify(branch)}`, to: to(branch) }));
    return { always: [], cases, casesExclude: true, otherwise: undefined };
  }
  return {
    always: [...new Set(edges.flatMap((edge) => stepFor(scope, edge.to) ?? []))],
    cases: [],
    casesExclude: true,
    otherwise: undefined,
  };
}

function reachedEnds(scope: FlowScope, dropped: readonly string[]): readonly Component[] {
  return scope.ends.filter((end) => scope.ends.length === 1 || !dropped.includes(scope.names.get(end.id) ?? end.id));
}

/** What the flow hands on: of the end that was reached, else the defaults the flow gives its outputs. */
function flowOutputs(scope: FlowScope, ends: readonly Component[]): Record<string, Json> {
  const { flow } = scope;
  const declared = propertiesOf(flow, "outputs");
  const ofEnds = ends.flatMap((end) => propertiesOf(end, "outputs"));
  const titles = [...new Set([...declared, ...ofEnds].map(({ title }) => title))];
  const [only] = ends;
  const branch = { [BRANCH_TAKEN]: branchTaken(scope, ends) };
  if (only !== undefined && scope.ends.length === 1)
    return { ...Object.fromEntries(titles.map((title) => [title, inputTemplate(scope, only, title)])), ...branch };
  const values = titles.map((title) => {
    const reached = ends.filter((end) => propertiesOf(end, "outputs").some((output) => output.title === title));
    const fallback = JSON.stringify(declared.find((output) => output.title === title)?.default ?? null);
    const value = reached.reduceRight(
      (otherwise, end) => {
        const output = `steps.${scope.names.get(end.id) ?? end.id}.output`;
        return `${output} != null ? ${output}${member(title)} : (${otherwise})`;
      },
      /[{}]/.test(fallback) ? "null" : fallback,
    );
    return [title, `\${${value}}`] as const;
  });
  return { ...Object.fromEntries(values), ...branch };
}

function branchTaken(scope: FlowScope, ends: readonly Component[]): Json {
  const nameOf = (end: Component): string => (typeof end.fields.branch_name === "string" ? end.fields.branch_name : NEXT);
  const names = new Set(ends.map(nameOf));
  const [only] = names;
  if (names.size <= 1) return only ?? NEXT;
  const value = ends.reduceRight(
    (otherwise, end) => `steps.${scope.names.get(end.id) ?? end.id}.output != null ? ${JSON.stringify(nameOf(end))} : (${otherwise})`,
    JSON.stringify(NEXT),
  );
  return `\${${value}}`;
}

/** Notes what every node became, and where the steps stand. */
function noteSteps(
  scope: FlowScope,
  pointer: string,
  loops: readonly { step: string; nodes: readonly string[] }[],
  dropped: ReadonlySet<string>,
): void {
  const { work } = scope;
  for (const node of scope.nodes.values()) {
    const name = scope.names.get(node.id) ?? node.id;
    if (isSaid(node, "metadata")) leave(work, node, "metadata", "steps have no notes of their author");
    if (dropped.has(name)) {
      work.unmapped.push({ what: `${node.type} ${node.name}`, where: node.place, why: "nothing leads to it" });
      continue;
    }
    const loop = loops.find(({ nodes }) => nodes.includes(name));
    const at = loop === undefined ? `${pointer}/steps/${name}` : `${pointer}/steps/${loop.step}/graph/steps/${name}`;
    for (const part of ["", "_before", "_route"]) work.places.set(at + part, node.place);
    const to =
      node.type === "StartNode"
        ? "inputs"
        : node.type === "EndNode" && scope.ends.length === 1
          ? "outputs"
          : at.slice(1).replaceAll("/", ".");
    work.mapped.push({ what: `${node.type} ${node.name}`, where: node.place, to });
  }
}
