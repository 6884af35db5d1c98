import { Problem } from "../../workers/platform/problem.ts";

/** What a tenant may spend before anyone has set a limit: ten dollars. */
export const DEFAULT_LIMIT_MICROS = 10_000_000;
/** A lease that nobody settled in this time is taken as spent: the holder may have spent it and died. */
export const LEASE_LIFETIME_MS = 3_600_000;
/** No lease takes more than this share of what is left, so that slices shrink as the limit comes near. */
const LARGEST_SHARE = 4;
/** Slices below this are not worth a request: the last of the budget is given whole. */
const SMALLEST_SLICE_MICROS = 10_000;

export interface Lease {
  /** What the holder may have spent in all before it must ask again. */
  readonly grantedMicros: number;
  readonly expiresAt: number;
}

interface LeaseRow {
  readonly [column: string]: SqlStorageValue;
  readonly holder: string;
  readonly micros: number;
}

/**
 * The arithmetic of a budget in one object's SQLite. What must hold at every moment: spent + leased ≤ limit, unless the limit
 * itself was lowered or a provider charged more than the most it had promised. A lease that expires unsettled counts as spent, so that a
 * lost holder can never make the budget overrun.
 */
export class Budget {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS budget (id INTEGER PRIMARY KEY CHECK (id = 1), limit_micros INTEGER NOT NULL, spent_micros INTEGER NOT NULL)",
    );
    storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS holder_leases (holder TEXT PRIMARY KEY, micros INTEGER NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID",
    );
  }

  /**
   * Sees to it that `holder` has leased `needMicros` in all. Who asks again, because it needs more or has lost its memory, gets the same
   * lease back, grown where it is too small.
   * @throws Problem `budget-exhausted` when less is left than is needed
   */
  lease(holder: string, needMicros: number, now: number): Lease {
    return this.#storage.transactionSync(() => {
      const { limitMicros, spentMicros, leasedMicros } = this.read(now);
      const held = this.#held(holder);
      const left = limitMicros - spentMicros - (leasedMicros - held);
      if (left < needMicros) {
        throw new Problem(
          "budget-exhausted",
          `This needs ${needMicros} micro-dollars; the tenant's budget has ${Math.max(0, left)} left. Raise the limit, or wait for running work to return what it holds.`,
        );
      }
      const generous = Math.max(needMicros, Math.floor(left / LARGEST_SHARE), Math.min(left, SMALLEST_SLICE_MICROS));
      const lease = { grantedMicros: held >= needMicros ? held : Math.min(left, generous), expiresAt: now + LEASE_LIFETIME_MS };
      this.#storage.sql.exec(
        "INSERT OR REPLACE INTO holder_leases (holder, micros, expires_at) VALUES (?, ?, ?)",
        holder,
        lease.grantedMicros,
        lease.expiresAt,
      );
      return lease;
    });
  }

  /** Ends the holder's lease with what it has spent in all, which counts even where it is more than was leased. */
  settle(holder: string, spentMicros: number): void {
    this.#storage.transactionSync(() => {
      const { rowsWritten } = this.#storage.sql.exec("DELETE FROM holder_leases WHERE holder = ?", holder);
      if (rowsWritten > 0) this.#addSpent(Math.max(0, Math.ceil(spentMicros)));
    });
  }

  read(now: number): { limitMicros: number; spentMicros: number; leasedMicros: number } {
    this.#expire(now);
    const { sql } = this.#storage;
    const budget = sql.exec<{ limit_micros: number; spent_micros: number }>("SELECT limit_micros, spent_micros FROM budget").toArray()[0];
    const leased = sql.exec<{ micros: number | null }>("SELECT sum(micros) AS micros FROM holder_leases").one().micros ?? 0;
    return { limitMicros: budget?.limit_micros ?? DEFAULT_LIMIT_MICROS, spentMicros: budget?.spent_micros ?? 0, leasedMicros: leased };
  }

  setLimit(limitMicros: number): void {
    this.#storage.sql.exec(
      "INSERT INTO budget (id, limit_micros, spent_micros) VALUES (1, ?, 0) ON CONFLICT (id) DO UPDATE SET limit_micros = excluded.limit_micros",
      limitMicros,
    );
  }

  #held(holder: string): number {
    return this.#storage.sql.exec<LeaseRow>("SELECT holder, micros FROM holder_leases WHERE holder = ?", holder).toArray()[0]?.micros ?? 0;
  }

  #expire(now: number): void {
    const rows = this.#storage.sql
      .exec<LeaseRow>("DELETE FROM holder_leases WHERE expires_at <= ? RETURNING holder, micros", now)
      .toArray();
    for (const row of rows) this.#addSpent(row.micros);
  }

  #addSpent(micros: number): void {
    this.#storage.sql.exec(
      "INSERT INTO budget (id, limit_micros, spent_micros) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET spent_micros = spent_micros + excluded.spent_micros",
      DEFAULT_LIMIT_MICROS,
      micros,
    );
  }
}
