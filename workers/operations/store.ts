import { and, desc, eq, isNull, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { deadLetters } from "./tables.ts";

export type DeadLetterRow = typeof deadLetters.$inferSelect;

export async function insertDeadLetter(env: Env, row: DeadLetterRow): Promise<void> {
  await drizzle(env.DB).insert(deadLetters).values(row).onConflictDoNothing();
}

/** A tenant's dead letters, newest first, after the id of the last one shown. */
export async function listDeadLetters(env: Env, tenant: string, before: string | undefined, limit: number): Promise<DeadLetterRow[]> {
  const condition = and(eq(deadLetters.tenant, tenant), before === undefined ? undefined : lt(deadLetters.id, before));
  return drizzle(env.DB).select().from(deadLetters).where(condition).orderBy(desc(deadLetters.id)).limit(limit);
}

/** Marks a letter as sent again. @returns the letter, or undefined when there is none or it was sent before */
export async function claimDeadLetter(env: Env, tenant: string, id: string, at: number): Promise<DeadLetterRow | undefined> {
  const condition = and(eq(deadLetters.tenant, tenant), eq(deadLetters.id, id), isNull(deadLetters.redrivenAt));
  const rows = await drizzle(env.DB).update(deadLetters).set({ redrivenAt: at }).where(condition).returning();
  return rows[0];
}

export async function findDeadLetter(env: Env, tenant: string, id: string): Promise<DeadLetterRow | undefined> {
  return drizzle(env.DB)
    .select()
    .from(deadLetters)
    .where(and(eq(deadLetters.tenant, tenant), eq(deadLetters.id, id)))
    .get();
}
