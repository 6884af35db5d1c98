import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Context, Handler } from "hono";
import { readBounded } from "../../platform/bounded-body.ts";
import { type Json, jsonSchema } from "../../platform/canonical-json.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Principal } from "../../platform/principal.ts";
import { type HttpEnv, newRouter } from "../../platform/route.ts";
import { changeGroup, changeMembership, checkMayManage, createGroup, existingGroup, removeGroup } from "../groups/change-group.ts";
import { type GroupRow, listMembers, MAX_MEMBERS, memberIds, readGroup } from "../groups/store.ts";
import { groups } from "../groups/tables.ts";
import { recordIdentity } from "../record-identity.ts";
import { applyChange, checkMayChange, createUser, existingUser, signOutEverywhere } from "../users/change-user.ts";
import { removeUser } from "../users/remove-user.ts";
import { readUser, type UserRow } from "../users/store.ts";
import { users } from "../users/tables.ts";
import { ScimFault, scimAnswer, scimRefusal } from "./answer.ts";
import { resourceTypes, schemas, serviceProviderConfig } from "./discovery.ts";
import { GROUP_COLUMNS, type GroupChange, readGroupPatch, readScimGroup, toScimGroup } from "./group.ts";
import { listResponse, projected, readQuery } from "./page.ts";
import { patched, patchSchema } from "./patch.ts";
import { readScimUser, toScimUser, USER_COLUMNS } from "./user.ts";

/**
 * SCIM 2.0 (RFC 7643, RFC 7644): a directory keeps the tenant's users and groups. It comes with an API key that has `users.write`. What it
 * made it may change; people and groups that are kept here are changed only by who may do all that they may.
 */
export const scimRoutes = newRouter();

/** A directory's whole group of MAX_MEMBERS fits. */
const MAX_BODY_BYTES = 1_048_576;
/** Groups of one page when their members are told too. */
const MAX_GROUPS_WITH_MEMBERS = 20;

type ScimHandler = (context: Context<HttpEnv>, principal: Principal) => Promise<Response>;

/** A handler for who may manage people; everything it refuses is told in SCIM's form. */
function scim(handler: ScimHandler): Handler<HttpEnv> {
  return async (context) => {
    try {
      await context.get("authorize")("users.write");
      return await handler(context, context.get("principal"));
    } catch (error) {
      return scimRefusal(context, error);
    }
  };
}

const baseOf = (context: Context<HttpEnv>) => new URL("/scim/v2", context.req.url).href;
const queryOf = (context: Context<HttpEnv>) => new URL(context.req.url).searchParams;
const idOf = (context: Context<HttpEnv>) => context.req.param("id") ?? "";

scimRoutes.get(
  "/scim/v2/ServiceProviderConfig",
  scim(async (context) => scimAnswer(context, serviceProviderConfig(baseOf(context)))),
);
scimRoutes.get(
  "/scim/v2/ResourceTypes",
  scim(async (context) => wholeList(context, resourceTypes(baseOf(context)))),
);
scimRoutes.get(
  "/scim/v2/ResourceTypes/:id",
  scim(async (context) => oneOf(context, resourceTypes(baseOf(context)))),
);
scimRoutes.get(
  "/scim/v2/Schemas",
  scim(async (context) => wholeList(context, schemas(baseOf(context)))),
);
scimRoutes.get(
  "/scim/v2/Schemas/:id",
  scim(async (context) => oneOf(context, schemas(baseOf(context)))),
);

scimRoutes.get(
  "/scim/v2/Users",
  scim(async (context, { tenant }) => {
    const query = queryOf(context);
    const { condition, order, startIndex, count } = readQuery(query, USER_COLUMNS, eq(users.tenant, tenant));
    const database = drizzle(context.env.DB);
    const total = await database.$count(users, condition);
    const rows = await database
      .select()
      .from(users)
      .where(condition)
      .orderBy(order, users.id)
      .limit(count)
      .offset(startIndex - 1);
    const resources = rows.map((row) => projected(toScimUser(row, baseOf(context)), query));
    return scimAnswer(context, listResponse(resources, total, startIndex));
  }),
);

scimRoutes.post(
  "/scim/v2/Users",
  scim(async (context, { tenant }) => {
    const { externalId, givenName, familyName, ...person } = readScimUser(await bodyOf(context));
    const names = { externalId: externalId ?? undefined, givenName: givenName ?? undefined, familyName: familyName ?? undefined };
    const id = context.get("newId")("user");
    const row = await createUser(context.env, systemClock, tenant, { id, ...person, ...names, origin: "scim" });
    await recordIdentity(context, "user.created", row.id);
    return userAnswer(context, row, 201);
  }),
);

