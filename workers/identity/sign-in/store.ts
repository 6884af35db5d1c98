import { and, desc, eq, gt, isNull, lt, ne } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { TenantId } from "../../platform/ids.ts";
import { signInSessions } from "./tables.ts";

export type SignInSessionRow = typeof signInSessions.$inferSelect;

/** Sessions of one user that a list shows: more devices than a person has. */
export const MAX_SESSIONS_SHOWN = 50;

export async function insertSession(env: Env, row: SignInSessionRow): Promise<void> {
  await drizzle(env.DB).insert(signInSessions).values(row);
}

/** A session by its id, of whichever tenant: this is how a cookie finds its tenant. */
export async function findSession(env: Env, id: string): Promise<SignInSessionRow | undefined> {
  return drizzle(env.DB).select().from(signInSessions).where(eq(signInSessions.id, id)).get();
}

/** Keeps that a session was used at a time, to its grain. */
export async function touchSession(env: Env, id: string, at: number): Promise<void> {
  const isEarlier = and(eq(signInSessions.id, id), lt(signInSessions.lastSeenAt, at));
  await drizzle(env.DB).update(signInSessions).set({ lastSeenAt: at }).where(isEarlier);
}

/**
 * Raises a session to another way of having been proved, with another secret.
 * @returns false when the secret it is to be raised from is no longer its own
 */
export async function raiseSession(
  env: Env,
  session: Pick<SignInSessionRow, "id" | "secretHash">,
  raised: Pick<SignInSessionRow, "secretHash" | "amr" | "pending" | "mfaAt" | "endsAt">,
): Promise<boolean> {
  const condition = and(eq(signInSessions.id, session.id), eq(signInSessions.secretHash, session.secretHash));
  const rows = await drizzle(env.DB).update(signInSessions).set(raised).where(condition).returning({ id: signInSessions.id });
  return rows.length > 0;
}

/** A user's sessions that stand, newest first. */
export async function listSessions(env: Env, tenant: TenantId, user: string, now: number): Promise<SignInSessionRow[]> {
  const condition = and(
    eq(signInSessions.tenant, tenant),
    eq(signInSessions.user, user),
    gt(signInSessions.endsAt, now),
    isNull(signInSessions.pending),
  );
  return drizzle(env.DB).select().from(signInSessions).where(condition).orderBy(desc(signInSessions.id)).limit(MAX_SESSIONS_SHOWN);
}

/** Ends one session of a user. @returns false when the user has no such session */
export async function deleteSession(env: Env, tenant: TenantId, user: string, id: string): Promise<boolean> {
  const condition = and(eq(signInSessions.tenant, tenant), eq(signInSessions.user, user), eq(signInSessions.id, id));
  const rows = await drizzle(env.DB).delete(signInSessions).where(condition).returning({ id: signInSessions.id });
  return rows.length > 0;
}

/** Ends a user's sessions. @param except the one that stays @returns the ids of those that ended */
export async function deleteSessionsOf(env: Env, tenant: TenantId, user: string, except?: string): Promise<string[]> {
  const condition = and(
    eq(signInSessions.tenant, tenant),
    eq(signInSessions.user, user),
    except === undefined ? undefined : ne(signInSessions.id, except),
  );
  const rows = await drizzle(env.DB).delete(signInSessions).where(condition).returning({ id: signInSessions.id });
  return rows.map(({ id }) => id);
}
