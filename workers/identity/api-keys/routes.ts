import { z } from "@hono/zod-openapi";
import { type Capability, capabilitySchema, ROLES } from "../../platform/capabilities.ts";
import { systemClock } from "../../platform/clock.ts";
import { idPattern, parseId } from "../../platform/ids.ts";
import type { Principal } from "../../platform/principal.ts";
import { Problem } from "../../platform/problem.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../../platform/route.ts";
import { checkGrant } from "../grant.ts";
import { forgetKey } from "../known-keys.ts";
import { recordIdentity } from "../record-identity.ts";
import { grantsOf } from "../roles/grants.ts";
import { readServiceAccount } from "../service-accounts/store.ts";
import { type ApiKeyRow, expireApiKey, insertApiKey, listApiKeys, readApiKey, revokeApiKey } from "../store.ts";
import { withdraw } from "../withdraw.ts";
import { ROLE_OF_ACCOUNT, scopesOf } from "./key-principal.ts";
import { apiKeySchema, newApiKeySchema, toApiKey } from "./key-resource.ts";
import { newKey } from "./new-key.ts";

export const apiKeyRoutes = newRouter();

/** How long the old key of a rotation may stand beside the new one. */
const MAX_OVERLAP_SECONDS = 30 * 86_400;
/** A shorter overlap could not be kept: a location may hold what it knows of a key for so long. */
const MIN_OVERLAP_SECONDS = 60;
const DEFAULT_OVERLAP_SECONDS = 86_400;

const idParam = z.object({ id: z.string().regex(idPattern("apiKey")) });
const nameSchema = z.string().trim().min(1).max(200);

const createApiKey = defineRoute(
  { capability: "identity.write", creates: true },
  {
    method: "post",
    path: "/v1/api-keys",
    operationId: "createApiKey",
    tags: ["Identity"],
    summary: "Create an API key, of a role of its own or of a service account",
    request: {
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({
                name: nameSchema.openapi({ example: "nightly reports" }),
                role: z.enum(["admin", "member", "viewer"]).optional().openapi({ description: "Or `serviceAccount`." }),
                serviceAccount: z.string().max(64).optional().openapi({ description: "Or `role`." }),
                scopes: z
                  .array(capabilitySchema)
                  .min(1)
                  .max(128)
                  .optional()
                  .openapi({ description: "What the key is narrowed to; all that its role or account has, when left out." }),
                expiresAt: z.iso.datetime().optional(),
              })
              .openapi("ApiKeyRequest", { example: { name: "nightly reports", role: "member" } }),
          },
        },
      },
    },
    responses: {
      201: { description: "The key; its secret is shown this once.", content: { "application/json": { schema: newApiKeySchema } } },
    },
  },
);

apiKeyRoutes.openapi(createApiKey, async (context) => {
  const { name, role, serviceAccount, scopes, expiresAt } = context.req.valid("json");
  const principal = context.get("principal");
  const at = systemClock.now();
  if ((role === undefined) === (serviceAccount === undefined))
    throw new Problem("invalid-request", "A key has either a role of its own or a service account.", {
      errors: [{ pointer: "/role", message: "give this or /serviceAccount, not both" }],
    });
  const granted =
    serviceAccount === undefined ? ROLES[role ?? "viewer"] : await capabilitiesOfAccount(context.env, principal, serviceAccount);
  const beyond = scopes?.find((scope) => !granted.includes(scope));
  if (role !== undefined && beyond !== undefined)
    throw new Problem("invalid-request", `The role ${role} has no ${beyond}, so its key cannot.`, {
      errors: [{ pointer: "/scopes", message: `${beyond} is not of the role` }],
    });
  checkGrant(principal, scopes ?? granted, role === undefined ? `The service account ${serviceAccount}` : `The role ${role}`);
  const { row, secret } = newKey(context.get("newId"), {
    tenant: principal.tenant,
    name,
    role: role ?? ROLE_OF_ACCOUNT,
    ...(serviceAccount === undefined ? {} : { subject: serviceAccount }),
    scopes,
    at,
    expiresAt: future(expiresAt, at),
  });
  await insertApiKey(context.env, row);
  forgetKey(context.env, parseId("apiKey", row.id));
  await recordIdentity(context, "api-key.created", row.id);
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

apiKeyRoutes.openapi(listKeys, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const before = cursor === undefined ? undefined : decodeCursor(cursor);
  const rows = await listApiKeys(context.env, context.get("principal").tenant, before, limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const items = rows.slice(0, limit).map(toApiKey);
  return context.json({ items, ...(last === undefined ? {} : { nextCursor: encodeCursor(last.id) }) }, 200);
});

const rotateKey = defineRoute(
  { capability: "identity.write", creates: true },
  {
    method: "post",
    path: "/v1/api-keys/{id}/rotate",
    operationId: "rotateApiKey",
    tags: ["Identity"],
    summary: "Put a new key in the place of one, which stands beside it for a while",
    description:
      "The new key has the name, role or account, scopes and end of the old one. The old one ends after `overlapSeconds`; with 0, at once and everywhere within two seconds.",
    request: {
      params: idParam,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({
                overlapSeconds: z
                  .union([z.literal(0), z.number().int().min(MIN_OVERLAP_SECONDS).max(MAX_OVERLAP_SECONDS)])
                  .default(DEFAULT_OVERLAP_SECONDS)
                  .openapi({
                    description: "0, or 60 and more: a location may hold what it knows of a key for some seconds.",
                    example: 3600,
                  }),
              })
              .openapi("ApiKeyRotation"),
          },
        },
      },
    },
    responses: {
      201: { description: "The new key; its secret is shown this once.", content: { "application/json": { schema: newApiKeySchema } } },
    },
  },
);

