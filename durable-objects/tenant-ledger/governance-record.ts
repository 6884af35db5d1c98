import {
  type Governance,
  type GovernanceChange,
  governanceChangeSchema,
  governanceSchema,
  governed,
  UNGOVERNED,
} from "../../workers/platform/governance.ts";

/** What governs a tenant, in one row of its ledger's SQLite. */
export class GovernanceRecord {
  readonly #storage: DurableObjectStorage;
  #current: Governance;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    storage.sql.exec("CREATE TABLE IF NOT EXISTS governance (id INTEGER PRIMARY KEY CHECK (id = 1), value TEXT NOT NULL)");
    const row = storage.sql.exec<{ value: string }>("SELECT value FROM governance").toArray()[0];
    this.#current = row === undefined ? UNGOVERNED : governanceSchema.parse(JSON.parse(row.value));
  }

  read(): Governance {
    return this.#current;
  }

  /** @throws Problem `limit-exceeded` when there is no room for it */
  change(change: GovernanceChange, now: number): Governance {
    const next = governed(this.#current, governanceChangeSchema.parse(change), now);
    this.#storage.sql.exec("INSERT OR REPLACE INTO governance (id, value) VALUES (1, ?)", JSON.stringify(next));
    this.#current = next;
    return next;
  }
}
