import fc from "fast-check";
import { expect, it } from "vitest";
import { evaluate, literal, resolveTemplates } from "../../../workers/mao/expression.ts";
import { parsedJsonSchema } from "../../../workers/platform/canonical-json.ts";
import { problemOf } from "../../../workers/platform/problem.ts";

it("leaves words that look like a template as they stand", () => {
  const pieces = fc.array(fc.constantFrom("${", "}", "{", "$", '"$"', "steps.a.output", "1 + 1", "\\", " "), { maxLength: 12 });
  const text = fc.oneof(
    pieces.map((all) => all.join("")),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.oneof(text, fc.array(text), fc.record({ a: text, b: fc.array(text) })), (given) => {
      const value = parsedJsonSchema.parse(given);
      expect(resolveTemplates(literal(value), { inputs: {}, steps: {} })).toEqual(value);
    }),
  );
});

it("does not go through lists of lists for longer than its budget, and says so", () => {
  const list = Array.from({ length: 5_000 }, (_, i) => i);
  expect(evaluate("size(inputs.list.filter(x, x > 10.0))", { inputs: { list } })).toBe(4_989);
  for (const bomb of ["inputs.list.map(x, inputs.list.map(y, x + y))", 'inputs.text.split("").map(x, inputs.text.split("").map(y, y))']) {
    let type: string | undefined;
    try {
      evaluate(bomb, { inputs: { list, text: "a".repeat(5_000) } });
    } catch (error) {
      type = problemOf(error)?.type;
    }
    expect(type).toBe("limit-exceeded");
  }
});
