import { and, desc, eq, gte, like, lt, lte, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { type AuditedEvent, type AuditPart, eventsOf, LONGEST_PART_MS, type NewAuditPart } from "./parts.ts";
import { auditParts } from "./tables.ts";

/** An audited event and where it happened. */
export interface AuditRow extends AuditedEvent {
  readonly object: string;
  readonly isTraining: boolean;
}

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

/** Parts of one read: each is what one message brought, 60,000 characters at most. */
const PARTS_A_READ = 50;
/** Parts of one statement: a statement takes 100 parameters. */
const PARTS_A_STATEMENT = 10;

/** Writes parts, each once however often it comes. */
export async function writeParts(env: Env, parts: readonly NewAuditPart[]): Promise<void> {
  for (let i = 0; i < parts.length; i += PARTS_A_STATEMENT)
    await drizzle(env.DB)
      .insert(auditParts)
      .values(parts.slice(i, i + PARTS_A_STATEMENT))
      .onConflictDoNothing();
}

/** Writes parts of trainings, and marks those that are there. */
export async function markTraining(env: Env, parts: readonly NewAuditPart[]): Promise<void> {
  const { tenant, lastAt, object, firstSeq, lastSeq } = auditParts;
  for (let i = 0; i < parts.length; i += PARTS_A_STATEMENT)
    await drizzle(env.DB)
      .insert(auditParts)
      .values(parts.slice(i, i + PARTS_A_STATEMENT).map((part) => ({ ...part, isTraining: true })))
      .onConflictDoUpdate({ target: [tenant, lastAt, object, firstSeq, lastSeq], set: { isTraining: true } });
}

/** A tenant's audited events, newest first, before the given place. Parts are read until nothing earlier can belong among the first `limit`. */
export async function listAuditEvents(
  env: Env,
  tenant: string,
  filter: AuditFilter,
  before: AuditPlace | undefined,
  limit: number,
): Promise<AuditRow[]> {
  const found = new Map<string, AuditRow>();
  for (let after: AuditPart | undefined; ; ) {
    const parts = await partsBefore(env, tenant, filter, before, after);
    for (const part of parts) gather(found, part, filter, before);
    const isAll = parts.length < PARTS_A_READ;
    after = parts.at(-1);
    // Parts come by their last event: what is later than this one's stands in no part that was not read.
    const complete = isAll ? Number.NEGATIVE_INFINITY : (after?.lastAt ?? Number.NEGATIVE_INFINITY);
    const rows = [...found.values()].filter(
      ({ at, isTraining }) => at > complete && (filter.isTraining === undefined || filter.isTraining === isTraining),
    );
    if (isAll || rows.length >= limit) return rows.sort((a, b) => -compare(a, b)).slice(0, limit);
  }
}

async function partsBefore(
  env: Env,
  tenant: string,
  { object, type, from, to }: AuditFilter,
  before: AuditPlace | undefined,
  after: AuditPart | undefined,
): Promise<AuditPart[]> {
  const latest = Math.min(to ?? Number.POSITIVE_INFINITY, before?.at ?? Number.POSITIVE_INFINITY);
  const conditions: (SQL | undefined)[] = [
    eq(auditParts.tenant, tenant),
    object === undefined ? undefined : eq(auditParts.object, object),
    type === undefined ? undefined : like(auditParts.types, `%,${type.replaceAll(/[%_]/g, "")},%`),
    from === undefined ? undefined : gte(auditParts.lastAt, from),
    ...(Number.isFinite(latest) ? [lte(auditParts.firstAt, latest), lt(auditParts.lastAt, latest + LONGEST_PART_MS + 1)] : []),
    after === undefined ? undefined : isEarlier(after),
  ];
  return drizzle(env.DB)
    .select()
    .from(auditParts)
    .where(and(...conditions))
    .orderBy(desc(auditParts.lastAt), desc(auditParts.object), desc(auditParts.firstSeq), desc(auditParts.lastSeq))
    .limit(PARTS_A_READ);
}

/** Behind a part in the order of parts. */
function isEarlier({ lastAt, object, firstSeq, lastSeq }: AuditPart): SQL {
  const place = sql`(${auditParts.lastAt}, ${auditParts.object}, ${auditParts.firstSeq}, ${auditParts.lastSeq})`;
  return sql`${place} < (${lastAt}, ${object}, ${firstSeq}, ${lastSeq})`;
}

/** Adds a part's wanted events to what was found; an event that is in two parts is one. */
function gather(found: Map<string, AuditRow>, part: AuditPart, { type, from, to }: AuditFilter, before: AuditPlace | undefined): void {
  for (const event of eventsOf(part)) {
    const row: AuditRow = { ...event, object: part.object, isTraining: part.isTraining };
    const isWanted =
      (type === undefined || type === row.type) &&
      (from === undefined || row.at >= from) &&
      (to === undefined || row.at <= to) &&
      (before === undefined || compare(row, before) < 0);
    if (!isWanted) continue;
    const key = `${row.object}/${row.seq}`;
    found.set(key, { ...row, isTraining: row.isTraining || found.get(key)?.isTraining === true });
  }
}

function compare(a: AuditPlace, b: AuditPlace): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.object !== b.object) return a.object < b.object ? -1 : 1;
  return a.seq - b.seq;
}
