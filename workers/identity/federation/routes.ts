import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { recordChange } from "../../audit/record.ts";
import { systemClock } from "../../platform/clock.ts";
import { idPattern } from "../../platform/ids.ts";
import { Problem } from "../../platform/problem.ts";
import { defineRoute, type HttpEnv, newRouter } from "../../platform/route.ts";
import { withdrawIssuedBefore } from "../withdraw.ts";
import { issuerSettingsSchema } from "./issuer.ts";
import { changedIssuer, newIssuer } from "./issuer-change.ts";
import { issuerResourceSchema, toIssuer } from "./issuer-resource.ts";
import { forgetIssuer } from "./known-issuers.ts";
import { readIssuer } from "./reading.ts";
import {
  claimReading,
  deleteIssuer,
  findIssuerById,
  findIssuerOfAnyTenant,
  findKeys,
  type IssuerRow,
  insertIssuer,
  listIssuers,
  updateIssuer,
} from "./store.ts";

export const federationRoutes = newRouter();

const jwkSchema = z.record(z.string(), z.unknown());
const paramsSchema = z.object({ id: z.string().regex(idPattern("issuer")) });
const bodySchema = issuerSettingsSchema
  .extend({
    clientSecret: z
      .string()
      .min(1)
      .max(1_000)
      .optional()
      .openapi({ description: "Kept sealed and never told again. Left out of a change: the one that is kept stays." }),
  })
  .openapi("FederationIssuerRequest");
const body = { required: true, content: { "application/json": { schema: bodySchema } } };
const answer = (description: string) => ({ description, content: { "application/json": { schema: issuerResourceSchema } } });

const create = defineRoute(
  { capability: "identity.write", creates: true },
  {
    method: "post",
    path: "/v1/federation/issuers",
    operationId: "createFederationIssuer",
    tags: ["Identity"],
    summary: "Name an identity provider that the tenant's people sign in by",
    description: "Any OpenID provider: Keycloak, Entra ID, Auth0, Google. Nothing is asked of it yet; `…/test` does that.",
    request: { body },
    responses: { 201: answer("The issuer, and what to register there.") },
  },
);

federationRoutes.openapi(create, async (context) => {
  const { clientSecret, ...settings } = context.req.valid("json");
  const id = context.get("newId")("issuer");
  const row = await newIssuer(context.env, systemClock, context.get("principal"), { id, settings, clientSecret });
  if (!(await insertIssuer(context.env, row)))
    throw new Problem("conflict", "The tenant has an identity provider of this name already, or as many as it may have.");
  await changed(context, row, "federation-issuer.created");
  return context.json(toIssuer(row, undefined, originOf(context), systemClock.now()), 201);
});

const list = defineRoute(
  { capability: "identity.read" },
  {
    method: "get",
    path: "/v1/federation/issuers",
    operationId: "listFederationIssuers",
    tags: ["Identity"],
    summary: "List the tenant's identity providers, oldest first",
    responses: {
      200: {
        description: "All of them: a tenant has twenty at most.",
        content: { "application/json": { schema: z.object({ items: z.array(issuerResourceSchema) }) } },
      },
    },
  },
);

federationRoutes.openapi(list, async (context) => {
  const rows = await listIssuers(context.env, context.get("principal").tenant);
  const keys = await Promise.all(rows.map(({ id }) => findKeys(context.env, id)));
  return context.json({ items: rows.map((row, i) => toIssuer(row, keys[i], originOf(context), systemClock.now())) }, 200);
});

const read = defineRoute(
  { capability: "identity.read" },
  {
    method: "get",
    path: "/v1/federation/issuers/{id}",
    operationId: "readFederationIssuer",
    tags: ["Identity"],
    summary: "Read an identity provider and how it does",
    request: { params: paramsSchema },
    responses: { 200: answer("The issuer; its status says when it was last read and what went wrong last.") },
  },
);

federationRoutes.openapi(read, async (context) => {
  const row = await found(context, context.req.valid("param").id);
  return context.json(toIssuer(row, await findKeys(context.env, row.id), originOf(context), systemClock.now()), 200);
});

const update = defineRoute(
  { capability: "identity.write" },
  {
    method: "put",
    path: "/v1/federation/issuers/{id}",
    operationId: "updateFederationIssuer",
    tags: ["Identity"],
    summary: "Change an identity provider",
    request: { params: paramsSchema, body },
    responses: { 200: answer("The issuer as it is now; every location knows within 15 seconds.") },
  },
);

