import { z } from "@hono/zod-openapi";
import { systemClock } from "../../platform/clock.ts";
import type { TenantId } from "../../platform/ids.ts";
import type { Principal } from "../../platform/principal.ts";
import { Problem } from "../../platform/problem.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../../platform/route.ts";
import { checkGrant } from "../grant.ts";
import { recordIdentity } from "../record-identity.ts";
import { assignRoles } from "../roles/assign.ts";
import { grantsOf } from "../roles/grants.ts";
import { rolesOf, rolesOfEach } from "../roles/store.ts";
import { personNameSchema, roleSetSchema, rolesSchema } from "../users/user-resource.ts";
import { withdrawIssuedBefore } from "../withdraw.ts";
import {
  deleteServiceAccount,
  insertServiceAccount,
  listServiceAccounts,
  readServiceAccount,
  type ServiceAccountRow,
  updateServiceAccount,
} from "./store.ts";

export const serviceAccountRoutes = newRouter();

const accountSchema = z
  .object({
    id: z.string().openapi({ example: "svc_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    name: z.string().openapi({ example: "nightly reports" }),
    description: z.string(),
    active: z.boolean(),
    roles: z.array(z.string()),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi("ServiceAccount");

const idParam = z.object({ id: z.string().max(64) });
const answer = (description: string) => ({ description, content: { "application/json": { schema: accountSchema } } });
const descriptionSchema = z.string().max(500);

const create = defineRoute(
  { capability: "users.write", creates: true },
  {
    method: "post",
    path: "/v1/service-accounts",
    operationId: "createServiceAccount",
    tags: ["People"],
    summary: "Create a service account: a program that acts in its own name",
    request: {
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({
                name: personNameSchema.openapi({ example: "nightly reports" }),
                description: descriptionSchema.default(""),
                roles: rolesSchema.default([]),
              })
              .openapi("NewServiceAccount"),
          },
        },
      },
    },
    responses: { 201: answer("The account. It gets in by keys: POST /v1/api-keys with `serviceAccount`.") },
  },
);

serviceAccountRoutes.openapi(create, async (context) => {
  const principal = context.get("principal");
  const { name, description, roles } = context.req.valid("json");
  const now = systemClock.now();
  const id = context.get("newId")("service");
  const row = { id, tenant: principal.tenant, name, description, active: true, createdAt: now, updatedAt: now };
  await insertServiceAccount(context.env, row);
  const given = await assignRoles(context.env, systemClock, principal, id, roles);
  await recordIdentity(context, "service-account.created", id);
  return context.json(toAccount(row, given), 201);
});

const list = defineRoute(
  { capability: "users.read" },
  {
    method: "get",
    path: "/v1/service-accounts",
    operationId: "listServiceAccounts",
    tags: ["People"],
    summary: "List service accounts, in the order they were made",
    request: { query: pageQuerySchema },
    responses: { 200: { description: "A page of them.", content: { "application/json": { schema: pageSchema(accountSchema) } } } },
  },
);

serviceAccountRoutes.openapi(list, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const { tenant } = context.get("principal");
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const rows = await listServiceAccounts(context.env, tenant, { after, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const ids = shown.map(({ id }) => id);
  const roles = await rolesOfEach(context.env, tenant, ids);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const items = shown.map((row) => toAccount(row, roles.get(row.id) ?? []));
  return context.json({ items, ...(last === undefined ? {} : { nextCursor: encodeCursor(last.id) }) }, 200);
});

const read = defineRoute(
  { capability: "users.read" },
  {
    method: "get",
    path: "/v1/service-accounts/{id}",
    operationId: "readServiceAccount",
    tags: ["People"],
    summary: "Read a service account",
    request: { params: idParam },
    responses: { 200: answer("The account.") },
  },
);

serviceAccountRoutes.openapi(read, async (context) => {
  const { tenant } = context.get("principal");
  const row = await existing(context.env, tenant, context.req.valid("param").id);
  return context.json(toAccount(row, await rolesOf(context.env, tenant, row.id)), 200);
});

const update = defineRoute(
  { capability: "users.write" },
  {
    method: "patch",
    path: "/v1/service-accounts/{id}",
    operationId: "updateServiceAccount",
    tags: ["People"],
    summary: "Change a service account; deactivated, its keys open nothing",
    request: {
      params: idParam,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({
                name: personNameSchema.optional(),
                description: descriptionSchema.optional(),
                active: z.boolean().optional(),
              })
              .openapi("ServiceAccountChange"),
          },
        },
      },
    },
    responses: { 200: answer("The account as it is now.") },
  },
);

