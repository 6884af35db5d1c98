import { z } from "zod";
import { capabilitySchema, roleSchema } from "./capabilities.ts";
import { type Id, type IdKind, isId, parseId } from "./ids.ts";

/** The tenant of operators, who have none: no tenant can have this id, since time began later. What governs the whole platform is kept under it. */
export const OPERATOR_TENANT = parseId("tenant", `ten_${"0".repeat(26)}`);

/** A zod schema for an id of this kind. */
export function idSchema<K extends IdKind>(kind: K) {
  return z.custom<Id<K>>((value) => typeof value === "string" && isId(kind, value), { message: `not a ${kind} id` });
}

/**
 * Who acts. It is made from a verified credential and from nothing else, and travels as this one value to every
 * object; the tenant in it is part of every object's name and of every query.
 */
export const principalSchema = z.object({
  tenant: idSchema("tenant"),
  /** The user's or service's id. */
  subject: z.string().min(1).max(128),
  kind: z.enum(["user", "service", "agent", "operator"]),
  roles: z.array(roleSchema).max(16),
  capabilities: z.array(capabilitySchema).max(128),
  /** The id of the API key or token that proved it; never the secret. */
  credential: z.string().max(128),
});

export type Principal = z.infer<typeof principalSchema>;
