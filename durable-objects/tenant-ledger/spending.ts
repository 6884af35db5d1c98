import type { TenantLedger } from "./tenant-ledger.ts";

/**
 * What one piece of paid work may spend and has spent: covered by a lease before a call is made, settled when the work has ended. The lease
 * is the ledger's under the work's name, so that work which lost its memory has it still.
 */
export class Spending {
  readonly #ledger: DurableObjectStub<TenantLedger>;
  readonly #holder: string;
  #grantedMicros = 0;
  #spentMicros: number;

  /**
   * @param holder the work's name, the same whenever it goes on
   * @param spentMicros what the work has spent before, by its record
   */
  constructor(ledger: DurableObjectStub<TenantLedger>, holder: string, spentMicros: number) {
    this.#ledger = ledger;
    this.#holder = holder;
    this.#spentMicros = spentMicros;
  }

  /** Sees to it that a call of this cost is covered. @throws Problem `budget-exhausted` */
  async reserve(micros: number): Promise<void> {
    if (this.#spentMicros + micros <= this.#grantedMicros) return;
    const { grantedMicros } = await this.#ledger.lease(this.#holder, this.#spentMicros + micros);
    this.#grantedMicros = grantedMicros;
  }

  /** Notes what a call has cost. */
  spent(micros: number): void {
    this.#spentMicros += micros;
  }

  /** Gives back what was not spent. */
  async settle(): Promise<void> {
    await this.#ledger.settle(this.#holder, this.#spentMicros);
  }
}
