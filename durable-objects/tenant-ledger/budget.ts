import { Problem } from "../../workers/platform/problem.ts";

/** What a tenant may spend before anyone has set a limit: ten dollars. */
export const DEFAULT_LIMIT_MICROS = 10_000_000;
/** A lease that nobody settled in this time is taken as spent: the holder may have spent it and died. */
export const LEASE_LIFETIME_MS = 3_600_000;
/** How long an expired lease is remembered, so that a holder who waited for a person over a weekend can still say what it really spent. */
export const EXPIRED_KEPT_MS = 7 * 86_400_000;
/** No lease takes more than this share of what is left: fifty sessions at once each get a slice, and slices shrink as the limit comes near. */
const LARGEST_SHARE = 50;
/** Slices below this are not worth a request: the last of the budget is given whole. */
const SMALLEST_SLICE_MICROS = 10_000;

/** A part of the budget that a holder may spend and nobody else. */
export interface Lease {
  /** What the holder may have spent in all before it must ask again. */
  readonly grantedMicros: number;
  /** Milliseconds since the epoch; from then on the whole of it counts as spent until it is settled. */
  readonly expiresAt: number;
}

interface LeaseRow {
  readonly [column: string]: SqlStorageValue;
  readonly micros: number;
  readonly is_expired: number;
}

/**
 * The arithmetic of a budget in one object's SQLite, in whole millionths of a dollar. What must hold at every moment:
 * spent + leased ≤ limit, unless the limit was lowered or a provider charged more than the most it had promised. An expired lease counts as spent, so
 * that a lost holder can never make the budget overrun; a late settlement corrects that.
 */
export class Budget {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS budget (id INTEGER PRIMARY KEY CHECK (id = 1), limit_micros INTEGER NOT NULL, spent_micros INTEGER NOT NULL)",
    );
    storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS holder_leases (holder TEXT PRIMARY KEY, micros INTEGER NOT NULL, expires_at INTEGER NOT NULL, is_expired INTEGER NOT NULL) WITHOUT ROWID",
    );
  }

  /**
   * Sees to it that a holder has leased `needMicros` at least, in all that it spends under this lease. A holder has one lease: asking again gives
   * the same, made larger when it is too small, and taken up again when it had expired.
   * @throws Problem `budget-exhausted` when less is left than is missing
   */
  lease(holder: string, needMicros: number, now: number): Lease {
    return this.#storage.transactionSync(() => {
      const { limitMicros, spentMicros, leasedMicros } = this.read(now);
      const held = this.#find(holder);
      const missing = Math.max(0, Math.ceil(needMicros) - (held?.micros ?? 0));
      const left = limitMicros - spentMicros - leasedMicros;
      if (missing > 0 && left < missing) throw exhausted(missing, left);
      const more = held !== undefined && missing === 0 ? 0 : slice(missing, left);
      if (held?.is_expired === 1) this.#addSpent(-held.micros);
      const lease = { grantedMicros: (held?.micros ?? 0) + more, expiresAt: now + LEASE_LIFETIME_MS };
      this.#storage.sql.exec(
        "INSERT OR REPLACE INTO holder_leases (holder, micros, expires_at, is_expired) VALUES (?, ?, ?, 0)",
        holder,
        lease.grantedMicros,
        lease.expiresAt,
      );
      return lease;
    });
  }

  /**
   * Ends a lease with what was really spent under it, also when that is more than it held: what is gone is gone. Settling a lease
   * that is not there, because it was settled before, changes nothing.
   */
  settle(holder: string, spentMicros: number): void {
    this.#storage.transactionSync(() => {
      const held = this.#find(holder);
      if (held === undefined) return;
      this.#storage.sql.exec("DELETE FROM holder_leases WHERE holder = ?", holder);
      this.#addSpent(Math.max(0, Math.ceil(spentMicros)) - (held.is_expired === 1 ? held.micros : 0));
    });
  }

  /** Where the budget stands, after taking what expired until `now` as spent. */
  read(now: number): { limitMicros: number; spentMicros: number; leasedMicros: number } {
    this.#expire(now);
    const { sql } = this.#storage;
    const budget = sql.exec<{ limit_micros: number; spent_micros: number }>("SELECT limit_micros, spent_micros FROM budget").toArray()[0];
    const leased =
      sql.exec<{ micros: number | null }>("SELECT sum(micros) AS micros FROM holder_leases WHERE is_expired = 0").one().micros ?? 0;
    return { limitMicros: budget?.limit_micros ?? DEFAULT_LIMIT_MICROS, spentMicros: budget?.spent_micros ?? 0, leasedMicros: leased };
  }

  setLimit(limitMicros: number): void {
    this.#storage.sql.exec(
      "INSERT INTO budget (id, limit_micros, spent_micros) VALUES (1, ?, 0) ON CONFLICT (id) DO UPDATE SET limit_micros = excluded.limit_micros",
      limitMicros,
    );
  }

  #find(holder: string): LeaseRow | undefined {
    return this.#storage.sql.exec<LeaseRow>("SELECT micros, is_expired FROM holder_leases WHERE holder = ?", holder).toArray()[0];
  }

  #expire(now: number): void {
    const { sql } = this.#storage;
    const expired = sql
      .exec<LeaseRow>("UPDATE holder_leases SET is_expired = 1 WHERE is_expired = 0 AND expires_at <= ? RETURNING micros, is_expired", now)
      .toArray();
    for (const { micros } of expired) this.#addSpent(micros);
    sql.exec("DELETE FROM holder_leases WHERE is_expired = 1 AND expires_at <= ?", now - EXPIRED_KEPT_MS);
  }

  #addSpent(micros: number): void {
    this.#storage.sql.exec(
      "INSERT INTO budget (id, limit_micros, spent_micros) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET spent_micros = spent_micros + excluded.spent_micros",
      DEFAULT_LIMIT_MICROS,
      micros,
    );
  }
}

/** How much of what is left one lease gets for what it misses. */
function slice(missing: number, left: number): number {
  return Math.max(0, Math.min(left, Math.max(missing, Math.floor(left / LARGEST_SHARE), SMALLEST_SLICE_MICROS)));
}

function exhausted(missing: number, left: number): Problem {
  return new Problem(
    "budget-exhausted",
    `This needs ${missing} micro-dollars more; the tenant's budget has ${Math.max(0, left)} left. Raise the limit, or wait for running work to return what it holds.`,
  );
}
