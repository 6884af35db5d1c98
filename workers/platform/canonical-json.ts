import { z } from "zod";

/** Any value JSON can carry. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * A value that came out of `JSON.parse`, which makes nothing but JSON: its type is stated without walking it, since records of
 * steps are read by the thousand. Values from anywhere else go through `jsonSchema`.
 */
export const parsedJsonSchema = z.custom<Json>((value) => value !== undefined);

/** Any JSON value, checked. In the OpenAPI document it is the schema that takes everything, which generators of clients understand; one that holds itself they do not. */
export const jsonSchema = z.unknown().pipe(z.json());

/**
 * Serialises a value with object keys in code-unit order and without white space, the form of RFC 8785 (JCS) for the
 * values JSON.stringify can carry, so that equal values have equal bytes and therefore equal hashes.
 * @throws TypeError on NaN and infinities, which JSON cannot carry
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}
