import type { z } from "zod";
import type { graphSchema } from "../../mao/graph.ts";
import type { Json } from "../../platform/canonical-json.ts";
import type { Compiled, CompileOptions, Mapped, Unmapped } from "../adapter.ts";
import { placesOf } from "../adapter.ts";
import { compileFlow } from "../control-flow/compile.ts";
import { member, renameInTemplates } from "../control-flow/expressions.ts";
import { type Flow, type FlowNode, reachableFlow, type StepDraft } from "../control-flow/flow.ts";
import { agentNames, stepNames } from "../control-flow/names.ts";
import type { Place } from "../place.ts";
import { type Binding, MAX_RECURSION_LIMIT } from "./binding.ts";
import { type Choice, choiceOf, type Option, optionNamed, ROUTER, ROUTER_DEFINITION } from "./choices.ts";
import type { Drawing, DrawnEdge, DrawnNode } from "./drawing.ts";
import { type AgentInput, nodeStep } from "./nodes.ts";
import { type ToolLoop, toolLoopsOf, withoutToolLoops } from "./tool-loops.ts";

type GraphInput = z.input<typeof graphSchema>;

/** Everything the parts of a compilation share; what they find is noted in it. */
interface Work {
  readonly drawing: Drawing;
  readonly binding: Binding;
  readonly options: CompileOptions;
  readonly workflow: string;
  readonly loops: ReadonlyMap<string, ToolLoop>;
  readonly names: ReadonlyMap<string, string>;
  readonly inputs: GraphInput["inputs"] & {};
  readonly agents: Record<string, AgentInput>;
  readonly agentName: (foreign: string) => string;
  readonly mapped: Mapped[];
  readonly unmapped: Unmapped[];
}

/** Makes a graph of a drawing and its binding; whatever nobody bound gets an agent of its name, and is told. */
export function compileDrawing(
  drawn: Drawing,
  binding: Binding,
  bindingPlace: (pointer: string) => Place,
  options: CompileOptions,
): Compiled {
  const toolLoops = toolLoopsOf(drawn, binding);
  const drawing = withoutToolLoops(drawn, toolLoops);
  const workflow = binding.name ?? fileTitle(drawn.path);
  const nameOf = stepNames();
  const work: Work = {
    drawing,
    binding,
    options,
    workflow,
    loops: new Map(toolLoops.map((loop) => [loop.agent.id, loop])),
    names: new Map(drawing.nodes.map((node) => [node.id, nameOf(node.label)])),
    inputs: inputsOf(drawing, binding),
    agents: { ...binding.agents },
    agentName: agentNames([...Object.keys(binding.agents), ROUTER]),
    mapped: [],
    unmapped: [],
  };
  for (const unbound of bindingFaults(work, drawn)) work.unmapped.push({ ...unbound, where: bindingPlace(unbound.pointer) });
  const { flow, dropped } = reachableFlow(flowOf(work, nameOf("start")));
  const compiled = compileFlow(flow);
  const places = noteNodes(work, compiled.loops, new Set(dropped));
  const graph: GraphInput = {
    name: workflow,
    ...(binding.description === undefined ? {} : { description: binding.description }),
    inputs: work.inputs,
    agents: work.agents,
    ...(binding.rates === undefined ? {} : { rates: binding.rates }),
    steps: compiled.steps,
    outputs: Object.fromEntries(
      Object.entries(binding.outputs ?? defaultOutputs(work, flow)).map(([name, value]) => [
        name,
        renameInTemplates(value, (step) => (dropped.includes(step) ? "dyn(null)" : compiled.rename(step))),
      ]),
    ),
  };
  return {
    name: workflow,
    graph,
    mapped: work.mapped,
    unmapped: work.unmapped,
    placeOf: placesOf(places, drawn.place),
  };
}

function fileTitle(path: string): string {
  const file = path.split(/[\\/]/).at(-1) ?? path;
  return file.replace(/\.[a-z0-9]+$/i, "");
}

