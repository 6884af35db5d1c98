import fc from "fast-check";
import { expect, it } from "vitest";
import { literal, resolveTemplates } from "../../../workers/mao/expression.ts";
import { parsedJsonSchema } from "../../../workers/platform/canonical-json.ts";

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
