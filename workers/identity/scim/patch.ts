import { z } from "zod";
import { type Json, jsonSchema } from "../../platform/canonical-json.ts";
import { PATCH_SCHEMA, ScimFault } from "./answer.ts";
import { type Filter, parseFilter } from "./filter.ts";

/** Operations of one request. */
const MAX_OPERATIONS = 100;

/** The body of a PATCH (RFC 7644 §3.5.2). Names of operations are taken in any case, as directories send them. */
export const patchSchema = z.object({
  schemas: z.array(z.string()).refine((schemas) => schemas.includes(PATCH_SCHEMA), { message: `must name ${PATCH_SCHEMA}` }),
  Operations: z
    .array(
      z.object({
        op: z
          .string()
          .toLowerCase()
          .pipe(z.enum(["add", "replace", "remove"])),
        path: z.string().max(500).optional(),
        value: jsonSchema.optional(),
      }),
    )
    .min(1)
    .max(MAX_OPERATIONS),
});
export type PatchOperation = z.infer<typeof patchSchema>["Operations"][number];

/** Where an operation works: `name.givenName`, `emails[type eq "work"].value`, `members[value eq "usr_…"]`. */
export interface PatchPath {
  readonly attribute: string;
  readonly filter: Filter | undefined;
  readonly sub: string | undefined;
}

/** @throws ScimFault `invalidPath` */
export function parsePath(path: string): PatchPath {
  const plain = path.replace(/^urn:ietf:params:scim:schemas:core:2\.0:(?:User|Group):/i, "");
  const match = /^([A-Za-z][\w$-]*)(?:\[(.*)\])?(?:\.([A-Za-z][\w$-]*))?$/.exec(plain);
  const [, attribute = "", filter, sub] = match ?? [];
  if (match === null) throw new ScimFault(400, "invalidPath", `The path ${path} cannot be read.`);
  return { attribute, filter: filter === undefined ? undefined : parseFilter(filter), sub };
}

type Resource = Record<string, Json>;

/** A resource with operations applied one after the other; the resource given stays as it is. @throws ScimFault */
export function patched(resource: Resource, operations: readonly PatchOperation[]): Resource {
  let next = resource;
  for (const operation of operations) next = applied(next, operation);
  return next;
}

function applied(resource: Resource, { op, path, value }: PatchOperation): Resource {
  if (path !== undefined) return atPath(resource, op, parsePath(path), value);
  if (op === "remove") throw new ScimFault(400, "noTarget", "An operation `remove` needs a path.");
  const members = objectOf(value);
  if (members === undefined) throw new ScimFault(400, "invalidValue", "An operation without a path has an object as its value.");
  // Some directories write whole paths as names of members.
  return Object.entries(members).reduce((next, [name, member]) => atPath(next, op, parsePath(name), member), resource);
}

function atPath(resource: Resource, op: PatchOperation["op"], { attribute, filter, sub }: PatchPath, value: Json | undefined): Resource {
  const name = Object.keys(resource).find((known) => known.toLowerCase() === attribute.toLowerCase()) ?? attribute;
  const before = resource[name];
  if (filter !== undefined) return { ...resource, [name]: filteredChange(arrayOf(before), op, { filter, sub, attribute }, value) };
  if (op === "remove" && sub === undefined) return without(resource, name);
  if (sub !== undefined) {
    const inner = objectOf(before) ?? {};
    return { ...resource, [name]: op === "remove" ? without(inner, sub) : { ...inner, [sub]: given(value) } };
  }
  if (op === "add" && Array.isArray(before)) return { ...resource, [name]: [...before, ...arrayOf(given(value))] };
  const inner = objectOf(before);
  const added = objectOf(value);
  return { ...resource, [name]: inner !== undefined && added !== undefined ? { ...inner, ...added } : given(value) };
}

function filteredChange(
  items: readonly Json[],
  op: PatchOperation["op"],
  { filter, sub, attribute }: { filter: Filter; sub: string | undefined; attribute: string },
  value: Json | undefined,
): Json[] {
  const matches = (item: Json) => fits(filter, item);
  if (op === "remove" && sub === undefined) return items.filter((item) => !matches(item));
  if (items.some(matches)) return items.map((item) => (matches(item) ? changedItem(item, op, sub, value) : item));
  // `add` and `replace` of a value that is not there yet make it, with what the filter says of it.
  if (filter.kind !== "compare" || filter.operator !== "eq")
    throw new ScimFault(400, "noTarget", `No value of ${attribute} fits the filter.`);
  const fresh = { [filter.attribute]: filter.value };
  return [...items, changedItem(fresh, op, sub, value)];
}

function changedItem(item: Json, op: PatchOperation["op"], sub: string | undefined, value: Json | undefined): Json {
  const inner = objectOf(item) ?? {};
  if (sub === undefined) return { ...inner, ...(objectOf(given(value)) ?? {}) };
  return op === "remove" ? without(inner, sub) : { ...inner, [sub]: given(value) };
}

/** Whether a value of a multi-valued attribute fits a filter over its own members. */
function fits(filter: Filter, item: Json): boolean {
  switch (filter.kind) {
    case "and":
      return fits(filter.left, item) && fits(filter.right, item);
    case "or":
      return fits(filter.left, item) || fits(filter.right, item);
    case "not":
      return !fits(filter.of, item);
    case "present":
      return memberOf(item, filter.attribute) !== undefined;
    case "compare":
      return compares(memberOf(item, filter.attribute), filter.operator, filter.value);
    default:
      return filter satisfies never;
  }
}

function compares(actual: Json | undefined, operator: string, wanted: Json): boolean {
  if (operator === "eq") return same(actual, wanted);
  if (operator === "ne") return !same(actual, wanted);
  if (typeof actual !== "string" || typeof wanted !== "string") return false;
  const [text, part] = [actual.toLowerCase(), wanted.toLowerCase()];
  if (operator === "co") return text.includes(part);
  if (operator === "sw") return text.startsWith(part);
  if (operator === "ew") return text.endsWith(part);
  throw new ScimFault(400, "invalidFilter", `${operator} does not compare members of values.`);
}

function same(a: Json | undefined, b: Json): boolean {
  return typeof a === "string" && typeof b === "string" ? a.toLowerCase() === b.toLowerCase() : a === b;
}

function memberOf(item: Json, name: string): Json | undefined {
  const inner = objectOf(item) ?? {};
  const known = Object.keys(inner).find((candidate) => candidate.toLowerCase() === name);
  return known === undefined ? undefined : inner[known];
}

function given(value: Json | undefined): Json {
  if (value === undefined) throw new ScimFault(400, "invalidValue", "The operation needs a value.");
  return value;
}

function without(resource: Resource, name: string): Resource {
  const { [name]: _, ...rest } = resource;
  return rest;
}

function arrayOf(value: Json | undefined): Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function objectOf(value: Json | undefined): Resource | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}
