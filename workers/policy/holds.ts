import type { Condition } from "./condition.ts";
import { type AttributeValue, attribute, type PolicyRequest } from "./request.ts";

/** Thrown where a condition says what this form does not: the answer is Cedar's alone. */
export class NotReadable extends Error {
  override readonly name = "NotReadable";
}

/** Thrown where Cedar would find the policy in error: an optional attribute that is absent. The policy then does not hold. */
class Absent extends Error {
  override readonly name = "Absent";
}

type Value = AttributeValue | boolean;

/**
 * Whether all conditions hold of a request, for explanations and analysis; what decides is Cedar, and tests hold the two together.
 * @throws NotReadable where a condition is of a form that only Cedar reads
 */
export function allHold(conditions: readonly Condition[], request: PolicyRequest): boolean {
  try {
    return conditions.every((condition) => isTrue(condition, request));
  } catch (error) {
    if (error instanceof Absent) return false;
    throw error;
  }
}

function isTrue(condition: Condition, request: PolicyRequest): boolean {
  switch (condition.kind) {
    case "and":
      return isTrue(condition.left, request) && isTrue(condition.right, request);
    case "or":
      return isTrue(condition.left, request) || isTrue(condition.right, request);
    case "not":
      return !isTrue(condition.arg, request);
    case "has":
      return attribute(request, condition.name) !== undefined;
    case "isEmpty":
      return setOf(valueIn(condition.arg, request)).length === 0;
    case "like":
      return matches(condition.pattern, textOf(valueIn(condition.arg, request)));
    case "if":
      return isTrue(isTrue(condition.test, request) ? condition.whenTrue : condition.whenFalse, request);
    case "compare":
      return compare(condition, request);
    case "constant":
    case "attribute":
    case "set":
    case "other":
      return valueIn(condition, request) === true;
  }
}

function valueIn(condition: Condition, request: PolicyRequest): Value {
  switch (condition.kind) {
    case "constant":
      return condition.value;
    case "attribute": {
      const value = attribute(request, condition.name);
      if (value === undefined) throw new Absent(condition.name);
      return value;
    }
    case "set":
      return condition.items.map((item) => textOf(valueIn(item, request)));
    case "if":
      return valueIn(isTrue(condition.test, request) ? condition.whenTrue : condition.whenFalse, request);
    case "other":
      throw new NotReadable(condition.why);
    default:
      return isTrue(condition, request);
  }
}

function compare({ by, left, right }: Extract<Condition, { kind: "compare" }>, request: PolicyRequest): boolean {
  const [a, b] = [valueIn(left, request), valueIn(right, request)];
  switch (by) {
    case "==":
      return isSame(a, b);
    case "!=":
      return !isSame(a, b);
    case "<":
      return numberOf(a) < numberOf(b);
    case "<=":
      return numberOf(a) <= numberOf(b);
    case ">":
      return numberOf(a) > numberOf(b);
    case ">=":
      return numberOf(a) >= numberOf(b);
    case "contains":
      return setOf(a).includes(textOf(b));
    case "containsAll":
      return setOf(b).every((item) => setOf(a).includes(item));
    case "containsAny":
      return setOf(b).some((item) => setOf(a).includes(item));
  }
}

function isSame(a: Value, b: Value): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.every((item) => b.includes(item)) && b.every((item) => a.includes(item));
  return isInstant(a) && isInstant(b) ? a.instant === b.instant : a === b;
}

function isInstant(value: Value): value is { readonly instant: number } {
  return typeof value === "object" && "instant" in value;
}

function numberOf(value: Value): number {
  if (typeof value === "number") return value;
  if (isInstant(value)) return value.instant;
  throw new NotReadable("a comparison of what is no number");
}

function textOf(value: Value): string {
  if (typeof value !== "string") throw new NotReadable("a set of what are no texts");
  return value;
}

function setOf(value: Value): readonly string[] {
  if (typeof value !== "object" || "instant" in value) throw new NotReadable("a set that is none");
  return value;
}

/** Wildcards are null. Greedy from the left with one place to go back to: time grows with text times pattern. */
function matches(pattern: readonly (string | null)[], text: string): boolean {
  const characters = [...text];
  let at = 0;
  let read = 0;
  let star: { at: number; read: number } | undefined;
  while (read < characters.length) {
    const wanted = pattern[at];
    if (wanted === null) {
      star = { at, read };
      at += 1;
    } else if (wanted !== undefined && wanted === characters[read]) {
      at += 1;
      read += 1;
    } else if (star !== undefined) {
      star = { at: star.at, read: star.read + 1 };
      at = star.at + 1;
      read = star.read;
    } else return false;
  }
  return pattern.slice(at).every((part) => part === null);
}
