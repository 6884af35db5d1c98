import { ATTRIBUTES, type AttributeName, type Holder } from "./request.ts";

/** A constant of a policy's text. */
export type Constant = string | number | boolean | { readonly instant: number };

/** A comparison of two values. */
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=" | "contains" | "containsAll" | "containsAny";

/**
 * A condition of a policy, as far as the platform reads conditions: for the attributes they read, for explanations and for analysis. The decision
 * itself is always Cedar's. `other` is what this form does not say (arithmetic, records, methods of dates …), with the attributes it reads.
 */
export type Condition =
  | { readonly kind: "constant"; readonly value: Constant }
  | { readonly kind: "attribute"; readonly name: AttributeName }
  | { readonly kind: "has"; readonly name: AttributeName }
  | { readonly kind: "compare"; readonly by: Comparison; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "like"; readonly arg: Condition; readonly pattern: readonly (string | null)[] }
  | { readonly kind: "isEmpty"; readonly arg: Condition }
  | { readonly kind: "set"; readonly items: readonly Condition[] }
  | { readonly kind: "not"; readonly arg: Condition }
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "if"; readonly test: Condition; readonly whenTrue: Condition; readonly whenFalse: Condition }
  | { readonly kind: "other"; readonly reads: readonly AttributeName[]; readonly why: string };

/** Constants above it lose digits in JavaScript; the engine has 64 bits. */
const LARGEST = Number.MAX_SAFE_INTEGER;
const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">=", "contains", "containsAll", "containsAny"]);
const TRUE: Condition = { kind: "constant", value: true };

/** The condition that a Cedar expression in its JSON form is. It takes everything: what it does not know becomes `other`. */
export function conditionOf(expression: unknown): Condition {
  const [operator, operand] = single(expression);
  switch (operator) {
    case "Value":
      return constantOf(operand);
    case "Var":
      return entityOf(operand);
    case ".":
    case "has":
      return attributeOf(operator, operand) ?? other(operator, operand);
    case "&&":
    case "||":
      return { kind: operator === "&&" ? "and" : "or", ...sides(operand) };
    case "!":
      return { kind: "not", arg: conditionOf(member(operand, "arg")) };
    case "isEmpty":
      return { kind: "isEmpty", arg: conditionOf(member(operand, "arg")) };
    case "Set":
      return { kind: "set", items: Array.isArray(operand) ? operand.map(conditionOf) : [] };
    case "like":
      return { kind: "like", arg: conditionOf(member(operand, "left")), pattern: patternOf(member(operand, "pattern")) };
    case "if-then-else":
      return {
        kind: "if",
        test: conditionOf(member(operand, "if")),
        whenTrue: conditionOf(member(operand, "then")),
        whenFalse: conditionOf(member(operand, "else")),
      };
    case "in":
      return membership(sides(operand));
    case "is":
      return TRUE; // the schema has one kind of principal and one of resource, and validation has checked the name
    case "datetime":
      return instantOf(operand);
    case undefined:
      return { kind: "other", reads: [], why: "an empty expression" };
    default:
      return isComparison(operator) ? { kind: "compare", by: operator, ...sides(operand) } : other(operator, operand);
  }
}

/** All attributes that a condition reads. */
export function attributesRead(condition: Condition): Set<AttributeName> {
  const found = new Set<AttributeName>();
  visit(condition, (part) => {
    if (part.kind === "attribute" || part.kind === "has") found.add(part.name);
    if (part.kind === "other") for (const name of part.reads) found.add(name);
    return undefined;
  });
  return found;
}

/** Shows `look` a condition and every condition inside it, but nothing inside one of which it says that it has seen enough. */
export function visit(condition: Condition, look: (part: Condition) => "enough" | undefined): void {
  if (look(condition) === "enough") return;
  for (const inner of innerOf(condition)) visit(inner, look);
}

