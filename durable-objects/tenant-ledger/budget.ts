import { newId } from "../../workers/platform/ids.ts";
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
  readonly id: string;
  readonly grantedMicros: number;
  readonly expiresAt: number;
}

interface LeaseRow {
  readonly [column: string]: SqlStorageValue;
  readonly id: string;
  readonly micros: number;
}

/**
 * The arithmetic of a budget in one object's SQLite. What must hold at every moment: spent + leased ≤ limit, unless the limit
 * itself was lowered. A lease that expires unsettled counts as spent, so that a lost holder can never make the budget overrun.
 */
export class Budget {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS budget (id INTEGER PRIMARY KEY CHECK (id = 1), limit_micros INTEGER NOT NULL, spent_micros INTEGER NOT NULL)",
    );
    storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS leases (id TEXT PRIMARY KEY, holder TEXT NOT NULL, micros INTEGER NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID",
    );
  }

  /** @throws Problem `budget-exhausted` when less is left than was asked for at least */
  lease(holder: string, wantMicros: number, now: number): Lease {
    return this.#storage.transactionSync(() => {
      const { limitMicros, spentMicros, leasedMicros } = this.read(now);
      const left = limitMicros - spentMicros - leasedMicros;
      if (left < wantMicros) {
        throw new Problem(
          "budget-exhausted",
          `This needs ${wantMicros} micro-dollars; the tenant's budget has ${Math.max(0, left)} left. Raise the limit, or wait for running work to return what it holds.`,
        );
      }
      const generous = Math.max(wantMicros, Math.floor(left / LARGEST_SHARE), Math.min(left, SMALLEST_SLICE_MICROS));
      const lease = { id: newId("lease", now), grantedMicros: Math.min(left, generous), expiresAt: now + LEASE_LIFETIME_MS };
      this.#storage.sql.exec(
        "INSERT INTO leases (id, holder, micros, expires_at) VALUES (?, ?, ?, ?)",
        lease.id,
        holder,
        lease.grantedMicros,
        lease.expiresAt,
      );
      return lease;
    });
  }

  settle(id: string, spentMicros: number): void {
    this.#storage.transactionSync(() => {
      const row = this.#storage.sql.exec<LeaseRow>("SELECT id, micros FROM leases WHERE id = ?", id).toArray()[0];
      if (row === undefined) return;
      this.#storage.sql.exec("DELETE FROM leases WHERE id = ?", id);
      this.#addSpent(Math.min(row.micros, Math.max(0, Math.ceil(spentMicros))));
    });
  }

  read(now: number): { limitMicros: number; spentMicros: number; leasedMicros: number } {
    this.#expire(now);
    const { sql } = this.#storage;
    const budget = sql.exec<{ limit_micros: number; spent_micros: number }>("SELECT limit_micros, spent_micros FROM budget").toArray()[0];
    const leased = sql.exec<{ micros: number | null }>("SELECT sum(micros) AS micros FROM leases").one().micros ?? 0;
    return { limitMicros: budget?.limit_micros ?? DEFAULT_LIMIT_MICROS, spentMicros: budget?.spent_micros ?? 0, leasedMicros: leased };
  }

  setLimit(limitMicros: number): void {
    this.#storage.sql.exec(
      "INSERT INTO budget (id, limit_micros, spent_micros) VALUES (1, ?, 0) ON CONFLICT (id) DO UPDATE SET limit_micros = excluded.limit_micros",
      limitMicros,
    );
  }

  #expire(now: number): void {
    const rows = this.#storage.sql.exec<LeaseRow>("DELETE FROM leases WHERE expires_at <= ? RETURNING id, micros", now).toArray();
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
