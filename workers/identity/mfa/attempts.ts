import { and, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { Problem } from "../../platform/problem.ts";
import type { Person } from "./store.ts";
import { factorAttempts } from "./tables.ts";

/** Codes that may be wrong one after the other without a wait: a person mistypes, or reads the code of another account. */
export const FREE_ATTEMPTS = 5;
const FIRST_WAIT_MS = 2_000;
/** Never longer, so that nobody is shut out for good. Three of a million codes are right at a time: guessing on takes 30 years for an even chance. */
export const LONGEST_WAIT_MS = 3_600_000;

/**
 * Counts an attempt before its code is looked at, in one statement, so that guesses made at once wait like guesses made in turn.
 * @param now milliseconds since the epoch
 * @throws Problem `too-many-requests` while the user has to wait
 */
export async function countAttempt(env: Env, { tenant, user }: Person, now: number): Promise<void> {
  const { attempts, blockedUntil } = factorAttempts;
  const database = drizzle(env.DB);
  const counted = await database
    .insert(factorAttempts)
    .values({ tenant, user, attempts: 1, blockedUntil: now })
    .onConflictDoUpdate({
      target: factorAttempts.user,
      set: {
        attempts: sql`${attempts} + 1`,
        // A shift by at most 20, so that the number stays small however many attempts there were.
        blockedUntil: sql`${now} + CASE WHEN ${attempts} + 1 < ${FREE_ATTEMPTS} THEN 0 ELSE min(${LONGEST_WAIT_MS}, ${FIRST_WAIT_MS} << min(20, ${attempts} + 1 - ${FREE_ATTEMPTS})) END`,
      },
      setWhere: sql`${blockedUntil} <= ${now}`,
    })
    .returning({ attempts });
  if (counted.length > 0) return;
  const row = await database.select({ blockedUntil }).from(factorAttempts).where(eq(factorAttempts.user, user)).get();
  const retryAfterSeconds = Math.max(1, Math.ceil(((row?.blockedUntil ?? now) - now) / 1_000));
  throw new Problem("too-many-requests", `Too many wrong codes; the next one is looked at in ${retryAfterSeconds} seconds.`, {
    retryAfterSeconds,
  });
}

/** Forgets the wrong codes of a user whose code was right. */
export async function forgetAttempts(env: Env, { tenant, user }: Person): Promise<void> {
  await drizzle(env.DB)
    .delete(factorAttempts)
    .where(and(eq(factorAttempts.tenant, tenant), eq(factorAttempts.user, user)));
}
