import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { sha256Hex } from "../../platform/crypto.ts";
import { spentOnce } from "./tables.ts";

/** Ended entries that one use clears away at most: more than it adds, so that the table stays as large as what is in use. */
const CLEARED = 50;

/**
 * Marks something that is good once (a sign-in's answer, a passkey's challenge) as used. Only what proved right is spent, so that strangers fill no table.
 * @param what tells it from everything else that is good once
 * @param expiresAt when it would end anyhow; later than that its maker must refuse it
 * @returns false when it was used before, wherever that was
 */
export async function spend(env: Env, what: string, expiresAt: number, now: number): Promise<boolean> {
  const database = drizzle(env.DB);
  const ended = sql`${spentOnce.digest} IN (SELECT digest FROM ${spentOnce} WHERE expires_at < ${now} LIMIT ${CLEARED})`;
  const [, inserted] = await database.batch([
    database.delete(spentOnce).where(ended),
    database
      .insert(spentOnce)
      .values({ digest: sha256Hex(what), expiresAt })
      .onConflictDoNothing()
      .returning({ digest: spentOnce.digest }),
  ]);
  return inserted.length > 0;
}
