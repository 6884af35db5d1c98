import { isPlatformReset } from "../../workers/platform/platform-reset.ts";
import { isSettled, type StepRecord } from "../journal/step-record.ts";
import { Bell } from "./bell.ts";
import type { GraphHost } from "./graph-run.ts";

/** The loop looks again after this at the latest, so that a time limit holds also when nothing else happens. */
const LONGEST_SLEEP_MS = 30_000;
/** A wait that is no longer than this is slept through; for a longer one the object is let go and woken by its alarm. */
const LONGEST_IDLE_MS = 2_000;

/** Things to do that have names in the journal: the steps of a graph, the items of a map, the iterations of a loop. */
export interface Units {
  /** So many are worked on at the same time. */
  readonly limit: number;
  /** The unit that a step of the journal is, or is inside of; undefined for others. */
  unitOf(step: string): string | undefined;
  /** Takes the next unit that may be worked on now; undefined when there is none now. */
  next(now: number): string | undefined;
  /** Lets a unit that was taken be taken again. */
  putBack(unit: string): void;
  /** Works on a unit until it is settled, waits, or can do no more now. */
  work(unit: string): Promise<void>;
  /** A unit is settled. What follows from that is recorded when this has resolved. */
  settled(unit: string): Promise<void> | void;
  /** When `next` may have something that it has not now. */
  dueAt(): number | undefined;
  /** Until when a unit may take; undefined for as long as it likes, or when it sees to that itself. */
  deadline(unit: string): number | undefined;
  /** The unit's time is over. */
  expire(unit: string): Promise<void> | void;
  /** True when a unit that is begun and not worked on here (it waits) still counts as one of `limit`. */
  isBusy(record: StepRecord | undefined): boolean;
  /** True when nothing is left to do. */
  isOver(): boolean;
}

export type WorkStatus = "over" | "waiting" | "stopped";

/**
 * Works on units, at most `limit` at a time, until all are over, or the rest waits for something outside, or nothing new may start. What is
 * told from outside meanwhile (an answer, a signal, a word to try again) is taken up at once. Where it stands is in the journal and nowhere
 * else: `units` is asked for again when a step was reset.
 * @throws what `work` throws, after the units that were being worked on have ended
 */
export async function workThrough(host: GraphHost, units: () => Units): Promise<WorkStatus> {
  const work = new Work(host, units);
  try {
    return await work.run();
  } finally {
    work.close();
  }
}

class Work {
  readonly #host: GraphHost;
  readonly #make: () => Units;
  readonly #bell = new Bell();
  readonly #inFlight = new Set<string>();
  /** Begun, and not worked on now: they wait, or something inside them does. The value tells whether one counts as busy. */
  readonly #idle = new Map<string, boolean>();
  /** Units in which something was settled since they were last looked at. */
  readonly #touched = new Set<string>();
  /** When time is up: for units, and for waits inside them (a question of an agent, the next look at a remote task). */
  readonly #deadlines = new Map<string, number>();
  readonly #interruptions: unknown[] = [];
  readonly #unlisten: () => void;
  #units: Units;
  #busyIdle = 0;
  #nextDeadline = Number.POSITIVE_INFINITY;
  #isStale = false;

