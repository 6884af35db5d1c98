import { templatesOf } from "../../../mao/expression.ts";
import type { Graph, Step } from "../../../mao/graph.ts";
import type { Json } from "../../../platform/canonical-json.ts";
import { writeAgent, writeTeam } from "./agents.ts";
import { define, type GraphPlace, type Writing } from "./document.ts";
import { outputNames, type Reading, readingOf, wholeExpression, write } from "./values.ts";

type JsonObject = { [key: string]: Json };

/** A node with what its inputs read. */
export interface WrittenNode {
  readonly id: string;
  readonly readings: ReadonlyMap<string, Reading>;
}

/** Writes a flow for a graph inside this one. @returns the reference to it */
export type WriteFlow = (place: GraphPlace) => JsonObject;

/** Writes the node of one step, and notes what of the step the node does not say. */
export function writeNode(writing: Writing, place: GraphPlace, name: string, step: Step, writeFlow: WriteFlow): WrittenNode {
  noteUnsaid(writing, place, name, step);
  const id = `${place.prefix}${name}`;
  if (step.for_each !== undefined) return mapNode(writing, place, id, name, step, writeFlow);
  if (step.uses === "run:inline" && step.graph !== undefined) return flowNode(writing, place, id, name, step, step.graph, writeFlow);
  if (/^(agent|team|a2a):/.test(step.uses)) return agentNode(writing, place, id, name, step);
  if (step.uses.startsWith("human:")) return messageNode(writing, place, id, name, step);
  return toolNode(writing, place, id, name, step);
}

function titleOf(name: string, step: Step): string {
  return step.title ?? name;
}

function outputsOf(step: Step): Json[] {
  return outputNames(step).map(({ name, schema }) => ({ ...schema, title: name }));
}

function inputsOf(readings: ReadonlyMap<string, Reading>): Json[] {
  return [...readings.keys()].map((title) => ({ title, default: "" }));
}

/** The agent with the step's goal as its task. */
function agentNode(writing: Writing, place: GraphPlace, id: string, name: string, step: Step): WrittenNode {
  const { text, readings } = taskOf(writing, place, name, step);
  const inputs = inputsOf(readings);
  const outputs = outputsOf(step);
  const [kind = "", member = ""] = step.uses.split(":");
  const said = { metadata: {}, inputs, outputs };
  const component =
    kind === "agent" && (writing.agents[member]?.as ?? "model") === "model"
      ? define(writing, "SpecializedAgent", `${id}.agent`, titleOf(name, step), {
          ...said,
          agent: writeAgent(writing, member),
          agent_specialization_parameters: define(
            writing,
            "AgentSpecializationParameters",
            `${id}.task`,
            `Task of ${titleOf(name, step)}`,
            {
              metadata: {},
              inputs,
              outputs: [],
              additional_instructions: text,
              additional_tools: [],
              human_in_the_loop: null,
            },
          ),
        })
      : kind === "team"
        ? writeTeam(writing, `${id}.team`, titleOf(name, step), member, step.with)
        : writeAgent(writing, member);
  define(writing, "AgentNode", id, titleOf(name, step), { ...said, agent: component });
  return { id, readings };
}

/** Goal, expected output and material of an agent or team, as one text. */
function taskOf(writing: Writing, place: GraphPlace, name: string, step: Step) {
  const { goal, task, expected_output: expected, output_schema: _, agents, manager, until, max_turns, ...material } = step.with;
  const parts = [
    ...[goal, task].filter((part) => part !== undefined),
    ...(expected === undefined ? [] : [`Expected output: ${typeof expected === "string" ? expected : JSON.stringify(expected)}`]),
    ...Object.entries(material).map(
      ([key, value]) => `${key}:\n${typeof value === "string" ? value : JSON.stringify(value, undefined, 2)}`,
    ),
  ];
  const written = write(place.graph, parts.join("\n\n"));
  noteExpressions(writing, place, name, written.unsaid);
  return written;
}

function messageNode(writing: Writing, place: GraphPlace, id: string, name: string, step: Step): WrittenNode {
  const prompt = step.with.prompt ?? titleOf(name, step);
  const written = write(place.graph, typeof prompt === "string" ? prompt : JSON.stringify(prompt));
  noteExpressions(writing, place, name, written.unsaid);
  if (step.uses === "human:approve")
    writing.left.push({ what: `${place.name}.${name}`, why: "a refusal ends a run here; a flow goes on with whatever the person answers" });
  define(writing, "InputMessageNode", id, titleOf(name, step), {
    metadata: {},
    inputs: inputsOf(written.readings),
    outputs: [{ title: "text", type: "string" }],
    message: written.text,
  });
  return { id, readings: written.readings };
}

