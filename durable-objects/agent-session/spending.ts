import type { TenantLedger } from "../tenant-ledger/tenant-ledger.ts";

/** The part of a tenant's budget that one session holds while it works: reserved before a paid call, settled with what was spent. */
export class Spending {
  readonly #ledger: () => DurableObjectStub<TenantLedger>;
  readonly #holder: () => string;
  #lease: { readonly id: string; leftMicros: number; spentMicros: number } | undefined;

  constructor(ledger: () => DurableObjectStub<TenantLedger>, holder: () => string) {
    this.#ledger = ledger;
    this.#holder = holder;
  }

  /** Sees to it that a call of this cost is covered. @throws Problem `budget-exhausted` */
  async reserve(micros: number): Promise<void> {
    if (this.#lease !== undefined && this.#lease.leftMicros >= micros) return;
    await this.settle();
    const { id, grantedMicros } = await this.#ledger().lease(this.#holder(), micros);
    this.#lease = { id, leftMicros: grantedMicros, spentMicros: 0 };
  }

  /** Notes what a call has cost. */
  spent(micros: number): void {
    if (this.#lease === undefined) return;
    this.#lease.leftMicros -= micros;
    this.#lease.spentMicros += micros;
  }

  /** Gives back what was not spent. */
  async settle(): Promise<void> {
    const lease = this.#lease;
    if (lease === undefined) return;
    this.#lease = undefined;
    await this.#ledger().settle(lease.id, lease.spentMicros);
  }
}
