import { z } from "zod";
import { purposeSchema } from "../../workers/billing/budget.ts";

/** How long an expired or settled lease is remembered, so that a holder who waited for a person over a weekend can still say what it really spent. */
export const CLOSED_KEPT_MS = 7 * 86_400_000;
/** Closed leases are looked through this often for those that may be forgotten. */
const PURGE_EVERY_MS = 3_600_000;

const amountsSchema = z.object({ micros: z.number(), tokens: z.number() });
const leaseSchema = z.object({
  holder: z.string(),
  purpose: purposeSchema,
  /** All that the holder may have spent since it began; of a settled lease what it has. */
  granted: amountsSchema,
  /** What of it is known to be spent. */
  settled: amountsSchema,
  /** Says in which periods it counts. */
  openedAt: z.number(),
  expiresAt: z.number(),
  state: z.enum(["open", "expired", "settled"]),
});
export type LeaseRecord = z.infer<typeof leaseSchema>;

interface Row {
  readonly [column: string]: SqlStorageValue;
  readonly value: string;
}

/** Every lease in a row; those that are open in memory too, rebuilt from the rows whenever the object wakes. */
export class LeaseTable {
  readonly open = new Map<string, LeaseRecord>();
  readonly #sql: SqlStorage;
  #purgedAt = 0;

  constructor({ sql }: DurableObjectStorage) {
    this.#sql = sql;
    sql.exec(
      "CREATE TABLE IF NOT EXISTS leases (holder TEXT PRIMARY KEY, is_open INTEGER NOT NULL, expires_at INTEGER NOT NULL, value TEXT NOT NULL) WITHOUT ROWID",
    );
    for (const row of sql.exec<Row>("SELECT value FROM leases WHERE is_open = 1")) this.remember(toLease(row));
  }

  find(holder: string): LeaseRecord | undefined {
    return this.open.get(holder) ?? this.#sql.exec<Row>("SELECT value FROM leases WHERE holder = ?", holder).toArray().map(toLease)[0];
  }

  put(lease: LeaseRecord): void {
    const isOpen = lease.state === "open" ? 1 : 0;
    this.#sql.exec(
      "INSERT OR REPLACE INTO leases (holder, is_open, expires_at, value) VALUES (?, ?, ?, ?)",
      lease.holder,
      isOpen,
      lease.expiresAt,
      JSON.stringify(lease),
    );
  }

  /** Takes over in memory what has been written. */
  remember(lease: LeaseRecord): void {
    if (lease.state === "open") this.open.set(lease.holder, lease);
    else this.open.delete(lease.holder);
  }

  /** Open leases whose time is over. */
  due(now: number): LeaseRecord[] {
    return [...this.open.values()].filter(({ expiresAt }) => expiresAt <= now);
  }

  /** Forgets what was closed long ago. */
  purge(now: number): void {
    if (now - this.#purgedAt < PURGE_EVERY_MS) return;
    this.#purgedAt = now;
    this.#sql.exec("DELETE FROM leases WHERE is_open = 0 AND expires_at <= ?", now - CLOSED_KEPT_MS);
  }
}

function toLease({ value }: Row): LeaseRecord {
  return leaseSchema.parse(JSON.parse(value));
}
