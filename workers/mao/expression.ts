import { Environment } from "@marcbachmann/cel-js";
import { putBounded } from "../platform/bounded-map.ts";
import { type Json, parsedJsonSchema } from "../platform/canonical-json.ts";
import { Problem } from "../platform/problem.ts";

/** The longest expression. */
export const MAX_EXPRESSION_CHARACTERS = 2_000;
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

/** Expressions that were parsed and are kept: those of a graph are computed again and again. */
const MAX_PARSED = 2_048;
/** How often the macros of one expression may go round: about a tenth of a second. */
const MAX_ROUNDS = 1_000_000;
/** A text of so many characters becomes a list of as many members. */
const MAKES_LISTS = /\.\s*(split|toList|bytes)\s*\(/;

interface Parsed {
  readonly fault?: string;
  readonly run?: (scope: Record<string, Json>) => unknown;
  /** How deep its macros may be nested in each other. */
  readonly comprehensions: number;
}

const parsed = new Map<string, Parsed>();

/**
 * Says what is wrong with an expression (CEL), before anything runs.
 * @returns the reason, or undefined when it parses and is within the bounds
 */
export function expressionFault(expression: string): string | undefined {
  return parse(expression).fault;
}

function parse(expression: string): Parsed {
  const known = parsed.get(expression);
  if (known !== undefined) return known;
  const made = parseAnew(expression);
  putBounded(parsed, expression, made, MAX_PARSED);
  return made;
}

function parseAnew(expression: string): Parsed {
  if (expression.length > MAX_EXPRESSION_CHARACTERS)
    return { fault: `it has ${expression.length} characters; ${MAX_EXPRESSION_CHARACTERS} are the most`, comprehensions: 0 };
  const comprehensions = expression.match(COMPREHENSION)?.length ?? 0;
  if (comprehensions > MAX_COMPREHENSIONS)
    return { fault: `more than ${MAX_COMPREHENSIONS} of all, exists, map, filter in one expression`, comprehensions };
  try {
    return { run: environment.parse(expression), comprehensions };
  } catch (error) {
    return { fault: error instanceof Error ? firstLine(error.message) : "not an expression", comprehensions };
  }
}

/**
 * The value of a CEL expression; integers come back as numbers.
 * @throws Problem `invalid-graph` when it does not parse or cannot be computed over this scope, `limit-exceeded` when that would take too long
 */
export function evaluate(expression: string, scope: Scope): Json {
  const { fault, run, comprehensions } = parse(expression);
  if (run === undefined)
    throw new Problem("invalid-graph", `The expression \`${shown(expression)}\` is not valid: ${fault ?? "it does not parse"}.`);
  if (comprehensions > 0 && longestIn(scope, MAKES_LISTS.test(expression)) ** comprehensions > MAX_ROUNDS)
    throw new Problem(
      "limit-exceeded",
      `The expression \`${shown(expression)}\` would go through more than ${MAX_ROUNDS} members; nest its lists less.`,
    );
  try {
    return toJson(run({ ...scope }));
  } catch (error) {
    const reason = error instanceof Error ? firstLine(error.message) : "it failed";
    throw new Problem("invalid-graph", `The expression \`${shown(expression)}\` cannot be computed: ${reason}.`);
  }
}

/** The most members that a list or map of the scope has; of texts, when they may become lists. */
function longestIn(scope: Scope, hasSplit: boolean): number {
  let longest = 0;
  const left: Json[] = Object.values(scope);
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value === "string") longest = Math.max(longest, hasSplit ? value.length : 0);
    if (value === null || typeof value !== "object") continue;
    const members = Array.isArray(value) ? value : Object.values(value);
    longest = Math.max(longest, members.length);
    for (const member of members) left.push(member);
  }
  return longest;
}

function shown(expression: string): string {
  return expression.slice(0, 200);
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
