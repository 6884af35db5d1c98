import { z } from "zod";
import type { Json } from "../platform/canonical-json.ts";
import { Problem } from "../platform/problem.ts";

/** A schema is sent with every question and compiled for every answer. */
const MAX_SCHEMA_CHARACTERS = 20_000;
const FAULTS_TOLD = 10;

/** The JSON object in an answer, which models like to put into a fence or between sentences; undefined when there is none. */
export function objectIn(text: string): unknown {
  const json = text.slice(Math.max(0, text.indexOf("{")), text.lastIndexOf("}") + 1);
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

export type Checked = { readonly data: Json } | { readonly fault: string };

/**
 * The JSON object of an answer, checked against a JSON Schema (draft 2020-12, 7 or 4), or what is wrong with it in words that help to mend it. Regular expressions in the
 * schema are told to the model and not checked: one that somebody wrote with ill will could keep an object busy for ever.
 * @throws Problem `invalid-graph` when the schema itself cannot be used
 */
export function checkedAnswer(text: string, schema: Readonly<Record<string, Json>>): Checked {
  const type = typeOf(schema);
  const value = z.json().safeParse(objectIn(text));
  if (!value.success) return { fault: "the answer holds no JSON object" };
  const parsed = type.safeParse(value.data);
  if (parsed.success) return { data: value.data };
  const faults = parsed.error.issues.slice(0, FAULTS_TOLD).map((issue) => `${issue.path.join(".") || "the object"}: ${issue.message}`);
  return { fault: faults.join("; ") };
}

/** True for a `pattern`; a property that is called so has an object for its schema. */
function isExpression(key: string, value: unknown): boolean {
  return (key === "pattern" && typeof value === "string") || key === "patternProperties";
}

function typeOf(schema: Readonly<Record<string, Json>>): z.ZodType {
  const text = JSON.stringify(schema, (key, value: unknown) => (isExpression(key, value) ? undefined : value));
  if (text.length > MAX_SCHEMA_CHARACTERS)
    throw new Problem("invalid-graph", `An output_schema may have ${MAX_SCHEMA_CHARACTERS} characters; this one has ${text.length}.`);
  try {
    return z.fromJSONSchema(JSON.parse(text));
  } catch (error) {
    throw new Problem(
      "invalid-graph",
      `The output_schema cannot be used: ${error instanceof Error ? error.message : "it is no JSON Schema"}.`,
    );
  }
}