/** Everything that only an engine of ours can do is a built-in tool of ours, configured as the step is. */
function toolNode(writing: Writing, place: GraphPlace, id: string, name: string, step: Step): WrittenNode {
  const readings = new Map<string, Reading>();
  const configuration: JsonObject = {};
  for (const [key, value] of Object.entries(step.with)) {
    const expression = wholeExpression(value);
    const reading = expression === undefined ? undefined : readingOf(place.graph, expression);
    if (reading !== undefined) readings.set(key, reading);
    else {
      configuration[key] = value;
      // Whatever stands in braces is computed by the engine whose tool this is.
      noteExpressions(writing, place, name, templatesOf(value));
    }
  }
  const inputs = inputsOf(readings);
  const outputs = outputsOf(step);
  define(writing, "ToolNode", id, titleOf(name, step), {
    metadata: {},
    inputs,
    outputs,
    tool: define(writing, "BuiltinTool", `${id}.tool`, step.uses, {
      metadata: {},
      description: titleOf(name, step),
      inputs,
      outputs,
      requires_confirmation: false,
      tool_type: step.uses,
      configuration,
      executor_name: "somaagent",
    }),
  });
  return { id, readings };
}

function flowNode(
  writing: Writing,
  place: GraphPlace,
  id: string,
  name: string,
  step: Step,
  graph: Graph,
  writeFlow: WriteFlow,
): WrittenNode {
  const subflow = writeFlow({ graph, prefix: `${id}/`, name: `${place.name}.${name}` });
  const readings = givenTo(writing, place, name, step, graph);
  define(writing, "FlowNode", id, titleOf(name, step), { metadata: {}, inputs: declared(graph), outputs: outputsOf(step), subflow });
  return { id, readings };
}

function declared(graph: Graph): Json[] {
  return Object.keys(graph.inputs).map((title) => ({ title, default: "" }));
}

function givenTo(writing: Writing, place: GraphPlace, name: string, step: Step, graph: Graph): Map<string, Reading> {
  const readings = new Map<string, Reading>();
  for (const input of Object.keys(graph.inputs)) {
    const value = step.with[input];
    const expression = value === undefined ? undefined : wholeExpression(value);
    const reading = expression === undefined ? undefined : readingOf(place.graph, expression);
    if (reading !== undefined) readings.set(input, reading);
    else if (value !== undefined) noteExpressions(writing, place, name, [JSON.stringify(value)]);
  }
  return readings;
}

/** A step for each item: a flow of that one step, mapped over the list. */
function mapNode(writing: Writing, place: GraphPlace, id: string, name: string, step: Step, writeFlow: WriteFlow): WrittenNode {
  const { for_each: list, max_parallel: parallel, on_item_error: _, needs: __, when: ___, switch: ____, undo: _____, ...single } = step;
  const inner: Graph = {
    ...place.graph,
    name: `${titleOf(name, step)} for one item`,
    inputs: { item: { type: "any", required: true } },
    steps: { [name]: { ...single, needs: [] } },
    outputs: { result: `\${steps.${name}.output}` },
  };
  const subflow = writeFlow({ graph: inner, prefix: `${id}/`, name: `${place.name}.${name}` });
  const expression = typeof list === "string" ? (wholeExpression(list) ?? list) : undefined;
  const reading = expression === undefined ? undefined : readingOf(place.graph, expression);
  if (reading === undefined) noteExpressions(writing, place, name, [typeof list === "string" ? list : JSON.stringify(list)]);
  define(writing, (parallel ?? 2) > 1 ? "ParallelMapNode" : "MapNode", id, titleOf(name, step), {
    metadata: {},
    inputs: [{ title: "iterated_item", type: "array", items: {}, default: [] }],
    outputs: [{ title: "collected_result", type: "array", items: {} }],
    subflow,
    reducers: null,
  });
  return { id, readings: reading === undefined ? new Map() : new Map([["iterated_item", reading]]) };
}

function noteExpressions(writing: Writing, place: GraphPlace, name: string, expressions: readonly string[]): void {
  for (const expression of expressions)
    writing.left.push({ what: `${place.name}.${name}`, why: `the specification has no expressions: ${expression.slice(0, 500)}` });
}

const UNSAID = {
  accept: "conditions on a result",
  retry: "retries",
  timeout: "time limits",
  rate: "rate classes",
  on_unknown: "what follows an unknown outcome",
  undo: "steps that take an effect back",
  until: "repetition until a condition holds",
} as const;

function noteUnsaid(writing: Writing, place: GraphPlace, name: string, step: Step): void {
  for (const [field, what] of Object.entries(UNSAID)) {
    const value: unknown = Object.entries(step).find(([key]) => key === field)?.[1];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    writing.left.push({ what: `${place.name}.${name}.${field}`, why: `the specification has no ${what}` });
  }
  if (step.on_error !== "fail")
    writing.left.push({ what: `${place.name}.${name}.on_error`, why: "the specification has no error branches of a step" });
}
