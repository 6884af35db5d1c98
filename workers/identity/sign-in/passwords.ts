import { and, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Clock } from "../../platform/clock.ts";
import { parseId } from "../../platform/ids.ts";
import { readTenant } from "../store.ts";
import { signOutEverywhere } from "../users/change-user.ts";
import { noteSignIn, type UserRow, updateUser } from "../users/store.ts";
import { type OpenLink, spendMailLink } from "./mail-link.ts";
import { hashPassword, isOutdated, verifyPassword } from "./password-hash.ts";
import { faultOfPassword } from "./password-rules.ts";
import { passwords } from "./tables.ts";
import { forgetTries } from "./throttle.ts";

/** Where the tries for an account are counted. */
export function accountKey(user: Pick<UserRow, "tenant" | "emailKey">): string {
  return `${user.tenant}/${user.emailKey}`;
}

/**
 * Whether the password of a user is this one. The same work is done when there is no such user, or it has no password or is deactivated.
 */
export async function isPasswordOf(env: Env, clock: Clock, user: UserRow | undefined, password: string): Promise<boolean> {
  const kept = user?.active === true ? await readHash(env, user) : undefined;
  const isRight = await verifyPassword(password, kept);
  if (!isRight || user === undefined || kept === undefined) return false;
  if (isOutdated(kept)) await keepHash(env, clock, user, await hashPassword(password));
  return true;
}

/**
 * Sets a user's password and ends all sign-ins that were made with another one.
 * @returns what is wrong with the password, for its owner to read; undefined when it was set
 */
export async function setPassword(env: Env, clock: Clock, user: UserRow, password: string): Promise<string | undefined> {
  const fault = await faultFor(env, user, password);
  if (fault !== undefined) return fault;
  await keepHash(env, clock, user, await hashPassword(password));
  await signOutEverywhere(env, clock, parseId("tenant", user.tenant), user);
  await forgetTries(env, "account", accountKey(user));
  return undefined;
}

/** What came of a link from a letter: `used` when it opened nothing any more at the last moment. */
export type LinkOutcome = "done" | "used" | { readonly fault: string };

/** Sets the password that a link from a letter lets somebody set; the link proves the address too. */
export async function setPasswordByLink(env: Env, clock: Clock, link: OpenLink, password: string): Promise<LinkOutcome> {
  const fault = await faultFor(env, link.user, password);
  if (fault !== undefined) return { fault };
  if (!(await spendMailLink(env, link))) return "used";
  await setPassword(env, clock, link.user, password);
  if (link.user.emailVerifiedAt === null) await updateUser(env, link.user, { emailVerifiedAt: clock.now() }, clock.now());
  return "done";
}

/** Keeps that somebody has signed in with a password, and forgets the tries before. */
export async function noteRightPassword(env: Env, clock: Clock, user: UserRow): Promise<void> {
  await Promise.all([noteSignIn(env, user.id, clock.now()), forgetTries(env, "account", accountKey(user))]);
}

async function faultFor(env: Env, user: UserRow, password: string): Promise<string | undefined> {
  const tenant = await readTenant(env, parseId("tenant", user.tenant));
  const words = [user.email, user.userName, user.displayName, user.givenName ?? "", user.familyName ?? "", tenant?.name ?? ""];
  return faultOfPassword(password, words);
}

async function readHash(env: Env, { tenant, id }: UserRow): Promise<string | undefined> {
  const row = await drizzle(env.DB)
    .select({ hash: passwords.hash })
    .from(passwords)
    .where(and(eq(passwords.tenant, tenant), eq(passwords.user, id)))
    .get();
  return row?.hash;
}

async function keepHash(env: Env, clock: Clock, { tenant, id }: UserRow, hash: string): Promise<void> {
  const changedAt = clock.now();
  await drizzle(env.DB)
    .insert(passwords)
    .values({ user: id, tenant, hash, changedAt })
    .onConflictDoUpdate({ target: passwords.user, set: { hash, changedAt } });
}
