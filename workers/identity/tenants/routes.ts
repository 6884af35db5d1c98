import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { recordChange } from "../../audit/record.ts";
import { systemClock } from "../../platform/clock.ts";
import { isId, type TenantId } from "../../platform/ids.ts";
import { Problem } from "../../platform/problem.ts";
import { decodeCursor, defineRoute, encodeCursor, type HttpEnv, newRouter, pageQuerySchema, pageSchema } from "../../platform/route.ts";
import { newApiKeySchema, toApiKey } from "../api-keys/key-resource.ts";
import { newKey } from "../api-keys/new-key.ts";
import { recordIdentity } from "../record-identity.ts";
import { signInSettingsSchema } from "../sign-in/settings.ts";
import { insertTenant, readTenant, type Tenant } from "../store.ts";
import { letIn, shutOut } from "../withdraw.ts";
import { CLOSING_DAYS, domainsOf, listTenants, MAX_DOMAINS, setDomains, setTenantStatus, updateTenant } from "./store.ts";

export const tenantRoutes = newRouter();

const tenantSchema = z
  .object({
    id: z.string().openapi({ example: "ten_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    name: z.string().openapi({ example: "Antarctic Survey" }),
    createdAt: z.iso.datetime(),
    status: z.enum(["active", "suspended", "closing"]),
    signIn: signInSettingsSchema,
  })
  .openapi("Tenant");

const nameSchema = z.string().trim().min(1).max(200);
const idParam = z.object({ id: z.string().max(64) });
const answer = (description: string) => ({ description, content: { "application/json": { schema: tenantSchema } } });
const domainSchema = z
  .string()
  .max(253)
  .toLowerCase()
  .regex(/^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/, { message: "not a domain name" });

const createTenant = defineRoute(
  { capability: "tenants.write", creates: true },
  {
    method: "post",
    path: "/v1/tenants",
    operationId: "createTenant",
    tags: ["Identity"],
    summary: "Create a tenant with its first administrator key",
    request: {
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z.strictObject({ name: nameSchema.openapi({ example: "Antarctic Survey" }) }).openapi("NewTenant"),
          },
        },
      },
    },
    responses: {
      201: {
        description: "The tenant and its first key.",
        content: { "application/json": { schema: z.object({ tenant: tenantSchema, apiKey: newApiKeySchema }) } },
      },
    },
  },
);

tenantRoutes.openapi(createTenant, async (context) => {
  const at = systemClock.now();
  const id = context.get("newId")("tenant");
  const { name } = context.req.valid("json");
  const { row, secret } = newKey(context.get("newId"), { tenant: id, name: "administrator", role: "admin", at, expiresAt: null });
  const tenant: Tenant = { id, name, createdAt: at, status: "active", signIn: signInSettingsSchema.parse({}) };
  await insertTenant(context.env, { id, name, createdAt: at, status: "active", statusAt: null, signIn: "{}" }, row);
  await recordForTenant(context, "tenant.created", id);
  return context.json({ tenant: tellTenant(tenant), apiKey: { ...toApiKey(row), secret } }, 201);
});

const listTenantsRoute = defineRoute(
  { capability: "tenants.write" },
  {
    method: "get",
    path: "/v1/tenants",
    operationId: "listTenants",
    tags: ["Identity"],
    summary: "List all tenants, in the order they were made",
    request: { query: pageQuerySchema },
    responses: { 200: { description: "A page of tenants.", content: { "application/json": { schema: pageSchema(tenantSchema) } } } },
  },
);

tenantRoutes.openapi(listTenantsRoute, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const rows = await listTenants(context.env, cursor === undefined ? undefined : decodeCursor(cursor), limit + 1);
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return context.json({ items: shown.map(tellTenant), ...(last === undefined ? {} : { nextCursor: encodeCursor(last.id) }) }, 200);
});

const readCurrentTenant = defineRoute(
  { capability: "sessions.read" },
  {
    method: "get",
    path: "/v1/tenants/current",
    operationId: "readCurrentTenant",
    tags: ["Identity"],
    summary: "Read the tenant that the credential belongs to",
    responses: { 200: answer("The tenant.") },
  },
);

tenantRoutes.openapi(readCurrentTenant, async (context) => {
  return context.json(tellTenant(await currentTenant(context)), 200);
});

const updateCurrentTenant = defineRoute(
  { capability: "identity.write" },
  {
    method: "patch",
    path: "/v1/tenants/current",
    operationId: "updateCurrentTenant",
    tags: ["Identity"],
    summary: "Change the tenant's name and how its people sign in",
    request: {
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({ name: nameSchema.optional(), signIn: signInSettingsSchema.optional() })
              .openapi("TenantChange", { example: { name: "Antarctic Survey" } }),
          },
        },
      },
    },
    responses: { 200: answer("The tenant as it is now.") },
  },
);

