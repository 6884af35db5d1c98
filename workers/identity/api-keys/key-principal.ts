import { z } from "zod";
import { type Capability, capabilitySchema, roleSchema } from "../../platform/capabilities.ts";
import { parseId } from "../../platform/ids.ts";
import type { Principal } from "../../platform/principal.ts";
import { capabilitiesOf, grantsOf } from "../roles/grants.ts";
import { readServiceAccount } from "../service-accounts/store.ts";
import { type ApiKeyRow, readTenant } from "../store.ts";

/** The role of a key that has none itself, since it is a service account's. */
export const ROLE_OF_ACCOUNT = "";

/**
 * Who a key acts as, and what it may do now: what its one role or its service account's roles come to, narrowed to its scopes.
 * Undefined when its tenant or its service account lets nobody in.
 */
export async function principalOfKey(env: Env, row: ApiKeyRow): Promise<Principal | undefined> {
  const tenant = parseId("tenant", row.tenant);
  if ((await readTenant(env, tenant))?.status !== "active") return undefined;
  const base = { tenant, subject: row.subject, kind: "service", credential: row.id } as const;
  if (row.role !== ROLE_OF_ACCOUNT) {
    const role = roleSchema.parse(row.role);
    return { ...base, roles: [role], capabilities: narrowed(capabilitiesOf(role, null), row.scopes) };
  }
  const account = await readServiceAccount(env, tenant, row.subject);
  if (account?.active !== true) return undefined;
  const { roles, capabilities } = await grantsOf(env, tenant, row.subject);
  return { ...base, roles: [...roles], capabilities: narrowed(capabilities, row.scopes) };
}

/** The capabilities that a key is narrowed to, as its row keeps them; undefined for all that its role has. */
export function scopesOf({ scopes }: Pick<ApiKeyRow, "scopes">): Capability[] | undefined {
  return scopes === null ? undefined : z.array(capabilitySchema).parse(JSON.parse(scopes));
}

function narrowed(capabilities: readonly Capability[], scopes: string | null): Capability[] {
  const kept = scopesOf({ scopes });
  return capabilities.filter((capability) => kept === undefined || kept.includes(capability));
}
