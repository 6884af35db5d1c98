import { and, eq, gt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { TenantId } from "../../platform/ids.ts";
import { roleAssignments } from "../roles/tables.ts";
import { apiKeys } from "../tables.ts";
import { serviceAccounts } from "./tables.ts";

export type ServiceAccountRow = typeof serviceAccounts.$inferSelect;

/** Stores a service account; stored again it is the same. */
export async function insertServiceAccount(env: Env, row: ServiceAccountRow): Promise<void> {
  await drizzle(env.DB).insert(serviceAccounts).values(row).onConflictDoNothing();
}

export async function readServiceAccount(env: Env, tenant: TenantId, id: string): Promise<ServiceAccountRow | undefined> {
  return drizzle(env.DB)
    .select()
    .from(serviceAccounts)
    .where(and(eq(serviceAccounts.tenant, tenant), eq(serviceAccounts.id, id)))
    .get();
}

/** A tenant's service accounts in the order they were made, after the id of the last one shown. */
export async function listServiceAccounts(
  env: Env,
  tenant: TenantId,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<ServiceAccountRow[]> {
  const condition = and(eq(serviceAccounts.tenant, tenant), after === undefined ? undefined : gt(serviceAccounts.id, after));
  return drizzle(env.DB).select().from(serviceAccounts).where(condition).orderBy(serviceAccounts.id).limit(limit);
}

export async function updateServiceAccount(
  env: Env,
  tenant: TenantId,
  id: string,
  change: Partial<Pick<ServiceAccountRow, "name" | "description" | "active">>,
  at: number,
): Promise<ServiceAccountRow | undefined> {
  const condition = and(eq(serviceAccounts.tenant, tenant), eq(serviceAccounts.id, id));
  return drizzle(env.DB)
    .update(serviceAccounts)
    .set({ ...change, updatedAt: at })
    .where(condition)
    .returning()
    .get();
}

/** Removes a service account with its roles; its keys open nothing any more. */
export async function deleteServiceAccount(env: Env, tenant: TenantId, id: string, at: number): Promise<void> {
  const database = drizzle(env.DB);
  await database.batch([
    database
      .update(apiKeys)
      .set({ revokedAt: at })
      .where(and(eq(apiKeys.tenant, tenant), eq(apiKeys.subject, id))),
    database.delete(roleAssignments).where(and(eq(roleAssignments.tenant, tenant), eq(roleAssignments.holder, id))),
    database.delete(serviceAccounts).where(and(eq(serviceAccounts.tenant, tenant), eq(serviceAccounts.id, id))),
  ]);
}