function innerOf(condition: Condition): readonly Condition[] {
  switch (condition.kind) {
    case "compare":
    case "and":
    case "or":
      return [condition.left, condition.right];
    case "like":
    case "isEmpty":
    case "not":
      return [condition.arg];
    case "set":
      return condition.items;
    case "if":
      return [condition.test, condition.whenTrue, condition.whenFalse];
    case "constant":
    case "attribute":
    case "has":
    case "other":
      return [];
  }
}

/** The parts of a conjunction, from the left; the condition itself where it is none. */
export function conjuncts(condition: Condition): Condition[] {
  return condition.kind === "and" ? [...conjuncts(condition.left), ...conjuncts(condition.right)] : [condition];
}

function isComparison(operator: string): operator is Comparison {
  return COMPARISONS.has(operator);
}

function sides(operand: unknown): { left: Condition; right: Condition } {
  return { left: conditionOf(member(operand, "left")), right: conditionOf(member(operand, "right")) };
}

/** Nothing here has parents, so that to be in an entity is to be it. */
function membership({ left, right }: { left: Condition; right: Condition }): Condition {
  return right.kind === "set" ? { kind: "compare", by: "contains", left: right, right: left } : { kind: "compare", by: "==", left, right };
}

function constantOf(value: unknown): Condition {
  if (typeof value === "string" || typeof value === "boolean") return { kind: "constant", value };
  if (typeof value === "number")
    return Math.abs(value) <= LARGEST ? { kind: "constant", value } : { kind: "other", reads: [], why: "a number above 2^53" };
  const entity = member(value, "__entity");
  const id = member(entity, "id");
  return typeof id === "string" ? { kind: "constant", value: id } : { kind: "other", reads: [], why: "a value of another kind" };
}

/** An entity by itself stands for its id. */
function entityOf(variable: unknown): Condition {
  if (variable === "principal") return { kind: "attribute", name: "principal.id" };
  if (variable === "action") return { kind: "attribute", name: "action.id" };
  if (variable === "resource") return { kind: "attribute", name: "resource.id" };
  return { kind: "other", reads: [], why: "the whole context" };
}

function attributeOf(operator: "." | "has", operand: unknown): Condition | undefined {
  const [variable, holder] = single(member(operand, "left"));
  const attr = member(operand, "attr");
  const only = Array.isArray(attr) && attr.length === 1 ? attr[0] : attr;
  if (variable !== "Var" || !isHolder(holder) || typeof only !== "string") return undefined;
  const name: AttributeName = `${holder}.${only}`;
  if (ATTRIBUTES[name] === undefined) return undefined;
  return { kind: operator === "." ? "attribute" : "has", name };
}

function isHolder(value: unknown): value is Holder {
  return value === "principal" || value === "action" || value === "resource" || value === "context";
}

function instantOf(operand: unknown): Condition {
  const [, text] = Array.isArray(operand) ? single(operand[0]) : [];
  const instant = typeof text === "string" ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) ? other("datetime", operand) : { kind: "constant", value: { instant } };
}

function patternOf(pattern: unknown): (string | null)[] {
  const parts = Array.isArray(pattern) ? pattern : [];
  return parts.map((part: unknown) => {
    const literal = member(part, "Literal");
    return typeof literal === "string" ? literal : null;
  });
}

/** What is not read: named, with every attribute inside it. */
function other(operator: string, operand: unknown): Condition {
  const reads = new Set<AttributeName>();
  for (const inner of expressionsIn(operand)) for (const name of attributesRead(conditionOf(inner))) reads.add(name);
  return { kind: "other", reads: [...reads], why: `the operator ${operator}` };
}

function expressionsIn(operand: unknown): unknown[] {
  if (Array.isArray(operand)) return operand;
  return typeof operand === "object" && operand !== null ? Object.values(operand).filter((value) => typeof value === "object") : [];
}

/** The one member of an object: its name and value. */
function single(value: unknown): [string, unknown] | [] {
  if (typeof value !== "object" || value === null) return [];
  const [entry] = Object.entries(value);
  return entry ?? [];
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}
