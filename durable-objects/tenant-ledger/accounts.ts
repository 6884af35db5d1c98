import { type Amounts, type Budget, counts, type Purpose, UNITS, type Unit, windowOf } from "../../workers/billing/budget.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { BudgetList } from "./budget-list.ts";
import { type LeaseRecord, LeaseTable } from "./lease-table.ts";
import { SpentTable } from "./spent-table.ts";

/** A lease that nobody settled in this time is taken as spent: the holder may have spent it and died. */
export const LEASE_LIFETIME_MS = 3_600_000;
/** No lease takes more than this share of what is left: fifty sessions at once each get a slice, and slices shrink as the limit comes near. */
const LARGEST_SHARE = 50;
/** Slices below this are not worth a request: the last of a budget is given whole. */
const SMALLEST_SLICE: Amounts = { micros: 10_000, tokens: 10_000 };

/** A part of the budgets that a holder may spend and nobody else. */
export interface Lease {
  /** What the holder may have spent in all before it must ask again; undefined where no budget counts it. */
  readonly granted: Readonly<Record<Unit, number | undefined>>;
  /** Milliseconds since the epoch; from then on the whole of it counts as spent until it is settled. */
  readonly expiresAt: number;
}

/** Where a budget stands in its present period. */
export interface Standing {
  readonly budget: Budget;
  readonly window: string;
  readonly spent: number;
  readonly leased: number;
}

/** A soft line that was reached, and not told of before. */
export interface Crossing {
  readonly budget: Budget;
  readonly window: string;
}

/**
 * The arithmetic of all budgets of a tenant in one object's SQLite. A lease is held against every budget that counts what it is for, in the periods in which
 * it began, or against none. What must hold of each budget and period at every moment: spent + leased ≤ limit, unless the limit was lowered or a provider charged
 * more than the most it had promised. An expired lease counts as spent, so that a lost holder can never make a budget overrun; a late settlement
 * corrects that. A holder tells all that it has spent since it began, so that telling twice is telling once.
 */
export class Accounts {
  readonly #storage: DurableObjectStorage;
  readonly #budgets: BudgetList;
  readonly #leases: LeaseTable;
  readonly #spent: SpentTable;
  /** What is leased of each budget in each period: of the open leases, and computed from them again when the budgets change. */
  #leased: Map<string, number> | undefined;

  constructor(storage: DurableObjectStorage, budgets: BudgetList) {
    this.#storage = storage;
    this.#budgets = budgets;
    this.#leases = new LeaseTable(storage);
    this.#spent = new SpentTable(storage);
  }

