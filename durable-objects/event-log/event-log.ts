import type { Json } from "../../workers/platform/canonical-json.ts";
import type { Clock } from "../../workers/platform/clock.ts";
import { isAudited, type LoggedEvent, type NewEvent, parseEvent } from "../../workers/platform/events.ts";
import { Problem } from "../../workers/platform/problem.ts";

/** Events kept one by one before the oldest are folded into a snapshot; an object reads all of them when it wakes. */
export const MAX_LIVE_EVENTS = 20_000;
/** The newest events a compaction leaves, so that a reader who was away for a while can still resume. */
export const EVENTS_KEPT_AT_COMPACTION = 5_000;
/** Events not yet released by the audit's consumer: beyond this the object stops working rather than grow without end. */
export const MAX_UNRELEASED_EVENTS = 100_000;
/** One part of a snapshot: a row holds 2 MB at most. */
const SNAPSHOT_PART_CHARACTERS = 500_000;
/** One page of a read: so many events, or so much text of them. */
export const MAX_EVENTS_A_READ = 1_000;
const MAX_CHARACTERS_A_READ = 4_000_000;

/**
 * What an object knows because of its events: a fold over them. A view is rebuilt from its last snapshot and the events
 * after it whenever the object wakes, by the same `apply` that runs live, so that what it knows cannot differ from what was recorded.
 */
export interface View {
  readonly name: string;
  /** Takes one event in; `characters` is the length of its row. */
  apply(event: LoggedEvent, characters: number): void;
  /** Numbers of events whose rows are read later on: compaction leaves them. */
  pins?(): Iterable<number>;
  snapshot(): Json;
  /** Takes back what `snapshot` gave; parses it, since it comes from storage. */
  restore(snapshot: unknown): void;
}

type Listener = () => void;

interface EventRow {
  readonly [column: string]: SqlStorageValue;
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly data: string;
}

/**
 * The numbered events of one object, in its own SQLite: the only record of what happened. Journal, streams and audit are
 * readings of it. An append is one row; it is durable before anything that follows it leaves the object (the output gate).
 */
export class EventLog {
  readonly #storage: DurableObjectStorage;
  readonly #clock: Clock;
  readonly #views: readonly View[];
  readonly #listeners = new Set<Listener>();
  #last = 0;
  #first = 1;
  #lastAudited = 0;
  #lastAuditedAt = 0;
  #released = 0;
  #isEmpty = true;

  /** Opens the log in `storage` and brings every view up to the last event. */
  constructor(storage: DurableObjectStorage, clock: Clock, views: readonly View[]) {
    this.#storage = storage;
    this.#clock = clock;
    this.#views = views;
    this.#open();
  }

  /** The number of the newest event; 0 when there is none. */
  get last(): number {
    return this.#last;
  }

  /** The number of the newest event that belongs in the audit log. */
  get lastAudited(): number {
    return this.#lastAudited;
  }

  /** When it happened; 0 when that was before the last snapshot. */
  get lastAuditedAt(): number {
    return this.#lastAuditedAt;
  }

  /** Everything up to this number is in the audit log, by its consumer's word. */
  get released(): number {
    return this.#released;
  }

