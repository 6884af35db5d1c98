import { mapTemplates } from "../../mao/expression.ts";
import type { Json } from "../../platform/canonical-json.ts";

/** What a reference to a step's output becomes; undefined leaves it. */
export type Rename = (step: string) => string | undefined;

/** A text of CEL in quotes, which is left alone, or a step's output, which may be renamed. */
const STRING_OR_OUTPUT =
  /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?<![\w.])steps\s*\.\s*([a-z][a-z0-9_]*)\s*\.\s*output\b/g;
const STRING_OR_BARE_OUTPUT = /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?<![\w.])output\b/g;

/** An expression in which `steps.<name>.output` reads what `rename` says; texts in quotes stay as they are. */
export function renameOutputs(expression: string, rename: Rename): string {
  return expression.replace(STRING_OR_OUTPUT, (found: string, step: string | undefined) =>
    step === undefined ? found : (rename(step) ?? found),
  );
}

/** An expression written over its own step's `output`, as one over `steps.<name>.output`. */
export function outputOf(expression: string, step: string): string {
  return expression.replace(STRING_OR_BARE_OUTPUT, (found) => (found === "output" ? `steps.${step}.output` : found));
}

/** `renameOutputs` for every `${…}` of a value. */
export function renameInTemplates(value: Json, rename: Rename): Json {
  return mapTemplates(value, (expression) => renameOutputs(expression, rename));
}

/** The steps whose output the templates and expressions of a value read. */
export function outputsRead(expressions: readonly string[]): Set<string> {
  const read = new Set<string>();
  for (const expression of expressions) renameOutputs(expression, (step) => void read.add(step));
  return read;
}

/** A step of CEL that reads a member: `.name`, or `["name"]` where the name is no identifier. */
export function member(name: string): string {
  const isIdentifier = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !["in", "true", "false", "null"].includes(name);
  return isIdentifier ? `.${name}` : `[${JSON.stringify(name)}]`;
}
