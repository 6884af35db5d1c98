import { and, desc, eq, gt, isNull, lt, max, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { policyChanges, policyDecisions, policyVersions } from "./tables.ts";

export type VersionRow = typeof policyVersions.$inferSelect;
export type ChangeRow = typeof policyChanges.$inferSelect;
export type DecisionRow = typeof policyDecisions.$inferSelect;

/** Keeps a new version under the next number. @returns false when another took the number first, or the id is there already */
export async function insertVersion(env: Env, row: Omit<VersionRow, "number">): Promise<boolean> {
  const next = sql<number>`(SELECT coalesce(max(${policyVersions.number}), 0) + 1 FROM ${policyVersions} WHERE ${policyVersions.tenant} = ${row.tenant})`;
  const rows = await drizzle(env.DB)
    .insert(policyVersions)
    .values({ ...row, number: next })
    .onConflictDoNothing()
    .returning({ id: policyVersions.id });
  return rows.length > 0;
}

export async function findVersion(env: Env, tenant: string, id: string): Promise<VersionRow | undefined> {
  return drizzle(env.DB)
    .select()
    .from(policyVersions)
    .where(and(eq(policyVersions.tenant, tenant), eq(policyVersions.id, id)))
    .get();
}

/** Newest first, before the number of the last one shown. */
export async function listVersions(env: Env, tenant: string, before: number | undefined, limit: number): Promise<VersionRow[]> {
  const condition = and(eq(policyVersions.tenant, tenant), before === undefined ? undefined : lt(policyVersions.number, before));
  return drizzle(env.DB).select().from(policyVersions).where(condition).orderBy(desc(policyVersions.number)).limit(limit);
}

/** The number of the newest version; 0 before the first. */
export async function newestNumber(env: Env, tenant: string): Promise<number> {
  const row = await drizzle(env.DB)
    .select({ number: max(policyVersions.number) })
    .from(policyVersions)
    .where(eq(policyVersions.tenant, tenant))
    .get();
  return row?.number ?? 0;
}

/** Changes a version that never was in force, if it is as it was read. @returns false when it has changed meanwhile */
export async function changeVersion(env: Env, read: VersionRow, change: Partial<VersionRow>): Promise<boolean> {
  const rows = await drizzle(env.DB)
    .update(policyVersions)
    .set(change)
    .where(
      and(
        eq(policyVersions.tenant, read.tenant),
        eq(policyVersions.id, read.id),
        eq(policyVersions.hash, read.hash),
        eq(policyVersions.casesHash, read.casesHash),
      ),
    )
    .returning({ id: policyVersions.id });
  return rows.length > 0;
}

/** Notes when a version came into force, the first time only. */
export async function noteActivated(env: Env, tenant: string, id: string, at: number): Promise<void> {
  await drizzle(env.DB)
    .update(policyVersions)
    .set({ activatedAt: at })
    .where(and(eq(policyVersions.tenant, tenant), eq(policyVersions.id, id), isNull(policyVersions.activatedAt)));
}

export async function insertChange(env: Env, row: ChangeRow): Promise<void> {
  await drizzle(env.DB).insert(policyChanges).values(row).onConflictDoNothing();
}

/** Changes that were begun and not settled, oldest first. */
export async function begunChanges(env: Env, tenant: string, limit: number): Promise<ChangeRow[]> {
  return drizzle(env.DB)
    .select()
    .from(policyChanges)
    .where(and(eq(policyChanges.tenant, tenant), eq(policyChanges.state, "begun")))
    .orderBy(policyChanges.at)
    .limit(limit);
}

export async function settleChange(env: Env, id: string, state: "done" | "void"): Promise<void> {
  await drizzle(env.DB).update(policyChanges).set({ state }).where(eq(policyChanges.id, id));
}

/** The last change that brought this version into force. */
export async function lastActivation(env: Env, tenant: string, to: string): Promise<ChangeRow | undefined> {
  return drizzle(env.DB)
    .select()
    .from(policyChanges)
    .where(
      and(eq(policyChanges.tenant, tenant), eq(policyChanges.state, "done"), eq(policyChanges.to, to), eq(policyChanges.kind, "activate")),
    )
    .orderBy(desc(policyChanges.at))
    .limit(1)
    .get();
}

/** Keeps decisions, each once. Rows a statement are bounded by the parameters D1 takes. */
export async function insertDecisions(env: Env, rows: readonly DecisionRow[]): Promise<void> {
  const database = drizzle(env.DB);
  const [first, ...rest] = rows.map((row) => database.insert(policyDecisions).values(row).onConflictDoNothing());
  if (first !== undefined) await database.batch([first, ...rest]);
}

export interface DecisionFilter {
  readonly effect: "allow" | "deny" | undefined;
  readonly action: string | undefined;
  readonly subject: string | undefined;
}

/** A tenant's decisions, newest first, before the id of the last one shown. */
export async function listDecisions(
  env: Env,
  tenant: string,
  { effect, action, subject }: DecisionFilter,
  before: string | undefined,
  limit: number,
): Promise<DecisionRow[]> {
  const condition = and(
    eq(policyDecisions.tenant, tenant),
    effect === undefined ? undefined : eq(policyDecisions.effect, effect),
    action === undefined ? undefined : eq(policyDecisions.action, action),
    subject === undefined ? undefined : eq(policyDecisions.subject, subject),
    before === undefined ? undefined : lt(policyDecisions.id, before),
  );
  return drizzle(env.DB).select().from(policyDecisions).where(condition).orderBy(desc(policyDecisions.id)).limit(limit);
}

/** Decisions since a time, newest first, before the id of the last one looked at. */
export async function decisionsSince(
  env: Env,
  tenant: string,
  since: number,
  before: string | undefined,
  limit: number,
): Promise<DecisionRow[]> {
  const condition = and(
    eq(policyDecisions.tenant, tenant),
    gt(policyDecisions.at, since),
    before === undefined ? undefined : lt(policyDecisions.id, before),
  );
  return drizzle(env.DB).select().from(policyDecisions).where(condition).orderBy(desc(policyDecisions.id)).limit(limit);
}