scimRoutes.get(
  "/scim/v2/Users/:id",
  scim(async (context, { tenant }) => {
    const row = await existingUser(context.env, tenant, idOf(context));
    return isUnchanged(context, row) ? context.body(null, 304) : userAnswer(context, row);
  }),
);

scimRoutes.put(
  "/scim/v2/Users/:id",
  scim(async (context, principal) => changeUserTo(context, principal, async () => readScimUser(await bodyOf(context)))),
);

scimRoutes.patch(
  "/scim/v2/Users/:id",
  scim(async (context, principal) =>
    changeUserTo(context, principal, async (row) => {
      const { Operations } = patchOf(await bodyOf(context));
      return readScimUser(patched(toScimUser(row, baseOf(context)), Operations));
    }),
  ),
);

scimRoutes.delete(
  "/scim/v2/Users/:id",
  scim(async (context, principal) => {
    const row = await changeableUser(context, principal);
    await signOutEverywhere(context.env, systemClock, principal.tenant, row);
    await removeUser(context.env, principal.tenant, row.id);
    await recordIdentity(context, "user.deleted", row.id);
    return context.body(null, 204);
  }),
);

async function changeUserTo(
  context: Context<HttpEnv>,
  principal: Principal,
  wanted: (row: UserRow) => Promise<ReturnType<typeof readScimUser>>,
): Promise<Response> {
  const row = await changeableUser(context, principal);
  const changed = await applyChange(context.env, systemClock, row, await wanted(row));
  await recordIdentity(context, row.active && !changed.active ? "user.deactivated" : "user.changed", row.id);
  return userAnswer(context, changed);
}

async function changeableUser(context: Context<HttpEnv>, principal: Principal): Promise<UserRow> {
  const row = await readUser(context.env, principal.tenant, idOf(context));
  if (row === undefined) throw new ScimFault(404, undefined, `There is no user ${idOf(context)}.`);
  checkVersion(context, row);
  if (row.origin !== "scim") await checkMayChange(context.env, principal, row);
  return row;
}

scimRoutes.get(
  "/scim/v2/Groups",
  scim(async (context, { tenant }) => {
    const query = queryOf(context);
    const isWithMembers = !/(^|,)\s*members\s*(,|$)/i.test(query.get("excludedAttributes") ?? "");
    const { condition, order, startIndex, count } = readQuery(
      query,
      GROUP_COLUMNS,
      eq(groups.tenant, tenant),
      isWithMembers ? MAX_GROUPS_WITH_MEMBERS : undefined,
    );
    const database = drizzle(context.env.DB);
    const total = await database.$count(groups, condition);
    const rows = await database
      .select()
      .from(groups)
      .where(condition)
      .orderBy(order, groups.id)
      .limit(count)
      .offset(startIndex - 1);
    const resources: Json[] = [];
    for (const row of rows) resources.push(projected(await tellGroup(context, row, isWithMembers), query));
    return scimAnswer(context, listResponse(resources, total, startIndex));
  }),
);

scimRoutes.post(
  "/scim/v2/Groups",
  scim(async (context, { tenant }) => {
    const { displayName, externalId, members } = readScimGroup(await bodyOf(context));
    const id = context.get("newId")("group");
    const row = await createGroup(context.env, systemClock, tenant, {
      id,
      displayName,
      externalId: externalId ?? undefined,
      origin: "scim",
    });
    if (members !== undefined) await changeMembership(context.env, systemClock, row, { add: members, remove: [] });
    await recordIdentity(context, "group.created", id);
    return groupAnswer(context, row, 201);
  }),
);

scimRoutes.get(
  "/scim/v2/Groups/:id",
  scim(async (context, { tenant }) => {
    const row = await existingGroup(context.env, tenant, idOf(context));
    return isUnchanged(context, row) ? context.body(null, 304) : groupAnswer(context, row);
  }),
);

scimRoutes.put(
  "/scim/v2/Groups/:id",
  scim(async (context, principal) => {
    const row = await changeableGroup(context, principal);
    const { members, ...rest } = readScimGroup(await bodyOf(context));
    return changeGroupTo(context, row, { ...rest, add: [], remove: [], members: members ?? [] });
  }),
);

scimRoutes.patch(
  "/scim/v2/Groups/:id",
  scim(async (context, principal) => {
    const row = await changeableGroup(context, principal);
    return changeGroupTo(context, row, readGroupPatch(patchOf(await bodyOf(context)).Operations));
  }),
);

