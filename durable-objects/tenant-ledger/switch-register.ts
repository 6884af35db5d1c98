import { checkRules, type Releaser, released } from "../../workers/operations/kill-switch/release.ts";
import {
  DEFAULT_RULES,
  type SwitchRecord,
  type SwitchRules,
  switchRecordSchema,
  switchRulesSchema,
} from "../../workers/operations/kill-switch/switch-record.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { GovernanceRecord } from "./governance-record.ts";

/** Released switches that are remembered; the audit log has all of them. */
const MAX_RELEASED = 1_000;

interface Row {
  readonly [column: string]: SqlStorageValue;
  readonly value: string;
}

/** The kill switches of one tenant, thrown and released, in its ledger's SQLite. What is thrown and what governs change in one transaction. */
export class SwitchRegister {
  readonly #storage: DurableObjectStorage;
  readonly #governance: GovernanceRecord;

  constructor(storage: DurableObjectStorage, governance: GovernanceRecord) {
    this.#storage = storage;
    this.#governance = governance;
    storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS kill_switches (id TEXT PRIMARY KEY, is_released INTEGER NOT NULL, value TEXT NOT NULL) WITHOUT ROWID",
    );
    storage.sql.exec("CREATE TABLE IF NOT EXISTS kill_switch_rules (id INTEGER PRIMARY KEY CHECK (id = 1), value TEXT NOT NULL)");
  }

  /** Throws a switch. Throwing the same one twice is throwing it once. @throws Problem `limit-exceeded` when too many are thrown */
  throwSwitch(record: SwitchRecord, now: number): SwitchRecord {
    const known = this.#find(record.id);
    if (known !== undefined) return known;
    return this.#storage.transactionSync(() => {
      const { id, scope, target, drill, since, reason } = record;
      const thrown = { id, scope, drill, since, reason, ...(target === undefined ? {} : { target }) };
      this.#governance.change({ change: "switch", thrown }, now);
      this.#put(record);
      return record;
    });
  }

  /** Releases a switch, or notes that somebody asked for it. @throws Problem `not-found`, `forbidden` */
  release(id: string, by: Releaser, now: number): SwitchRecord {
    return this.#storage.transactionSync(() => {
      const after = released(this.read(id), this.rules(), by, now);
      if (after.released !== undefined && this.#governance.read().switches.some((thrown) => thrown.id === id))
        this.#governance.change({ change: "release", id }, now);
      this.#put(after);
      this.#forgetOldest();
      return after;
    });
  }

  /** @throws Problem `not-found` */
  read(id: string): SwitchRecord {
    const known = this.#find(id);
    if (known === undefined) throw new Problem("not-found", `There is no kill switch ${id} in this tenant.`);
    return known;
  }

  /** Switches, newest first: those before the given id, thrown or released where that is said. */
  list(before: string | undefined, isReleased: boolean | undefined, limit: number): SwitchRecord[] {
    return this.#storage.sql
      .exec<Row>(
        "SELECT value FROM kill_switches WHERE id < ? AND is_released BETWEEN ? AND ? ORDER BY id DESC LIMIT ?",
        before ?? "~",
        isReleased === true ? 1 : 0,
        isReleased === false ? 0 : 1,
        limit,
      )
      .toArray()
      .map(toRecord);
  }

  rules(): SwitchRules {
    const row = this.#storage.sql.exec<Row>("SELECT value FROM kill_switch_rules").toArray()[0];
    return row === undefined ? DEFAULT_RULES : switchRulesSchema.parse(JSON.parse(row.value));
  }

  /** @throws Problem `conflict` when that would loosen the release of a switch that is thrown */
  setRules(rules: SwitchRules): SwitchRules {
    checkRules(this.rules(), rules, this.list(undefined, false, MAX_RELEASED));
    this.#storage.sql.exec("INSERT OR REPLACE INTO kill_switch_rules (id, value) VALUES (1, ?)", JSON.stringify(rules));
    return rules;
  }

  #find(id: string): SwitchRecord | undefined {
    return this.#storage.sql.exec<Row>("SELECT value FROM kill_switches WHERE id = ?", id).toArray().map(toRecord)[0];
  }

  #put(record: SwitchRecord): void {
    const isReleased = record.released === undefined ? 0 : 1;
    this.#storage.sql.exec(
      "INSERT OR REPLACE INTO kill_switches (id, is_released, value) VALUES (?, ?, ?)",
      record.id,
      isReleased,
      JSON.stringify(record),
    );
  }

  #forgetOldest(): void {
    this.#storage.sql.exec(
      "DELETE FROM kill_switches WHERE is_released = 1 AND id NOT IN (SELECT id FROM kill_switches WHERE is_released = 1 ORDER BY id DESC LIMIT ?)",
      MAX_RELEASED,
    );
  }
}

function toRecord({ value }: Row): SwitchRecord {
  return switchRecordSchema.parse(JSON.parse(value));
}
