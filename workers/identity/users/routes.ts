import { z } from "@hono/zod-openapi";
import { and, type Column, eq, or, type SQL, sql } from "drizzle-orm";
import { systemClock } from "../../platform/clock.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../../platform/route.ts";
import { sendAddressCheck, sendInvitation, sendPasswordReset } from "../email/letters.ts";
import { recordIdentity } from "../record-identity.ts";
import { assignRoles } from "../roles/assign.ts";
import { grantsOf } from "../roles/grants.ts";
import { rolesOf, rolesOfEach } from "../roles/store.ts";
import { changeUser, checkMayChange, createUser, existingUser, signOutEverywhere } from "./change-user.ts";
import { removeUser } from "./remove-user.ts";
import { keyOf, listUsers } from "./store.ts";
import { users } from "./tables.ts";
import { emailSchema, personNameSchema, roleSetSchema, rolesSchema, toUser, userSchema } from "./user-resource.ts";

export const userRoutes = newRouter();

const idParam = z.object({ id: z.string().max(64) });
const answer = (description: string) => ({ description, content: { "application/json": { schema: userSchema } } });

const newUserSchema = z
  .strictObject({
    email: emailSchema,
    displayName: personNameSchema.optional(),
    givenName: personNameSchema.optional(),
    familyName: personNameSchema.optional(),
    roles: rolesSchema.default([]),
    invite: z.boolean().default(true).openapi({ description: "Whether a letter with a link to set a password goes out." }),
  })
  .openapi("NewUser");

const createUserRoute = defineRoute(
  { capability: "users.write", creates: true },
  {
    method: "post",
    path: "/v1/users",
    operationId: "createUser",
    tags: ["People"],
    summary: "Create a user and invite it",
    request: { body: { required: true, content: { "application/json": { schema: newUserSchema } } } },
    responses: { 201: answer("The user.") },
  },
);

userRoutes.openapi(createUserRoute, async (context) => {
  const { roles, invite, ...person } = context.req.valid("json");
  const principal = context.get("principal");
  const id = context.get("newId")("user");
  const row = await createUser(context.env, systemClock, principal.tenant, { id, ...person, active: true, origin: "local" });
  const given = await assignRoles(context.env, systemClock, principal, id, roles);
  await recordIdentity(context, "user.created", id);
  if (invite) await sendInvitation(context, row);
  return context.json(toUser(row, given), 201);
});

const listUsersRoute = defineRoute(
  { capability: "users.read" },
  {
    method: "get",
    path: "/v1/users",
    operationId: "listUsers",
    tags: ["People"],
    summary: "List users, in the order they were made",
    request: {
      query: pageQuerySchema.extend({
        email: z.string().max(254).optional().openapi({ description: "The one with this address." }),
        search: z.string().max(100).optional().openapi({ description: "Those whose address or name begins so." }),
        active: z.enum(["true", "false"]).optional(),
      }),
    },
    responses: { 200: { description: "A page of users.", content: { "application/json": { schema: pageSchema(userSchema) } } } },
  },
);

userRoutes.openapi(listUsersRoute, async (context) => {
  const { cursor, limit, email, search, active } = context.req.valid("query");
  const { tenant } = context.get("principal");
  const condition = and(
    email === undefined ? undefined : eq(users.emailKey, keyOf(email)),
    search === undefined ? undefined : or(begins(users.emailKey, search), begins(users.displayName, search)),
    active === undefined ? undefined : eq(users.active, active === "true"),
  );
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const rows = await listUsers(context.env, tenant, { condition, after, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const ids = shown.map(({ id }) => id);
  const roles = await rolesOfEach(context.env, tenant, ids);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const items = shown.map((row) => toUser(row, roles.get(row.id) ?? []));
  return context.json({ items, ...(last === undefined ? {} : { nextCursor: encodeCursor(last.id) }) }, 200);
});

const readUserRoute = defineRoute(
  { capability: "users.read" },
  {
    method: "get",
    path: "/v1/users/{id}",
    operationId: "readUser",
    tags: ["People"],
    summary: "Read a user, with what it may do",
    request: { params: idParam },
    responses: {
      200: {
        description: "The user, its groups, and what its roles and theirs come to.",
        content: {
          "application/json": {
            schema: userSchema.extend({ groups: z.array(z.string()), capabilities: z.array(z.string()) }).openapi("UserWithGrants"),
          },
        },
      },
    },
  },
);

userRoutes.openapi(readUserRoute, async (context) => {
  const { tenant } = context.get("principal");
  const row = await existingUser(context.env, tenant, context.req.valid("param").id);
  const [own, { groups, capabilities }] = await Promise.all([rolesOf(context.env, tenant, row.id), grantsOf(context.env, tenant, row.id)]);
  return context.json({ ...toUser(row, own), groups: [...groups], capabilities: [...capabilities] }, 200);
});

const updateUserRoute = defineRoute(
  { capability: "users.write" },
  {
    method: "patch",
    path: "/v1/users/{id}",
    operationId: "updateUser",
    tags: ["People"],
    summary: "Change a user; deactivated, it is signed out everywhere",
    request: {
      params: idParam,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({
                email: emailSchema.optional(),
                displayName: personNameSchema.optional(),
                givenName: personNameSchema.optional(),
                familyName: personNameSchema.optional(),
                active: z.boolean().optional(),
              })
              .openapi("UserChange"),
          },
        },
      },
    },
    responses: { 200: answer("The user as it is now.") },
  },
);