federationRoutes.openapi(update, async (context) => {
  const { clientSecret, ...settings } = context.req.valid("json");
  const before = await found(context, context.req.valid("param").id);
  const row = await changedIssuer(context.env, systemClock, context.get("principal"), before, { settings, clientSecret });
  if (!(await updateIssuer(context.env, row))) throw new Problem("conflict", "The tenant has another identity provider of this name.");
  forgetIssuer(context.env, before);
  if (!settings.isEnabled) await withdrawIssuedBefore(context.env, systemClock, row.tenant, row.id);
  await changed(context, row, "federation-issuer.changed");
  return context.json(toIssuer(row, await findKeys(context.env, row.id), originOf(context), systemClock.now()), 200);
});

const remove = defineRoute(
  { capability: "identity.write" },
  {
    method: "delete",
    path: "/v1/federation/issuers/{id}",
    operationId: "deleteFederationIssuer",
    tags: ["Identity"],
    summary: "Let nobody in by an identity provider any more",
    request: { params: paramsSchema },
    responses: {
      204: { description: "Its tokens open nothing any more; every location knows within 15 seconds. Users that came by it stay." },
    },
  },
);

federationRoutes.openapi(remove, async (context) => {
  const row = await found(context, context.req.valid("param").id);
  await deleteIssuer(context.env, row.tenant, row.id);
  await withdrawIssuedBefore(context.env, systemClock, row.tenant, row.id);
  await changed(context, row, "federation-issuer.deleted");
  return context.body(null, 204);
});

const test = defineRoute(
  { capability: "identity.write" },
  {
    method: "post",
    path: "/v1/federation/issuers/{id}/test",
    operationId: "testFederationIssuer",
    tags: ["Identity"],
    summary: "Ask an identity provider for its metadata and keys now",
    description: "What it answers counts from now on: a key that it took back is refused everywhere within 15 seconds.",
    request: { params: paramsSchema },
    responses: { 200: answer("The issuer; its status says what it answered, or why that is not taken.") },
  },
);

federationRoutes.openapi(test, async (context) => {
  const { env } = context;
  const row = await found(context, context.req.valid("param").id);
  if (!(await claimReading(env, row.id, systemClock.now())))
    throw new Problem("too-many-requests", "This identity provider was asked often enough for now; try again in a minute.", {
      retryAfterSeconds: 60,
    });
  await readIssuer(env, systemClock, row).catch((error: unknown) => {
    // What is wrong with it is what is asked, and stands in the status.
    if (!(error instanceof Problem)) throw error;
  });
  forgetIssuer(env, row);
  return context.json(toIssuer(row, await findKeys(env, row.id), originOf(context), systemClock.now()), 200);
});

const clientKeys = defineRoute(
  { capability: "public" },
  {
    method: "get",
    path: "/federation/clients/{client}/jwks.json",
    operationId: "readFederationClientKeys",
    tags: ["Identity"],
    summary: "Read the key by which the platform proves itself to an identity provider",
    request: { params: z.object({ client: z.string().regex(idPattern("issuer")) }) },
    responses: {
      200: {
        description: "A JWK set (RFC 7517) of one public key.",
        content: { "application/json": { schema: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }) } },
      },
    },
  },
);

federationRoutes.openapi(clientKeys, async (context) => {
  const key = (await findIssuerOfAnyTenant(context.env, context.req.valid("param").client))?.publicJwk;
  if (key == null) throw new Problem("not-found", "There is no such key.");
  return context.json({ keys: [jwkSchema.parse(JSON.parse(key))] }, 200);
});

async function found(context: Context<HttpEnv>, id: string): Promise<IssuerRow> {
  const row = await findIssuerById(context.env, context.get("principal").tenant, id);
  if (row === undefined) throw new Problem("not-found", `No identity provider ${id} in this tenant.`);
  return row;
}

async function changed(context: Context<HttpEnv>, row: IssuerRow, action: string): Promise<void> {
  forgetIssuer(context.env, row);
  await recordChange(context.env, systemClock, context.get("principal"), { action, resource: row.id, decision: context.get("decision") });
}

function originOf(context: Context<HttpEnv>): string {
  return new URL(context.req.url).origin;
}
