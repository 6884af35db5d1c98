import { and, count, eq, gt, or } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { Problem } from "../platform/problem.ts";
import { capsules } from "./tables.ts";

/** Versions of all capsules of one tenant together. */
const MAX_CAPSULE_VERSIONS = 5_000;

export type CapsuleRow = typeof capsules.$inferSelect;

/** Notes a version in the index. Noting it again changes nothing. */
export async function insertCapsule(env: Env, row: CapsuleRow): Promise<void> {
  await drizzle(env.DB).insert(capsules).values(row).onConflictDoNothing();
}

/** @throws Problem `limit-exceeded` when a tenant may publish no more */
export async function checkRoom(env: Env, tenant: string): Promise<void> {
  const [row] = await drizzle(env.DB).select({ n: count() }).from(capsules).where(eq(capsules.tenant, tenant));
  if ((row?.n ?? 0) >= MAX_CAPSULE_VERSIONS)
    throw new Problem("limit-exceeded", `The tenant has ${MAX_CAPSULE_VERSIONS} versions of capsules, which is all it may have.`);
}

/** A tenant's own capsules by name and version, after the one shown last. */
export async function listOwnCapsules(
  env: Env,
  tenant: string,
  after: { name: string; version: string } | undefined,
  limit: number,
): Promise<CapsuleRow[]> {
  const isLater =
    after === undefined
      ? undefined
      : or(gt(capsules.name, after.name), and(eq(capsules.name, after.name), gt(capsules.version, after.version)));
  return drizzle(env.DB)
    .select()
    .from(capsules)
    .where(and(eq(capsules.tenant, tenant), isLater))
    .orderBy(capsules.name, capsules.version)
    .limit(limit);
}
