import { and, desc, eq, gte, lt, lte, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { EVERY_TERM, FACETS, facetsOf, type Outcome, termOf } from "./facets.ts";
import { type AuditPart, eventsOf, type KeptEvent, LONGEST_PART_MS, type NewAuditPart } from "./parts.ts";
import { auditParts } from "./tables.ts";

/** An audited event and where it happened. */
export interface AuditRow extends KeptEvent {
  readonly object: string;
  readonly isTraining: boolean;
}

export interface AuditFilter {
  readonly object?: string | undefined;
  readonly type?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly isTraining?: boolean | undefined;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly resource?: string | undefined;
  readonly outcome?: Outcome | undefined;
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
const PARTS_A_STATEMENT = 9;

/** Writes parts, each once however often it comes. */
export async function writeParts(env: Env, parts: readonly NewAuditPart[]): Promise<void> {
  for (let i = 0; i < parts.length; i += PARTS_A_STATEMENT)
    await drizzle(env.DB)
      .insert(auditParts)
      .values(parts.slice(i, i + PARTS_A_STATEMENT))
      .onConflictDoNothing();
}

/** Marks events as those of a training, whether they are in the audit by now or not: the mark holds their numbers and nothing of their data. */
export async function markTraining(env: Env, parts: readonly NewAuditPart[]): Promise<void> {
  const marks = parts.map((part) => {
    const events = eventsOf(part).map(({ seq, at, type }) => ({ seq, at, type, data: null }));
    return { ...part, events: JSON.stringify(events), isTraining: true };
  });
  for (let i = 0; i < marks.length; i += PARTS_A_STATEMENT)
    await drizzle(env.DB)
      .insert(auditParts)
      .values(marks.slice(i, i + PARTS_A_STATEMENT))
      .onConflictDoNothing();
}

/** A tenant's audited events, newest first, before the given place. Parts are read until nothing earlier can belong among the first `limit`. */
export async function listAuditEvents(
  env: Env,
  tenant: string,
  filter: AuditFilter,
  before: AuditPlace | undefined,
  limit: number,
): Promise<AuditRow[]> {
  const found: Found = { rows: new Map(), marked: new Set() };
  for (let after: AuditPart | undefined; ; ) {
    const parts = await partsBefore(env, tenant, filter, before, after);
    for (const part of parts) gather(found, part, filter, before);
    const isAll = parts.length < PARTS_A_READ;
    after = parts.at(-1);
    // Parts come by their last event: what is later than this one's stands in no part that was not read.
    const complete = isAll ? Number.NEGATIVE_INFINITY : (after?.lastAt ?? Number.NEGATIVE_INFINITY);
    const rows = wanted(found, filter).filter(({ at }) => at > complete);
    if (isAll || rows.length >= limit) return rows.sort((a, b) => -compare(a, b)).slice(0, limit);
  }
}

/** Events by where they happened, and those of them that a training's mark names. */
interface Found {
  readonly rows: Map<string, AuditRow>;
  readonly marked: Set<string>;
}

function wanted({ rows, marked }: Found, { isTraining }: AuditFilter): AuditRow[] {
  return [...rows]
    .map(([key, row]) => (marked.has(key) ? { ...row, isTraining: true } : row))
    .filter((row) => isTraining === undefined || isTraining === row.isTraining);
}

async function partsBefore(
  env: Env,
  tenant: string,
  filter: AuditFilter,
  before: AuditPlace | undefined,
  after: AuditPart | undefined,
): Promise<AuditPart[]> {
  const { object, type, from, to } = filter;
  const latest = Math.min(to ?? Number.POSITIVE_INFINITY, before?.at ?? Number.POSITIVE_INFINITY);
  const conditions: (SQL | undefined)[] = [
    eq(auditParts.tenant, tenant),
    object === undefined ? undefined : eq(auditParts.object, object),
    type === undefined ? undefined : sql`instr(${auditParts.types}, ${`,${type},`}) > 0`,
    ...FACETS.map((name) => hasTerm(name, filter[name])),
    from === undefined ? undefined : gte(auditParts.lastAt, from),
    ...(Number.isFinite(latest) ? [lte(auditParts.firstAt, latest), lt(auditParts.lastAt, latest + LONGEST_PART_MS + 1)] : []),
    after === undefined ? undefined : isEarlier(after),
  ];
  return drizzle(env.DB)
    .select()
    .from(auditParts)
    .where(and(...conditions))
    .orderBy(
      desc(auditParts.lastAt),
      desc(auditParts.object),
      desc(auditParts.firstSeq),
      desc(auditParts.lastSeq),
      desc(auditParts.isTraining),
    )
    .limit(PARTS_A_READ);
}

/** Parts in which the facet has this value; those with too many values to tell are read too. */
function hasTerm(name: (typeof FACETS)[number], value: string | undefined): SQL | undefined {
  return value === undefined
    ? undefined
    : sql`(instr(${auditParts.terms}, ${termOf(name, value)}) > 0 or ${auditParts.terms} = ${EVERY_TERM})`;
}

/** Behind a part in the order of parts. */
function isEarlier({ lastAt, object, firstSeq, lastSeq, isTraining }: AuditPart): SQL {
  const place = sql`(${auditParts.lastAt}, ${auditParts.object}, ${auditParts.firstSeq}, ${auditParts.lastSeq}, ${auditParts.isTraining})`;
  return sql`${place} < (${lastAt}, ${object}, ${firstSeq}, ${lastSeq}, ${isTraining ? 1 : 0})`;
}

/** Adds a part's wanted events to what was found; an event that is in two parts is one. */
function gather(found: Found, part: AuditPart, filter: AuditFilter, before: AuditPlace | undefined): void {
  for (const event of eventsOf(part)) {
    const key = `${part.object}/${event.seq}`;
    if (part.isTraining) found.marked.add(key);
    else if (isWanted(event, filter) && (before === undefined || compare({ ...event, object: part.object }, before) < 0))
      found.rows.set(key, { ...event, object: part.object, isTraining: false });
  }
}

function isWanted(event: KeptEvent, filter: AuditFilter): boolean {
  const { type, from, to } = filter;
  if ((type !== undefined && type !== event.type) || event.at < (from ?? event.at) || event.at > (to ?? event.at)) return false;
  if (FACETS.every((name) => filter[name] === undefined)) return true;
  const facets = facetsOf(event.type, event.data);
  return FACETS.every((name) => filter[name] === undefined || filter[name] === facets[name]);
}

function compare(a: AuditPlace, b: AuditPlace): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.object !== b.object) return a.object < b.object ? -1 : 1;
  return a.seq - b.seq;
}