  /**
   * Records one event and tells every view and reader of it.
   * @throws Problem `limit-exceeded` when the audit has not taken events for so long that no more may wait
   */
  append(event: NewEvent): LoggedEvent {
    if (this.#last - this.#released >= MAX_UNRELEASED_EVENTS) {
      throw new Problem("limit-exceeded", `${MAX_UNRELEASED_EVENTS} events wait for the audit log; work goes on when it has taken them.`);
    }
    if (this.#isEmpty) this.#createTables();
    const logged: LoggedEvent = { ...event, seq: this.#last + 1, at: this.#clock.now() };
    const data = JSON.stringify(logged.data);
    this.#storage.sql.exec("INSERT INTO events (seq, at, type, data) VALUES (?, ?, ?, ?)", logged.seq, logged.at, logged.type, data);
    this.#advance(logged, data.length);
    for (const listener of [...this.#listeners]) listener();
    return logged;
  }

  /**
   * Events after the given number, oldest first, at most `limit` (and never more than MAX_EVENTS_A_READ).
   * @throws Problem `events-compacted` when some of them are no longer kept one by one
   */
  read(after: number, limit: number): LoggedEvent[] {
    if (after < this.#first - 1) {
      throw new Problem(
        "events-compacted",
        `Events up to ${this.#first - 1} were folded into a snapshot; read the resource, then go on after ${this.#first - 1}.`,
      );
    }
    if (this.#isEmpty) return [];
    const rows = this.#storage.sql.exec<EventRow>(
      "SELECT seq, at, type, data FROM events WHERE seq > ? ORDER BY seq LIMIT ?",
      after,
      Math.min(limit, MAX_EVENTS_A_READ),
    );
    const events: LoggedEvent[] = [];
    let characters = 0;
    for (const row of rows) {
      characters += row.data.length;
      if (events.length > 0 && characters > MAX_CHARACTERS_A_READ) break;
      events.push(toEvent(row));
    }
    return events;
  }

  /** One event by its number; also one that a view has kept from being compacted. */
  at(seq: number): LoggedEvent | undefined {
    if (this.#isEmpty) return undefined;
    return this.#storage.sql.exec<EventRow>("SELECT seq, at, type, data FROM events WHERE seq = ?", seq).toArray().map(toEvent)[0];
  }

  /** Resolves when there is an event after the given number (at once when there is one already) or the signal fires. */
  async after(seq: number, signal: AbortSignal): Promise<void> {
    if (this.#last > seq || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#listeners.delete(done);
        resolve();
      };
      this.#listeners.add(done);
      signal.addEventListener("abort", done, { once: true });
    });
  }

  /** The audit's consumer has every event up to this one. Compacts when enough has gathered. */
  release(upTo: number): void {
    const released = Math.min(upTo, this.#last);
    if (released <= this.#released) return;
    this.#released = released;
    this.#storage.sql.exec("INSERT OR REPLACE INTO log_state (key, value) VALUES ('released', ?)", released);
    if (this.#last - this.#first + 1 > MAX_LIVE_EVENTS) this.compact(EVENTS_KEPT_AT_COMPACTION);
  }

  /** Folds what the views know into a snapshot and forgets released events but the newest `keep`. */
  compact(keep: number): void {
    const through = Math.min(this.#last - keep, this.#released);
    if (through < this.#first) return;
    this.#storage.transactionSync(() => {
      // Made at the first compaction: most objects never have one, and a table costs rows too.
      this.#storage.sql.exec(
        "CREATE TABLE IF NOT EXISTS snapshots (view TEXT NOT NULL, part INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (view, part)) WITHOUT ROWID",
      );
      this.#storage.sql.exec("DELETE FROM snapshots");
      for (const view of this.#views) this.#saveSnapshot(view);
      this.#forget(through);
      this.#storage.sql.exec("INSERT OR REPLACE INTO log_state (key, value) VALUES ('snapshot', ?), ('first', ?)", this.#last, through + 1);
    });
    this.#first = through + 1;
  }

  /** Deletes the events up to `through` that no view reads again, a stretch between two kept ones at a time. */
  #forget(through: number): void {
    const pinned = this.#views.flatMap((view) => [...(view.pins?.() ?? [])].filter((seq) => seq <= through));
    let from = 0;
    for (const seq of [...pinned.sort((a, b) => a - b), through + 1]) {
      if (seq > from + 1) this.#storage.sql.exec("DELETE FROM events WHERE seq > ? AND seq < ?", from, seq);
      from = seq;
    }
  }

  #saveSnapshot(view: View): void {
    const text = JSON.stringify(view.snapshot());
    for (let part = 0; part * SNAPSHOT_PART_CHARACTERS < text.length; part += 1) {
      const piece = text.slice(part * SNAPSHOT_PART_CHARACTERS, (part + 1) * SNAPSHOT_PART_CHARACTERS);
      this.#storage.sql.exec("INSERT INTO snapshots (view, part, data) VALUES (?, ?, ?)", view.name, part, piece);
    }
  }

  #advance(event: LoggedEvent, characters: number): void {
    this.#last = event.seq;
    if (isAudited(event.type)) {
      this.#lastAudited = event.seq;
      this.#lastAuditedAt = event.at;
    }
    for (const view of this.#views) view.apply(event, characters);
  }

  /** An object that nothing ever happened to is not written to: asking for an id that does not exist must cost no storage. */
  #open(): void {
    const { sql } = this.#storage;
    this.#isEmpty = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'events'").toArray().length === 0;
    if (!this.#isEmpty) this.#load();
  }

  #createTables(): void {
    const { sql } = this.#storage;
    sql.exec("CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL)");
    sql.exec("CREATE TABLE IF NOT EXISTS log_state (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID");
    this.#isEmpty = false;
  }

  #load(): void {
    const { sql } = this.#storage;
    const rows = sql.exec<{ key: string; value: number }>("SELECT key, value FROM log_state").toArray();
    const state = new Map(rows.map((row) => [row.key, row.value]));
    this.#released = state.get("released") ?? 0;
    this.#first = state.get("first") ?? 1;
    const snapshot = state.get("snapshot") ?? 0;
    if (snapshot > 0) for (const view of this.#views) this.#restore(view);
    this.#last = snapshot;
    this.#lastAudited = snapshot;
    for (const row of sql.exec<EventRow>("SELECT seq, at, type, data FROM events WHERE seq > ? ORDER BY seq", snapshot)) {
      this.#advance(toEvent(row), row.data.length);
    }
  }

  #restore(view: View): void {
    const parts = this.#storage.sql.exec<{ data: string }>("SELECT data FROM snapshots WHERE view = ? ORDER BY part", view.name).toArray();
    if (parts.length > 0) view.restore(JSON.parse(parts.map((row) => row.data).join("")));
  }
}

function toEvent(row: EventRow): LoggedEvent {
  return parseEvent({ seq: row.seq, at: row.at, type: row.type, data: JSON.parse(row.data) });
}
