import { z } from "@hono/zod-openapi";
import { recordChange } from "../audit/record.ts";
import { capabilitySchema, roleSchema } from "../platform/capabilities.ts";
import { systemClock } from "../platform/clock.ts";
import { idPattern, parseId } from "../platform/ids.ts";
import { Problem } from "../platform/problem.ts";
import {
  decodeCursor,
  defineRoute,
  encodeCursor,
  newRouter,
  pageQuerySchema,
  pageSchema,
  type RequestVariables,
} from "../platform/route.ts";
import { newApiKeySecret } from "./api-key.ts";
import { checkGrant } from "./grant.ts";
import { forgetKey } from "./known-keys.ts";
import { publicKeys, rotate } from "./signing-keys.ts";
import { type ApiKeyRow, insertApiKey, insertTenant, listApiKeys, readTenant, revokeApiKey } from "./store.ts";
import { issueToken, parentToken } from "./tokens.ts";

export const identityRoutes = newRouter();

const tenantSchema = z
  .object({
    id: z.string().openapi({ example: "ten_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    name: z.string().openapi({ example: "Antarctic Survey" }),
    createdAt: z.iso.datetime(),
  })
  .openapi("Tenant");

const apiKeySchema = z
  .object({
    id: z.string().openapi({ example: "key_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    name: z.string(),
    role: roleSchema,
    lastFour: z.string().openapi({ example: "x9Qw" }),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().optional(),
    revokedAt: z.iso.datetime().optional(),
    lastUsedAt: z.iso.datetime().optional().openapi({ description: "The hour in which it was last used." }),
  })
  .openapi("ApiKey");

const newApiKeySchema = apiKeySchema
  .extend({
    secret: z.string().openapi({ description: "The key itself. It is shown this once.", example: "soma_key_01KAJ2M3N4P5Q6R7S8T9V0W1X2_…" }),
  })
  .openapi("NewApiKey");

const nameSchema = z.string().trim().min(1).max(200);

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

identityRoutes.openapi(createTenant, async (context) => {
  const at = systemClock.now();
  const tenant = {
    id: context.get("newId")("tenant"),
    name: context.req.valid("json").name,
    createdAt: at,
    status: "active" as const,
    statusAt: null,
    signIn: "{}",
  };
  const { row, secret } = newKey(context.get("newId"), { tenant: tenant.id, name: "administrator", role: "admin", at, expiresAt: null });
  await insertTenant(context.env, tenant, row);
  const principal = { ...context.get("principal"), tenant: tenant.id };
  await recordChange(context.env, systemClock, principal, {
    action: "tenant.created",
    resource: tenant.id,
    decision: context.get("decision"),
  });
  return context.json({ tenant: toTenant(tenant), apiKey: { ...toApiKey(row), secret } }, 201);
});

const readCurrentTenant = defineRoute(
  { capability: "sessions.read" },
  {
    method: "get",
    path: "/v1/tenants/current",
    operationId: "readCurrentTenant",
    tags: ["Identity"],
    summary: "Read the tenant that the credential belongs to",
    responses: { 200: { description: "The tenant.", content: { "application/json": { schema: tenantSchema } } } },
  },
);

identityRoutes.openapi(readCurrentTenant, async (context) => {
  const tenant = await readTenant(context.env, context.get("principal").tenant);
  if (tenant === undefined) throw new Problem("not-found", "The credential belongs to no tenant.");
  return context.json(toTenant(tenant), 200);
});

const createApiKey = defineRoute(
  { capability: "identity.write", creates: true },
  {
    method: "post",
    path: "/v1/api-keys",
    operationId: "createApiKey",
    tags: ["Identity"],
    summary: "Create an API key",
    request: {
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({
                name: nameSchema.openapi({ example: "nightly reports" }),
                role: z.enum(["admin", "member", "viewer"]),
                expiresAt: z.iso.datetime().optional(),
              })
              .openapi("ApiKeyRequest"),
          },
        },
      },
    },
    responses: {
      201: { description: "The key; its secret is shown this once.", content: { "application/json": { schema: newApiKeySchema } } },
    },
  },
);

identityRoutes.openapi(createApiKey, async (context) => {
  const { name, role, expiresAt } = context.req.valid("json");
  const { tenant } = context.get("principal");
  const at = systemClock.now();
  checkGrant(context.get("principal"), role);
  if (expiresAt !== undefined && Date.parse(expiresAt) <= at)
    throw new Problem("invalid-request", "The key would have expired already.", {
      errors: [{ pointer: "/expiresAt", message: "must be in the future" }],
    });
  const { row, secret } = newKey(context.get("newId"), {
    tenant,
    name,
    role,
    at,
    expiresAt: expiresAt === undefined ? null : Date.parse(expiresAt),
  });
  await insertApiKey(context.env, row);
  forgetKey(context.env, parseId("apiKey", row.id));
  await recordChange(context.env, systemClock, context.get("principal"), {
    action: "api-key.created",
    resource: row.id,
    decision: context.get("decision"),
  });
  return context.json({ ...toApiKey(row), secret }, 201);
});

const listKeys = defineRoute(
  { capability: "identity.read" },
  {
    method: "get",
    path: "/v1/api-keys",
    operationId: "listApiKeys",
    tags: ["Identity"],
    summary: "List API keys, newest first",
    request: { query: pageQuerySchema },
    responses: {
      200: { description: "A page of keys, without their secrets.", content: { "application/json": { schema: pageSchema(apiKeySchema) } } },
    },
  },
);

identityRoutes.openapi(listKeys, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const rows = await listApiKeys(
    context.env,
    context.get("principal").tenant,
    cursor === undefined ? undefined : decodeCursor(cursor),
    limit + 1,
  );
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return context.json(
    { items: rows.slice(0, limit).map(toApiKey), ...(last === undefined ? {} : { nextCursor: encodeCursor(last.id) }) },
    200,
  );
});