/** What the graph is given: as the binding says, as the drawing's schema says, or one value called `input`. */
function inputsOf(drawing: Drawing, binding: Binding): GraphInput["inputs"] & {} {
  if (binding.inputs !== undefined) return binding.inputs;
  if (drawing.inputSchema === undefined) return { input: { type: "any", required: false, default: null } };
  return Object.fromEntries(
    Object.entries(drawing.inputSchema).map(([name, schema]) => [name, { type: typeOf(schema), required: false, default: null }]),
  );
}

function typeOf(schema: Json): "string" | "number" | "boolean" | "array" | "object" | "any" {
  const type = schema !== null && typeof schema === "object" && !Array.isArray(schema) ? schema.type : undefined;
  if (type === "integer") return "number";
  return type === "string" || type === "number" || type === "boolean" || type === "array" || type === "object" ? type : "any";
}

function bindingFaults({ binding, drawing }: Work, drawn: Drawing): { what: string; why: string; pointer: string }[] {
  const known = new Set(drawn.nodes.map(({ id }) => id));
  const unknown = (["nodes", "edges"] as const).flatMap((part) =>
    Object.keys(binding[part])
      .filter((id) => !known.has(id) && !(part === "edges" && id === drawing.start))
      .map((id) => ({ what: `${part}.${id}`, why: `the drawing has no node ${id}`, pointer: `/${part}/${id.replaceAll("/", "~1")}` })),
  );
  const interrupts = (["interrupt_before", "interrupt_after"] as const).flatMap((part) =>
    binding[part].flatMap((id, i) =>
      known.has(id) || id === "*" ? [] : [{ what: `${part}: ${id}`, why: `the drawing has no node ${id}`, pointer: `/${part}/${i}` }],
    ),
  );
  const limit =
    binding.recursion_limit > MAX_RECURSION_LIMIT
      ? [{ what: "recursion_limit", why: `a loop here runs at most ${MAX_RECURSION_LIMIT} rounds`, pointer: "/recursion_limit" }]
      : [];
  return [...unknown, ...interrupts, ...limit];
}

function flowOf(work: Work, startName: string): Flow {
  const { drawing, binding } = work;
  const nodes = drawing.nodes.map((node) => flowNodeOf(work, node));
  const fromStart = drawing.edges.filter(({ source }) => source === drawing.start);
  const inputs = Object.keys(work.inputs);
  const maxRounds = Math.min(binding.recursion_limit, MAX_RECURSION_LIMIT);
  if (fromStart.filter(({ isConditional }) => isConditional).length < 2) {
    return { nodes, entries: entriesOf(work, fromStart), inputs, maxRounds };
  }
  const given = Object.fromEntries(inputs.map((name) => [name, `\${inputs${member(name)}}`]));
  const start: FlowNode = {
    name: startName,
    main: { uses: "tool:value.set", title: "What the workflow was given", with: { value: given } },
    ...waysFrom(work, drawing.start, startName, "the start"),
  };
  return { nodes: [start, ...nodes], entries: [startName], inputs, maxRounds };
}

/** Where it begins; a drawing without `__start__` begins at what nothing leads to, or at its first node. */
function entriesOf({ drawing, names }: Work, fromStart: readonly DrawnEdge[]): string[] {
  const targets = new Set(drawing.edges.map(({ target }) => target));
  const unled = drawing.nodes.filter(({ id }) => !targets.has(id)).map(({ id }) => id);
  const first = drawing.nodes[0]?.id;
  const drawn = fromStart.map(({ target }) => target);
  const ids = drawn.length > 0 ? drawn : unled.length > 0 ? unled : first === undefined ? [] : [first];
  return [...new Set(ids.flatMap((id) => names.get(id) ?? []))];
}

