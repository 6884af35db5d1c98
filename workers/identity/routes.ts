import { z } from "@hono/zod-openapi";
import { recordChange } from "../audit/record.ts";
import { capabilitySchema } from "../platform/capabilities.ts";
import { systemClock } from "../platform/clock.ts";
import { defineRoute, newRouter } from "../platform/route.ts";
import { publicKeys, rotate } from "./signing-keys.ts";
import { issueToken, parentToken } from "./tokens.ts";

export const identityRoutes = newRouter();

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
