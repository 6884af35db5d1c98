import { decisionIds, GAP_TYPE, type LeafRecord, payloadHash, recordLine, SALT_BYTES } from "../../workers/audit/log/leaf-record.ts";
import type { FreshRange, Range } from "../../workers/audit/log/seen.ts";
import { type AuditBatch, type KeptEvent, type NewAuditPart, partsOf } from "../../workers/audit/parts.ts";
import type { Clock } from "../../workers/platform/clock.ts";
import { ParkedBatches } from "./parked-batches.ts";
import { SeenTable } from "./seen-table.ts";
import type { TreeStore } from "./tree-store.ts";

/** What an intake adds: a line for each new leaf, and the payloads behind them. */
interface Taken {
  readonly lines: string[];
  readonly parts: NewAuditPart[];
}

/**
 * Turns what comes at least once, in any order, into leaves that are there exactly once, of each object in its order. What comes before an
 * earlier message of its object waits for that; when it has waited in vain the gap itself becomes a leaf, and what fills it later is marked
 * as late.
 */
export class Intake {
  readonly seen: SeenTable;
  readonly parked: ParkedBatches;
  readonly #tree: TreeStore;
  readonly #clock: Clock;
  readonly #tenant: string;

  constructor(sql: SqlStorage, tree: TreeStore, clock: Clock, tenant: string) {
    this.seen = new SeenTable(sql);
    this.parked = new ParkedBatches(sql);
    this.#tree = tree;
    this.#clock = clock;
    this.#tenant = tenant;
  }

  create(): void {
    this.seen.create();
    this.parked.create();
  }

  /** Takes what is new of the batches, within the caller's transaction. @throws Problem `limit-exceeded` when too much waits */
  take(batches: readonly AuditBatch[]): Taken {
    const taken: Taken = { lines: [], parts: [] };
    for (const batch of batches) {
      if (batch.after > this.seen.last(batch.object)) this.parked.park(batch, this.#clock.now());
      else this.#takeWithFollowers(batch, taken);
    }
    return taken;
  }

  /** Records the gaps that were waited for in vain, and takes what waited for them. */
  giveUp(): Taken {
    const taken: Taken = { lines: [], parts: [] };
    for (const { object, after } of this.parked.overdue(this.#clock.now())) {
      const last = this.seen.last(object);
      if (after > last) this.#recordGap(object, { after: last, through: after }, taken);
      const next = this.parked.ready(object, this.seen.last(object));
      if (next !== undefined) this.#takeWithFollowers(next, taken);
    }
    return taken;
  }

  #takeWithFollowers(first: AuditBatch, taken: Taken): void {
    for (let batch: AuditBatch | undefined = first; batch !== undefined; ) {
      const { object, events } = batch;
      for (const range of this.seen.fresh(object, batch))
        this.#takeRange(object, range, inOrder(events.filter(({ seq }) => seq > range.after && seq <= range.through)), taken);
      batch = this.parked.ready(object, this.seen.last(object));
    }
  }

  #takeRange(object: string, range: FreshRange, events: AuditBatch["events"], { lines, parts }: Taken): void {
    const kept: KeptEvent[] = events.map((event) => ({ ...event, salt: newSalt() }));
    const numbers = kept.map(({ seq }) => seq);
    this.seen.take(object, range, numbers, this.#tree.size + lines.length);
    lines.push(...kept.map((event) => recordLine(this.#recordOf(object, event, range))));
    parts.push(...partsOf(this.#tenant, object, kept));
  }

  #recordOf(object: string, { seq, at, type, data, salt = "" }: KeptEvent, { isLate }: FreshRange): LeafRecord {
    const record = { v: 1 as const, tenant: this.#tenant, object, seq, at, type, payload: payloadHash(salt, data), ...decisionIds(data) };
    return isLate ? { ...record, late: true } : record;
  }

  #recordGap(object: string, gap: Range, { lines }: Taken): void {
    this.seen.giveUp(object, gap, this.#tree.size + lines.length);
    const at = this.#clock.now();
    const payload = payloadHash("", { ...gap });
    lines.push(recordLine({ v: 1, tenant: this.#tenant, object, seq: gap.through, at, type: GAP_TYPE, payload, gap: { ...gap } }));
  }
}

/** Each number once, in order, whatever a message holds. */
function inOrder(events: AuditBatch["events"]): AuditBatch["events"] {
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

function newSalt(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(SALT_BYTES))).toString("hex");
}