function flowNodeOf(work: Work, node: DrawnNode): FlowNode {
  const { drawing, binding, names } = work;
  const name = names.get(node.id) ?? node.id;
  const loop = work.loops.get(node.id);
  const sources = [...new Set(drawing.edges.filter(({ target }) => target === node.id).map(({ source }) => source))];
  const before = sources.flatMap((id) => {
    const step = names.get(id);
    return step === undefined ? [] : [{ name: step, answersText: answersText(work, id) }];
  });
  const { draft, agent, isDefault } = nodeStep(node, binding.nodes[node.id], {
    before,
    inputs: sources.includes(drawing.start) || before.length === 0 ? Object.keys(work.inputs) : [],
    workflow: work.workflow,
    tools: loop === undefined ? toolsOf(work, node) : toolsOf(work, loop.tools),
    maxToolRounds: loop === undefined ? undefined : Math.max(1, Math.min(100, Math.floor(binding.recursion_limit / 2))),
    agentName: work.agentName,
    agents: binding.agents,
  });
  if (agent !== undefined) work.agents[agent.name] = agent.definition;
  if (isDefault) noteDefault(work, node);
  return { name, main: draft, ...interruptsOf(work, node), ...waysFrom(work, node.id, name, node.label) };
}

function answersText({ binding }: Work, id: string): boolean {
  return binding.nodes[id]?.uses?.startsWith("agent:") ?? true;
}

/** The tools of a tools node, by our ids; those of other names are told. */
function toolsOf(work: Work, node: DrawnNode): readonly string[] | undefined {
  const bound = work.binding.nodes[node.id]?.tools;
  if (bound !== undefined) return bound;
  if (node.kind !== "ToolNode" && node.tools.length === 0) return undefined;
  const known = node.tools.filter((tool) => work.options.tools.has(tool));
  const why = "is no tool of this platform; bind the node's tools to ours: nodes.<id>.tools";
  for (const tool of node.tools)
    if (!work.options.tools.has(tool)) work.unmapped.push({ what: `tool ${tool} of ${node.id}`, where: node.place, why });
  if (node.tools.length === 0)
    work.unmapped.push({
      what: `tools of ${node.id}`,
      where: node.place,
      why: "a drawing does not name them; bind them: nodes.<id>.tools",
    });
  return known;
}

function noteDefault(work: Work, node: DrawnNode): void {
  const isSubGraph = node.kind !== undefined && /Graph|Pregel/.test(node.kind);
  const why = isSubGraph
    ? "a sub-graph drawn as one node: draw it with xray=True, or bind it to a template (uses: run:<template>); until then an agent of its name stands for it"
    : "the node's code is not in a drawing and nothing is bound to it; an agent of its name stands for it";
  work.unmapped.push({ what: `node ${node.id}`, where: node.place, why });
}

function interruptsOf({ binding }: Work, node: DrawnNode): { before?: StepDraft; after?: StepDraft } {
  const isMarked = (moment: "before" | "after"): boolean => {
    const listed = binding[`interrupt_${moment}`];
    return node.interrupts.includes(moment) || listed.includes(node.id) || listed.includes("*");
  };
  const stop = (moment: "before" | "after"): StepDraft => ({
    uses: "human:approve",
    title: `${moment === "before" ? "Before" : "After"} ${node.label}`.slice(0, 200),
    with: { prompt: `${moment === "before" ? "May" : "Did"} ${node.label} ${moment === "before" ? "run" : "do well; may the run go on"}?` },
  });
  return { ...(isMarked("before") ? { before: stop("before") } : {}), ...(isMarked("after") ? { after: stop("after") } : {}) };
}

type Ways = Pick<FlowNode, "router" | "always" | "cases" | "casesExclude" | "otherwise">;

function waysFrom(work: Work, id: string, step: string, title: string): Ways {
  const { drawing, binding, names } = work;
  const edges = drawing.edges.filter(({ source }) => source === id);
  const stepOf = (target: string): string | undefined => (drawing.ends.has(target) ? undefined : names.get(target));
  const always = edges.filter(({ isConditional }) => !isConditional).flatMap(({ target }) => stepOf(target) ?? []);
  const conditional = edges.filter(({ isConditional }) => isConditional);
  const options = conditional.map((edge): Option => ({ label: edge.label ?? edge.target, to: stepOf(edge.target), edge }));
  const [only] = options;
  const bound = binding.edges[id];
  const none: Choice = { cases: [], casesExclude: true, otherwise: undefined };
  if (only === undefined) return { always, ...none };
  // One way is no choice, unless somebody says when it is taken.
  if (options.length === 1 && bound === undefined) return { always: [...always, ...(only.to === undefined ? [] : [only.to])], ...none };
  const choice = choiceOf(step, title, options, bound);
  noteChoice(work, options, bound, choice);
  return { always, ...choice };
}

