import { and, count, desc, eq, gt, isNotNull, lt, min, or, sum } from "drizzle-orm";
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
      set: {
        title: row.title,
        state: row.state,
        updatedAt: row.updatedAt,
        seq: row.seq,
        round: row.round,
        costMicros: row.costMicros,
        tokens: row.tokens,
        findings: row.findings,
        gateOpenedAt: row.gateOpenedAt,
      },
      setWhere: lt(projects.seq, row.seq),
    });
}

/** A tenant's projects, newest first, after the id of the last one shown. */
export async function listProjects(env: Env, tenant: string, before: string | undefined, limit: number): Promise<ProjectRow[]> {
  const condition = and(eq(projects.tenant, tenant), before === undefined ? undefined : lt(projects.id, before));
  return drizzle(env.DB).select().from(projects).where(condition).orderBy(desc(projects.id)).limit(limit);
}

/** A tenant's projects that wait at the gate, the longest waiting first, after the one that was shown last. */
export async function listGates(
  env: Env,
  tenant: string,
  after: { openedAt: number; id: string } | undefined,
  limit: number,
): Promise<(ProjectRow & { gateOpenedAt: number })[]> {
  const { gateOpenedAt, id } = projects;
  const isLater =
    after === undefined ? undefined : or(gt(gateOpenedAt, after.openedAt), and(eq(gateOpenedAt, after.openedAt), gt(id, after.id)));
  const rows = await drizzle(env.DB)
    .select()
    .from(projects)
    .where(and(eq(projects.tenant, tenant), isNotNull(gateOpenedAt), isLater))
    .orderBy(gateOpenedAt, id)
    .limit(limit);
  return rows.flatMap((row) => (row.gateOpenedAt === null ? [] : [{ ...row, gateOpenedAt: row.gateOpenedAt }]));
}

/** A tenant's projects in each state, and what they took and found. */
export async function sumProjects(env: Env, tenant: string) {
  return drizzle(env.DB)
    .select({
      state: projects.state,
      projects: count(),
      costMicros: sum(projects.costMicros).mapWith(Number),
      tokens: sum(projects.tokens).mapWith(Number),
      findings: sum(projects.findings).mapWith(Number),
      gates: count(projects.gateOpenedAt),
      oldestGate: min(projects.gateOpenedAt),
    })
    .from(projects)
    .where(eq(projects.tenant, tenant))
    .groupBy(projects.state);
}
