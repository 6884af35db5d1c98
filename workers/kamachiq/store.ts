import { and, count, desc, eq, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { projects } from "./tables.ts";

export type ProjectRow = typeof projects.$inferSelect;

/** Writes how a project stands into the index, unless the index knows something newer. */
export async function upsertProject(env: Env, row: ProjectRow): Promise<void> {
  await drizzle(env.DB)
    .insert(projects)
    .values(row)
    .onConflictDoUpdate({
      target: projects.id,
      set: { title: row.title, state: row.state, updatedAt: row.updatedAt, seq: row.seq },
      setWhere: lt(projects.seq, row.seq),
    });
}

/** A tenant's projects, newest first, after the id of the last one shown. */
export async function listProjects(env: Env, tenant: string, before: string | undefined, limit: number): Promise<ProjectRow[]> {
  const condition = and(eq(projects.tenant, tenant), before === undefined ? undefined : lt(projects.id, before));
  return drizzle(env.DB).select().from(projects).where(condition).orderBy(desc(projects.id)).limit(limit);
}

/** How many projects a tenant has in each state. */
export async function countProjects(env: Env, tenant: string): Promise<Record<string, number>> {
  const rows = await drizzle(env.DB)
    .select({ state: projects.state, n: count() })
    .from(projects)
    .where(eq(projects.tenant, tenant))
    .groupBy(projects.state);
  return Object.fromEntries(rows.map((row) => [row.state, row.n]));
}
