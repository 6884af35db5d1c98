import { and, asc, count, eq, isNull, lt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { passkeys, recoveryCodes, totpFactors } from "./tables.ts";

export type TotpRow = typeof totpFactors.$inferSelect;
export type PasskeyRow = typeof passkeys.$inferSelect;

/** Whose factors. */
export interface Person {
  readonly tenant: string;
  readonly user: string;
}

/** Devices and their backups; nobody has so many. */
export const MAX_PASSKEYS_A_USER = 20;

const ofTotp = ({ tenant, user }: Person) => and(eq(totpFactors.tenant, tenant), eq(totpFactors.user, user));
const ofCodes = ({ tenant, user }: Person) => and(eq(recoveryCodes.tenant, tenant), eq(recoveryCodes.user, user));
const ofPasskeys = ({ tenant, user }: Person) => and(eq(passkeys.tenant, tenant), eq(passkeys.user, user));

export async function findTotp(env: Env, person: Person): Promise<TotpRow | undefined> {
  return drizzle(env.DB).select().from(totpFactors).where(ofTotp(person)).get();
}

/** Stores a new authenticator in place of one that was never confirmed. @returns false when a confirmed one is there */
export async function insertTotp(env: Env, row: TotpRow): Promise<boolean> {
  const { sealedSecret, createdAt } = row;
  const stored = await drizzle(env.DB)
    .insert(totpFactors)
    .values(row)
    .onConflictDoUpdate({
      target: totpFactors.user,
      set: { sealedSecret, createdAt, lastStep: 0 },
      setWhere: sql`${totpFactors.confirmedAt} IS NULL AND ${totpFactors.tenant} = ${row.tenant}`,
    })
    .returning({ user: totpFactors.user });
  return stored.length > 0;
}

/**
 * Takes a code's time step, once, wherever it is presented; the first one confirms the authenticator.
 * @param sealedSecret of the authenticator whose code it was: another may have taken its place meanwhile
 * @returns false when it, or a later one, was taken before
 */
export async function takeStep(env: Env, person: Person, sealedSecret: string, step: number, now: number): Promise<boolean> {
  const taken = await drizzle(env.DB)
    .update(totpFactors)
    .set({ lastStep: step, confirmedAt: sql`coalesce(${totpFactors.confirmedAt}, ${now})` })
    .where(and(ofTotp(person), eq(totpFactors.sealedSecret, sealedSecret), lt(totpFactors.lastStep, step)))
    .returning({ user: totpFactors.user });
  return taken.length > 0;
}

/** @returns false when there was none */
export async function deleteTotp(env: Env, person: Person): Promise<boolean> {
  const deleted = await drizzle(env.DB).delete(totpFactors).where(ofTotp(person)).returning({ user: totpFactors.user });
  return deleted.length > 0;
}

/** Puts new recovery codes in the place of all that were there. */
export async function replaceRecoveryCodes(env: Env, { tenant, user }: Person, digests: readonly string[]): Promise<void> {
  const database = drizzle(env.DB);
  await database.batch([
    database.delete(recoveryCodes).where(ofCodes({ tenant, user })),
    database.insert(recoveryCodes).values(digests.map((digest) => ({ digest, tenant, user, usedAt: null }))),
  ]);
}

/** Uses a recovery code. @returns false when it is none of theirs or was used before */
export async function takeRecoveryCode(env: Env, person: Person, digest: string, now: number): Promise<boolean> {
  const taken = await drizzle(env.DB)
    .update(recoveryCodes)
    .set({ usedAt: now })
    .where(and(ofCodes(person), eq(recoveryCodes.digest, digest), isNull(recoveryCodes.usedAt)))
    .returning({ digest: recoveryCodes.digest });
  return taken.length > 0;
}

/** How many recovery codes are left. */
export async function countRecoveryCodes(env: Env, person: Person): Promise<number> {
  const row = await drizzle(env.DB)
    .select({ left: count() })
    .from(recoveryCodes)
    .where(and(ofCodes(person), isNull(recoveryCodes.usedAt)))
    .get();
  return row?.left ?? 0;
}

/** A user's passkeys, oldest first. */
export async function listPasskeys(env: Env, person: Person): Promise<PasskeyRow[]> {
  return drizzle(env.DB).select().from(passkeys).where(ofPasskeys(person)).orderBy(asc(passkeys.id)).limit(MAX_PASSKEYS_A_USER);
}

/** A passkey by the name its authenticator gave it: this is how a sign-in without a user name finds its user. */
export async function findPasskey(env: Env, credentialId: string): Promise<PasskeyRow | undefined> {
  return drizzle(env.DB).select().from(passkeys).where(eq(passkeys.credentialId, credentialId)).get();
}

/** Stores a passkey. @returns false when it is registered already, or the user has MAX_PASSKEYS_A_USER */
export async function insertPasskey(env: Env, row: PasskeyRow): Promise<boolean> {
  const database = drizzle(env.DB);
  const stored = await database.insert(passkeys).values(row).onConflictDoNothing().returning({ id: passkeys.id });
  if (stored.length === 0) return false;
  const { isBeyond } = (await database
    .select({ isBeyond: sql<number>`count(*) > ${MAX_PASSKEYS_A_USER}` })
    .from(passkeys)
    .where(ofPasskeys(row))
    .get()) ?? { isBeyond: 0 };
  if (isBeyond === 0) return true;
  await database.delete(passkeys).where(eq(passkeys.id, row.id));
  return false;
}

/** Keeps what an authenticator counted. @returns false when another use counted as far or farther meanwhile */
export async function notePasskeyUse(env: Env, id: string, counter: number, now: number): Promise<boolean> {
  const goesUp = counter === 0 ? eq(passkeys.counter, 0) : lt(passkeys.counter, counter);
  const noted = await drizzle(env.DB)
    .update(passkeys)
    .set({ counter, lastUsedAt: now })
    .where(and(eq(passkeys.id, id), goesUp))
    .returning({ id: passkeys.id });
  return noted.length > 0;
}

/** @returns false when the user has no such passkey */
export async function renamePasskey(env: Env, person: Person, id: string, name: string): Promise<boolean> {
  const renamed = await drizzle(env.DB)
    .update(passkeys)
    .set({ name })
    .where(and(ofPasskeys(person), eq(passkeys.id, id)))
    .returning({ id: passkeys.id });
  return renamed.length > 0;
}

/** @returns false when the user has no such passkey */
export async function deletePasskey(env: Env, person: Person, id: string): Promise<boolean> {
  const deleted = await drizzle(env.DB)
    .delete(passkeys)
    .where(and(ofPasskeys(person), eq(passkeys.id, id)))
    .returning({ id: passkeys.id });
  return deleted.length > 0;
}