  /**
   * Sees to it that a holder has leased `need` at least, in all that it spends under this lease. A holder has one lease: asking again gives
   * the same, made larger when it is too small, and taken up again when it had expired or was settled.
   * @throws Problem `budget-exhausted` naming the budget of which less is left than is missing
   */
  lease(holder: string, purpose: Purpose, need: Amounts, now: number): Lease {
    this.#expire(now);
    const held = this.#leases.find(holder) ?? newLease(holder, purpose, now);
    const budgets = this.#budgetsOf(held);
    // What an expired lease was taken to have spent is its own to take up again.
    const isExpired = held.state === "expired";
    const granted = { ...held.granted };
    for (const unit of UNITS) {
      const counting = budgets.filter((budget) => budget.unit === unit);
      const missing = Math.max(0, Math.ceil(need[unit]) - held.granted[unit]);
      if (missing > 0 && counting.length > 0) granted[unit] += this.#more(counting, unit, missing, held.openedAt);
    }
    const lease: LeaseRecord = { ...held, granted, state: "open", expiresAt: now + LEASE_LIFETIME_MS };
    this.#storage.transactionSync(() => {
      if (isExpired)
        for (const budget of budgets) this.#spent.add(budget, held.openedAt, held.settled[budget.unit] - held.granted[budget.unit]);
      this.#leases.put(lease);
    });
    this.#remember(lease);
    const grantOf = (unit: Unit) => (budgets.some((budget) => budget.unit === unit) ? granted[unit] : undefined);
    return { granted: { micros: grantOf("micros"), tokens: grantOf("tokens") }, expiresAt: lease.expiresAt };
  }

  /**
   * Ends a lease with what was really spent since its holder began, also when that is more than it held: what is gone is gone. Settling a lease
   * that is not there changes nothing.
   * @returns the soft lines that were reached by it
   */
  settle(holder: string, spent: Amounts, now: number): Crossing[] {
    const held = this.#leases.find(holder);
    if (held === undefined) return [];
    const budgets = this.#budgetsOf(held);
    const settled = { micros: wholeOf(spent.micros, held.settled.micros), tokens: wholeOf(spent.tokens, held.settled.tokens) };
    const lease: LeaseRecord = { ...held, granted: settled, settled, state: "settled", expiresAt: now };
    this.#storage.transactionSync(() => {
      for (const budget of budgets) {
        const before = held.state === "expired" ? held.granted[budget.unit] : held.settled[budget.unit];
        this.#spent.add(budget, held.openedAt, settled[budget.unit] - before);
      }
      this.#leases.put(lease);
    });
    this.#remember(lease);
    return budgets.flatMap((budget) => {
      const window = windowOf(budget, held.openedAt);
      const isReached = budget.softLimit !== undefined && this.#spent.read(budget.id, window) >= budget.softLimit;
      return isReached && !this.#spent.isTold(budget.id, window) ? [{ budget, window }] : [];
    });
  }

  /** The soft line of a period was told of; it is not told of again. */
  told({ budget, window }: Crossing): void {
    this.#spent.markTold(budget.id, window);
  }

  /** Where a budget stands now, after taking what expired as spent. */
  standing(budget: Budget, now: number): Standing {
    this.#expire(now);
    const window = windowOf(budget, now);
    return { budget, window, spent: this.#spent.read(budget.id, window), leased: this.#leasedIn(budget, window) };
  }

  /** The leases that are held against a budget now, those that end first at the front. */
  reservations(budget: Budget, now: number, most: number): LeaseRecord[] {
    this.#expire(now);
    return [...this.#leases.open.values()]
      .filter(({ purpose, openedAt }) => counts(budget, purpose, openedAt))
      .sort((a, b) => a.expiresAt - b.expiresAt)
      .slice(0, most);
  }

  /** A budget was made, changed or deleted: what is leased is computed anew, and nothing is kept of one that is no more. */
  budgetsChanged(deleted: string | undefined): void {
    this.#leased = undefined;
    if (deleted !== undefined) this.#spent.forget(deleted);
  }

  /** How much more of a unit all budgets that count it give for what is missing. @throws Problem `budget-exhausted` */
  #more(budgets: readonly Budget[], unit: Unit, missing: number, openedAt: number): number {
    let more = Number.POSITIVE_INFINITY;
    for (const budget of budgets) {
      if (budget.limit === undefined) continue;
      const window = windowOf(budget, openedAt);
      const left = budget.limit - this.#spent.read(budget.id, window) - this.#leasedIn(budget, window);
      if (left < missing) throw exhausted(budget, missing, left);
      more = Math.min(more, left, Math.max(missing, Math.floor(left / LARGEST_SHARE), SMALLEST_SLICE[unit]));
    }
    return more === Number.POSITIVE_INFINITY ? missing : more;
  }

  #leasedIn(budget: Budget, window: string): number {
    if (this.#leased === undefined) {
      this.#leased = new Map();
      for (const lease of this.#leases.open.values()) this.#shift(lease, 1);
    }
    return this.#leased.get(placeOf(budget, window)) ?? 0;
  }

  /** Takes what was written over into memory. */
  #remember(lease: LeaseRecord): void {
    const before = this.#leases.open.get(lease.holder);
    if (before !== undefined) this.#shift(before, -1);
    this.#leases.remember(lease);
    if (lease.state === "open") this.#shift(lease, 1);
  }

  #shift(lease: LeaseRecord, sign: 1 | -1): void {
    if (this.#leased === undefined) return;
    for (const budget of this.#budgetsOf(lease)) {
      const place = placeOf(budget, windowOf(budget, lease.openedAt));
      const held = lease.granted[budget.unit] - lease.settled[budget.unit];
      const leased = (this.#leased.get(place) ?? 0) + sign * held;
      if (leased === 0) this.#leased.delete(place);
      else this.#leased.set(place, leased);
    }
  }

  #budgetsOf({ purpose, openedAt }: LeaseRecord): Budget[] {
    return this.#budgets.all().filter((budget) => counts(budget, purpose, openedAt));
  }

  #expire(now: number): void {
    for (const lease of this.#leases.due(now)) {
      const expired: LeaseRecord = { ...lease, state: "expired" };
      this.#storage.transactionSync(() => {
        for (const budget of this.#budgetsOf(lease))
          this.#spent.add(budget, lease.openedAt, lease.granted[budget.unit] - lease.settled[budget.unit]);
        this.#leases.put(expired);
      });
      this.#remember(expired);
    }
    this.#leases.purge(now);
  }
}

function newLease(holder: string, purpose: Purpose, now: number): LeaseRecord {
  const nothing = { micros: 0, tokens: 0 };
  return { holder, purpose, granted: nothing, settled: nothing, openedAt: now, expiresAt: now, state: "open" };
}

function placeOf({ id }: Budget, window: string): string {
  return `${id} ${window}`;
}

/** What was spent, as whole units and never less than what is settled already. */
function wholeOf(spent: number, settled: number): number {
  return Math.max(settled, Math.ceil(spent));
}

function exhausted({ id, scope, target, unit, period }: Budget, missing: number, left: number): Problem {
  const what = unit === "micros" ? "micro-dollars" : "tokens";
  const whose = scope === "tenant" ? "the tenant's budget" : `the budget of the ${scope} ${target}`;
  const until = period === "total" ? "" : ` for this ${period}`;
  return new Problem(
    "budget-exhausted",
    `This needs ${missing} ${what} more; ${whose}${until} (${id}) has ${Math.max(0, left)} left. Whoever has the capability budgets.write can raise it; running work gives back what it does not use.`,
  );
}
