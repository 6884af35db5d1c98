import { z } from "zod";
import { capabilitySchema } from "./capabilities.ts";
import { type Id, type IdKind, isId, parseId } from "./ids.ts";

/** The tenant of operators, who have none: no tenant can have this id, since time began later. What governs the whole platform is kept under it. */
export const OPERATOR_TENANT = parseId("tenant", `ten_${"0".repeat(26)}`);

/** A zod schema for an id of this kind. */
export function idSchema<K extends IdKind>(kind: K) {
  return z.custom<Id<K>>((value) => typeof value === "string" && isId(kind, value), { message: `not a ${kind} id` });
}

/** The name of a role: a built-in one or one of the tenant's own. */
export const roleNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, { message: "a role is named by lower-case letters, digits and hyphens" });

/** Groups that a principal names: those that policies may ask about. */
const MAX_GROUPS = 64;

/**
 * Who acts. It is made from a verified credential and from nothing else, and travels as this one value to every
 * object; the tenant in it is part of every object's name and of every query.
 */
export const principalSchema = z.object({
  tenant: idSchema("tenant"),
  /** The user's or service's id. */
  subject: z.string().min(1).max(128),
  kind: z.enum(["user", "service", "agent", "operator"]),
  /** Names of roles, for policies and for people to read; what they come to is in `capabilities`. */
  roles: z.array(roleNameSchema).max(16),
  capabilities: z.array(capabilitySchema).max(128),
  /** The id of the API key or token that proved it; never the secret. */
  credential: z.string().max(128),
  /** Ids of the groups that the subject is in. */
  groups: z.array(z.string().max(128)).max(MAX_GROUPS).optional(),
  /** How the person was recognised: values of RFC 8176 (`pwd`, `otp`, `hwk`, `mfa` …). */
  amr: z.array(z.string().max(32)).max(16).optional(),
  /** When the person signed in: milliseconds since the epoch. */
  authTime: z.number().int().nonnegative().optional(),
  /** When a second factor was last verified: milliseconds since the epoch. */
  mfaAt: z.number().int().nonnegative().optional(),
  /** The subject of who acts for this one, after a token exchange (RFC 8693 §4.1). */
  actor: z.string().max(128).optional(),
  /** The OAuth client that the token was issued to. */
  client: z.string().max(512).optional(),
  /** The sign-in session that the credential ends with. */
  session: z.string().max(128).optional(),
});

export type Principal = z.infer<typeof principalSchema>;