const revokeKey = defineRoute(
  { capability: "identity.write" },
  {
    method: "delete",
    path: "/v1/api-keys/{id}",
    operationId: "revokeApiKey",
    tags: ["Identity"],
    summary: "Revoke an API key",
    request: { params: z.object({ id: z.string().regex(idPattern("apiKey")) }) },
    responses: {
      204: {
        description: "The key opens nothing any more, and neither do the tokens made from it; every location knows within 15 seconds.",
      },
    },
  },
);

identityRoutes.openapi(revokeKey, async (context) => {
  const id = parseId("apiKey", context.req.valid("param").id);
  const principal = context.get("principal");
  if (!(await revokeApiKey(context.env, principal.tenant, id, systemClock.now())))
    throw new Problem("not-found", `No API key ${id} in this tenant.`);
  forgetKey(context.env, id);
  await recordChange(context.env, systemClock, principal, { action: "api-key.revoked", resource: id, decision: context.get("decision") });
  return context.body(null, 204);
});

const createToken = defineRoute(
  { capability: "sessions.read" },
  {
    method: "post",
    path: "/v1/auth/tokens",
    operationId: "createToken",
    tags: ["Identity"],
    summary: "Exchange the credential for a short-lived token",
    description:
      "The token lives 15 minutes, no longer than the token it was made from, and not beyond the revocation of its key. It may do less than the credential, never more.",
    request: {
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z.strictObject({ capabilities: z.array(capabilitySchema).max(64).optional() }).openapi("TokenRequest"),
          },
        },
      },
    },
    responses: {
      201: {
        description: "A token with no more capabilities than the credential.",
        content: {
          "application/json": {
            schema: z.object({ accessToken: z.string(), tokenType: z.literal("Bearer"), expiresIn: z.number().int() }).openapi("Token"),
          },
        },
      },
    },
  },
);

identityRoutes.openapi(createToken, async (context) => {
  const issuer = new URL(context.req.url).origin;
  const token = await issueToken(context.env, systemClock, issuer, {
    principal: context.get("principal"),
    capabilities: context.req.valid("json").capabilities,
    parent: parentToken(context.req.header("authorization")),
  });
  return context.json({ ...token, tokenType: "Bearer" as const }, 201);
});

const rotateKeys = defineRoute(
  { capability: "tenants.write" },
  {
    method: "post",
    path: "/v1/auth/signing-keys/rotate",
    operationId: "rotateSigningKeys",
    tags: ["Identity"],
    summary: "Sign tokens with a new key from now on",
    responses: {
      201: { description: "The id of the new key.", content: { "application/json": { schema: z.object({ id: z.string() }) } } },
    },
  },
);

identityRoutes.openapi(rotateKeys, async (context) => {
  const key = await rotate(context.env, systemClock);
  await recordChange(context.env, systemClock, context.get("principal"), {
    action: "signing-key.rotated",
    resource: key.id,
    decision: context.get("decision"),
  });
  return context.json({ id: key.id }, 201);
});

const jwks = defineRoute(
  { capability: "public" },
  {
    method: "get",
    path: "/.well-known/jwks.json",
    operationId: "readJwks",
    tags: ["Identity"],
    summary: "Read the keys that verify the platform's tokens",
    responses: {
      200: {
        description: "A JWK set (RFC 7517).",
        content: { "application/json": { schema: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }) } },
      },
    },
  },
);

identityRoutes.openapi(jwks, async (context) => {
  context.header("Cache-Control", "public, max-age=60");
  return context.json(await publicKeys(context.env, systemClock), 200);
});

function newKey(
  newId: RequestVariables["newId"],
  key: { tenant: string; name: string; role: "admin" | "member" | "viewer"; at: number; expiresAt: number | null },
): { row: ApiKeyRow; secret: string } {
  const id = newId("apiKey");
  const { key: secret, secretHash, lastFour } = newApiKeySecret(id);
  const row = {
    id,
    tenant: key.tenant,
    name: key.name,
    role: key.role,
    scopes: null,
    rotatedFrom: null,
    subject: newId("service"),
    secretHash,
    lastFour,
    createdAt: key.at,
    expiresAt: key.expiresAt,
    revokedAt: null,
    lastUsedAt: null,
  };
  return { row, secret };
}

function toTenant(row: { id: string; name: string; createdAt: number }): z.infer<typeof tenantSchema> {
  return { id: row.id, name: row.name, createdAt: new Date(row.createdAt).toISOString() };
}

function toApiKey(row: ApiKeyRow): z.infer<typeof apiKeySchema> {
  return {
    id: row.id,
    name: row.name,
    role: roleSchema.parse(row.role),
    lastFour: row.lastFour,
    createdAt: new Date(row.createdAt).toISOString(),
    ...(row.expiresAt === null ? {} : { expiresAt: new Date(row.expiresAt).toISOString() }),
    ...(row.revokedAt === null ? {} : { revokedAt: new Date(row.revokedAt).toISOString() }),
    ...(row.lastUsedAt === null ? {} : { lastUsedAt: new Date(row.lastUsedAt).toISOString() }),
  };
}
