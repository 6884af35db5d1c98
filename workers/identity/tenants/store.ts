import { and, asc, eq, gt, inArray, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { parseId, type TenantId } from "../../platform/ids.ts";
import { Problem } from "../../platform/problem.ts";
import type { SignInSettings } from "../sign-in/settings.ts";
import { type Tenant, type TenantRow, toTenant } from "../store.ts";
import { tenantDomains, tenants } from "../tables.ts";

/** After this the people, keys and settings of a tenant that was closed are removed. */
export const CLOSING_DAYS = 30;
/** Names by which one tenant is found. */
export const MAX_DOMAINS = 50;

/** All tenants in the order they were made, after the id of the last one shown. */
export async function listTenants(env: Env, after: string | undefined, limit: number): Promise<Tenant[]> {
  const condition = after === undefined ? undefined : gt(tenants.id, after);
  const rows = await drizzle(env.DB).select().from(tenants).where(condition).orderBy(asc(tenants.id)).limit(limit);
  return rows.map(toTenant);
}

export async function updateTenant(
  env: Env,
  id: TenantId,
  change: { readonly name?: string; readonly signIn?: SignInSettings },
): Promise<Tenant | undefined> {
  const set = {
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.signIn === undefined ? {} : { signIn: JSON.stringify(change.signIn) }),
  };
  if (Object.keys(set).length === 0) return undefined;
  const row = await drizzle(env.DB).update(tenants).set(set).where(eq(tenants.id, id)).returning().get();
  return row && toTenant(row);
}

/** Changes how a tenant stands. @returns undefined when there is no such tenant */
export async function setTenantStatus(env: Env, id: string, status: TenantRow["status"], at: number): Promise<Tenant | undefined> {
  const row = await drizzle(env.DB).update(tenants).set({ status, statusAt: at }).where(eq(tenants.id, id)).returning().get();
  return row && toTenant(row);
}

/** The names by which a tenant is found. */
export async function domainsOf(env: Env, tenant: string): Promise<string[]> {
  const rows = await drizzle(env.DB)
    .select({ name: tenantDomains.name })
    .from(tenantDomains)
    .where(eq(tenantDomains.tenant, tenant))
    .orderBy(tenantDomains.name)
    .limit(MAX_DOMAINS);
  return rows.map(({ name }) => name);
}

/** Gives a tenant exactly these names. @throws Problem `conflict` naming the one that is another tenant's */
export async function setDomains(env: Env, tenant: TenantId, names: readonly string[], at: number): Promise<void> {
  const database = drizzle(env.DB);
  const held =
    names.length === 0
      ? []
      : await database
          .select()
          .from(tenantDomains)
          .where(inArray(tenantDomains.name, [...names]));
  const others = held.find((row) => row.tenant !== tenant);
  if (others !== undefined) throw new Problem("conflict", `The name ${others.name} belongs to another tenant.`);
  const removal = database.delete(tenantDomains).where(eq(tenantDomains.tenant, tenant));
  const rows = names.map((name) => ({ name, tenant, createdAt: at }));
  if (rows.length === 0) await removal;
  else await database.batch([removal, database.insert(tenantDomains).values(rows)]);
}

/** The tenant that a domain of e-mail addresses or a host belongs to. */
export async function tenantOfDomain(env: Env, name: string): Promise<TenantId | undefined> {
  const row = await drizzle(env.DB).select().from(tenantDomains).where(eq(tenantDomains.name, name.toLowerCase())).get();
  return row === undefined ? undefined : parseId("tenant", row.tenant);
}

/** Tenants that have been closing since before a time, the oldest first. */
export async function closingSince(env: Env, before: number, limit: number): Promise<TenantId[]> {
  const condition = and(eq(tenants.status, "closing"), lt(tenants.statusAt, before));
  const rows = await drizzle(env.DB).select({ id: tenants.id }).from(tenants).where(condition).orderBy(tenants.statusAt).limit(limit);
  return rows.map(({ id }) => parseId("tenant", id));
}