apiKeyRoutes.openapi(rotateKey, async (context) => {
  const principal = context.get("principal");
  const at = systemClock.now();
  const old = await standingKey(context.env, principal, context.req.valid("param").id, at);
  checkGrant(principal, await capabilitiesOfKey(context.env, principal, old), `The key ${old.id}`);
  const { overlapSeconds } = context.req.valid("json");
  const { row, secret } = newKey(context.get("newId"), {
    tenant: principal.tenant,
    name: old.name,
    role: old.role,
    subject: old.subject,
    scopes: scopesOf(old),
    at,
    expiresAt: old.expiresAt,
    rotatedFrom: old.id,
  });
  await insertApiKey(context.env, row);
  if (overlapSeconds === 0) await endKey(context.env, principal, old.id, at);
  else await expireApiKey(context.env, principal.tenant, old.id, at + overlapSeconds * 1_000);
  for (const id of [old.id, row.id]) forgetKey(context.env, parseId("apiKey", id));
  await recordIdentity(context, "api-key.rotated", `${old.id}/${row.id}`);
  return context.json({ ...toApiKey(row), secret }, 201);
});

const revokeKey = defineRoute(
  { capability: "identity.write" },
  {
    method: "delete",
    path: "/v1/api-keys/{id}",
    operationId: "revokeApiKey",
    tags: ["Identity"],
    summary: "Revoke an API key",
    request: { params: idParam },
    responses: {
      204: {
        description: "The key opens nothing any more, and neither do the tokens made from it; every location knows within two seconds.",
      },
    },
  },
);

apiKeyRoutes.openapi(revokeKey, async (context) => {
  const { id } = context.req.valid("param");
  const principal = context.get("principal");
  if (!(await endKey(context.env, principal, id, systemClock.now()))) throw missing(id);
  forgetKey(context.env, parseId("apiKey", id));
  await recordIdentity(context, "api-key.revoked", id);
  return context.body(null, 204);
});

/** Ends a key here and, by the tenant's governance, everywhere. @returns false when the tenant has no such key or it had ended */
async function endKey(env: Env, { tenant }: Principal, id: string, at: number): Promise<boolean> {
  const isEnded = await revokeApiKey(env, tenant, id, at);
  if (isEnded) await withdraw(env, systemClock, tenant, id);
  return isEnded;
}

/** @throws Problem `not-found`, or `conflict` when the key has ended */
async function standingKey(env: Env, { tenant }: Principal, id: string, at: number): Promise<ApiKeyRow> {
  const row = await readApiKey(env, tenant, id);
  if (row === undefined) throw missing(id);
  if (row.revokedAt !== null || (row.expiresAt ?? at + 1) <= at)
    throw new Problem("conflict", `The key ${id} has ended; create a new one instead.`);
  return row;
}

async function capabilitiesOfKey(env: Env, principal: Principal, row: ApiKeyRow): Promise<readonly Capability[]> {
  const scopes = scopesOf(row);
  if (scopes !== undefined) return scopes;
  const role = (["admin", "member", "viewer"] as const).find((name) => name === row.role);
  return role === undefined ? capabilitiesOfAccount(env, principal, row.subject) : ROLES[role];
}

/** What a service account may do now. @throws Problem `invalid-request` when there is none of this id */
async function capabilitiesOfAccount(env: Env, { tenant }: Principal, id: string): Promise<readonly Capability[]> {
  if ((await readServiceAccount(env, tenant, id)) === undefined)
    throw new Problem("invalid-request", `There is no service account ${id} in this tenant; GET /v1/service-accounts lists them.`, {
      errors: [{ pointer: "/serviceAccount", message: "is not of this tenant" }],
    });
  return (await grantsOf(env, tenant, id)).capabilities;
}

/** @throws Problem `invalid-request` for a time that has passed */
function future(expiresAt: string | undefined, at: number): number | null {
  if (expiresAt === undefined) return null;
  if (Date.parse(expiresAt) <= at)
    throw new Problem("invalid-request", "The key would have expired already.", {
      errors: [{ pointer: "/expiresAt", message: "must be in the future" }],
    });
  return Date.parse(expiresAt);
}

function missing(id: string): Problem {
  return new Problem("not-found", `No API key ${id} in this tenant.`);
}