tenantRoutes.openapi(updateCurrentTenant, async (context) => {
  const { name, signIn } = context.req.valid("json");
  const before = await currentTenant(context);
  const change = { ...(name === undefined ? {} : { name }), ...(signIn === undefined ? {} : { signIn }) };
  const tenant = (await updateTenant(context.env, before.id, change)) ?? before;
  await recordIdentity(context, "tenant.changed", tenant.id);
  return context.json(tellTenant(tenant), 200);
});

const statusRoute = <Path extends string>(
  path: Path,
  { operationId, summary, description }: { operationId: string; summary: string; description: string },
) =>
  defineRoute(
    { capability: "tenants.write" },
    {
      method: "post",
      path,
      operationId,
      tags: ["Identity"],
      summary,
      description,
      request: { params: idParam },
      responses: { 200: answer("The tenant as it stands now.") },
    },
  );

tenantRoutes.openapi(
  statusRoute("/v1/tenants/{id}/suspend", {
    operationId: "suspendTenant",
    summary: "Shut a tenant out",
    description: "No key, token or sign-in of the tenant opens anything, everywhere within two seconds. What it has stays.",
  }),
  async (context) => {
    const tenant = await setStatus(context, context.req.valid("param").id, "suspended");
    await shutOut(context.env, systemClock, tenant.id);
    await recordForTenant(context, "tenant.suspended", tenant.id);
    return context.json(tellTenant(tenant), 200);
  },
);

tenantRoutes.openapi(
  statusRoute("/v1/tenants/{id}/resume", {
    operationId: "resumeTenant",
    summary: "Let a tenant in again, also one that is closing",
    description: "Its keys, tokens and sign-ins open again what they opened before, unless they have ended meanwhile.",
  }),
  async (context) => {
    const tenant = await setStatus(context, context.req.valid("param").id, "active");
    await letIn(context.env, systemClock, tenant.id);
    await recordForTenant(context, "tenant.resumed", tenant.id);
    return context.json(tellTenant(tenant), 200);
  },
);

tenantRoutes.openapi(
  statusRoute("/v1/tenants/{id}/close", {
    operationId: "closeTenant",
    summary: "Close a tenant",
    description: `It is shut out at once. After ${CLOSING_DAYS} days its people, groups, roles, keys and settings are removed; until then it can be resumed.`,
  }),
  async (context) => {
    const tenant = await setStatus(context, context.req.valid("param").id, "closing");
    await shutOut(context.env, systemClock, tenant.id);
    await recordForTenant(context, "tenant.closed", tenant.id);
    return context.json(tellTenant(tenant), 200);
  },
);

const domainsSchema = z
  .strictObject({
    domains: z
      .array(domainSchema)
      .max(MAX_DOMAINS)
      .openapi({ example: ["example.org"] }),
  })
  .openapi("TenantDomains");

const setDomainsRoute = defineRoute(
  { capability: "tenants.write" },
  {
    method: "put",
    path: "/v1/tenants/{id}/domains",
    operationId: "setTenantDomains",
    tags: ["Identity"],
    summary: "Say by which e-mail domains and hosts a tenant is found",
    description: "The operator's, who has made sure that they are the tenant's: whoever signs in with such an address is sent to it.",
    request: { params: idParam, body: { required: true, content: { "application/json": { schema: domainsSchema } } } },
    responses: { 200: { description: "All of them.", content: { "application/json": { schema: domainsSchema } } } },
  },
);

tenantRoutes.openapi(setDomainsRoute, async (context) => {
  const tenant = await existingTenant(context.env, context.req.valid("param").id);
  await setDomains(context.env, tenant.id, [...new Set(context.req.valid("json").domains)], systemClock.now());
  await recordForTenant(context, "tenant.domains-changed", tenant.id);
  return context.json({ domains: await domainsOf(context.env, tenant.id) }, 200);
});

async function currentTenant(context: Context<HttpEnv>): Promise<Tenant> {
  const tenant = await readTenant(context.env, context.get("principal").tenant);
  if (tenant === undefined) throw new Problem("not-found", "The credential belongs to no tenant.");
  return tenant;
}

async function existingTenant(env: Env, id: string): Promise<Tenant> {
  const tenant = isId("tenant", id) ? await readTenant(env, id) : undefined;
  if (tenant === undefined) throw missing(id);
  return tenant;
}

async function setStatus({ env }: Context<HttpEnv>, id: string, status: Tenant["status"]): Promise<Tenant> {
  const tenant = await setTenantStatus(env, id, status, systemClock.now());
  if (tenant === undefined) throw missing(id);
  return tenant;
}

/** What the operator does to a tenant is in that tenant's own audit log. */
async function recordForTenant(context: Context<HttpEnv>, action: string, tenant: TenantId): Promise<void> {
  const principal = { ...context.get("principal"), tenant };
  await recordChange(context.env, systemClock, principal, { action, resource: tenant, decision: context.get("decision") });
}

function missing(id: string): Problem {
  return new Problem("not-found", `There is no tenant ${id}; GET /v1/tenants lists them.`);
}

function tellTenant({ id, name, createdAt, status, signIn }: Tenant): z.infer<typeof tenantSchema> {
  return { id, name, createdAt: new Date(createdAt).toISOString(), status, signIn };
}
