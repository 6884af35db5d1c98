import { and, desc, eq, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { artifacts } from "./tables.ts";

export type ArtifactRow = typeof artifacts.$inferSelect;

/** @returns false when there was a row of this id: nothing changed */
export async function insertArtifact(env: Env, row: ArtifactRow): Promise<boolean> {
  const rows = await drizzle(env.DB).insert(artifacts).values(row).onConflictDoNothing().returning({ id: artifacts.id });
  return rows.length > 0;
}

export async function findArtifact(env: Env, tenant: string, id: string): Promise<ArtifactRow | undefined> {
  return drizzle(env.DB)
    .select()
    .from(artifacts)
    .where(and(eq(artifacts.tenant, tenant), eq(artifacts.id, id)))
    .get();
}

/** A tenant's artifacts, newest first, after the id of the last one shown. */
export async function listArtifacts(env: Env, tenant: string, before: string | undefined, limit: number): Promise<ArtifactRow[]> {
  const condition = and(eq(artifacts.tenant, tenant), before === undefined ? undefined : lt(artifacts.id, before));
  return drizzle(env.DB).select().from(artifacts).where(condition).orderBy(desc(artifacts.id)).limit(limit);
}

/** @returns false when the tenant has no such artifact */
export async function deleteArtifactRow(env: Env, tenant: string, id: string): Promise<boolean> {
  const rows = await drizzle(env.DB)
    .delete(artifacts)
    .where(and(eq(artifacts.tenant, tenant), eq(artifacts.id, id)))
    .returning({ id: artifacts.id });
  return rows.length > 0;
}
