import { expect, it } from "vitest";
import { placesOf } from "../../../workers/templates/adapter.ts";

it("finds the place of a part of a built graph, or of the nearest part around it that is noted", () => {
  const at = (line: number) => ({ file: "tasks.yaml", line, column: 1 });
  const placeOf = placesOf(
    new Map([
      ["/steps/write", at(4)],
      ["/steps/write/with/goal", at(6)],
    ]),
    at(1),
  );
  expect(placeOf("/steps/write/with/goal").line).toBe(6);
  expect(placeOf("/steps/write/needs/0").line).toBe(4);
  expect(placeOf("/agents/writer").line).toBe(1);
  expect(placeOf("").line).toBe(1);
});