scimRoutes.delete(
  "/scim/v2/Groups/:id",
  scim(async (context, principal) => {
    const row = await changeableGroup(context, principal);
    await removeGroup(context.env, systemClock, row);
    await recordIdentity(context, "group.deleted", row.id);
    return context.body(null, 204);
  }),
);

async function changeableGroup(context: Context<HttpEnv>, principal: Principal): Promise<GroupRow> {
  const row = await readGroup(context.env, principal.tenant, idOf(context));
  if (row === undefined) throw new ScimFault(404, undefined, `There is no group ${idOf(context)}.`);
  checkVersion(context, row);
  if (row.origin !== "scim") await checkMayManage(context.env, principal, row);
  return row;
}

async function changeGroupTo(context: Context<HttpEnv>, row: GroupRow, change: GroupChange): Promise<Response> {
  const { displayName, externalId } = change;
  const names = { ...(displayName === undefined ? {} : { displayName }), ...(externalId === undefined ? {} : { externalId }) };
  const changed = await changeGroup(context.env, systemClock, row, names);
  await changeMembership(context.env, systemClock, changed, await membershipChange(context, row, change));
  await recordIdentity(context, "group.changed", row.id);
  return groupAnswer(context, changed);
}

/** Whom to put in and take out, so that the members are as they were told to be. */
async function membershipChange(context: Context<HttpEnv>, row: GroupRow, { members, add, remove }: GroupChange) {
  if (members === undefined) return { add: [...new Set(add)], remove: [...new Set(remove)] };
  const gone = new Set(remove);
  const wanted = new Set([...members, ...add].filter((id) => !gone.has(id)));
  const present = await memberIds(context.env, context.get("principal").tenant, row.id);
  const there = new Set(present);
  return { add: [...wanted].filter((id) => !there.has(id)), remove: present.filter((id) => !wanted.has(id)) };
}

function userAnswer(context: Context<HttpEnv>, row: UserRow, status: 200 | 201 = 200): Response {
  const base = baseOf(context);
  const headers = { ETag: etagOf(row), Location: `${base}/Users/${row.id}` };
  return scimAnswer(context, projected(toScimUser(row, base), queryOf(context)), status, headers);
}

async function groupAnswer(context: Context<HttpEnv>, row: GroupRow, status: 200 | 201 = 200): Promise<Response> {
  const headers = { ETag: etagOf(row), Location: `${baseOf(context)}/Groups/${row.id}` };
  return scimAnswer(context, projected(await tellGroup(context, row, true), queryOf(context)), status, headers);
}

async function tellGroup(context: Context<HttpEnv>, row: GroupRow, isWithMembers: boolean): Promise<Record<string, Json>> {
  const { tenant } = context.get("principal");
  const members = isWithMembers ? await listMembers(context.env, tenant, row.id, { after: undefined, limit: MAX_MEMBERS }) : [];
  return toScimGroup(row, members, baseOf(context));
}

function wholeList(context: Context<HttpEnv>, resources: Record<string, Json>[]): Response {
  return scimAnswer(context, listResponse(resources, resources.length, 1));
}

function oneOf(context: Context<HttpEnv>, resources: readonly Record<string, Json>[]): Response {
  const found = resources.find(({ id }) => id === idOf(context));
  if (found === undefined) throw new ScimFault(404, undefined, `There is no ${idOf(context)}.`);
  return scimAnswer(context, found);
}

/** RFC 7644 §3.14: a weak tag of the resource's version. */
function etagOf({ version }: { version: number }): string {
  return `W/"${version}"`;
}

function isUnchanged(context: Context<HttpEnv>, row: { version: number }): boolean {
  return context.req.header("if-none-match") === etagOf(row);
}

function checkVersion(context: Context<HttpEnv>, row: { version: number }): void {
  const wanted = context.req.header("if-match");
  if (wanted !== undefined && wanted !== "*" && wanted !== etagOf(row))
    throw new ScimFault(412, undefined, "The resource has changed since it was read; read it again.");
}

function patchOf(body: unknown) {
  const parsed = patchSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ScimFault(400, "invalidSyntax", `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is not valid"}.`);
}

/** @throws ScimFault `invalidSyntax` for what is no JSON; Problem for a body beyond its bounds */
async function bodyOf(context: Context<HttpEnv>): Promise<unknown> {
  const text = new TextDecoder().decode(await readBounded(context.req.raw, MAX_BODY_BYTES));
  try {
    return jsonSchema.parse(JSON.parse(text));
  } catch {
    throw new ScimFault(400, "invalidSyntax", "The body is not JSON.");
  }
}
