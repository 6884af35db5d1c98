import { z } from "@hono/zod-openapi";
import { roleSchema } from "../../platform/capabilities.ts";
import type { ApiKeyRow } from "../store.ts";
import { ROLE_OF_ACCOUNT, scopesOf } from "./key-principal.ts";

/** An API key as the API tells it. */
export const apiKeySchema = z
  .object({
    id: z.string().openapi({ example: "key_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    name: z.string(),
    role: roleSchema.optional().openapi({ description: "Of a key that stands for itself." }),
    serviceAccount: z.string().optional().openapi({ description: "The account that the key acts as, with whatever roles that has." }),
    scopes: z.array(z.string()).optional().openapi({ description: "What the key is narrowed to, if it is." }),
    lastFour: z.string().openapi({ example: "x9Qw" }),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().optional(),
    revokedAt: z.iso.datetime().optional(),
    lastUsedAt: z.iso.datetime().optional().openapi({ description: "The hour in which it was last used." }),
    rotatedFrom: z.string().optional().openapi({ description: "The key that this one takes over from." }),
  })
  .openapi("ApiKey");

export const newApiKeySchema = apiKeySchema
  .extend({
    secret: z.string().openapi({ description: "The key itself. It is shown this once.", example: "soma_key_01KAJ2M3N4P5Q6R7S8T9V0W1X2_…" }),
  })
  .openapi("NewApiKey");

export function toApiKey(row: ApiKeyRow): z.infer<typeof apiKeySchema> {
  const scopes = scopesOf(row);
  return {
    id: row.id,
    name: row.name,
    ...(row.role === ROLE_OF_ACCOUNT ? { serviceAccount: row.subject } : { role: roleSchema.parse(row.role) }),
    ...(scopes === undefined ? {} : { scopes }),
    lastFour: row.lastFour,
    createdAt: new Date(row.createdAt).toISOString(),
    ...(row.expiresAt === null ? {} : { expiresAt: new Date(row.expiresAt).toISOString() }),
    ...(row.revokedAt === null ? {} : { revokedAt: new Date(row.revokedAt).toISOString() }),
    ...(row.lastUsedAt === null ? {} : { lastUsedAt: new Date(row.lastUsedAt).toISOString() }),
    ...(row.rotatedFrom === null ? {} : { rotatedFrom: row.rotatedFrom }),
  };
}
