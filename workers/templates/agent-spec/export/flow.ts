import type { Graph } from "../../../mao/graph.ts";
import { wavesOf } from "../../../mao/waves.ts";
import type { Json } from "../../../platform/canonical-json.ts";
import { define, type GraphPlace, referenceTo, type Writing } from "./document.ts";
import { type Guard, type Ways, waysOf } from "./liveness.ts";
import { writeNode } from "./nodes.ts";
import { type Reading, readingOf, wholeExpression } from "./values.ts";

type JsonObject = { [key: string]: Json };

/** One flow as it is written: its nodes in order, and the edges between them. */
interface Drawing {
  readonly nodes: string[];
  readonly control: JsonObject[];
  readonly data: JsonObject[];
  readonly place: GraphPlace;
}

/**
 * Writes a graph as a Flow. A flow takes one step after the other, in the order their needs give; what a switch or a condition may leave out has
 * branching nodes before it. @returns the reference to it
 */
export function writeFlow(writing: Writing, place: GraphPlace): JsonObject {
  const { graph, prefix } = place;
  const drawing: Drawing = { nodes: [], control: [], data: [], place };
  const start = `${prefix}start`;
  const inputs = Object.entries(graph.inputs).map(([title, input]) => propertyOf(title, input));
  define(writing, "StartNode", start, "start", { metadata: {}, inputs, outputs: inputs });
  drawing.nodes.push(start);
  const order = wavesOf(graph).flat();
  const ways = waysOf(graph, order);
  let loose: Loose[] = [{ from: start, branch: undefined }];
  for (const name of order) loose = drawStep(writing, drawing, name, ways.get(name) ?? [[]], loose);
  const end = drawEnd(writing, drawing);
  join(drawing, loose, end);
  const outputs = Object.keys(graph.outputs).map((title): Json => ({ title, default: "" }));
  return define(writing, "Flow", `${prefix}flow`, graph.name ?? place.name, {
    description: graph.description ?? null,
    metadata: {},
    inputs,
    outputs,
    start_node: referenceTo(start),
    nodes: drawing.nodes.map(referenceTo),
    control_flow_connections: drawing.control,
    data_flow_connections: drawing.data,
  });
}

/** An end of a control edge that leads nowhere yet. */
interface Loose {
  readonly from: string;
  readonly branch: string | undefined;
}

function propertyOf(title: string, input: Graph["inputs"][string]): JsonObject {
  return {
    title,
    ...(input.type === "any" ? {} : { type: input.type }),
    ...(input.description === undefined ? {} : { description: input.description }),
    ...(input.default === undefined ? {} : { default: input.default }),
  };
}

/** Draws a step, behind its guards. @returns the ends that lead on to what comes next */
function drawStep(writing: Writing, drawing: Drawing, name: string, ways: Ways, before: readonly Loose[]): Loose[] {
  const step = drawing.place.graph.steps[name];
  if (step === undefined) return [...before];
  const node = writeNode(writing, drawing.place, name, step, (inner) => writeFlow(writing, inner));
  let missed: readonly Loose[] = before;
  const passed: Loose[] = [];
  for (const [w, way] of ways.entries()) {
    let open = missed;
    const refused: Loose[] = [];
    for (const [g, guard] of way.entries()) {
      const branching = drawGuard(writing, drawing, `${node.id}.way${w + 1}.${g + 1}`, name, guard);
      join(drawing, open, branching.first);
      open = [{ from: branching.last, branch: "yes" }];
      refused.push({ from: branching.last, branch: "default" });
    }
    passed.push(...open);
    missed = refused;
  }
  join(drawing, passed, node.id);
  drawing.nodes.push(node.id);
  for (const [input, reading] of node.readings) drawData(drawing, node.id, input, reading);
  return [{ from: node.id, branch: undefined }, ...missed];
}

/** A branching node for a guard; an expression is computed by a tool of ours first. */
function drawGuard(writing: Writing, drawing: Drawing, id: string, name: string, guard: Guard): { first: string; last: string } {
  const branch = (title: string, mapping: JsonObject): void => {
    define(writing, "BranchingNode", id, `Does ${name} run?`, { metadata: {}, inputs: [{ title, default: "" }], outputs: [], mapping });
    drawing.nodes.push(id);
  };
  if (guard.kind === "value") {
    branch("value", { [guard.equals]: "yes" });
    drawData(drawing, id, "value", guard.reading);
    return { first: id, last: id };
  }
  const asked = `${id}.question`;
  const outputs = [{ title: "holds", type: "string" }];
  writing.left.push({
    what: `${drawing.place.name}.${name}`,
    why: `whether it runs is computed by this engine: ${guard.expression.slice(0, 500)}`,
  });
  define(writing, "ToolNode", asked, `Is ${name} due?`, {
    metadata: {},
    inputs: [],
    outputs,
    tool: define(writing, "BuiltinTool", `${asked}.tool`, "expression", {
      metadata: {},
      description: `Computes ${guard.expression}`,
      inputs: [],
      outputs,
      requires_confirmation: false,
      tool_type: "expression",
      configuration: { expression: guard.expression },
      executor_name: "somaagent",
    }),
  });
  drawing.nodes.push(asked);
  branch("value", { true: "yes" });
  drawData(drawing, id, "value", { step: undefined, output: "holds" }, asked);
  join(drawing, [{ from: asked, branch: undefined }], id);
  return { first: asked, last: id };
}

function drawEnd(writing: Writing, drawing: Drawing): string {
  const { graph, prefix, name } = drawing.place;
  const id = `${prefix}end`;
  const outputs = Object.keys(graph.outputs).map((title): Json => ({ title, default: "" }));
  define(writing, "EndNode", id, "end", { metadata: {}, inputs: outputs, outputs, branch_name: "next" });
  drawing.nodes.push(id);
  for (const [title, value] of Object.entries(graph.outputs)) {
    const expression = wholeExpression(value);
    const reading = expression === undefined ? undefined : readingOf(graph, expression);
    if (reading !== undefined) drawData(drawing, id, title, reading);
    else
      writing.left.push({
        what: `${name}.outputs.${title}`,
        why: `the specification has no expressions: ${JSON.stringify(value).slice(0, 500)}`,
      });
  }
  return id;
}

function join(drawing: Drawing, from: readonly Loose[], to: string): void {
  for (const end of from) {
    drawing.control.push({
      component_type: "ControlFlowEdge",
      id: `${drawing.place.prefix}control${drawing.control.length + 1}`,
      name: `${end.from} to ${to}`,
      metadata: {},
      from_node: referenceTo(end.from),
      from_branch: end.branch ?? null,
      to_node: referenceTo(to),
    });
  }
}

function drawData(drawing: Drawing, to: string, input: string, reading: Reading, from?: string): void {
  const { prefix, graph } = drawing.place;
  const isMapped = reading.step !== undefined && graph.steps[reading.step]?.for_each !== undefined;
  drawing.data.push({
    component_type: "DataFlowEdge",
    id: `${prefix}data${drawing.data.length + 1}`,
    name: `${reading.output} to ${to}`,
    metadata: {},
    source_node: referenceTo(from ?? `${prefix}${reading.step ?? "start"}`),
    source_output: isMapped ? "collected_result" : reading.output,
    destination_node: referenceTo(to),
    destination_input: input,
  });
}