function noteChoice(work: Work, options: readonly Option[], bound: Binding["edges"][string] | undefined, choice: Choice): void {
  for (const { label, edge, to } of options) {
    const what = `edge ${edge.source} → ${edge.target}${label === edge.target ? "" : ` (${label})`}`;
    const isTaken = to === undefined || choice.otherwise === to || choice.cases.some((one) => one.to === to);
    if (isTaken)
      work.mapped.push({ what, where: edge.place, to: choice.router === undefined ? "a case of a switch" : "an answer of an agent" });
    else work.unmapped.push({ what, where: edge.place, why: "no case of the binding leads to it" });
  }
  for (const name of Object.keys(bound?.cases ?? {})) {
    const [first] = options;
    if (first === undefined || optionNamed(options, name) !== undefined) continue;
    work.unmapped.push({
      what: `case ${name} of ${first.edge.source}`,
      where: first.edge.place,
      why: "no conditional edge has this label or target",
    });
  }
  const [first] = options;
  if (bound !== undefined || first === undefined) return;
  work.agents[ROUTER] ??= ROUTER_DEFINITION;
  const why =
    "the deciding function is code, which a drawing does not hold; an agent decides by label until conditions are bound (edges.<id>.cases)";
  work.unmapped.push({ what: `condition of ${first.edge.source}`, where: first.edge.place, why });
}

/** Notes where every node went; returns the places of the steps. */
function noteNodes(
  work: Work,
  loops: readonly { step: string; nodes: readonly string[] }[],
  dropped: ReadonlySet<string>,
): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const node of work.drawing.nodes) {
    const name = work.names.get(node.id) ?? node.id;
    if (dropped.has(name)) {
      work.unmapped.push({ what: `node ${node.id}`, where: node.place, why: "nothing leads to it" });
      continue;
    }
    const loop = loops.find(({ nodes }) => nodes.includes(name));
    const path = loop === undefined ? `steps.${name}` : `steps.${loop.step}.graph.steps.${name}`;
    for (const part of ["", "_before", "_after", "_route"]) places.set(`/${path.replaceAll(".", "/")}${part}`, node.place);
    work.mapped.push({ what: `node ${node.id}`, where: node.place, to: path });
    const loopOfTools = work.loops.get(node.id);
    if (loopOfTools !== undefined)
      work.mapped.push({ what: `node ${loopOfTools.tools.id}`, where: loopOfTools.tools.place, to: `the tools of ${path}` });
    for (const moment of node.interrupts)
      work.mapped.push({ what: `interrupt ${moment} ${node.id}`, where: node.place, to: `${path}_${moment}` });
    for (const note of Object.keys(node.notes))
      work.unmapped.push({ what: `metadata ${note} of ${node.id}`, where: node.place, why: "steps have no notes of their author" });
  }
  return places;
}

/** What the nodes answer that nothing follows; of one it is `result`. */
function defaultOutputs(work: Work, flow: Flow): Record<string, Json> {
  const last = flow.nodes.filter((node) => {
    const drawn = work.drawing.nodes.find(({ id }) => work.names.get(id) === node.name);
    const ways = work.drawing.edges.filter(({ source }) => source === drawn?.id);
    return drawn !== undefined && (ways.length === 0 || ways.some(({ target }) => work.drawing.ends.has(target)));
  });
  const [only] = last;
  if (only !== undefined && last.length === 1) return { result: `\${steps.${only.name}.output}` };
  return Object.fromEntries(last.map(({ name }) => [name, `\${steps.${name}.output}`]));
}
