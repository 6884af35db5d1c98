import { Problem } from "../platform/problem.ts";
import { readArchive, rewriteArchive } from "./archive.ts";
import { type AuditPart, eventsOf } from "./parts.ts";
import { type AuditArchive, archivesOf, partsHolding, replaceEvents } from "./store.ts";

/** What is to be erased. */
interface Erasure {
  readonly object: string;
  readonly seqs: readonly number[];
  /** Puts the erasure on record, before it: what is gone without a record looks as if someone had taken it away. */
  readonly record: () => Promise<void>;
}

/**
 * Takes the data and the salt out of events, wherever the database and the archives hold them; their leaves stay. What an object still holds itself is not
 * touched.
 * @returns how many events are without their data now
 * @throws Problem `not-found` when none of them is in the audit
 */
export async function eraseEvents(env: Env, tenant: string, { object, seqs, record }: Erasure): Promise<number> {
  const wanted = new Set(seqs);
  const holds = (part: AuditPart) => part.object === object && eventsOf(part).some(({ seq }) => wanted.has(seq));
  const parts = (await partsHolding(env, tenant, object, Math.min(...seqs), Math.max(...seqs))).filter(holds);
  const archives = await archivesHolding(env, tenant, holds);
  if (parts.length === 0 && archives.length === 0) throw new Problem("not-found", `None of these events of ${object} is in the audit.`);
  await record();
  const erased = new Set<number>();
  const without = (part: AuditPart) =>
    eventsOf(part).map((event) => {
      if (!wanted.has(event.seq)) return event;
      erased.add(event.seq);
      return { seq: event.seq, at: event.at, type: event.type, data: null, erased: true as const };
    });
  for (const part of parts) await replaceEvents(env, part, without(part));
  for (const { archive, held } of archives) {
    const anew = held.map((part) => (holds(part) ? { ...part, events: JSON.stringify(without(part)), terms: "" } : part));
    await rewriteArchive(env, archive, anew);
  }
  return erased.size;
}

/** A tenant's archives that hold a part; all of them are looked through, since erasing is rare. */
async function archivesHolding(env: Env, tenant: string, holds: (part: AuditPart) => boolean) {
  const found: { archive: AuditArchive; held: AuditPart[] }[] = [];
  for (let after: AuditArchive | undefined; ; ) {
    const archives = await archivesOf(env, tenant, {}, after);
    for (const archive of archives) {
      const held = await readArchive(env, archive);
      if (held.some(holds)) found.push({ archive, held });
    }
    after = archives.at(-1);
    if (after === undefined) return found;
  }
}
