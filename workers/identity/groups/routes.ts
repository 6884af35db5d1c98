import { z } from "@hono/zod-openapi";
import { systemClock } from "../../platform/clock.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../../platform/route.ts";
import { recordIdentity } from "../record-identity.ts";
import { assignRoles } from "../roles/assign.ts";
import { rolesOf, rolesOfEach } from "../roles/store.ts";
import { existingUser } from "../users/change-user.ts";
import { personNameSchema, roleSetSchema } from "../users/user-resource.ts";
import { changeGroup, changeMembership, checkMayManage, createGroup, existingGroup, removeGroup } from "./change-group.ts";
import { type GroupRow, listGroups, listMembers } from "./store.ts";

export const groupRoutes = newRouter();

const groupSchema = z
  .object({
    id: z.string().openapi({ example: "grp_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    displayName: z.string().openapi({ example: "Glaciology" }),
    externalId: z.string().optional(),
    origin: z.enum(["local", "scim"]).openapi({ description: "Who keeps the members: people here, or a directory." }),
    roles: z.array(z.string()).openapi({ description: "What each member has through the group." }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi("Group");

const idParam = z.object({ id: z.string().max(64) });
const memberParams = idParam.extend({ user: z.string().max(64) });
const answer = (description: string) => ({ description, content: { "application/json": { schema: groupSchema } } });
const nameBody = (name: string) => ({
  required: true,
  content: {
    "application/json": { schema: z.strictObject({ displayName: personNameSchema.openapi({ example: "Glaciology" }) }).openapi(name) },
  },
});

const create = defineRoute(
  { capability: "users.write", creates: true },
  {
    method: "post",
    path: "/v1/groups",
    operationId: "createGroup",
    tags: ["People"],
    summary: "Create a group",
    request: { body: nameBody("NewGroup") },
    responses: { 201: answer("The group, without members and roles.") },
  },
);

groupRoutes.openapi(create, async (context) => {
  const id = context.get("newId")("group");
  const { displayName } = context.req.valid("json");
  const row = await createGroup(context.env, systemClock, context.get("principal").tenant, { id, displayName, origin: "local" });
  await recordIdentity(context, "group.created", id);
  return context.json(toGroup(row, []), 201);
});

const list = defineRoute(
  { capability: "users.read" },
  {
    method: "get",
    path: "/v1/groups",
    operationId: "listGroups",
    tags: ["People"],
    summary: "List groups, in the order they were made",
    request: { query: pageQuerySchema },
    responses: { 200: { description: "A page of groups.", content: { "application/json": { schema: pageSchema(groupSchema) } } } },
  },
);

groupRoutes.openapi(list, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const { tenant } = context.get("principal");
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const rows = await listGroups(context.env, tenant, { condition: undefined, after, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const ids = shown.map(({ id }) => id);
  const roles = await rolesOfEach(context.env, tenant, ids);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const items = shown.map((row) => toGroup(row, roles.get(row.id) ?? []));
  return context.json({ items, ...(last === undefined ? {} : { nextCursor: encodeCursor(last.id) }) }, 200);
});

const read = defineRoute(
  { capability: "users.read" },
  {
    method: "get",
    path: "/v1/groups/{id}",
    operationId: "readGroup",
    tags: ["People"],
    summary: "Read a group",
    request: { params: idParam },
    responses: { 200: answer("The group.") },
  },
);

groupRoutes.openapi(read, async (context) => {
  const { tenant } = context.get("principal");
  const row = await existingGroup(context.env, tenant, context.req.valid("param").id);
  return context.json(toGroup(row, await rolesOf(context.env, tenant, row.id)), 200);
});

const update = defineRoute(
  { capability: "users.write" },
  {
    method: "patch",
    path: "/v1/groups/{id}",
    operationId: "updateGroup",
    tags: ["People"],
    summary: "Rename a group",
    request: { params: idParam, body: nameBody("GroupChange") },
    responses: { 200: answer("The group as it is now.") },
  },
);

groupRoutes.openapi(update, async (context) => {
  const principal = context.get("principal");
  const group = await existingGroup(context.env, principal.tenant, context.req.valid("param").id);
  await checkMayManage(context.env, principal, group);
  const row = await changeGroup(context.env, systemClock, group, { displayName: context.req.valid("json").displayName });
  await recordIdentity(context, "group.changed", row.id);
  return context.json(toGroup(row, await rolesOf(context.env, principal.tenant, row.id)), 200);
});

const remove = defineRoute(
  { capability: "users.write" },
  {
    method: "delete",
    path: "/v1/groups/{id}",
    operationId: "deleteGroup",
    tags: ["People"],
    summary: "Remove a group; its members stay, without what they had through it",
    request: { params: idParam },
    responses: { 204: { description: "It is gone." } },
  },
);

groupRoutes.openapi(remove, async (context) => {
  const principal = context.get("principal");
  const group = await existingGroup(context.env, principal.tenant, context.req.valid("param").id);
  await checkMayManage(context.env, principal, group);
  await removeGroup(context.env, systemClock, group);
  await recordIdentity(context, "group.deleted", group.id);
  return context.body(null, 204);
});

const setRoles = defineRoute(
  { capability: "users.write" },
  {
    method: "put",
    path: "/v1/groups/{id}/roles",
    operationId: "setGroupRoles",
    tags: ["People"],
    summary: "Give the members of a group exactly these roles through it",
    description:
      "Whoever does it must have what is given and what is taken away. For a group that a directory provisions this is the mapping of the directory's group to roles: from then on the directory decides who has them.",
    request: { params: idParam, body: { required: true, content: { "application/json": { schema: roleSetSchema } } } },
    responses: { 200: answer("The group as it is now.") },
  },
);

groupRoutes.openapi(setRoles, async (context) => {
  const principal = context.get("principal");
  const group = await existingGroup(context.env, principal.tenant, context.req.valid("param").id);
  const roles = await assignRoles(context.env, systemClock, principal, group.id, context.req.valid("json").roles);
  await recordIdentity(context, "group.roles-changed", group.id);
  return context.json(toGroup(group, roles), 200);
});

const listMembersRoute = defineRoute(
  { capability: "users.read" },
  {
    method: "get",
    path: "/v1/groups/{id}/members",
    operationId: "listGroupMembers",
    tags: ["People"],
    summary: "List the members of a group",
    request: { params: idParam, query: pageQuerySchema },
    responses: {
      200: {
        description: "A page of users.",
        content: {
          "application/json": { schema: pageSchema(z.object({ user: z.string(), displayName: z.string() }).openapi("GroupMember")) },
        },
      },
    },
  },
);

groupRoutes.openapi(listMembersRoute, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const { tenant } = context.get("principal");
  const group = await existingGroup(context.env, tenant, context.req.valid("param").id);
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const rows = await listMembers(context.env, tenant, group.id, { after, limit: limit + 1 });
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return context.json({ items, ...(last === undefined ? {} : { nextCursor: encodeCursor(last.user) }) }, 200);
});

const memberRoute = <Method extends "put" | "delete">(method: Method, operationId: string, summary: string) =>
  defineRoute(
    { capability: "users.write" },
    {
      method,
      path: "/v1/groups/{id}/members/{user}",
      operationId,
      tags: ["People"],
      summary,
      request: { params: memberParams },
      responses: { 204: { description: "It is so." } },
    },
  );

groupRoutes.openapi(memberRoute("put", "addGroupMember", "Put a user into a group"), async (context) => {
  const principal = context.get("principal");
  const { id, user } = context.req.valid("param");
  const group = await existingGroup(context.env, principal.tenant, id);
  await checkMayManage(context.env, principal, group);
  const { id: member } = await existingUser(context.env, principal.tenant, user);
  await changeMembership(context.env, systemClock, group, { add: [member], remove: [] });
  await recordIdentity(context, "group.member-added", `${group.id}/${member}`);
  return context.body(null, 204);
});

groupRoutes.openapi(memberRoute("delete", "removeGroupMember", "Take a user out of a group"), async (context) => {
  const principal = context.get("principal");
  const { id, user } = context.req.valid("param");
  const group = await existingGroup(context.env, principal.tenant, id);
  await checkMayManage(context.env, principal, group);
  const { id: member } = await existingUser(context.env, principal.tenant, user);
  await changeMembership(context.env, systemClock, group, { add: [], remove: [member] });
  await recordIdentity(context, "group.member-removed", `${group.id}/${member}`);
  return context.body(null, 204);
});

function toGroup(row: GroupRow, roles: readonly string[]): z.infer<typeof groupSchema> {
  return {
    id: row.id,
    displayName: row.displayName,
    ...(row.externalId === null ? {} : { externalId: row.externalId }),
    origin: z.enum(["local", "scim"]).parse(row.origin),
    roles: [...roles],
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
  };
}
