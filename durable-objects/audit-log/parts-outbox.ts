import { z } from "zod";
import { type NewAuditPart, newAuditPartSchema } from "../../workers/audit/parts.ts";
import { writeParts } from "../../workers/audit/store.ts";
import type { Clock } from "../../workers/platform/clock.ts";
import { describeError, log } from "../../workers/platform/telemetry.ts";

/** The database did not take the parts: tried again after this. */
const RETRY_AFTER_MS = 10_000;
/** Rows of one flush; each holds what one intake brought. */
const ROWS_A_FLUSH = 20;
/** Text of one row: a row holds 2 MB at most. */
const CHARACTERS_A_ROW = 1_000_000;

const partsSchema = z.array(newAuditPartSchema);

/** The way of payloads into the database, in which they are searched: what is a leaf is there too, however often this object is killed. */
export class PartsOutbox {
  readonly #sql: SqlStorage;
  readonly #env: Env;
  readonly #clock: Clock;
  #isWaiting = false;
  #retryAt = 0;
  #flushing: Promise<void> | undefined;

  constructor(sql: SqlStorage, env: Env, clock: Clock) {
    this.#sql = sql;
    this.#env = env;
    this.#clock = clock;
  }

  create(): void {
    this.#sql.exec("CREATE TABLE IF NOT EXISTS pending_parts (id INTEGER PRIMARY KEY, parts TEXT NOT NULL)");
  }

  open(): void {
    this.#isWaiting = this.#sql.exec("SELECT 1 FROM pending_parts LIMIT 1").toArray().length > 0;
  }

  /** Notes parts for the database, within the caller's transaction. */
  add(parts: readonly NewAuditPart[]): void {
    for (const row of rowsOf(parts)) this.#sql.exec("INSERT INTO pending_parts (parts) VALUES (?)", JSON.stringify(row));
    if (parts.length > 0) this.#isWaiting = true;
  }

  dueAt(): number | undefined {
    return this.#isWaiting ? Math.max(this.#retryAt, this.#clock.now()) : undefined;
  }

  /** Writes what waits into the database. A failure is logged, and tried again when due. */
  async flush(): Promise<void> {
    this.#flushing ??= this.#flushNow().finally(() => {
      this.#flushing = undefined;
    });
    await this.#flushing;
  }

  async #flushNow(): Promise<void> {
    for (;;) {
      const rows = this.#sql
        .exec<{ id: number; parts: string }>("SELECT id, parts FROM pending_parts ORDER BY id LIMIT ?", ROWS_A_FLUSH)
        .toArray();
      const last = rows.at(-1);
      if (last === undefined) {
        this.#isWaiting = false;
        return;
      }
      try {
        for (const { parts } of rows) await writeParts(this.#env, partsSchema.parse(JSON.parse(parts)));
      } catch (error) {
        log("warn", "audit.parts-not-written", {}, { error: describeError(error) });
        this.#retryAt = this.#clock.now() + RETRY_AFTER_MS;
        return;
      }
      this.#sql.exec("DELETE FROM pending_parts WHERE id <= ?", last.id);
    }
  }
}

/** Parts in groups that fit a row each. */
function rowsOf(parts: readonly NewAuditPart[]): NewAuditPart[][] {
  const rows: NewAuditPart[][] = [];
  let characters = 0;
  for (const part of parts) {
    const row = rows.at(-1);
    characters += part.events.length;
    if (row !== undefined && characters <= CHARACTERS_A_ROW) row.push(part);
    else {
      rows.push([part]);
      characters = part.events.length;
    }
  }
  return rows;
}
