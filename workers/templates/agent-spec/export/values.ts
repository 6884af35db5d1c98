import type { Graph, Step } from "../../../mao/graph.ts";
import type { Json } from "../../../platform/canonical-json.ts";

/** An output that a value is read from: a step's, or an input of the graph when `step` is undefined. */
export interface Reading {
  readonly step: string | undefined;
  readonly output: string;
}

/** A text of the specification with the readings that its placeholders stand for. */
export interface Written {
  readonly text: string;
  readonly readings: ReadonlyMap<string, Reading>;
  /** Expressions that are more than a reading. */
  readonly unsaid: readonly string[];
}

const TEMPLATE = /\$\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}/g;
const INPUT = /^\s*inputs\.([A-Za-z_]\w*)\s*$/;
const OUTPUT = /^\s*steps\.([a-z][a-z0-9_]*)\.output((?:\.[A-Za-z_]\w*)*)\s*$/;

/** The output names of a step: what it is asked to answer with, `text` of whoever speaks, `result` of anything else. */
export function outputNames(step: Step): readonly { readonly name: string; readonly schema: { [key: string]: Json } }[] {
  const speaks = /^(agent|team|a2a|human):/.test(step.uses);
  const schema = step.with.output_schema;
  const properties = schema !== null && typeof schema === "object" && !Array.isArray(schema) ? schema.properties : undefined;
  if (speaks && properties !== null && typeof properties === "object" && !Array.isArray(properties)) {
    return Object.entries(properties).map(([name, property]) => ({
      name,
      schema: property !== null && typeof property === "object" && !Array.isArray(property) ? property : {},
    }));
  }
  if (step.uses === "run:inline") return Object.keys(step.graph?.outputs ?? {}).map((name) => ({ name, schema: {} }));
  return [speaks ? { name: "text", schema: { type: "string" } } : { name: "result", schema: {} }];
}

/** What an expression reads, when it reads one output or input and does nothing else. */
export function readingOf(graph: Graph, expression: string): Reading | undefined {
  const input = INPUT.exec(expression)?.[1];
  if (input !== undefined) return Object.hasOwn(graph.inputs, input) ? { step: undefined, output: input } : undefined;
  const [, name = "", path = ""] = OUTPUT.exec(expression) ?? [];
  const step = graph.steps[name];
  if (step === undefined) return undefined;
  const members = path.split(".").slice(1);
  const known = outputNames(step).map((output) => output.name);
  const [only] = known;
  const last = members[0] === "data" ? members[1] : members[0];
  const isWhole = members.length === 0 && known.length === 1 && only !== undefined;
  if (isWhole) return { step: name, output: only };
  const isNamed = last !== undefined && members.length <= (members[0] === "data" ? 2 : 1) && known.includes(last);
  return isNamed ? { step: name, output: last } : undefined;
}

/** Writes a text so that each `${…}` is a placeholder. Any other value is written as JSON. */
export function write(graph: Graph, value: Json): Written {
  const readings = new Map<string, Reading>();
  const unsaid: string[] = [];
  const text = (typeof value === "string" ? value : JSON.stringify(value, undefined, 2)).replace(TEMPLATE, (_, expression: string) => {
    if (expression === '"$"') return "$";
    const reading = readingOf(graph, expression);
    if (reading === undefined) unsaid.push(expression);
    const name = reading === undefined ? `value_${unsaid.length}` : placeholderOf(reading);
    if (reading !== undefined) readings.set(name, reading);
    return `{{${name}}}`;
  });
  return { text, readings, unsaid };
}

/** The name of a placeholder: `inputs.topic` is `topic`, `steps.write.output.text` is `write_text`. */
export function placeholderOf({ step, output }: Reading): string {
  return step === undefined ? output : `${step}_${output}`;
}

/** The one expression that a value is, when it is nothing else. */
export function wholeExpression(value: Json): string | undefined {
  const match = typeof value === "string" ? new RegExp(`^${TEMPLATE.source}$`).exec(value) : null;
  return match?.[1];
}
