import { Environment, type ParseResult } from "@marcbachmann/cel-js";
import { putBounded } from "../platform/bounded-map.ts";
import { type Json, parsedJsonSchema } from "../platform/canonical-json.ts";
import { Problem } from "../platform/problem.ts";

/** Bounds on an expression, which a tenant wrote: CEL always ends, and these make it end soon. */
const LIMITS = { maxAstNodes: 500, maxDepth: 32, maxListElements: 1_000, maxMapEntries: 1_000, maxCallArguments: 16 };
/** Macros that walk a list; nested in each other they multiply. */
const MAX_COMPREHENSIONS = 2;
const COMPREHENSION = /\.\s*(all|exists|exists_one|map|filter)\s*\(/g;
/** Templates nest as deep as the JSON that holds them. */
const MAX_TEMPLATE_DEPTH = 32;
const TEMPLATE = /\$\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}/g;

const environment = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false, limits: LIMITS });

/** What an expression sees: `inputs`, `steps.<name>.output`, and `output` where a result is judged. Numbers of JSON are doubles, as CEL has it. */
export type Scope = Readonly<Record<string, Json>>;

/**
 * Says what is wrong with an expression (CEL), before anything runs.
 * @returns the reason, or undefined when it parses and is within the bounds
 */
export function expressionFault(expression: string): string | undefined {
  return parsed(expression).fault;
}

/** An expression as it was parsed: what computes it, or why nothing can. */
type Parsed = { readonly fault: string; readonly program?: never } | { readonly fault?: never; readonly program: ParseResult };

/** Expressions kept parsed in one isolate: a graph asks the same of each of its items and iterations. */
const MAX_PARSED = 1_000;
const known = new Map<string, Parsed>();

function parsed(expression: string): Parsed {
  const before = known.get(expression);
  if (before !== undefined) return before;
  const made = parse(expression);
  putBounded(known, expression, made, MAX_PARSED);
  return made;
}

function parse(expression: string): Parsed {
  if ((expression.match(COMPREHENSION)?.length ?? 0) > MAX_COMPREHENSIONS)
    return { fault: `more than ${MAX_COMPREHENSIONS} of all, exists, map, filter in one expression` };
  try {
    return { program: environment.parse(expression) };
  } catch (error) {
    return { fault: error instanceof Error ? firstLine(error.message) : "not an expression" };
  }
}

/**
 * The value of a CEL expression; integers come back as numbers.
 * @throws Problem `invalid-graph` when it does not parse or cannot be computed over this scope
 */
export function evaluate(expression: string, scope: Scope): Json {
  const { fault, program } = parsed(expression);
  if (fault !== undefined) throw new Problem("invalid-graph", `The expression \`${expression}\` is not valid: ${fault}.`);
  try {
    return toJson(program({ ...scope }));
  } catch (error) {
    const reason = error instanceof Error ? firstLine(error.message) : "it failed";
    throw new Problem("invalid-graph", `The expression \`${expression}\` cannot be computed: ${reason}.`);
  }
}

/** True when the expression is exactly true; anything else, a missing value as well, is not. */
export function isTrue(expression: string, scope: Scope): boolean {
  return evaluate(stripTemplate(expression), scope) === true;
}

/**
 * Replaces every `${…}` in the strings of a value. A string that is one template alone becomes the value itself, of whatever
 * type; inside other text it is written out.
 */
export function resolveTemplates(value: Json, scope: Scope, depth = 0): Json {
  if (depth > MAX_TEMPLATE_DEPTH) throw new Problem("invalid-graph", `The inputs of a step nest deeper than ${MAX_TEMPLATE_DEPTH}.`);
  if (typeof value === "string") return resolveText(value, scope);
  if (Array.isArray(value)) return value.map((item) => resolveTemplates(item, scope, depth + 1));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolveTemplates(member, scope, depth + 1)]));
}

/**
 * A value in which nothing is a template: words of a brief or of the data that hold `${…}` come out of `resolveTemplates` as they
 * stood, and are never computed.
 */
export function literal(value: Json): Json {
  if (typeof value === "string") return literalText(value);
  if (Array.isArray(value)) return value.map(literal);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, literal(member)]));
}

/** A text in which nothing is a template. */
export function literalText(text: string): string {
  return text.replaceAll("${", `\${"$"}{`);
}

/** The expressions in the templates of a value, in the order they stand. */
export function templatesOf(value: Json): string[] {
  if (typeof value === "string") return [...value.matchAll(TEMPLATE)].map((match) => match[1] ?? "");
  if (Array.isArray(value)) return value.flatMap(templatesOf);
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(templatesOf);
}

/** A value in whose `${…}` each expression is another one. */
export function mapTemplates(value: Json, change: (expression: string) => string): Json {
  if (typeof value === "string") return value.replace(TEMPLATE, (_, expression: string) => `\${${change(expression)}}`);
  if (Array.isArray(value)) return value.map((item) => mapTemplates(item, change));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapTemplates(member, change)]));
}

/** The names of steps whose output an expression reads. */
export function stepsReadBy(expression: string): string[] {
  return [...new Set([...expression.matchAll(/\bsteps\s*\.\s*([a-z][a-z0-9_]*)/g)].map((match) => match[1] ?? ""))];
}

/** `when` may be written bare or as one `${…}`. */
export function stripTemplate(expression: string): string {
  const match = /^\s*\$\{([\s\S]*)\}\s*$/.exec(expression);
  return match?.[1] ?? expression;
}

function resolveText(text: string, scope: Scope): Json {
  const whole = new RegExp(`^${TEMPLATE.source}$`).exec(text);
  if (whole !== null) return evaluate(whole[1] ?? "", scope);
  return text.replace(TEMPLATE, (_, expression: string) => {
    const value = evaluate(expression, scope);
    return typeof value === "string" ? value : JSON.stringify(value);
  });
}

function toJson(value: unknown): Json {
  const text = JSON.stringify(value, (_, member: unknown) => (typeof member === "bigint" ? Number(member) : member));
  return text === undefined ? null : parsedJsonSchema.parse(JSON.parse(text));
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? "").trim();
}
