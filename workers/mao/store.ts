import { and, desc, eq, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { runs } from "./tables.ts";

export type RunRow = typeof runs.$inferSelect;

/** Writes how a run stands into the index, unless the index knows something newer. */
export async function upsertRun(env: Env, row: RunRow): Promise<void> {
  await drizzle(env.DB)
    .insert(runs)
    .values(row)
    .onConflictDoUpdate({
      target: runs.id,
      set: { state: row.state, updatedAt: row.updatedAt, seq: row.seq },
      setWhere: lt(runs.seq, row.seq),
    });
}

/** What a list of runs may be narrowed to. */
export interface RunFilter {
  readonly state?: string | undefined;
  readonly template?: string | undefined;
  readonly schedule?: string | undefined;
  readonly parent?: string | undefined;
}

/** A tenant's runs, newest first, after the id of the last one shown. */
export async function listRuns(env: Env, tenant: string, filter: RunFilter, before: string | undefined, limit: number): Promise<RunRow[]> {
  const condition = and(
    eq(runs.tenant, tenant),
    before === undefined ? undefined : lt(runs.id, before),
    filter.state === undefined ? undefined : eq(runs.state, filter.state),
    filter.template === undefined ? undefined : eq(runs.template, filter.template),
    filter.schedule === undefined ? undefined : eq(runs.schedule, filter.schedule),
    filter.parent === undefined ? undefined : eq(runs.parent, filter.parent),
  );
  return drizzle(env.DB).select().from(runs).where(condition).orderBy(desc(runs.id)).limit(limit);
}
