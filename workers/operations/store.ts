import { and, asc, desc, eq, isNull, lt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { tenants } from "../identity/tables.ts";
import { deadLetters, retentionSweeps } from "./tables.ts";

export type DeadLetterRow = typeof deadLetters.$inferSelect;

/** Keeps a letter; the same letter again changes nothing. */
export async function insertDeadLetter(env: Env, row: DeadLetterRow): Promise<void> {
  await drizzle(env.DB).insert(deadLetters).values(row).onConflictDoNothing();
}

/** Whose letters these are: a tenant's, or the empty name for those that named none. Newest first, after the id of the last one shown. */
export async function listDeadLetters(env: Env, owner: string, before: string | undefined, limit: number): Promise<DeadLetterRow[]> {
  const condition = and(eq(deadLetters.tenant, owner), before === undefined ? undefined : lt(deadLetters.id, before));
  return drizzle(env.DB).select().from(deadLetters).where(condition).orderBy(desc(deadLetters.id)).limit(limit);
}

export async function findDeadLetter(env: Env, owner: string, id: string): Promise<DeadLetterRow | undefined> {
  return drizzle(env.DB)
    .select()
    .from(deadLetters)
    .where(and(eq(deadLetters.tenant, owner), eq(deadLetters.id, id)))
    .get();
}

/** Takes a letter that was not sent again yet under a lock's token. @returns false when there is none, or a later holder of the lock has it */
export async function claimDeadLetter(env: Env, owner: string, id: string, fence: number): Promise<boolean> {
  const condition = and(
    eq(deadLetters.tenant, owner),
    eq(deadLetters.id, id),
    isNull(deadLetters.redrivenAt),
    lt(deadLetters.fence, fence),
  );
  const rows = await drizzle(env.DB).update(deadLetters).set({ fence }).where(condition).returning({ id: deadLetters.id });
  return rows.length > 0;
}

/** Marks a letter as sent again, unless a later holder of the lock has taken it. */
export async function markRedriven(env: Env, owner: string, id: string, mark: { at: number; fence: number }): Promise<void> {
  await drizzle(env.DB)
    .update(deadLetters)
    .set({ redrivenAt: mark.at })
    .where(and(eq(deadLetters.tenant, owner), eq(deadLetters.id, id), eq(deadLetters.fence, mark.fence)));
}

/** Tenants whose old rows were not removed since `before`, those that wait longest first; the empty name stands for what names no tenant. */
export async function tenantsToSweep(env: Env, before: number, limit: number): Promise<string[]> {
  const sweptAt = sql<number>`coalesce(${retentionSweeps.sweptAt}, 0)`;
  const rows = await drizzle(env.DB)
    .select({ tenant: tenants.id })
    .from(tenants)
    .leftJoin(retentionSweeps, eq(retentionSweeps.tenant, tenants.id))
    .where(lt(sweptAt, before))
    .orderBy(asc(sweptAt))
    .limit(limit);
  return ["", ...rows.map((row) => row.tenant)];
}

/** Notes that a tenant was swept, unless a later holder of the lock has noted it. */
export async function noteSweep(env: Env, tenant: string, sweptAt: number, fence: number): Promise<void> {
  await drizzle(env.DB)
    .insert(retentionSweeps)
    .values({ tenant, sweptAt, fence })
    .onConflictDoUpdate({ target: retentionSweeps.tenant, set: { sweptAt, fence }, setWhere: lt(retentionSweeps.fence, fence) });
}

/** Tables that grow by the day, and the column that tells a row's age. A closed list: it becomes part of a statement. */
const AGING = {
  dead_letters: "created_at",
  policy_decisions: "at",
  sessions: "updated_at",
  projects: "updated_at",
  runs: "updated_at",
  a2a_tasks: "status_at",
} as const;
export type AgingTable = keyof typeof AGING;

/** Removes at most `limit` of a tenant's rows that are older. @returns how many it removed */
export async function removeOlder(env: Env, table: AgingTable, tenant: string, before: number, limit: number): Promise<number> {
  const result = await env.DB.prepare(
    `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE tenant = ?1 AND ${AGING[table]} < ?2 LIMIT ?3)`,
  )
    .bind(tenant, before, limit)
    .run();
  return result.meta.changes;
}
