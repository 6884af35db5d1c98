import { z } from "@hono/zod-openapi";
import { roleNameSchema } from "../../platform/principal.ts";
import { MAX_EMAIL_CHARACTERS, MAX_NAME_CHARACTERS } from "./change-user.ts";
import type { UserRow } from "./store.ts";

/** A user as the API tells it. */
export const userSchema = z
  .object({
    id: z.string().openapi({ example: "usr_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    email: z.string().openapi({ example: "ada@example.org" }),
    userName: z.string(),
    displayName: z.string().openapi({ example: "Ada Lovelace" }),
    givenName: z.string().optional(),
    familyName: z.string().optional(),
    externalId: z.string().optional(),
    origin: z.enum(["local", "scim", "federation"]).openapi({ description: "Who keeps the record: people here, a directory, an issuer." }),
    active: z.boolean(),
    emailVerified: z.boolean(),
    roles: z.array(z.string()).openapi({ description: "The user's own roles; those of its groups come on top." }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    lastSignInAt: z.iso.datetime().optional(),
  })
  .openapi("User");

export const emailSchema = z.email().max(MAX_EMAIL_CHARACTERS).openapi({ example: "ada@example.org" });
export const personNameSchema = z.string().trim().min(1).max(MAX_NAME_CHARACTERS);
/** Roles that one holder has itself. */
export const MAX_OWN_ROLES = 16;
export const rolesSchema = z.array(roleNameSchema).max(MAX_OWN_ROLES);

/** Roles as somebody sets them. */
export const roleSetSchema = z.strictObject({ roles: rolesSchema.openapi({ example: ["member"] }) }).openapi("RoleSet");

export function toUser(row: UserRow, roles: readonly string[]): z.infer<typeof userSchema> {
  return {
    id: row.id,
    email: row.email,
    userName: row.userName,
    displayName: row.displayName,
    ...(row.givenName === null ? {} : { givenName: row.givenName }),
    ...(row.familyName === null ? {} : { familyName: row.familyName }),
    ...(row.externalId === null ? {} : { externalId: row.externalId }),
    origin: z.enum(["local", "scim", "federation"]).parse(row.origin),
    active: row.active,
    emailVerified: row.emailVerifiedAt !== null,
    roles: [...roles],
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
    ...(row.lastSignInAt === null ? {} : { lastSignInAt: new Date(row.lastSignInAt).toISOString() }),
  };
}
