/** The few values an audit log keeps about itself, each under a name. */
export class LogState {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** True once something was ever appended: an object that was only asked has no tables. */
  get exists(): boolean {
    return this.#sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'log_state'").toArray().length > 0;
  }

  create(): void {
    this.#sql.exec("CREATE TABLE IF NOT EXISTS log_state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
  }

  read(name: string): string | undefined {
    return this.#sql.exec<{ value: string }>("SELECT value FROM log_state WHERE name = ?", name).toArray()[0]?.value;
  }

  write(name: string, value: string): void {
    this.#sql.exec("INSERT OR REPLACE INTO log_state (name, value) VALUES (?, ?)", name, value);
  }
}
