import type { Json } from "../platform/canonical-json.ts";
import { Problem } from "../platform/problem.ts";
import type { Graph } from "./graph.ts";

type InputType = Graph["inputs"][string]["type"];

/**
 * The inputs a graph runs with: those given, checked against what it declares, and its defaults (null where it has none).
 * @throws Problem `invalid-request` naming each input that is missing, of another type, or not declared
 */
export function preparedInputs(graph: Graph, given: Readonly<Record<string, Json>>): Record<string, Json> {
  const errors: { pointer: string; message: string }[] = [];
  for (const name of Object.keys(given))
    if (graph.inputs[name] === undefined) errors.push({ pointer: `/${name}`, message: "is no input of this graph" });
  const prepared = Object.entries(graph.inputs).map(([name, declared]): [string, Json] => {
    const value = given[name] ?? declared.default ?? null;
    if (value === null && declared.required) errors.push({ pointer: `/${name}`, message: "is required" });
    if (value !== null && !hasType(value, declared.type)) errors.push({ pointer: `/${name}`, message: `must be of type ${declared.type}` });
    return [name, value];
  });
  if (errors.length > 0) {
    throw new Problem(
      "invalid-request",
      `The inputs do not fit: ${errors.map(({ pointer, message }) => `${pointer.slice(1)} ${message}`).join("; ")}.`,
      { errors },
    );
  }
  return Object.fromEntries(prepared);
}

/** True when a value is of a type that a graph names. */
export function hasType(value: Json, type: InputType): boolean {
  switch (type) {
    case "any":
      return true;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && !Array.isArray(value);
    case "string":
    case "number":
    case "boolean":
      return typeof value === type;
    default:
      return type satisfies never;
  }
}
