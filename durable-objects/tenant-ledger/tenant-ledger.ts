import { DurableObject } from "cloudflare:workers";
import { Budget, type Lease } from "./budget.ts";

/** What one tenant may still do: its budget in leased slices, and its requests of the running minute. One object a tenant, named by the tenant's id. */
export class TenantLedger extends DurableObject<Env> {
  readonly #budget: Budget;
  /** Kept in memory alone: a restart within a minute forgives some requests, and writes none. */
  #requests = { window: 0, granted: 0 };

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#budget = new Budget(state.storage);
  }

  /** Grants part of the requests of one window to an isolate that asks. */
  leaseRequests(window: number, want: number, limit: number): { granted: number; remaining: number } {
    if (window > this.#requests.window) this.#requests = { window, granted: 0 };
    const granted = Math.max(0, Math.min(want, limit - this.#requests.granted));
    this.#requests.granted += granted;
    return { granted, remaining: limit - this.#requests.granted };
  }

  /** Leases part of the budget: `needMicros` in all, for one holder. @throws Problem `budget-exhausted` when less is left */
  lease(holder: string, needMicros: number): Lease {
    return this.#budget.lease(holder, needMicros, Date.now());
  }

  /** Ends a holder's lease: what was spent is spent, the rest may be leased again. Settling twice is settling once. */
  settle(holder: string, spentMicros: number): void {
    this.#budget.settle(holder, spentMicros);
  }

  read(): { limitMicros: number; spentMicros: number; leasedMicros: number } {
    return this.#budget.read(Date.now());
  }

  setLimit(limitMicros: number): void {
    this.#budget.setLimit(limitMicros);
  }
}
