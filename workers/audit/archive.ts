import { z } from "zod";
import type { Clock } from "../platform/clock.ts";
import { sha256Hex } from "../platform/crypto.ts";
import { newId } from "../platform/ids.ts";
import { auditLogName } from "./log/log-name.ts";
import { type AuditPart, newAuditPartSchema } from "./parts.ts";
import { type AuditArchive, archivesBefore, insertArchive, oldestParts, removeArchive, removeParts } from "./store.ts";

/** Parts of one archive: 60 KB each at most, so that one is read into memory as a whole. */
const PARTS_AN_ARCHIVE = 60;
/** Archives made, or removed, for one tenant in one sweep; the next day goes on. */
const MAX_ARCHIVES_A_SWEEP = 150;

/** No archive spans more time: it is removed as a whole, when its newest event is old enough. */
const LONGEST_ARCHIVE_MS = 31 * 86_400_000;

const archivedSchema = z.array(newAuditPartSchema.extend({ isTraining: z.boolean() }));

/**
 * Moves parts that are older than the database keeps them into archives in R2, oldest first: first the archive, then its row, then the parts are
 * removed, so that they are in two places for a moment and never in none.
 * @param before milliseconds since the epoch
 * @param afterEach called between archives, to hold on to a lock
 * @returns parts that were moved
 */
export async function archiveOldParts(env: Env, tenant: string, before: number, afterEach: () => Promise<void>): Promise<number> {
  let moved = 0;
  for (let archive = 0; archive < MAX_ARCHIVES_A_SWEEP; archive += 1) {
    const [oldest, ...later] = await oldestParts(env, tenant, before, PARTS_AN_ARCHIVE);
    if (oldest === undefined) return moved;
    const parts = [oldest, ...later.filter(({ lastAt }) => lastAt <= oldest.lastAt + LONGEST_ARCHIVE_MS)];
    const newest = parts.at(-1) ?? oldest;
    const text = JSON.stringify(parts);
    const key = `audit-archive/${tenant}/${newest.lastAt}-${sha256Hex(text).slice(0, 16)}.json`;
    await env.ARTIFACTS.put(key, text);
    const firstAt = Math.min(...parts.map((part) => part.firstAt));
    await insertArchive(env, { tenant, key, firstAt, oldestLastAt: oldest.lastAt, lastAt: newest.lastAt });
    await removeParts(env, parts);
    moved += parts.length;
    await afterEach();
  }
  return moved;
}

/** The parts of an archive; none when it is gone. */
export async function readArchive(env: Env, { key }: Pick<AuditArchive, "key">): Promise<AuditPart[]> {
  const stored = await env.ARTIFACTS.get(key);
  return stored === null ? [] : archivedSchema.parse(await stored.json());
}

/** Writes an archive's parts anew. */
export async function rewriteArchive(env: Env, { key }: Pick<AuditArchive, "key">, parts: readonly AuditPart[]): Promise<void> {
  await env.ARTIFACTS.put(key, JSON.stringify(parts));
}

/**
 * Removes archives that are older than the audit is kept, and puts on record up to which time payloads are gone: their leaves stay in the log.
 * @returns archives that were removed
 */
export async function removeOldArchives(env: Env, clock: Clock, tenant: string, before: number): Promise<number> {
  const old = await archivesBefore(env, tenant, before, MAX_ARCHIVES_A_SWEEP);
  const newest = old.at(-1);
  if (newest === undefined) return 0;
  const resource = new Date(newest.lastAt).toISOString();
  const at = clock.now();
  const event = { seq: 1, at, type: "resource.changed", data: { action: "audit.expired", resource, by: "retention" } };
  const object = `change/${newId("request", at)}`;
  await env.AUDIT_LOG.getByName(auditLogName(tenant)).append([{ object, after: 0, through: 1, events: [event] }]);
  for (const archive of old) {
    await env.ARTIFACTS.delete(archive.key);
    await removeArchive(env, archive);
  }
  return old.length;
}
