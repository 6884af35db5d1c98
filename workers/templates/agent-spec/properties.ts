import type { Json } from "../../platform/canonical-json.ts";
import type { Component } from "./document.ts";

/** An input or output of a component: a JSON Schema with a title, which is its name. */
export interface Property {
  readonly title: string;
  readonly schema: Readonly<Record<string, Json>>;
  /** Undefined when it must be given. */
  readonly default: Json | undefined;
}

/** `inputs` or `outputs` of a component, as far as they have names. */
export function propertiesOf(component: Component, field: "inputs" | "outputs"): Property[] {
  const list = component.fields[field];
  return Array.isArray(list) ? list.flatMap((schema) => propertyOf(schema) ?? []) : [];
}

function propertyOf(schema: Json): Property | undefined {
  if (schema === null || typeof schema !== "object" || Array.isArray(schema)) return undefined;
  const { title } = schema;
  return typeof title === "string" ? { title, schema, default: schema.default } : undefined;
}

/** The type a graph's input has for a property. */
export function inputType({ schema }: Property): "string" | "number" | "boolean" | "array" | "object" | "any" {
  const { type } = schema;
  if (type === "integer") return "number";
  return type === "string" || type === "number" || type === "boolean" || type === "array" || type === "object" ? type : "any";
}

/** The inputs of a graph: what has a default need not be given. */
export function graphInputs(properties: readonly Property[]) {
  return Object.fromEntries(
    properties.map((property) => {
      const { description } = property.schema;
      const said = typeof description === "string" ? { description: description.slice(0, 2_000) } : {};
      const type = inputType(property);
      return [
        property.title,
        property.default === undefined ? { type, ...said } : { type, ...said, required: false, default: property.default },
      ];
    }),
  );
}

/** JSON Schema of an object with these properties, for an agent that is to answer with them. */
export function objectSchema(properties: readonly Property[]): { [key: string]: Json } {
  return {
    type: "object",
    properties: Object.fromEntries(properties.map(({ title, schema }) => [title, { ...schema }])),
    required: properties.filter((property) => property.default === undefined).map(({ title }) => title),
    additionalProperties: false,
  };
}
