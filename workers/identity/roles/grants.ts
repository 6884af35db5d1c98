import { and, eq, inArray } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { z } from "zod";
import { CAPABILITIES, type Capability, capabilitySchema, ROLES } from "../../platform/capabilities.ts";
import type { TenantId } from "../../platform/ids.ts";
import { groupMembers } from "../groups/tables.ts";
import { roleAssignments, roles } from "./tables.ts";

/** Groups of one user that count: a principal carries no more. */
export const MAX_GROUPS_OF_USER = 64;
/** Roles of one holder, from itself and its groups, that count. */
export const MAX_ROLES_OF_HOLDER = 16;

/** What somebody may do, and from where they have it. */
export interface Grants {
  readonly roles: readonly string[];
  /** Ids; none for a service account. */
  readonly groups: readonly string[];
  readonly capabilities: readonly Capability[];
}

/** A list of capabilities as a row keeps it; one that there is no more is left out. */
export function parseCapabilities(json: string): Capability[] {
  const known = z.array(z.string()).parse(JSON.parse(json));
  return known.flatMap((name) => capabilitySchema.safeParse(name).data ?? []);
}

/** The roles of a user (its own and those of its groups) or of a service account, and what they come to. */
export async function grantsOf(env: Env, tenant: TenantId, holder: string): Promise<Grants> {
  const database = drizzle(env.DB);
  const memberships = database
    .select({ group: groupMembers.group })
    .from(groupMembers)
    .where(and(eq(groupMembers.tenant, tenant), eq(groupMembers.user, holder)));
  const groups = (await memberships.orderBy(groupMembers.group).limit(MAX_GROUPS_OF_USER)).map(({ group }) => group);
  const assigned = await database
    .selectDistinct({ role: roleAssignments.role, capabilities: roles.capabilities })
    .from(roleAssignments)
    .leftJoin(roles, and(eq(roles.tenant, roleAssignments.tenant), eq(roles.name, roleAssignments.role)))
    .where(and(eq(roleAssignments.tenant, tenant), inArray(roleAssignments.holder, [holder, ...groups])))
    .orderBy(roleAssignments.role)
    .limit(MAX_ROLES_OF_HOLDER);
  const granted = new Set(assigned.flatMap(({ role, capabilities }) => capabilitiesOf(role, capabilities)));
  return {
    roles: assigned.map(({ role }) => role),
    groups,
    capabilities: CAPABILITIES.filter((capability) => granted.has(capability)),
  };
}

/** What a role comes to: a built-in one by its name, one of the tenant's own by its row. `operator` is nobody's to have. */
export function capabilitiesOf(role: string, own: string | null): readonly Capability[] {
  if (own !== null) return parseCapabilities(own);
  const builtIn = BUILT_IN_ROLES.find((name) => name === role);
  return builtIn === undefined ? [] : ROLES[builtIn];
}

/** The roles that every tenant has. */
export const BUILT_IN_ROLES = ["admin", "member", "viewer"] as const;
