import { and, desc, eq, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { sessions } from "./tables.ts";

export type SessionRow = typeof sessions.$inferSelect;

/** Writes how a session stands into the index, unless the index knows something newer. */
export async function upsertSession(env: Env, row: SessionRow): Promise<void> {
  await drizzle(env.DB)
    .insert(sessions)
    .values(row)
    .onConflictDoUpdate({
      target: sessions.id,
      set: { title: row.title, state: row.state, updatedAt: row.updatedAt, seq: row.seq },
      setWhere: lt(sessions.seq, row.seq),
    });
}

/** A tenant's sessions, newest first, after the id of the last one shown. */
export async function listSessions(env: Env, tenant: string, before: string | undefined, limit: number): Promise<SessionRow[]> {
  const condition = and(eq(sessions.tenant, tenant), before === undefined ? undefined : lt(sessions.id, before));
  return drizzle(env.DB).select().from(sessions).where(condition).orderBy(desc(sessions.id)).limit(limit);
}
