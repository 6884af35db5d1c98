import { z } from "@hono/zod-openapi";
import { recordChange } from "../audit/record.ts";
import { systemClock } from "../platform/clock.ts";
import { Problem } from "../platform/problem.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../platform/route.ts";
import { resealSlice, rewrapSlice } from "./rotation.ts";
import { deleteSecret, listSecrets, listVersions, type SecretRow } from "./store.ts";
import { hostsOf, MAX_VERSIONS, putSecret } from "./tenant-secrets.ts";

export const secretRoutes = newRouter();

/** A certificate with its key fits; a file does not. */
const MAX_SECRET_CHARACTERS = 16_384;
const MAX_HOSTS = 20;

const nameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9._-]{0,63}$/)
  .openapi({ example: "github-token" });
const params = z.object({ name: nameSchema });

const documentSchema = z
  .object({
    name: nameSchema,
    version: z.number().int(),
    hosts: z.array(z.string()).openapi({ description: "The hosts that tools may send it to." }),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
  })
  .openapi("Secret", { description: "What is known of a secret; its value is never shown." });

const list = defineRoute(
  { capability: "secrets.read" },
  {
    method: "get",
    path: "/v1/secrets",
    operationId: "listSecrets",
    tags: ["Secrets"],
    summary: "List secrets by name, never their values",
    request: { query: pageQuerySchema },
    responses: { 200: { description: "A page of secrets.", content: { "application/json": { schema: pageSchema(documentSchema) } } } },
  },
);

secretRoutes.openapi(list, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const after = cursor === undefined ? "" : decodeCursor(cursor);
  const rows = await listSecrets(context.env, context.get("principal").tenant, after, limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return context.json(
    { items: rows.slice(0, limit).map(documentOf), ...(last === undefined ? {} : { nextCursor: encodeCursor(last.name) }) },
    200,
  );
});

const put = defineRoute(
  { capability: "secrets.write" },
  {
    method: "put",
    path: "/v1/secrets/{name}",
    operationId: "putSecret",
    tags: ["Secrets"],
    summary: "Store a secret, or a new version of it",
    description: `It can be used and never read back. The newest ${MAX_VERSIONS} versions are kept.`,
    request: {
      params,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({
                value: z.string().min(1).max(MAX_SECRET_CHARACTERS).openapi({ example: "ghp_…" }),
                hosts: z
                  .array(z.string().regex(/^[a-z0-9.-]{1,253}(:\d{1,5})?$/))
                  .max(MAX_HOSTS)
                  .default([])
                  .openapi({
                    example: ["api.github.com"],
                    description: "The hosts, with a port where it is not the usual one, that tools may send it to.",
                  }),
              })
              .openapi("NewSecret"),
          },
        },
      },
    },
    responses: { 200: { description: "It is stored.", content: { "application/json": { schema: documentSchema } } } },
  },
);

secretRoutes.openapi(put, async (context) => {
  const principal = context.get("principal");
  const { name } = context.req.valid("param");
  const row = await putSecret(context.env, systemClock, principal, { name, ...context.req.valid("json") });
  await recordChange(context.env, systemClock, principal, {
    action: "secret.stored",
    resource: `secret/${name}/${row.version}`,
    decision: context.get("decision"),
  });
  return context.json(documentOf(row), 200);
});

const read = defineRoute(
  { capability: "secrets.read" },
  {
    method: "get",
    path: "/v1/secrets/{name}",
    operationId: "readSecret",
    tags: ["Secrets"],
    summary: "Read what is known of a secret, never its value",
    request: { params },
    responses: {
      200: {
        description: "Its versions, newest first.",
        content: { "application/json": { schema: z.object({ name: nameSchema, versions: z.array(documentSchema) }) } },
      },
    },
  },
);

secretRoutes.openapi(read, async (context) => {
  const { name } = context.req.valid("param");
  const rows = await listVersions(context.env, context.get("principal").tenant, name, MAX_VERSIONS);
  if (rows.length === 0) throw absent(name);
  return context.json({ name, versions: rows.map(documentOf) }, 200);
});

const remove = defineRoute(
  { capability: "secrets.write" },
  {
    method: "delete",
    path: "/v1/secrets/{name}",
    operationId: "deleteSecret",
    tags: ["Secrets"],
    summary: "Delete a secret with all its versions",
    request: { params },
    responses: { 204: { description: "It is gone." } },
  },
);

secretRoutes.openapi(remove, async (context) => {
  const principal = context.get("principal");
  const { name } = context.req.valid("param");
  if ((await deleteSecret(context.env, principal.tenant, name)) === 0) throw absent(name);
  await recordChange(context.env, systemClock, principal, {
    action: "secret.deleted",
    resource: `secret/${name}`,
    decision: context.get("decision"),
  });
  return context.body(null, 204);
});

const rotate = defineRoute(
  { capability: "secrets.write" },
  {
    method: "post",
    path: "/v1/secret-keys/rotate",
    operationId: "rotateSecretKey",
    tags: ["Secrets"],
    summary: "Seal the tenant's secrets with a new key",
    description: "A hundred secrets at a time; call it again until `isDone`. Everything can be used meanwhile.",
    responses: {
      200: {
        description: "How far it is.",
        content: {
          "application/json": {
            schema: z.object({ dataKey: z.number().int(), resealed: z.number().int(), isDone: z.boolean() }).openapi("SecretKeyRotation"),
          },
        },
      },
    },
  },
);

secretRoutes.openapi(rotate, async (context) => {
  const principal = context.get("principal");
  const done = await resealSlice(context.env, principal.tenant);
  await recordChange(context.env, systemClock, principal, {
    action: "secret-key.rotated",
    resource: `${principal.tenant}/${done.dataKey}`,
    decision: context.get("decision"),
  });
  return context.json(done, 200);
});

const rewrap = defineRoute(
  { capability: "tenants.write" },
  {
    method: "post",
    path: "/v1/operations/master-key/rewrap",
    operationId: "rewrapDataKeys",
    tags: ["Secrets"],
    summary: "Close data keys anew under the present master key",
    description:
      "For operators, after SOMA_MASTER_KEY was changed and the earlier one put into SOMA_MASTER_KEYS_BEFORE. A hundred keys at a time; call it again until nothing is left.",
    responses: {
      200: {
        description: "How far it is.",
        content: {
          "application/json": {
            schema: z.object({ masterKey: z.string(), rewrapped: z.number().int(), left: z.number().int() }).openapi("MasterKeyRewrap"),
          },
        },
      },
    },
  },
);

secretRoutes.openapi(rewrap, async (context) => {
  const done = await rewrapSlice(context.env);
  await recordChange(context.env, systemClock, context.get("principal"), {
    action: "master-key.rewrapped",
    resource: done.masterKey,
    decision: context.get("decision"),
  });
  return context.json(done, 200);
});

function absent(name: string): Problem {
  return new Problem("not-found", `There is no secret ${name} in this tenant.`);
}

function documentOf(row: SecretRow): z.infer<typeof documentSchema> {
  const { name, version, createdBy, createdAt } = row;
  return { name, version, hosts: hostsOf(row), createdBy, createdAt: new Date(createdAt).toISOString() };
}
