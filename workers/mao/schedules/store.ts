import { and, desc, eq, lt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { Problem } from "../../platform/problem.ts";
import { schedules } from "../tables.ts";

/** Schedules of one tenant: each may start a run a minute. */
export const MAX_SCHEDULES_A_TENANT = 200;

export type ScheduleRow = typeof schedules.$inferSelect;

/**
 * Takes one of the tenant's places for a schedule; taking it twice is taking it once.
 * @throws Problem `limit-exceeded` when they are all taken
 */
export async function insertSchedule(env: Env, row: ScheduleRow): Promise<void> {
  const { id, tenant, title, cron, timezone, isPaused, createdBy, createdAt, updatedAt } = row;
  // Counting and inserting are one statement: two requests at once cannot both take the last place.
  const inserted = await drizzle(env.DB).run(
    sql`INSERT INTO ${schedules} (id, tenant, title, cron, timezone, is_paused, created_by, created_at, updated_at)
        SELECT ${id}, ${tenant}, ${title}, ${cron}, ${timezone}, ${isPaused ? 1 : 0}, ${createdBy}, ${createdAt}, ${updatedAt}
        WHERE (SELECT count(*) FROM ${schedules} WHERE tenant = ${tenant}) < ${MAX_SCHEDULES_A_TENANT}
        ON CONFLICT (id) DO UPDATE SET updated_at = excluded.updated_at WHERE tenant = excluded.tenant`,
  );
  if (inserted.meta.changes === 0)
    throw new Problem("limit-exceeded", `A tenant may have ${MAX_SCHEDULES_A_TENANT} schedules; delete one that is not needed any more.`);
}

/** Writes what a list shows of a schedule. */
export async function updateSchedule(env: Env, row: Omit<ScheduleRow, "createdBy" | "createdAt">): Promise<void> {
  const { id, tenant, ...shown } = row;
  await drizzle(env.DB)
    .update(schedules)
    .set(shown)
    .where(and(eq(schedules.id, id), eq(schedules.tenant, tenant)));
}

/** Gives the place of a schedule back. */
export async function deleteSchedule(env: Env, tenant: string, id: string): Promise<void> {
  await drizzle(env.DB)
    .delete(schedules)
    .where(and(eq(schedules.id, id), eq(schedules.tenant, tenant)));
}

/** A tenant's schedules, newest first, after the id of the last one shown. */
export async function listSchedules(env: Env, tenant: string, before: string | undefined, limit: number): Promise<ScheduleRow[]> {
  const condition = and(eq(schedules.tenant, tenant), before === undefined ? undefined : lt(schedules.id, before));
  return drizzle(env.DB).select().from(schedules).where(condition).orderBy(desc(schedules.id)).limit(limit);
}