  constructor(host: GraphHost, make: () => Units) {
    this.#host = host;
    this.#make = make;
    this.#units = make();
    for (const { step, state, until } of host.journal.open.values()) if (state === "waiting") this.#watchInner(step, until);
    this.#unlisten = host.journal.listen((event) => {
      if (event.type === "step.waiting") this.#watchInner(event.data.step, event.data.until);
      if ("step" in event.data && event.data.step !== undefined) this.#notice(event.type, event.data.step);
      else this.#bell.ring();
    });
  }

  close(): void {
    this.#unlisten();
  }

  async run(): Promise<WorkStatus> {
    for (;;) {
      if (this.#isStale) this.#renew();
      this.#lookAtTouched();
      this.#expire();
      const isHeld = this.#interruptions.length > 0 || this.#host.isStopped();
      if (!isHeld) this.#startMore();
      if (this.#inFlight.size > 0) {
        await this.#bell.sleep(this.#sleepMs(LONGEST_SLEEP_MS));
        continue;
      }
      if (this.#bell.hasRung && this.#interruptions.length === 0) {
        await this.#bell.sleep(0);
        continue;
      }
      if (this.#interruptions.length > 0) throw this.#interruptions.find(isPlatformReset) ?? this.#interruptions[0];
      if (this.#units.isOver()) return "over";
      if (isHeld) return "stopped";
      const due = this.#dueAt();
      if (due === undefined) return "waiting";
      const idleMs = due - this.#host.journal.clock.now();
      if (idleMs > LONGEST_IDLE_MS) {
        this.#host.wakeAt?.(due);
        return "waiting";
      }
      await this.#bell.sleep(Math.max(0, idleMs));
    }
  }

  #notice(type: string, step: string): void {
    const unit = this.#units.unitOf(step);
    if (unit === undefined) return;
    if (type === "step.reset") this.#isStale = true;
    if (type !== "step.intended" && type !== "step.waiting") {
      this.#touched.add(unit);
      if (step !== unit) this.#deadlines.delete(step);
    }
    this.#bell.ring();
  }

  /** A step was reset: who has ended and who has not is read from the journal again. */
  #renew(): void {
    this.#isStale = false;
    this.#idle.clear();
    this.#busyIdle = 0;
    this.#units = this.#make();
  }

  #lookAtTouched(): void {
    for (const unit of this.#touched) {
      if (this.#inFlight.has(unit)) continue;
      this.#touched.delete(unit);
      if (!this.#idle.has(unit)) continue;
      const record = this.#host.journal.record(unit);
      if (record !== undefined && isSettled(record)) {
        this.#leaveIdle(unit);
        this.#fly(unit, nothing);
      } else if (!isWaiting(record)) {
        this.#leaveIdle(unit);
        this.#units.putBack(unit);
      }
    }
  }

  #startMore(): void {
    const started: string[] = [];
    const now = this.#host.journal.clock.now();
    while (this.#inFlight.size + started.length + this.#busyIdle < this.#units.limit) {
      const unit = this.#units.next(now);
      if (unit === undefined) break;
      if (this.#inFlight.has(unit) || this.#idle.has(unit)) continue;
      const record = this.#host.journal.record(unit);
      if (record !== undefined && isSettled(record)) this.#fly(unit, nothing);
      else if (isWaiting(record)) this.#rest(unit);
      else started.push(unit);
    }
    if (started.length === 0) return;
    this.#host.onWave?.(started);
    for (const unit of started) this.#fly(unit, () => this.#units.work(unit));
  }

  /** Lets something be done about a unit, and looks at where that leaves it. */
  #fly(unit: string, doing: () => Promise<void>): void {
    this.#inFlight.add(unit);
    this.#touched.delete(unit);
    this.#watch(unit);
    void this.#land(unit, doing);
  }

  async #land(unit: string, doing: () => Promise<void>): Promise<void> {
    try {
      await doing();
      const record = this.#host.journal.record(unit);
      if (record !== undefined && isSettled(record)) {
        await this.#units.settled(unit);
        this.#unwatch(unit);
      } else this.#rest(unit);
    } catch (error) {
      this.#interruptions.push(error);
    }
    this.#inFlight.delete(unit);
    this.#bell.ring();
  }

  #rest(unit: string): void {
    const isBusy = this.#units.isBusy(this.#host.journal.record(unit));
    this.#idle.set(unit, isBusy);
    if (isBusy) this.#busyIdle += 1;
    this.#watch(unit);
  }

  #leaveIdle(unit: string): void {
    if (this.#idle.get(unit) === true) this.#busyIdle -= 1;
    this.#idle.delete(unit);
  }

  #watch(unit: string): void {
    const record = this.#host.journal.record(unit);
    const until = isWaiting(record) ? record?.until : undefined;
    const at = Math.min(until ?? Number.POSITIVE_INFINITY, this.#units.deadline(unit) ?? Number.POSITIVE_INFINITY);
    if (at === Number.POSITIVE_INFINITY) return;
    this.#deadlines.set(unit, at);
    this.#nextDeadline = Math.min(this.#nextDeadline, at);
  }

  #watchInner(step: string, until: number | undefined): void {
    const unit = until === undefined ? undefined : this.#units.unitOf(step);
    if (until === undefined || unit === undefined || unit === step) return;
    this.#deadlines.set(step, until);
    this.#nextDeadline = Math.min(this.#nextDeadline, until);
  }

  #unwatch(unit: string): void {
    this.#deadlines.delete(unit);
    if (this.#deadlines.size === 0) this.#nextDeadline = Number.POSITIVE_INFINITY;
  }

  /** Ends what has taken its time; a unit that is settled already is left alone. */
  #expire(): void {
    const now = this.#host.journal.clock.now();
    if (now < this.#nextDeadline) return;
    this.#nextDeadline = Number.POSITIVE_INFINITY;
    for (const [unit, at] of this.#deadlines) {
      if (at > now) {
        this.#nextDeadline = Math.min(this.#nextDeadline, at);
        continue;
      }
      this.#deadlines.delete(unit);
      const record = this.#host.journal.record(unit);
      if (record !== undefined && isSettled(record)) continue;
      if (this.#inFlight.has(unit)) void this.#units.expire(unit);
      else {
        this.#leaveIdle(unit);
        this.#fly(unit, async () => this.#units.expire(unit));
      }
    }
  }

  #dueAt(): number | undefined {
    const isFull = this.#inFlight.size + this.#busyIdle >= this.#units.limit;
    const due = Math.min(this.#nextDeadline, isFull ? Number.POSITIVE_INFINITY : (this.#units.dueAt() ?? Number.POSITIVE_INFINITY));
    return due === Number.POSITIVE_INFINITY ? undefined : due;
  }

  #sleepMs(longest: number): number {
    const due = this.#dueAt() ?? Number.POSITIVE_INFINITY;
    return Math.max(0, Math.min(longest, due - this.#host.journal.clock.now()));
  }
}

/** A unit that is settled already has nothing done about it but what follows from that. */
async function nothing(): Promise<void> {}

/** True when the step itself waits for something outside, or for a person to say what became of it. */
function isWaiting(record: StepRecord | undefined): boolean {
  return record?.state === "waiting" || record?.state === "unknown";
}
