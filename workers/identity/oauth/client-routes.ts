import { z } from "@hono/zod-openapi";
import { recordChange } from "../../audit/record.ts";
import { capabilitySchema } from "../../platform/capabilities.ts";
import { systemClock } from "../../platform/clock.ts";
import { randomToken, sha256Hex } from "../../platform/crypto.ts";
import { idPattern } from "../../platform/ids.ts";
import type { Principal } from "../../platform/principal.ts";
import { Problem } from "../../platform/problem.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../../platform/route.ts";
import { AUTH_METHODS, type ClientDocument, type ClientSecrets, clientFaults, GRANT_TYPES } from "./client.ts";
import {
  countClients,
  deleteClient,
  findRegisteredClient,
  insertClient,
  listClients,
  type RegisteredClient,
  updateClient,
} from "./client-store.ts";
import { revokeTokensOf } from "./grants.ts";
import { whyNotRedirectUri } from "./redirect-uri.ts";
import { ALL_SCOPES, type Scope } from "./scopes.ts";

/** Programs that a tenant lets ask for tokens. */
export const clientRoutes = newRouter();

/** More are made by a script that has gone wrong. */
const MAX_CLIENTS = 500;
/** An old secret may stand beside the new one for a week, which is time to bring out the new one everywhere. */
const MAX_OVERLAP_SECONDS = 604_800;
const SECRET_BYTES = 32;

const uriSchema = z.string().max(1_024);
const redirectUriSchema = uriSchema.superRefine((uri, context) => {
  const why = whyNotRedirectUri(uri);
  if (why !== undefined) context.addIssue({ code: "custom", message: why });
});
const httpsSchema = z.url({ protocol: /^https$/ }).max(1_024);
const scopeNameSchema = z.enum(ALL_SCOPES.map((scope) => scope) satisfies Scope[]);
const keySetSchema = z
  .strictObject({
    keys: z
      .array(z.record(z.string().max(32), z.union([z.string().max(4_096), z.boolean(), z.array(z.string().max(4_096)).max(8)])))
      .min(1)
      .max(16),
  })
  .openapi({ description: "Public keys as a JWK set (RFC 7517)." });

const clientRequestSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(200).openapi({ example: "Nightly reports" }),
    authMethod: z
      .enum(AUTH_METHODS)
      .openapi({ description: "How it proves itself; `none` for programs that hold no secret.", example: "client_secret_basic" }),
    grantTypes: z
      .array(z.enum(GRANT_TYPES))
      .min(1)
      .max(GRANT_TYPES.length)
      .openapi({ example: ["client_credentials"] }),
    scopes: z
      .array(scopeNameSchema)
      .min(1)
      .max(128)
      .openapi({ description: "The most that its tokens are good for.", example: ["runs.read"] }),
    redirectUris: z.array(redirectUriSchema).max(20).default([]),
    postLogoutRedirectUris: z.array(redirectUriSchema).max(20).default([]),
    resources: z
      .array(httpsSchema)
      .max(20)
      .default([])
      .openapi({ description: "Resource servers of your own that it may get tokens for (RFC 8707)." }),
    keys: keySetSchema.optional(),
    keysUri: httpsSchema.optional(),
    requiresPushedRequests: z.boolean().default(false),
  })
  .openapi("OAuthClientRequest");

