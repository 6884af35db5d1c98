import type { Amounts, Purpose } from "../../workers/billing/budget.ts";
import type { TenantLedger } from "./tenant-ledger.ts";

const NOTHING: Amounts = { micros: 0, tokens: 0 };

/**
 * What one piece of paid work may spend and has spent: covered by a lease before a call is made, settled when the work has ended. The lease
 * is the ledger's under the work's name, so that work which lost its memory has it still; what is spent is told as a whole, so that telling it twice is telling it once.
 */
export class Spending {
  readonly #ledger: DurableObjectStub<TenantLedger>;
  readonly #holder: string;
  readonly #purpose: Purpose;
  #granted: Readonly<Record<keyof Amounts, number | undefined>> = NOTHING;
  #spent: Amounts;

  /**
   * @param holder the work's name, the same whenever it goes on
   * @param purpose what it is spent for: every budget of one of these counts it
   * @param spent what the work has spent before, by its record
   */
  constructor(ledger: DurableObjectStub<TenantLedger>, holder: string, purpose: Purpose, spent: Amounts) {
    this.#ledger = ledger;
    this.#holder = holder;
    this.#purpose = purpose;
    this.#spent = spent;
  }

  /** Sees to it that a call that takes no more than this is covered. @throws Problem `budget-exhausted` */
  async reserve(most: Amounts): Promise<void> {
    const need = sumOf(this.#spent, most);
    if (covers(this.#granted.micros, need.micros) && covers(this.#granted.tokens, need.tokens)) return;
    const { granted } = await this.#ledger.lease(this.#holder, this.#purpose, need);
    this.#granted = granted;
  }

  /** Notes what a call has taken. */
  spent(taken: Amounts): void {
    this.#spent = sumOf(this.#spent, taken);
  }

  /** Gives back what was not spent. */
  async settle(): Promise<void> {
    await this.#ledger.settle(this.#holder, this.#spent);
  }
}

/** What no budget counts is covered without end. */
function covers(granted: number | undefined, need: number): boolean {
  return granted === undefined || need <= granted;
}

function sumOf(a: Amounts, b: Amounts): Amounts {
  return { micros: a.micros + b.micros, tokens: a.tokens + b.tokens };
}
