import { and, count, desc, eq, gte, lt, lte, or } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { tasks } from "./tables.ts";

export type TaskRow = typeof tasks.$inferSelect;

/** Writes how a task stands into the index, unless the index knows something newer. */
export async function upsertTask(env: Env, row: TaskRow): Promise<void> {
  await drizzle(env.DB)
    .insert(tasks)
    .values(row)
    .onConflictDoUpdate({
      target: tasks.id,
      set: { state: row.state, statusAt: row.statusAt },
      setWhere: lte(tasks.statusAt, row.statusAt),
    });
}

/** What a list of tasks is narrowed to (§3.1.4). */
export interface TaskFilter {
  readonly agent: string | undefined;
  readonly context: string | undefined;
  readonly state: string | undefined;
  /** Milliseconds since the epoch, this one included. */
  readonly since: number | undefined;
}

/** The last task of a page. */
export interface TaskPlace {
  readonly statusAt: number;
  readonly id: string;
}

/** A tenant's tasks, the one whose status changed last first, and how many there are in all. */
export async function listTaskRows(
  env: Env,
  tenant: string,
  { agent, context, state, since }: TaskFilter,
  after: TaskPlace | undefined,
  limit: number,
): Promise<{ rows: TaskRow[]; total: number }> {
  const db = drizzle(env.DB);
  const all = and(
    eq(tasks.tenant, tenant),
    agent === undefined ? undefined : eq(tasks.agent, agent),
    context === undefined ? undefined : eq(tasks.context, context),
    state === undefined ? undefined : eq(tasks.state, state),
    since === undefined ? undefined : gte(tasks.statusAt, since),
  );
  const rest =
    after === undefined
      ? undefined
      : or(lt(tasks.statusAt, after.statusAt), and(eq(tasks.statusAt, after.statusAt), lt(tasks.id, after.id)));
  const [rows, [counted]] = await Promise.all([
    db.select().from(tasks).where(and(all, rest)).orderBy(desc(tasks.statusAt), desc(tasks.id)).limit(limit),
    db.select({ total: count() }).from(tasks).where(all),
  ]);
  return { rows, total: counted?.total ?? 0 };
}
