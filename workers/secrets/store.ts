import { and, asc, desc, eq, gt, lt, ne, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { dataKeys, secrets } from "./tables.ts";

export type DataKeyRow = typeof dataKeys.$inferSelect;
export type SecretRow = typeof secrets.$inferSelect;

/** The newest data key of a tenant. */
export async function newestDataKey(env: Env, tenant: string): Promise<DataKeyRow | undefined> {
  return (await drizzle(env.DB).select().from(dataKeys).where(eq(dataKeys.tenant, tenant)).orderBy(desc(dataKeys.number)).limit(1))[0];
}

export async function findDataKey(env: Env, tenant: string, number: number): Promise<DataKeyRow | undefined> {
  const isIt = and(eq(dataKeys.tenant, tenant), eq(dataKeys.number, number));
  return (await drizzle(env.DB).select().from(dataKeys).where(isIt).limit(1))[0];
}

/** Keeps a data key, unless another came first under its number. */
export async function insertDataKey(env: Env, row: DataKeyRow): Promise<void> {
  await drizzle(env.DB).insert(dataKeys).values(row).onConflictDoNothing();
}

/** Data keys that are closed under another master key than this. */
export function dataKeysUnderOthers(env: Env, masterKey: string, limit: number): Promise<DataKeyRow[]> {
  return drizzle(env.DB).select().from(dataKeys).where(ne(dataKeys.masterKey, masterKey)).limit(limit);
}

export async function countDataKeysUnderOthers(env: Env, masterKey: string): Promise<number> {
  const rows = await drizzle(env.DB).select({ count: sql<number>`count(*)` }).from(dataKeys).where(ne(dataKeys.masterKey, masterKey));
  return rows[0]?.count ?? 0;
}

/** Puts a data key under another master key, if it is still under the one that it was read with. */
export async function rewrapDataKey(env: Env, row: DataKeyRow, after: Pick<DataKeyRow, "wrapped" | "masterKey">): Promise<void> {
  const isUnchanged = and(eq(dataKeys.tenant, row.tenant), eq(dataKeys.number, row.number), eq(dataKeys.masterKey, row.masterKey));
  await drizzle(env.DB).update(dataKeys).set(after).where(isUnchanged);
}

/** Keeps a version of a secret. @returns false when it is there already */
export async function insertSecret(env: Env, row: SecretRow): Promise<boolean> {
  return (await drizzle(env.DB).insert(secrets).values(row).onConflictDoNothing().returning({ version: secrets.version })).length > 0;
}

/** The versions of a secret, newest first. */
export function listVersions(env: Env, tenant: string, name: string, limit: number): Promise<SecretRow[]> {
  const isIt = and(eq(secrets.tenant, tenant), eq(secrets.name, name));
  return drizzle(env.DB).select().from(secrets).where(isIt).orderBy(desc(secrets.version)).limit(limit);
}

/** The newest version of each secret whose name comes after this one, in the order of their names. */
export async function listSecrets(env: Env, tenant: string, after: string, limit: number): Promise<SecretRow[]> {
  const newest = sql`${secrets.version} = (SELECT max(v.version) FROM secrets v WHERE v.tenant = ${secrets.tenant} AND v.name = ${secrets.name})`;
  const isIt = and(eq(secrets.tenant, tenant), gt(secrets.name, after), newest);
  return drizzle(env.DB).select().from(secrets).where(isIt).orderBy(asc(secrets.name)).limit(limit);
}

export async function countSecrets(env: Env, tenant: string): Promise<number> {
  const rows = await drizzle(env.DB)
    .select({ count: sql<number>`count(distinct ${secrets.name})` })
    .from(secrets)
    .where(eq(secrets.tenant, tenant));
  return rows[0]?.count ?? 0;
}

/** Removes every version of a secret. @returns how many there were */
export async function deleteSecret(env: Env, tenant: string, name: string): Promise<number> {
  const isIt = and(eq(secrets.tenant, tenant), eq(secrets.name, name));
  return (await drizzle(env.DB).delete(secrets).where(isIt).returning({ version: secrets.version })).length;
}

/** Removes the versions of a secret that are older than this one. */
export async function deleteVersionsBefore(env: Env, tenant: string, name: string, version: number): Promise<void> {
  await drizzle(env.DB)
    .delete(secrets)
    .where(and(eq(secrets.tenant, tenant), eq(secrets.name, name), lt(secrets.version, version)));
}

/** Secrets of a tenant that are sealed with an older data key than this. */
export function secretsUnderOlder(env: Env, tenant: string, dataKey: number, limit: number): Promise<SecretRow[]> {
  return drizzle(env.DB)
    .select()
    .from(secrets)
    .where(and(eq(secrets.tenant, tenant), lt(secrets.dataKey, dataKey)))
    .limit(limit);
}

/** Puts a secret under another data key, if it is still under the one that it was read with. */
export async function resealSecret(env: Env, row: SecretRow, after: Pick<SecretRow, "sealed" | "dataKey">): Promise<void> {
  const isUnchanged = and(
    eq(secrets.tenant, row.tenant),
    eq(secrets.name, row.name),
    eq(secrets.version, row.version),
    eq(secrets.dataKey, row.dataKey),
  );
  await drizzle(env.DB).update(secrets).set(after).where(isUnchanged);
}
