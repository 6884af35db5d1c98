import { type Budget, windowOf } from "../../workers/billing/budget.ts";

/** How long the periods of a budget are kept; of months and of what has no end, all. */
const KEPT_MS: Readonly<Partial<Record<Budget["period"], number>>> = { minute: 3_600_000, day: 400 * 86_400_000 };

/** What was spent of each budget in each of its periods. */
export class SpentTable {
  readonly #sql: SqlStorage;

  constructor({ sql }: DurableObjectStorage) {
    this.#sql = sql;
    sql.exec(
      "CREATE TABLE IF NOT EXISTS spent (budget TEXT NOT NULL, period TEXT NOT NULL, amount INTEGER NOT NULL, is_told INTEGER NOT NULL, PRIMARY KEY (budget, period)) WITHOUT ROWID",
    );
  }

  read(budget: string, window: string): number {
    const row = this.#sql.exec<{ amount: number }>("SELECT amount FROM spent WHERE budget = ? AND period = ?", budget, window).toArray()[0];
    return row?.amount ?? 0;
  }

  /** Counts an amount into the period that `at` falls into; a negative one takes back what was counted. */
  add(budget: Budget, at: number, amount: number): void {
    if (amount === 0) return;
    this.#sql.exec(
      "INSERT INTO spent (budget, period, amount, is_told) VALUES (?, ?, ?, 0) ON CONFLICT (budget, period) DO UPDATE SET amount = amount + excluded.amount",
      budget.id,
      windowOf(budget, at),
      amount,
    );
    const keptMs = KEPT_MS[budget.period];
    if (keptMs !== undefined) this.#sql.exec("DELETE FROM spent WHERE budget = ? AND period < ?", budget.id, windowOf(budget, at - keptMs));
  }

  isTold(budget: string, window: string): boolean {
    return this.#sql.exec("SELECT 1 FROM spent WHERE budget = ? AND period = ? AND is_told = 1", budget, window).toArray().length > 0;
  }

  markTold(budget: string, window: string): void {
    this.#sql.exec("UPDATE spent SET is_told = 1 WHERE budget = ? AND period = ?", budget, window);
  }

  forget(budget: string): void {
    this.#sql.exec("DELETE FROM spent WHERE budget = ?", budget);
  }
}
