import { type Budget, budgetSchema, FIRST_BUDGET, TENANT_BUDGET } from "../../workers/billing/budget.ts";
import { Problem } from "../../workers/platform/problem.ts";

/** Budgets of one tenant: each that counts a call costs it a look and a row. */
const MAX_BUDGETS = 200;

interface Row {
  readonly [column: string]: SqlStorageValue;
  readonly value: string;
}

/** The budgets of one tenant, in a row each and all in memory. The tenant's own is there from the start. */
export class BudgetList {
  readonly #sql: SqlStorage;
  readonly #budgets = new Map<string, Budget>([[TENANT_BUDGET, FIRST_BUDGET]]);

  constructor({ sql }: DurableObjectStorage) {
    this.#sql = sql;
    sql.exec("CREATE TABLE IF NOT EXISTS budgets (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
    for (const { value } of sql.exec<Row>("SELECT value FROM budgets ORDER BY id")) this.#remember(budgetSchema.parse(JSON.parse(value)));
  }

  all(): Budget[] {
    return [...this.#budgets.values()];
  }

  /** @throws Problem `not-found` */
  read(id: string): Budget {
    const budget = this.#budgets.get(id);
    if (budget === undefined) throw new Problem("not-found", `There is no budget ${id} in this tenant.`);
    return budget;
  }

  /** Makes a budget, or puts it in the place of the one of its id. @throws Problem `limit-exceeded` when there are too many */
  put(budget: Budget): void {
    if (!this.#budgets.has(budget.id) && this.#budgets.size >= MAX_BUDGETS)
      throw new Problem("limit-exceeded", `A tenant has ${MAX_BUDGETS} budgets at most; delete one first.`);
    this.#sql.exec("INSERT OR REPLACE INTO budgets (id, value) VALUES (?, ?)", budget.id, JSON.stringify(budget));
    this.#remember(budget);
  }

  /** @throws Problem `not-found`, `conflict` for the tenant's own */
  delete(id: string): void {
    this.read(id);
    if (id === TENANT_BUDGET) throw new Problem("conflict", "The tenant's own budget is always there; set its limit.");
    this.#sql.exec("DELETE FROM budgets WHERE id = ?", id);
    this.#budgets.delete(id);
  }

  #remember(budget: Budget): void {
    this.#budgets.set(budget.id, budget);
  }
}