serviceAccountRoutes.openapi(update, async (context) => {
  const principal = context.get("principal");
  const { id } = await changeable(context.env, principal, context.req.valid("param").id);
  const { name, description, active } = context.req.valid("json");
  const change = {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(active === undefined ? {} : { active }),
  };
  const row = await updateServiceAccount(context.env, principal.tenant, id, change, systemClock.now());
  if (row === undefined) throw missing(id);
  if (active === false) await withdrawIssuedBefore(context.env, systemClock, principal.tenant, id);
  await recordIdentity(context, active === false ? "service-account.deactivated" : "service-account.changed", id);
  return context.json(toAccount(row, await rolesOf(context.env, principal.tenant, id)), 200);
});

const remove = defineRoute(
  { capability: "users.write" },
  {
    method: "delete",
    path: "/v1/service-accounts/{id}",
    operationId: "deleteServiceAccount",
    tags: ["People"],
    summary: "Remove a service account and revoke its keys",
    request: { params: idParam },
    responses: { 204: { description: "Everywhere within two seconds." } },
  },
);

serviceAccountRoutes.openapi(remove, async (context) => {
  const principal = context.get("principal");
  const { id } = await changeable(context.env, principal, context.req.valid("param").id);
  await deleteServiceAccount(context.env, principal.tenant, id, systemClock.now());
  await withdrawIssuedBefore(context.env, systemClock, principal.tenant, id);
  await recordIdentity(context, "service-account.deleted", id);
  return context.body(null, 204);
});

const setRoles = defineRoute(
  { capability: "users.write" },
  {
    method: "put",
    path: "/v1/service-accounts/{id}/roles",
    operationId: "setServiceAccountRoles",
    tags: ["People"],
    summary: "Give a service account exactly these roles",
    request: { params: idParam, body: { required: true, content: { "application/json": { schema: roleSetSchema } } } },
    responses: { 200: answer("The account as it is now.") },
  },
);

serviceAccountRoutes.openapi(setRoles, async (context) => {
  const principal = context.get("principal");
  const row = await existing(context.env, principal.tenant, context.req.valid("param").id);
  const roles = await assignRoles(context.env, systemClock, principal, row.id, context.req.valid("json").roles);
  await recordIdentity(context, "service-account.roles-changed", row.id);
  return context.json(toAccount(row, roles), 200);
});

async function existing(env: Env, tenant: TenantId, id: string): Promise<ServiceAccountRow> {
  const row = await readServiceAccount(env, tenant, id);
  if (row === undefined) throw missing(id);
  return row;
}

/** @throws Problem `forbidden` when the account may do something that the principal may not */
async function changeable(env: Env, principal: Principal, id: string): Promise<ServiceAccountRow> {
  const row = await existing(env, principal.tenant, id);
  const { capabilities } = await grantsOf(env, principal.tenant, row.id);
  checkGrant(principal, capabilities, `The service account ${row.id}`);
  return row;
}

function missing(id: string): Problem {
  return new Problem("not-found", `No service account ${id} in this tenant.`);
}

function toAccount(row: ServiceAccountRow, roles: readonly string[]): z.infer<typeof accountSchema> {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    active: row.active,
    roles: [...roles],
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
  };
}