const clientSchema = z
  .object({
    id: z.string().openapi({ example: "cli_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    name: z.string(),
    authMethod: z.enum(AUTH_METHODS),
    grantTypes: z.array(z.enum(GRANT_TYPES)),
    scopes: z.array(z.string()),
    redirectUris: z.array(z.string()),
    postLogoutRedirectUris: z.array(z.string()),
    resources: z.array(z.string()),
    keys: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }).optional(),
    keysUri: z.string().optional(),
    requiresPushedRequests: z.boolean(),
    secrets: z.array(z.object({ lastFour: z.string(), createdAt: z.iso.datetime(), endsAt: z.iso.datetime().optional() })),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi("OAuthClient");

const newClientSchema = clientSchema
  .extend({ secret: z.string().optional().openapi({ description: "The client secret. It is shown this once." }) })
  .openapi("NewOAuthClient");

const params = z.object({ id: z.string().regex(idPattern("client")) });
const json = <T extends z.ZodType>(schema: T) => ({ "application/json": { schema } });

const create = defineRoute(
  { capability: "identity.write", creates: true },
  {
    method: "post",
    path: "/v1/oauth/clients",
    operationId: "createOAuthClient",
    tags: ["Identity"],
    summary: "Register an OAuth client",
    request: { body: { required: true, content: json(clientRequestSchema) } },
    responses: { 201: { description: "The client; its secret, if it has one, is shown this once.", content: json(newClientSchema) } },
  },
);

clientRoutes.openapi(create, async (context) => {
  const principal = context.get("principal");
  const document = checkedDocument(principal, context.req.valid("json"));
  if ((await countClients(context.env, principal.tenant)) >= MAX_CLIENTS)
    throw new Problem("limit-exceeded", `A tenant has ${MAX_CLIENTS} clients at most; delete one that is no longer used.`);
  const at = systemClock.now();
  const made = needsSecret(document) ? newSecret(at) : undefined;
  const client: RegisteredClient = {
    ...document,
    id: context.get("newId")("client"),
    tenant: principal.tenant,
    origin: "registered",
    secrets: made === undefined ? [] : [made.kept],
    createdAt: at,
    updatedAt: at,
  };
  await insertClient(context.env, client);
  await recordChange(context.env, systemClock, principal, {
    action: "oauth-client.created",
    resource: client.id,
    decision: context.get("decision"),
  });
  return context.json({ ...toAnswer(client), ...(made === undefined ? {} : { secret: made.secret }) }, 201);
});

const list = defineRoute(
  { capability: "identity.read" },
  {
    method: "get",
    path: "/v1/oauth/clients",
    operationId: "listOAuthClients",
    tags: ["Identity"],
    summary: "List OAuth clients, newest first",
    request: { query: pageQuerySchema },
    responses: { 200: { description: "A page of clients, without their secrets.", content: json(pageSchema(clientSchema)) } },
  },
);

clientRoutes.openapi(list, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const before = cursor === undefined ? undefined : decodeCursor(cursor);
  const clients = await listClients(context.env, context.get("principal").tenant, before, limit + 1);
  const last = clients.length > limit ? clients[limit - 1] : undefined;
  const items = clients.slice(0, limit).map(toAnswer);
  return context.json({ items, ...(last === undefined ? {} : { nextCursor: encodeCursor(last.id) }) }, 200);
});

const read = defineRoute(
  { capability: "identity.read" },
  {
    method: "get",
    path: "/v1/oauth/clients/{id}",
    operationId: "readOAuthClient",
    tags: ["Identity"],
    summary: "Read an OAuth client",
    request: { params },
    responses: { 200: { description: "The client.", content: json(clientSchema) } },
  },
);

clientRoutes.openapi(read, async (context) => {
  return context.json(toAnswer(await ownedClient(context.env, context.get("principal"), context.req.valid("param").id)), 200);
});

const update = defineRoute(
  { capability: "identity.write" },
  {
    method: "put",
    path: "/v1/oauth/clients/{id}",
    operationId: "updateOAuthClient",
    tags: ["Identity"],
    summary: "Change an OAuth client",
    description:
      "Replaces what the client is. Tokens that it has are refused from now on, within two seconds everywhere; it asks for new ones.",
    request: { params, body: { required: true, content: json(clientRequestSchema) } },
    responses: { 200: { description: "The client as it is now.", content: json(clientSchema) } },
  },
);

clientRoutes.openapi(update, async (context) => {
  const principal = context.get("principal");
  const before = await ownedClient(context.env, principal, context.req.valid("param").id);
  const document = checkedDocument(principal, context.req.valid("json"));
  if (needsSecret(document) && before.secrets.length === 0)
    throw new Problem("conflict", "The client has no secret, so it cannot prove itself by one: register another client.");
  const secrets = needsSecret(document) ? before.secrets : [];
  await changed(context.env, before, { document, secrets, at: systemClock.now() });
  await revokeTokensOf(context.env, systemClock, principal.tenant, before.id, "made-before");
  await recordChange(context.env, systemClock, principal, {
    action: "oauth-client.updated",
    resource: before.id,
    decision: context.get("decision"),
  });
  return context.json(toAnswer(await ownedClient(context.env, principal, before.id)), 200);
});

const rotateSecret = defineRoute(
  { capability: "identity.write" },
  {
    method: "post",
    path: "/v1/oauth/clients/{id}/rotate-secret",
    operationId: "rotateOAuthClientSecret",
    tags: ["Identity"],
    summary: "Give an OAuth client a new secret",
    description: "The old secret stands beside the new one for `overlapSeconds`, and then ends.",
    request: {
      params,
      body: {
        required: true,
        content: json(
          z
            .strictObject({ overlapSeconds: z.number().int().min(0).max(MAX_OVERLAP_SECONDS).openapi({ example: 86_400 }) })
            .openapi("SecretRotation"),
        ),
      },
    },
    responses: { 201: { description: "The client with its new secret, which is shown this once.", content: json(newClientSchema) } },
  },
);

clientRoutes.openapi(rotateSecret, async (context) => {
  const principal = context.get("principal");
  const before = await ownedClient(context.env, principal, context.req.valid("param").id);
  if (!needsSecret(before)) throw new Problem("conflict", "This client proves itself without a secret, so there is none to replace.");
  const at = systemClock.now();
  const { secret, kept } = newSecret(at);
  const endsAt = at + context.req.valid("json").overlapSeconds * 1_000;
  const old = before.secrets.filter((other) => other.endsAt === null || other.endsAt > at).slice(-1);
  const secrets = [...old.map((other) => ({ ...other, endsAt: Math.min(endsAt, other.endsAt ?? endsAt) })), kept];
  await changed(context.env, before, { document: before, secrets, at });
  await recordChange(context.env, systemClock, principal, {
    action: "oauth-client.secret-rotated",
    resource: before.id,
    decision: context.get("decision"),
  });
  return context.json({ ...toAnswer({ ...before, secrets, updatedAt: at }), secret }, 201);
});

const remove = defineRoute(
  { capability: "identity.write" },
  {
    method: "delete",
    path: "/v1/oauth/clients/{id}",
    operationId: "deleteOAuthClient",
    tags: ["Identity"],
    summary: "Delete an OAuth client",
    request: { params },
    responses: { 204: { description: "The client gets no more tokens, and those that it has are refused within two seconds everywhere." } },
  },
);

clientRoutes.openapi(remove, async (context) => {
  const principal = context.get("principal");
  const { id } = context.req.valid("param");
  if (!(await deleteClient(context.env, principal.tenant, id))) throw noClient(id);
  await revokeTokensOf(context.env, systemClock, principal.tenant, id);
  await recordChange(context.env, systemClock, principal, {
    action: "oauth-client.deleted",
    resource: id,
    decision: context.get("decision"),
  });
  return context.body(null, 204);
});

/** @throws Problem `not-found`, in the same words for another tenant's client and for none */
async function ownedClient(env: Env, { tenant }: Principal, id: string): Promise<RegisteredClient> {
  const client = await findRegisteredClient(env, id);
  if (client?.tenant !== tenant) throw noClient(id);
  return client;
}

function noClient(id: string): Problem {
  return new Problem("not-found", `No OAuth client ${id} in this tenant.`);
}

async function changed(env: Env, before: RegisteredClient, change: Parameters<typeof updateClient>[2]): Promise<void> {
  if (!(await updateClient(env, before, change)))
    throw new Problem("conflict", "The client was changed by somebody else at the same time; read it again and repeat the change.");
}

/**
 * A client as it may be registered. Who registers one that acts in its own name gives it away, so nobody gives what they lack.
 * @throws Problem `invalid-request` naming each fault, `forbidden`
 */
function checkedDocument(principal: Principal, request: z.infer<typeof clientRequestSchema>): ClientDocument {
  const { keys, keysUri, ...rest } = request;
  const document = { ...rest, ...(keys === undefined ? {} : { keys }), ...(keysUri === undefined ? {} : { keysUri }) };
  const errors = clientFaults(document);
  if (errors.length > 0) throw new Problem("invalid-request", "A client cannot be like this; each error names the place.", { errors });
  if (document.grantTypes.includes("client_credentials")) {
    const wanted = document.scopes.flatMap((scope) => capabilitySchema.safeParse(scope).data ?? []);
    const lacking = wanted.find((capability) => !principal.capabilities.includes(capability));
    if (lacking !== undefined)
      throw new Problem("forbidden", `The client would have ${lacking}, which this credential does not have, so it cannot give it away.`);
  }
  return document;
}

function needsSecret({ authMethod }: Pick<ClientDocument, "authMethod">): boolean {
  return authMethod === "client_secret_basic" || authMethod === "client_secret_post";
}

/** 256 random bits, so that a fast hash of them is enough. */
function newSecret(at: number): { secret: string; kept: ClientSecrets[number] } {
  const secret = `soma_cs_${randomToken(SECRET_BYTES)}`;
  return { secret, kept: { hash: sha256Hex(secret), lastFour: secret.slice(-4), createdAt: at, endsAt: null } };
}

function toAnswer(client: RegisteredClient): z.infer<typeof clientSchema> {
  const { tenant: _tenant, origin: _origin, secrets, createdAt, updatedAt, ...rest } = client;
  return {
    ...rest,
    secrets: secrets.map(({ lastFour, createdAt: made, endsAt }) => ({
      lastFour,
      createdAt: new Date(made).toISOString(),
      ...(endsAt === null ? {} : { endsAt: new Date(endsAt).toISOString() }),
    })),
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}