userRoutes.openapi(updateUserRoute, async (context) => {
  const principal = context.get("principal");
  const { email, displayName, givenName, familyName, active } = context.req.valid("json");
  const change = {
    ...(email === undefined ? {} : { email }),
    ...(displayName === undefined ? {} : { displayName }),
    ...(givenName === undefined ? {} : { givenName }),
    ...(familyName === undefined ? {} : { familyName }),
    ...(active === undefined ? {} : { active }),
  };
  const row = await changeUser(context.env, systemClock, principal, context.req.valid("param").id, change);
  await recordIdentity(context, active === false ? "user.deactivated" : "user.changed", row.id);
  if (email !== undefined && row.emailVerifiedAt === null) await sendAddressCheck(context, row);
  return context.json(toUser(row, await rolesOf(context.env, principal.tenant, row.id)), 200);
});

const deleteUserRoute = defineRoute(
  { capability: "users.write" },
  {
    method: "delete",
    path: "/v1/users/{id}",
    operationId: "deleteUser",
    tags: ["People"],
    summary: "Remove a user and end all that was issued to it",
    request: { params: idParam },
    responses: { 204: { description: "It is gone; what it did stays in the audit log under its id." } },
  },
);

userRoutes.openapi(deleteUserRoute, async (context) => {
  const principal = context.get("principal");
  const user = await existingUser(context.env, principal.tenant, context.req.valid("param").id);
  await checkMayChange(context.env, principal, user);
  await signOutEverywhere(context.env, systemClock, principal.tenant, user);
  await removeUser(context.env, principal.tenant, user.id);
  await recordIdentity(context, "user.deleted", user.id);
  return context.body(null, 204);
});

const setUserRoles = defineRoute(
  { capability: "users.write" },
  {
    method: "put",
    path: "/v1/users/{id}/roles",
    operationId: "setUserRoles",
    tags: ["People"],
    summary: "Give a user exactly these roles",
    description: "Whoever does it must have what is given and what is taken away. What was issued to the user before ends.",
    request: { params: idParam, body: { required: true, content: { "application/json": { schema: roleSetSchema } } } },
    responses: { 200: answer("The user as it is now.") },
  },
);

userRoutes.openapi(setUserRoles, async (context) => {
  const principal = context.get("principal");
  const user = await existingUser(context.env, principal.tenant, context.req.valid("param").id);
  const roles = await assignRoles(context.env, systemClock, principal, user.id, context.req.valid("json").roles);
  await recordIdentity(context, "user.roles-changed", user.id);
  return context.json(toUser(user, roles), 200);
});

const letterRoute = (path: "/v1/users/{id}/invite" | "/v1/users/{id}/reset-password", operationId: string, summary: string) =>
  defineRoute(
    { capability: "users.write" },
    {
      method: "post",
      path,
      operationId,
      tags: ["People"],
      summary,
      request: { params: idParam },
      responses: { 202: { description: "A letter with a link is on its way; links sent before open nothing any more." } },
    },
  );

userRoutes.openapi(letterRoute("/v1/users/{id}/invite", "inviteUser", "Send an invitation again"), async (context) => {
  const user = await existingUser(context.env, context.get("principal").tenant, context.req.valid("param").id);
  await sendInvitation(context, user);
  await recordIdentity(context, "user.invited", user.id);
  return context.body(null, 202);
});

userRoutes.openapi(
  letterRoute("/v1/users/{id}/reset-password", "resetUserPassword", "Send a link to set a new password"),
  async (context) => {
    const user = await existingUser(context.env, context.get("principal").tenant, context.req.valid("param").id);
    await sendPasswordReset(context, user);
    await recordIdentity(context, "user.password-reset-sent", user.id);
    return context.body(null, 202);
  },
);

const signOutUser = defineRoute(
  { capability: "users.write" },
  {
    method: "post",
    path: "/v1/users/{id}/sign-out",
    operationId: "signOutUser",
    tags: ["People"],
    summary: "End all sign-ins of a user and all tokens issued to it",
    request: { params: idParam },
    responses: { 204: { description: "Everywhere within two seconds." } },
  },
);

userRoutes.openapi(signOutUser, async (context) => {
  const principal = context.get("principal");
  const user = await existingUser(context.env, principal.tenant, context.req.valid("param").id);
  await checkMayChange(context.env, principal, user);
  await signOutEverywhere(context.env, systemClock, principal.tenant, user);
  await recordIdentity(context, "user.signed-out", user.id);
  return context.body(null, 204);
});

/** That a text begins so, without regard to case. */
function begins(column: Column, search: string): SQL {
  return sql`instr(lower(${column}), ${keyOf(search)}) = 1`;
}
