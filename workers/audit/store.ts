import { and, desc, eq, gte, lt, lte, or } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { auditEvents } from "./tables.ts";

export type AuditRow = typeof auditEvents.$inferSelect;

export interface AuditFilter {
  readonly object?: string | undefined;
  readonly type?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Where a page ended: events are ordered by time, then object, then number. */
export interface AuditPlace {
  readonly at: number;
  readonly object: string;
  readonly seq: number;
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
    earlier,
  );
  return drizzle(env.DB)
    .select()
    .from(auditEvents)
    .where(condition)
    .orderBy(desc(auditEvents.at), desc(auditEvents.object), desc(auditEvents.seq))
    .limit(limit);
}
