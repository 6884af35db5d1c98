import { and, asc, desc, eq, gte, lt, lte, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { EVERY_TERM, FACETS, type Outcome, termOf, termsOf } from "./facets.ts";
import { type AuditPart, eventsOf, type KeptEvent, LONGEST_PART_MS, type NewAuditPart } from "./parts.ts";
import { auditArchives, auditParts } from "./tables.ts";

/** What an audit is searched by; times in milliseconds since the epoch. */
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

/** Parts of one read: each is what one message brought, 60,000 characters at most. */
export const PARTS_A_READ = 50;
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

export type AuditArchive = typeof auditArchives.$inferSelect;

/** Archives of one read. */
const ARCHIVES_A_READ = 20;

/** A tenant's oldest parts whose last event is before a time, oldest first. */
export async function oldestParts(env: Env, tenant: string, before: number, limit: number): Promise<AuditPart[]> {
  const { lastAt, object, firstSeq, lastSeq } = auditParts;
  return drizzle(env.DB)
    .select()
    .from(auditParts)
    .where(and(eq(auditParts.tenant, tenant), lt(lastAt, before)))
    .orderBy(asc(lastAt), asc(object), asc(firstSeq), asc(lastSeq))
    .limit(limit);
}

/** Removes exactly these parts. */
export async function removeParts(env: Env, parts: readonly AuditPart[]): Promise<void> {
  const database = drizzle(env.DB);
  const [first, ...rest] = parts.map((part) => database.delete(auditParts).where(isPart(part)));
  if (first !== undefined) await database.batch([first, ...rest]);
}

/** Notes an archive, once however often it is made. */
export async function insertArchive(env: Env, archive: AuditArchive): Promise<void> {
  await drizzle(env.DB).insert(auditArchives).values(archive).onConflictDoNothing();
}

/** A tenant's archives whose newest event is before a time, oldest first. */
export async function archivesBefore(env: Env, tenant: string, before: number, limit: number): Promise<AuditArchive[]> {
  return drizzle(env.DB)
    .select()
    .from(auditArchives)
    .where(and(eq(auditArchives.tenant, tenant), lt(auditArchives.lastAt, before)))
    .orderBy(asc(auditArchives.lastAt), asc(auditArchives.key))
    .limit(limit);
}

/** A tenant's archives that may hold events of a time, newest first, behind the one that was read last. */
export async function archivesOf(
  env: Env,
  tenant: string,
  times: { readonly from?: number | undefined; readonly to?: number | undefined },
  after: AuditArchive | undefined,
): Promise<AuditArchive[]> {
  const { lastAt, firstAt, key } = auditArchives;
  const conditions = [
    eq(auditArchives.tenant, tenant),
    times.from === undefined ? undefined : gte(lastAt, times.from),
    times.to === undefined ? undefined : lte(firstAt, times.to),
    after === undefined ? undefined : sql`(${lastAt}, ${key}) < (${after.lastAt}, ${after.key})`,
  ];
  return drizzle(env.DB)
    .select()
    .from(auditArchives)
    .where(and(...conditions))
    .orderBy(desc(lastAt), desc(key))
    .limit(ARCHIVES_A_READ);
}

export async function removeArchive(env: Env, { tenant, lastAt, key }: AuditArchive): Promise<void> {
  await drizzle(env.DB)
    .delete(auditArchives)
    .where(and(eq(auditArchives.tenant, tenant), eq(auditArchives.lastAt, lastAt), eq(auditArchives.key, key)));
}

/** Parts of one object that may hold events with numbers in a range. */
export async function partsHolding(env: Env, tenant: string, object: string, firstSeq: number, lastSeq: number): Promise<AuditPart[]> {
  return drizzle(env.DB)
    .select()
    .from(auditParts)
    .where(
      and(
        eq(auditParts.tenant, tenant),
        eq(auditParts.object, object),
        lte(auditParts.firstSeq, lastSeq),
        gte(auditParts.lastSeq, firstSeq),
      ),
    );
}

/** Writes a part's events anew; what it is searched by follows from them. */
export async function replaceEvents(env: Env, part: AuditPart, events: readonly KeptEvent[]): Promise<void> {
  const anew = { events: JSON.stringify(events), terms: termsOf(events) };
  await drizzle(env.DB).update(auditParts).set(anew).where(isPart(part));
}

function isPart({ tenant, lastAt, object, firstSeq, lastSeq, isTraining }: AuditPart): SQL | undefined {
  return and(
    eq(auditParts.tenant, tenant),
    eq(auditParts.lastAt, lastAt),
    eq(auditParts.object, object),
    eq(auditParts.firstSeq, firstSeq),
    eq(auditParts.lastSeq, lastSeq),
    eq(auditParts.isTraining, isTraining),
  );
}

/** A tenant's parts that may hold wanted events no later than a time, newest first, behind the one that was read last. */
export async function partsBefore(
  env: Env,
  tenant: string,
  filter: AuditFilter,
  before: { readonly at: number } | undefined,
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
