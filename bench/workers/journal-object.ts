import { DurableObject } from "cloudflare:workers";
import { EventLog } from "../../durable-objects/event-log/event-log.ts";
import { Journal } from "../../durable-objects/journal/journal.ts";
import { NO_RETRY } from "../../durable-objects/journal/retry.ts";
import { StepRecords } from "../../durable-objects/journal/step-records.ts";
import { valueStore } from "../../durable-objects/journal/value-store.ts";
import { systemClock } from "../../workers/platform/clock.ts";

const STEPS = 10;
/** Objects that work at a time: as many as there are connections. */
const OBJECTS = 16;
/** Runs of one object before the next takes over: a journal holds so many steps and no more. */
const RUNS_AN_OBJECT = 1_000;
const OPTIONS = { uses: "bench:step", isOutside: false, onUnknown: "retry", retry: NO_RETRY, timeoutMs: 10_000 } as const;

interface BenchEnv {
  readonly JOURNALS: DurableObjectNamespace<JournalObject>;
  readonly VALUES: R2Bucket;
}

/** An object that does ten steps a call, on the journal or with the same rows written by hand. */
export class JournalObject extends DurableObject<BenchEnv> {
  readonly #sql: SqlStorage;
  readonly #log: EventLog;
  readonly #journal: Journal;
  #runs = 0;
  #rows = 0;

  constructor(state: DurableObjectState, env: BenchEnv) {
    super(state, env);
    this.#sql = state.storage.sql;
    const steps = new StepRecords();
    this.#log = new EventLog(state.storage, systemClock, [steps]);
    const values = valueStore(env.VALUES, "bench");
    this.#journal = new Journal({ log: this.#log, steps, values, clock: systemClock, owner: () => "bench" });
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS bare (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL)",
    );
  }

  /** @returns how many rows there are: ten more with each run, or the run did not happen */
  async journalled(): Promise<number> {
    this.#runs += 1;
    const run = this.#runs;
    for (let step = 1; step <= STEPS; step += 1) await this.#journal.step(`run_${run}/s${step}`, OPTIONS, work);
    return this.#log.last;
  }

  /** The same rows with the same content, one after another, with the same work between them. */
  async bare(): Promise<number> {
    this.#runs += 1;
    const run = this.#runs;
    for (let step = 1; step <= STEPS; step += 1) {
      const output = await work();
      const data = JSON.stringify({ step: `run_${run}/s${step}`, attempt: 1, output, durationMs: 0 });
      this.#rows += 1;
      this.#sql.exec("INSERT INTO bare (seq, at, type, data) VALUES (?, ?, ?, ?)", this.#rows, systemClock.now(), "step.done", data);
    }
    return this.#rows;
  }
}

/** What a step brings: small, as most steps' outcomes are. */
async function work(): Promise<{ rows: number; columns: number }> {
  return { rows: 344, columns: 8 };
}

const calls = { "/journal": 0, "/bare": 0 };

/** `/journal` and `/bare`: ten steps in one of sixteen objects of each kind. */
export default {
  async fetch(request, env) {
    const path = new URL(request.url).pathname;
    if (path !== "/journal" && path !== "/bare") return new Response(null, { status: 404 });
    const call = calls[path];
    calls[path] += 1;
    const object = env.JOURNALS.getByName(`${path}/${call % OBJECTS}/${Math.floor(call / (OBJECTS * RUNS_AN_OBJECT))}`);
    const rows = path === "/journal" ? await object.journalled() : await object.bare();
    return new Response(null, { status: rows >= STEPS ? 200 : 500 });
  },
} satisfies ExportedHandler<BenchEnv>;
