import { and, asc, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { TenantId } from "../../platform/ids.ts";
import { MAX_ISSUERS_A_TENANT } from "./issuer.ts";
import { federatedIdentities, federationIssuers, federationKeys } from "./tables.ts";

export type IssuerRow = typeof federationIssuers.$inferSelect;
export type KeysRow = typeof federationKeys.$inferSelect;

/** Readings of one issuer that all locations together may begin in a minute, whatever strangers present. */
export const MAX_READINGS_A_MINUTE = 6;
const MINUTE_MS = 60_000;

/** Stores an issuer, once for the same id. @returns false when the tenant has one of the same name in `iss`, or too many */
export async function insertIssuer(env: Env, row: IssuerRow): Promise<boolean> {
  const database = drizzle(env.DB);
  const count = sql`(SELECT count(*) FROM ${federationIssuers} WHERE ${federationIssuers.tenant} = ${row.tenant})`;
  const { id, tenant, issuer, settings, sealedCredential, publicJwk, createdAt, updatedAt } = row;
  await database.run(
    sql`INSERT OR IGNORE INTO ${federationIssuers} (id, tenant, issuer, settings, sealed_credential, public_jwk, created_at, updated_at)
        SELECT ${id}, ${tenant}, ${issuer}, ${settings}, ${sealedCredential}, ${publicJwk}, ${createdAt}, ${updatedAt} WHERE ${count} < ${MAX_ISSUERS_A_TENANT}`,
  );
  const there = await findIssuerById(env, tenant, id);
  return there !== undefined;
}

/** A tenant's issuers, oldest first: at most MAX_ISSUERS_A_TENANT. */
export async function listIssuers(env: Env, tenant: string): Promise<IssuerRow[]> {
  return drizzle(env.DB)
    .select()
    .from(federationIssuers)
    .where(eq(federationIssuers.tenant, tenant))
    .orderBy(asc(federationIssuers.id))
    .limit(MAX_ISSUERS_A_TENANT);
}

export async function findIssuerById(env: Env, tenant: string, id: string): Promise<IssuerRow | undefined> {
  return drizzle(env.DB)
    .select()
    .from(federationIssuers)
    .where(and(eq(federationIssuers.tenant, tenant), eq(federationIssuers.id, id)))
    .get();
}

/** An issuer by its id alone: for the pages of a sign-in, whose sealed cookie says which it is. */
export async function findIssuerOfAnyTenant(env: Env, id: string): Promise<IssuerRow | undefined> {
  return drizzle(env.DB).select().from(federationIssuers).where(eq(federationIssuers.id, id)).get();
}

/** A tenant's issuer by the name that its tokens bear, with what was last read of it. */
export async function findIssuerByName(
  env: Env,
  tenant: TenantId,
  issuer: string,
): Promise<{ issuer: IssuerRow; keys: KeysRow | undefined } | undefined> {
  const row = await drizzle(env.DB)
    .select()
    .from(federationIssuers)
    .leftJoin(federationKeys, eq(federationKeys.issuer, federationIssuers.id))
    .where(and(eq(federationIssuers.tenant, tenant), eq(federationIssuers.issuer, issuer)))
    .get();
  return row === undefined ? undefined : { issuer: row.federation_issuers, keys: row.federation_keys ?? undefined };
}

/** Changes an issuer; what was read of it is forgotten when it names another. @returns false when another has that name or it is not there */
export async function updateIssuer(env: Env, row: IssuerRow): Promise<boolean> {
  const database = drizzle(env.DB);
  const isTaken = sql`EXISTS (SELECT 1 FROM ${federationIssuers} AS other WHERE other.tenant = ${row.tenant} AND other.issuer = ${row.issuer} AND other.id <> ${row.id})`;
  const { settings, issuer, sealedCredential, publicJwk, updatedAt } = row;
  const isOther = sql`EXISTS (SELECT 1 FROM ${federationIssuers} AS it WHERE it.id = ${row.id} AND it.tenant = ${row.tenant} AND it.issuer <> ${issuer})`;
  const [, changed] = await database.batch([
    database.delete(federationKeys).where(and(eq(federationKeys.issuer, row.id), isOther)),
    database
      .update(federationIssuers)
      .set({ settings, issuer, sealedCredential, publicJwk, updatedAt })
      .where(and(eq(federationIssuers.id, row.id), eq(federationIssuers.tenant, row.tenant), sql`NOT ${isTaken}`))
      .returning({ id: federationIssuers.id }),
  ]);
  return changed.length > 0;
}

/** Deletes an issuer with what was read of it and who came by it. @returns false when the tenant has no such issuer */
export async function deleteIssuer(env: Env, tenant: string, id: string): Promise<boolean> {
  const database = drizzle(env.DB);
  const isTheirs = sql`EXISTS (SELECT 1 FROM ${federationIssuers} AS it WHERE it.id = ${id} AND it.tenant = ${tenant})`;
  const [, , deleted] = await database.batch([
    database.delete(federationKeys).where(and(eq(federationKeys.issuer, id), isTheirs)),
    database.delete(federatedIdentities).where(and(eq(federatedIdentities.issuer, id), isTheirs)),
    database
      .delete(federationIssuers)
      .where(and(eq(federationIssuers.tenant, tenant), eq(federationIssuers.id, id)))
      .returning({ id: federationIssuers.id }),
  ]);
  return deleted.length > 0;
}

/** What was last read of an issuer. */
export async function findKeys(env: Env, issuer: string): Promise<KeysRow | undefined> {
  return drizzle(env.DB).select().from(federationKeys).where(eq(federationKeys.issuer, issuer)).get();
}

/**
 * Lets one isolate of all set out to read an issuer, and no more than MAX_READINGS_A_MINUTE of them in a minute.
 * @returns false when enough have
 */
export async function claimReading(env: Env, issuer: string, now: number): Promise<boolean> {
  const minute = Math.floor(now / MINUTE_MS);
  const { readMinute, readings } = federationKeys;
  const claimed = await drizzle(env.DB)
    .insert(federationKeys)
    .values({ issuer, triedAt: now, readMinute: minute, readings: 1 })
    .onConflictDoUpdate({
      target: federationKeys.issuer,
      set: { triedAt: now, readMinute: minute, readings: sql`CASE WHEN ${readMinute} = ${minute} THEN ${readings} + 1 ELSE 1 END` },
      setWhere: sql`${readMinute} <> ${minute} OR ${readings} < ${MAX_READINGS_A_MINUTE}`,
    })
    .returning({ issuer: federationKeys.issuer });
  return claimed.length > 0;
}

/** Keeps what an issuer answered. */
export async function keepReading(env: Env, issuer: string, read: { metadata: string; keys: string }, now: number): Promise<void> {
  await drizzle(env.DB)
    .update(federationKeys)
    .set({ ...read, fetchedAt: now, failedAt: null, lastError: null })
    .where(eq(federationKeys.issuer, issuer));
}

/** Keeps why an issuer could not be read; what was read before stays. */
export async function keepFailure(env: Env, issuer: string, lastError: string, now: number): Promise<void> {
  await drizzle(env.DB).update(federationKeys).set({ failedAt: now, lastError }).where(eq(federationKeys.issuer, issuer));
}

/** The user that a person of an issuer is. */
export async function findIdentity(env: Env, issuer: string, subject: string): Promise<string | undefined> {
  const row = await drizzle(env.DB)
    .select({ user: federatedIdentities.user })
    .from(federatedIdentities)
    .where(and(eq(federatedIdentities.issuer, issuer), eq(federatedIdentities.subject, subject)))
    .get();
  return row?.user;
}

/** Keeps which user a person of an issuer is; the first word stands. */
export async function insertIdentity(env: Env, row: typeof federatedIdentities.$inferInsert): Promise<void> {
  await drizzle(env.DB).insert(federatedIdentities).values(row).onConflictDoNothing();
}
