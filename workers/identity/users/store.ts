import { and, eq, gt, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { TenantId } from "../../platform/ids.ts";
import { users } from "./tables.ts";

export type UserRow = typeof users.$inferSelect;

/** What a user may be changed to; the rest of the row follows from it. */
export type UserChange = Partial<
  Pick<UserRow, "email" | "userName" | "displayName" | "givenName" | "familyName" | "externalId" | "active" | "emailVerifiedAt" | "origin">
>;

/** How addresses and names are compared: without regard to case and to how accents are put together. */
export function keyOf(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}

/** Stores a new user. @returns false when another user of the tenant has this e-mail address or user name */
export async function insertUser(env: Env, row: UserRow): Promise<boolean> {
  const rows = await drizzle(env.DB).insert(users).values(row).onConflictDoNothing().returning({ id: users.id });
  return rows.length > 0;
}

export async function readUser(env: Env, tenant: TenantId, id: string): Promise<UserRow | undefined> {
  return oneUser(env, tenant, eq(users.id, id));
}

export async function findUserByEmail(env: Env, tenant: TenantId, email: string): Promise<UserRow | undefined> {
  return oneUser(env, tenant, eq(users.emailKey, keyOf(email)));
}

/** A tenant's users in the order they were made, after the id of the last one shown. */
export async function listUsers(
  env: Env,
  tenant: TenantId,
  { condition, after, limit }: { condition: SQL | undefined; after: string | undefined; limit: number },
): Promise<UserRow[]> {
  const where = and(eq(users.tenant, tenant), condition, after === undefined ? undefined : gt(users.id, after));
  return drizzle(env.DB).select().from(users).where(where).orderBy(users.id).limit(limit);
}

/**
 * Changes a user that is still as it was read.
 * @returns the row as it is now; undefined when it was changed meanwhile
 * @throws Error of D1 with `UNIQUE` when another user has the address or the user name
 */
export async function updateUser(env: Env, user: UserRow, change: UserChange, at: number): Promise<UserRow | undefined> {
  const condition = and(eq(users.tenant, user.tenant), eq(users.id, user.id), eq(users.version, user.version));
  const keys = {
    ...(change.email === undefined ? {} : { emailKey: keyOf(change.email) }),
    ...(change.userName === undefined ? {} : { userNameKey: keyOf(change.userName) }),
  };
  const set = { ...change, ...keys, updatedAt: at, version: user.version + 1 };
  return drizzle(env.DB).update(users).set(set).where(condition).returning().get();
}

/** Keeps when a user last signed in; no change of the resource. */
export async function noteSignIn(env: Env, user: string, at: number): Promise<void> {
  await drizzle(env.DB).update(users).set({ lastSignInAt: at }).where(eq(users.id, user));
}

async function oneUser(env: Env, tenant: TenantId, condition: SQL): Promise<UserRow | undefined> {
  return drizzle(env.DB)
    .select()
    .from(users)
    .where(and(eq(users.tenant, tenant), condition))
    .get();
}
