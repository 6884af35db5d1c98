import { type AuditBatch, auditBatchSchema } from "../../workers/audit/parts.ts";
import { Problem } from "../../workers/platform/problem.ts";

/** How long events wait for earlier ones of their object: longer than an outbox sends again and a queue tries. */
export const GAP_WAIT_MS = 900_000;
/** Batches that wait at one time: 60 KB each at most, so 60 MB of the object's storage. */
const MAX_PARKED = 1_000;

/** A batch that came before an earlier one of its object. */
interface ParkedRow {
  readonly [column: string]: SqlStorageValue;
  readonly object: string;
  readonly after: number;
  readonly batch: string;
}

/** Batches that wait for an earlier one of their object: queues change the order, and the log keeps it. */
export class ParkedBatches {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  create(): void {
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS parked (object TEXT NOT NULL, after INTEGER NOT NULL, through INTEGER NOT NULL, received_at INTEGER NOT NULL, batch TEXT NOT NULL, PRIMARY KEY (object, after, through)) WITHOUT ROWID",
    );
  }

  /** @throws Problem `limit-exceeded` when too many wait: the queue brings this one again */
  park(batch: AuditBatch, now: number): void {
    const { waiting } = this.#sql.exec<{ waiting: number }>("SELECT count(*) AS waiting FROM parked").one();
    if (waiting >= MAX_PARKED)
      throw new Problem(
        "limit-exceeded",
        `${MAX_PARKED} messages wait for earlier ones of their objects; the queue brings this one again.`,
      );
    this.#sql.exec(
      "INSERT OR IGNORE INTO parked (object, after, through, received_at, batch) VALUES (?, ?, ?, ?, ?)",
      batch.object,
      batch.after,
      batch.through,
      now,
      JSON.stringify(batch),
    );
  }

  /** Takes out a batch of the object that waits for nothing more. @param last the number up to which its events were seen */
  ready(object: string, last: number): AuditBatch | undefined {
    const [row] = this.#sql
      .exec<ParkedRow>("SELECT object, after, batch FROM parked WHERE object = ? AND after <= ? ORDER BY after LIMIT 1", object, last)
      .toArray();
    if (row === undefined) return undefined;
    const batch = auditBatchSchema.parse(JSON.parse(row.batch));
    this.#sql.exec("DELETE FROM parked WHERE object = ? AND after = ? AND through = ?", object, batch.after, batch.through);
    return batch;
  }

  /** When the batch that waits longest has waited enough (milliseconds since the epoch). */
  dueAt(): number | undefined {
    const { oldest } = this.#sql.exec<{ oldest: number | null }>("SELECT min(received_at) AS oldest FROM parked").one();
    return oldest === null ? undefined : oldest + GAP_WAIT_MS;
  }

  /** Objects whose batches have waited enough, and where the first of each begins. */
  overdue(now: number): { object: string; after: number }[] {
    return this.#sql
      .exec<{ object: string; after: number }>(
        "SELECT object, min(after) AS after FROM parked WHERE object IN (SELECT object FROM parked WHERE received_at <= ?) GROUP BY object",
        now - GAP_WAIT_MS,
      )
      .toArray();
  }
}
