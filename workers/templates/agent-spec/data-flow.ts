import { literalText } from "../../mao/expression.ts";
import type { Json } from "../../platform/canonical-json.ts";
import { member } from "../control-flow/expressions.ts";
import { PLACEHOLDER, toolId } from "./agents.ts";
import type { Component } from "./document.ts";
import { type FlowScope, outputsOf } from "./flow-scope.ts";
import { propertiesOf } from "./properties.ts";

/**
 * CEL for the value of a node's input: the output that a data edge names, or that has its name where the flow draws none; of several the one of the
 * nearest node that has run; else the input's default, else null.
 */
export function inputValue(scope: FlowScope, node: Component, title: string): string {
  const sources = sourcesOf(scope, node, title);
  const fallback = defaultValue(scope, node, title);
  const [only] = sources;
  if (only !== undefined && sources.length === 1 && surelyRan(scope, node, only.id)) return outputValue(scope, only.id, only.output);
  return sources.reduceRight((otherwise, { id, output }) => {
    if (id === scope.start?.id) return outputValue(scope, id, output);
    const ran = `steps.${scope.names.get(id) ?? id}.output != null`;
    return `(${ran} ? ${outputValue(scope, id, output)} : ${otherwise})`;
  }, fallback);
}

/** A template for one input: the value itself, of whatever type. */
export function inputTemplate(scope: FlowScope, node: Component, title: string): string {
  return `\${${inputValue(scope, node, title)}}`;
}

/** A text with `{{name}}` filled in from the node's inputs. */
export function filledText(scope: FlowScope, node: Component, text: string): string {
  const parts = text.split(PLACEHOLDER);
  return parts.map((part, i) => (i % 2 === 1 ? inputTemplate(scope, node, part) : literalText(part))).join("");
}

/** The inputs of a node by name, each as a template. */
export function inputTemplates(scope: FlowScope, node: Component): { [name: string]: Json } {
  return Object.fromEntries(propertiesOf(node, "inputs").map(({ title }) => [title, inputTemplate(scope, node, title)]));
}

interface DataSource {
  readonly id: string;
  readonly output: string;
}

/** Where a value can come from, nearest first; what cannot have run before the node is left out. */
function sourcesOf(scope: FlowScope, node: Component, title: string): DataSource[] {
  const before = scope.before.get(node.id) ?? [];
  const candidates: readonly DataSource[] =
    scope.data === undefined
      ? [...scope.nodes.values()].filter((source) => outputsOf(source).includes(title)).map(({ id }) => ({ id, output: title }))
      : scope.data
          .filter(({ destination, input }) => destination === node.id && input === title)
          .map(({ source, output }) => ({ id: source, output }));
  const near = candidates.filter(({ id }) => before.includes(id)).sort((a, b) => before.indexOf(a.id) - before.indexOf(b.id));
  const start = near.filter(({ id }) => id === scope.start?.id);
  return [...near.filter(({ id }) => id !== scope.start?.id), ...start];
}

/** True for the one node that leads to this one, and for the start. */
function surelyRan(scope: FlowScope, node: Component, source: string): boolean {
  if (source === scope.start?.id) return true;
  const leading = new Set(scope.control.filter(({ to }) => to === node.id).map(({ from }) => from));
  return leading.size === 1 && leading.has(source) && scope.nodes.get(source)?.type !== "CatchExceptionNode";
}

function defaultValue(scope: FlowScope, node: Component, title: string): string {
  const value = propertiesOf(node, "inputs").find((property) => property.title === title)?.default;
  if (value === undefined) return "null";
  const text = JSON.stringify(value);
  // A template ends at a brace that closes it; one inside a text would end it too soon.
  if (!/[{}]/.test(text)) return text;
  const why = "a default with braces has no form in an expression; null is taken";
  scope.work.unmapped.push({ what: `${node.name}.inputs.${title}`, where: node.placeOf("inputs"), why });
  return "null";
}

/** CEL for an output of a node that has run. */
function outputValue(scope: FlowScope, id: string, title: string): string {
  const node = scope.nodes.get(id);
  const output = `steps.${scope.names.get(id) ?? id}.output`;
  if (node === undefined) return "null";
  switch (node.type) {
    case "StartNode":
      return `inputs${member(title)}`;
    case "InputMessageNode":
      return `${output}.text`;
    case "ApiNode":
    case "ToolNode":
      return toolOutput(scope, node, output, title);
    case "MapNode":
    case "ParallelMapNode":
      return `${output}.map(one, one${member(title.replace(/^collected_/, ""))})`;
    case "FlowNode":
    case "ParallelFlowNode":
    case "EndNode":
      return `${output}${member(title)}`;
    case "CatchExceptionNode":
      if (title === "caught_exception_info") return `(${output} == null ? "the flow failed" : null)`;
      return `${output}${member(title)}`;
    case "LlmNode":
    case "LLMNode":
      return answersWithData(node) ? `${output}.data${member(title)}` : `${output}.text`;
    default:
      return propertiesOf(node, "outputs").length === 0 ? `${output}.text` : `${output}.data${member(title)}`;
  }
}

function toolOutput(scope: FlowScope, node: Component, output: string, title: string): string {
  const hasOne = propertiesOf(node, "outputs").length <= 1;
  const tool = scope.work.reader.one(node, "tool");
  const isBuiltIn = tool?.type === "BuiltinTool" && tool.fields.executor_name === "somaagent";
  const isOurs = isBuiltIn || (tool !== undefined && toolId(scope.work, tool) !== undefined);
  if (isOurs) return hasOne ? output : `${output}${member(title)}`;
  return hasOne ? `${output}.text` : `${output}.data${member(title)}`;
}

/** One text is what a model says; anything else it fills in by a schema (structured generation). */
export function answersWithData(node: Component): boolean {
  const [first, ...others] = propertiesOf(node, "outputs");
  return first !== undefined && (others.length > 0 || first.schema.type !== "string");
}
