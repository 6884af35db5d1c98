import { z } from "zod";
import type { Json } from "../../platform/canonical-json.ts";
import { type GroupRow, MAX_MEMBERS } from "../groups/store.ts";
import { groups } from "../groups/tables.ts";
import { MAX_NAME_CHARACTERS } from "../users/change-user.ts";
import { GROUP_SCHEMA, ScimFault } from "./answer.ts";
import type { FilterColumn } from "./filter-sql.ts";
import { type PatchOperation, parsePath } from "./patch.ts";
import { metaOf } from "./user.ts";

const memberSchema = z.object({ value: z.string().max(64) });
const membersSchema = z.union([z.array(memberSchema).max(MAX_MEMBERS), memberSchema.transform((member) => [member])]);
const groupSchema = z.object({
  displayName: z.string().trim().min(1).max(MAX_NAME_CHARACTERS),
  externalId: z.string().max(MAX_NAME_CHARACTERS).nullish(),
  members: membersSchema.nullish(),
});

/** A group as a directory sends it. */
export interface ScimGroup {
  readonly displayName: string;
  readonly externalId: string | null;
  /** Ids of users; undefined when nothing is said of them. */
  readonly members: readonly string[] | undefined;
}

/** @throws ScimFault `invalidValue` */
export function readScimGroup(body: unknown): ScimGroup {
  const { displayName, externalId, members } = valid(groupSchema, body);
  return { displayName, externalId: externalId ?? null, members: members?.map(({ value }) => value) };
}

/** What a PATCH of a group comes to. */
export interface GroupChange {
  readonly displayName?: string;
  readonly externalId?: string | null;
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** The members that there shall be, before `add` and `remove`; undefined for those that there are. */
  readonly members: readonly string[] | undefined;
}

/** Reads the operations on a group, without reading its members: a large group is changed by a small request. @throws ScimFault */
export function readGroupPatch(operations: readonly PatchOperation[]): GroupChange {
  let change: GroupChange = { add: [], remove: [], members: undefined };
  for (const { op, path, value } of operations) {
    const parts = path === undefined ? Object.entries(valid(z.record(z.string(), z.unknown()), value)) : [[path, value] as const];
    for (const [name, part] of parts) change = withOperation(change, op, name, part);
  }
  return change;
}

function withOperation(change: GroupChange, op: PatchOperation["op"], path: string, value: unknown): GroupChange {
  const { attribute, filter } = parsePath(path);
  switch (attribute.toLowerCase()) {
    case "displayname":
      return { ...change, displayName: valid(groupSchema.shape.displayName, value) };
    case "externalid":
      return { ...change, externalId: op === "remove" ? null : valid(z.string().max(MAX_NAME_CHARACTERS), value) };
    case "members": {
      if (filter?.kind === "compare" && filter.attribute === "value" && filter.operator === "eq" && op === "remove")
        return removing(change, [String(filter.value)]);
      if (filter !== undefined) throw new ScimFault(400, "invalidPath", 'Members are named by `members[value eq "usr_…"]`.');
      if (op === "remove" && value === undefined) return { ...change, members: [], add: [], remove: [] };
      const ids = valid(membersSchema, value).map((member) => member.value);
      if (op === "replace") return { ...change, members: ids, add: [], remove: [] };
      return op === "add"
        ? { ...change, add: [...change.add, ...ids], remove: change.remove.filter((id) => !ids.includes(id)) }
        : removing(change, ids);
    }
    default:
      // `id`, `schemas` and what we do not keep.
      return change;
  }
}

function removing(change: GroupChange, ids: readonly string[]): GroupChange {
  return { ...change, add: change.add.filter((id) => !ids.includes(id)), remove: [...change.remove, ...ids] };
}

/** A group as SCIM tells it. @param base the address of the service */
export function toScimGroup(row: GroupRow, members: readonly { user: string; displayName: string }[], base: string): Record<string, Json> {
  return {
    schemas: [GROUP_SCHEMA],
    id: row.id,
    ...(row.externalId === null ? {} : { externalId: row.externalId }),
    displayName: row.displayName,
    members: members.map(({ user, displayName }) => ({ value: user, display: displayName, type: "User", $ref: `${base}/Users/${user}` })),
    meta: metaOf("Group", row, `${base}/Groups/${row.id}`),
  };
}

/** What of groups may be asked for and sorted by. */
export const GROUP_COLUMNS: Readonly<Record<string, FilterColumn>> = {
  id: { column: groups.id, kind: "text" },
  displayname: { column: groups.displayNameKey, kind: "key" },
  externalid: { column: groups.externalId, kind: "text" },
  "meta.created": { column: groups.createdAt, kind: "time" },
  "meta.lastmodified": { column: groups.updatedAt, kind: "time" },
};

function valid<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ScimFault(400, "invalidValue", `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is not valid"}.`);
}
