import { and, desc, eq, gte, lt, lte, or } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { auditEvents } from "./tables.ts";

export type AuditRow = typeof auditEvents.$inferSelect;

export interface AuditFilter {
  readonly object?: string | undefined;
  readonly type?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly isTraining?: boolean | undefined;
}

/** Where a page ended: events are ordered by time, then object, then number. */
export interface AuditPlace {
  readonly at: number;
  readonly object: string;
  readonly seq: number;
}

/** Rows of one statement: a statement takes 100 parameters. */
const ROWS_A_STATEMENT = 14;

/** Writes events of trainings, and marks those that are there. */
export async function markTraining(env: Env, rows: readonly (typeof auditEvents.$inferInsert)[]): Promise<void> {
  const database = drizzle(env.DB);
  for (let i = 0; i < rows.length; i += ROWS_A_STATEMENT) {
    await database
      .insert(auditEvents)
      .values(rows.slice(i, i + ROWS_A_STATEMENT).map((row) => ({ ...row, isTraining: true })))
      .onConflictDoUpdate({ target: [auditEvents.object, auditEvents.seq], set: { isTraining: true } });
  }
}

/** A tenant's audited events, newest first, before the given place. */
export async function listAuditEvents(
  env: Env,
  tenant: string,
  filter: AuditFilter,
  before: AuditPlace | undefined,
  limit: number,
): Promise<AuditRow[]> {
  const earlier =
    before === undefined
      ? undefined
      : or(
          lt(auditEvents.at, before.at),
          and(eq(auditEvents.at, before.at), lt(auditEvents.object, before.object)),
          and(eq(auditEvents.at, before.at), eq(auditEvents.object, before.object), lt(auditEvents.seq, before.seq)),
        );
  const condition = and(
    eq(auditEvents.tenant, tenant),
    filter.object === undefined ? undefined : eq(auditEvents.object, filter.object),
    filter.type === undefined ? undefined : eq(auditEvents.type, filter.type),
    filter.from === undefined ? undefined : gte(auditEvents.at, filter.from),
    filter.to === undefined ? undefined : lte(auditEvents.at, filter.to),
    filter.isTraining === undefined ? undefined : eq(auditEvents.isTraining, filter.isTraining),
    earlier,
  );
  return drizzle(env.DB)
    .select()
    .from(auditEvents)
    .where(condition)
    .orderBy(desc(auditEvents.at), desc(auditEvents.object), desc(auditEvents.seq))
    .limit(limit);
}
