import { and, desc, eq, gt, isNull, lt, or } from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { parseId, type TenantId } from "../platform/ids.ts";
import { type SignInSettings, signInSettingsSchema } from "./sign-in/settings.ts";
import { apiKeys, signingKeys, tenants } from "./tables.ts";

export type TenantRow = typeof tenants.$inferSelect;
export type ApiKeyRow = typeof apiKeys.$inferSelect;
export type SigningKeyRow = typeof signingKeys.$inferSelect;

/** Stores a tenant with its first key in one transaction: neither is without the other. Stored again, the key gets the newer secret. */
export async function insertTenant(env: Env, tenant: TenantRow, firstKey: ApiKeyRow): Promise<void> {
  const database = drizzle(env.DB);
  await database.batch([database.insert(tenants).values(tenant).onConflictDoNothing(), keyInsertion(database, firstKey)]);
}

/** A tenant as it is known inside: its settings are read. */
export interface Tenant {
  readonly id: TenantId;
  readonly name: string;
  readonly createdAt: number;
  readonly status: "active" | "suspended" | "closing";
  readonly signIn: SignInSettings;
}

export async function readTenant(env: Env, id: TenantId): Promise<Tenant | undefined> {
  const row = await drizzle(env.DB).select().from(tenants).where(eq(tenants.id, id)).get();
  return row === undefined ? undefined : toTenant(row);
}

export function toTenant(row: TenantRow): Tenant {
  return {
    id: parseId("tenant", row.id),
    name: row.name,
    createdAt: row.createdAt,
    status: row.status,
    signIn: signInSettingsSchema.parse(JSON.parse(row.signIn)),
  };
}

/** Stores a key. Stored again, because its maker was cut off before anyone was told the secret, it gets the newer one. */
export async function insertApiKey(env: Env, key: ApiKeyRow): Promise<void> {
  await keyInsertion(drizzle(env.DB), key);
}

function keyInsertion(database: DrizzleD1Database, key: ApiKeyRow) {
  return database
    .insert(apiKeys)
    .values(key)
    .onConflictDoUpdate({
      target: apiKeys.id,
      set: { secretHash: key.secretHash, lastFour: key.lastFour },
      setWhere: eq(apiKeys.tenant, key.tenant),
    });
}

/** A key by its id, of whichever tenant: this is how a credential finds its tenant. */
export async function findApiKey(env: Env, id: string): Promise<ApiKeyRow | undefined> {
  return drizzle(env.DB).select().from(apiKeys).where(eq(apiKeys.id, id)).get();
}

/** A tenant's own key by its id. */
export async function readApiKey(env: Env, tenant: TenantId, id: string): Promise<ApiKeyRow | undefined> {
  return drizzle(env.DB)
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.tenant, tenant), eq(apiKeys.id, id)))
    .get();
}

/** Lets a key end at a time, unless it ends before. */
export async function expireApiKey(env: Env, tenant: TenantId, id: string, at: number): Promise<void> {
  const endsLater = or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, at));
  await drizzle(env.DB)
    .update(apiKeys)
    .set({ expiresAt: at })
    .where(and(eq(apiKeys.tenant, tenant), eq(apiKeys.id, id), endsLater));
}

/** A tenant's keys, newest first, after the id of the last one shown. */
export async function listApiKeys(env: Env, tenant: TenantId, before: string | undefined, limit: number): Promise<ApiKeyRow[]> {
  const condition = and(eq(apiKeys.tenant, tenant), before === undefined ? undefined : lt(apiKeys.id, before));
  return drizzle(env.DB).select().from(apiKeys).where(condition).orderBy(desc(apiKeys.id)).limit(limit);
}

/** @returns false when the tenant has no such key, or it was revoked before */
export async function revokeApiKey(env: Env, tenant: TenantId, id: string, at: number): Promise<boolean> {
  const condition = and(eq(apiKeys.tenant, tenant), eq(apiKeys.id, id), isNull(apiKeys.revokedAt));
  const rows = await drizzle(env.DB).update(apiKeys).set({ revokedAt: at }).where(condition).returning({ id: apiKeys.id });
  return rows.length > 0;
}

/** Keeps when a key was last used, unless something later is kept already. */
export async function noteApiKeyUse(env: Env, id: string, at: number): Promise<void> {
  const isEarlier = or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, at));
  await drizzle(env.DB)
    .update(apiKeys)
    .set({ lastUsedAt: at })
    .where(and(eq(apiKeys.id, id), isEarlier));
}

/** Signing keys, newest first; there are never more than a handful, since each rotation removes the expired. */
export async function listSigningKeys(env: Env): Promise<SigningKeyRow[]> {
  return drizzle(env.DB).select().from(signingKeys).orderBy(desc(signingKeys.id)).limit(16);
}

/** Adds a signing key and retires those before it, at once; forgets those retired before `forgetBefore`. */
export async function rotateSigningKeys(env: Env, key: SigningKeyRow, forgetBefore: number): Promise<void> {
  const database = drizzle(env.DB);
  await database.batch([
    database.update(signingKeys).set({ retiredAt: key.createdAt }).where(isNull(signingKeys.retiredAt)),
    database.delete(signingKeys).where(lt(signingKeys.retiredAt, forgetBefore)),
    database.insert(signingKeys).values(key),
  ]);
}
