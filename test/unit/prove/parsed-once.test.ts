import fc from "fast-check";
import { expect, it } from "vitest";
import { evaluate } from "../../../workers/mao/expression.ts";
import type { Json } from "../../../workers/platform/canonical-json.ts";

const EXPRESSIONS = [
  "a + b",
  "a == b",
  "size(a) > 1",
  "a.x",
  "has(a.x) ? a.x : b",
  "a > b",
  "[a, b].map(c, c)",
  "a in b",
  "string(a)",
  "b.filter(c, c == a)",
];

const value: fc.Arbitrary<Json> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.record({ x: fc.oneof(fc.integer(), fc.string()) }),
);

function outcome(expression: string, scope: Record<string, Json>): unknown {
  try {
    return { value: evaluate(expression, scope) };
  } catch (error) {
    return { error: error instanceof Error ? error.message.replace(/`[^`]*`/, "") : error };
  }
}

it("an expression that was computed before over other values, or fewer, comes to what it comes to the first time", () => {
  let fresh = 0;
  fc.assert(
    fc.property(fc.constantFrom(...EXPRESSIONS), fc.dictionary(fc.constantFrom("a", "b"), value), (expression, scope) => {
      fresh += 1;
      // White space makes it another text, which nobody has computed yet.
      const first = `${expression}${" ".repeat(fresh)}`;
      expect(outcome(expression, scope)).toEqual(outcome(first, scope));
    }),
    { numRuns: 500 },
  );
});
