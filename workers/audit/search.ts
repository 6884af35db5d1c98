import { Problem } from "../platform/problem.ts";
import { readArchive } from "./archive.ts";
import { FACETS, facetsOf } from "./facets.ts";
import { type AuditPart, eventsOf, type KeptEvent } from "./parts.ts";
import { type AuditArchive, type AuditFilter, archivesOf, PARTS_A_READ, partsBefore } from "./store.ts";

/** An audited event and where it happened. */
export interface AuditRow extends KeptEvent {
  readonly object: string;
  readonly isTraining: boolean;
}

/** Where a page ended: events are ordered by time, then object, then number. */
export interface AuditPlace {
  readonly at: number;
  readonly object: string;
  readonly seq: number;
}

/** Archives that one page may read: 4 MB each at most. */
const MAX_ARCHIVES_A_SEARCH = 40;

/**
 * A tenant's audited events, newest first, before the given place: from the database, and behind that from the archives. Parts are read until nothing
 * earlier can belong among the first `limit`.
 * @throws Problem `limit-exceeded` when too many archives would have to be read
 */
export async function listAuditEvents(
  env: Env,
  tenant: string,
  filter: AuditFilter,
  before: AuditPlace | undefined,
  limit: number,
): Promise<AuditRow[]> {
  const found: Found = { rows: new Map(), marked: new Set() };
  const complete = (behind: number) => {
    const rows = wanted(found, filter).filter(({ at }) => at > behind);
    return rows.length < limit ? undefined : sorted(rows, limit);
  };
  for (let after: AuditPart | undefined; ; ) {
    const parts = await partsBefore(env, tenant, filter, before, after);
    for (const part of parts) gather(found, part, filter, before);
    after = parts.at(-1);
    if (after === undefined || parts.length < PARTS_A_READ) break;
    // Parts come by their last event: what is later than this one's stands in no part that was not read.
    const rows = complete(after.lastAt);
    if (rows !== undefined) return rows;
  }
  const to = Math.min(filter.to ?? Number.MAX_SAFE_INTEGER, before?.at ?? Number.MAX_SAFE_INTEGER);
  let read = 0;
  for (let after: AuditArchive | undefined; ; ) {
    const archives = await archivesOf(env, tenant, { from: filter.from, to }, after);
    for (const archive of archives) {
      // What the newest archive ends with may be in the database too, and nothing of it is later.
      const rows = complete(archive.lastAt);
      if (rows !== undefined) return rows;
      if (read === MAX_ARCHIVES_A_SEARCH)
        throw new Problem("limit-exceeded", `${read} archives were read and more would have to be; name the time with from and to.`);
      for (const part of await readArchive(env, archive)) if (isAskedFor(part, filter)) gather(found, part, filter, before);
      read += 1;
    }
    after = archives.at(-1);
    if (after === undefined) return sorted(wanted(found, filter), limit);
  }
}

function isAskedFor(part: AuditPart, { object }: AuditFilter): boolean {
  return object === undefined || part.object === object;
}

function sorted(rows: AuditRow[], limit: number): AuditRow[] {
  return rows.sort((a, b) => -compare(a, b)).slice(0, limit);
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
