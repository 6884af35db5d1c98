import { z } from "zod";
import type { Json } from "../platform/canonical-json.ts";
import type { Assignment } from "./assignment.ts";
import { closeness } from "./closeness.ts";
import { mostTelling } from "./digest.ts";

/** Deeper and wider schemas are not filled. */
const MAX_DEPTH = 8;
const MAX_PROPERTIES = 200;
const ITEMS_OF_A_LIST = 5;

const schemaSchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.json()).optional(),
  const: z.json().optional(),
  properties: z.record(z.string(), z.json()).optional(),
  required: z.array(z.string()).optional(),
  items: z.json().optional(),
  description: z.string().optional(),
});
type Schema = z.infer<typeof schemaSchema>;

/**
 * Fills a JSON Schema from the material of an assignment, without a language model: a label by the words it shares with the material, a number that stands
 * beside the property's name, a text by the sentence that fits the property best. What the material does not say is null where that is allowed, and left out otherwise, so that
 * the check of the answer tells what is missing.
 */
export function extracted(assignment: Assignment): Json {
  const material = [...assignment.context.map((part) => part.text), assignment.goal].join("\n");
  return valueFor(assignment.schema ?? {}, "", material, assignment, 0) ?? {};
}

function valueFor(schema: Json, name: string, material: string, assignment: Assignment, depth: number): Json | undefined {
  const parsed = schemaSchema.safeParse(schema);
  if (!parsed.success || depth > MAX_DEPTH) return undefined;
  const own = parsed.data;
  if (own.const !== undefined) return own.const;
  if (own.enum !== undefined) return labelFor(own.enum, material);
  const types = typeof own.type === "string" ? [own.type] : (own.type ?? (own.properties === undefined ? [] : ["object"]));
  const found = types.map((type) => typed(type, own, name, material, assignment, depth)).find((value) => value !== undefined);
  return found ?? (types.includes("null") ? null : undefined);
}

function typed(type: string, schema: Schema, name: string, material: string, assignment: Assignment, depth: number): Json | undefined {
  const wanted = `${name.replaceAll("_", " ")} ${schema.description ?? ""}`;
  switch (type) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .slice(0, MAX_PROPERTIES)
          .flatMap(([key, member]) => {
            const value = valueFor(member, key, material, assignment, depth + 1);
            return value === undefined ? [] : [[key, value] as const];
          }),
      );
    case "array":
      return itemsFor(schema, wanted, material);
    case "string":
      return mostTelling({ from: name, text: material }, `${wanted} ${assignment.goal}`, 1)[0];
    case "number":
    case "integer":
      return numberBeside(name, material, type === "integer");
    case "boolean":
      return new RegExp(`\\b${escaped(name)}"?\\s*[:=]\\s*(true|yes)\\b`, "i").test(material) ? true : undefined;
    default:
      return undefined;
  }
}

/** A list of texts holds sentences of the material; a list of anything else stays empty. */
function itemsFor(schema: Schema, wanted: string, material: string): Json[] {
  const items = schemaSchema.safeParse(schema.items ?? {});
  const isText = items.success && (items.data.type === "string" || items.data.type === undefined) && items.data.enum === undefined;
  return isText ? mostTelling({ from: "", text: material }, wanted, ITEMS_OF_A_LIST) : [];
}

/** The label that the material names most often; else the one whose words it holds; else the first. */
function labelFor(labels: readonly Json[], material: string): Json | undefined {
  const textOf = (label: Json) => (typeof label === "string" ? label.replaceAll("_", " ") : JSON.stringify(label));
  const counted = labels.map((label) => ({ label, count: occurrences(textOf(label), material) })).sort((a, b) => b.count - a.count);
  if ((counted[0]?.count ?? 0) > 0) return counted[0]?.label;
  const shares = labels.map((label) => ({ label, share: closeness(textOf(label), material) })).sort((a, b) => b.share - a.share);
  return shares[0]?.label;
}

function occurrences(label: string, material: string): number {
  return [...material.toLowerCase().matchAll(new RegExp(`(?<![\\p{L}\\p{N}])${escaped(label.toLowerCase())}(?![\\p{L}\\p{N}])`, "gu"))]
    .length;
}

/** The number that follows a name within a few words: `score: 7`, `the score is 7`. */
function numberBeside(name: string, material: string, isInteger: boolean): number | undefined {
  const words = name.split("_").map(escaped).join("[\\s_-]+");
  const match = new RegExp(`\\b${words}\\b[^\\d\\n.-]{0,40}(-?\\d+(?:\\.\\d+)?)`, "i").exec(material);
  const value = match === null ? Number.NaN : Number(match[1]);
  return Number.isNaN(value) || (isInteger && !Number.isInteger(value)) ? undefined : value;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
