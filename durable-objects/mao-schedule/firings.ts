import { decide, nextFiringAt, type ScheduleStanding } from "../../workers/mao/schedules/decide.ts";
import type { Clock } from "../../workers/platform/clock.ts";
import type { EventData, NewEvent } from "../../workers/platform/events.ts";
import { isPlatformReset } from "../../workers/platform/platform-reset.ts";
import { type Problem, problemOf } from "../../workers/platform/problem.ts";
import { describeError, log } from "../../workers/platform/telemetry.ts";
import { isTransient } from "../journal/retry.ts";

/** How often a run is asked whether it has ended; it tells of its end too. */
const POLL_MS = 300_000;
const FIRST_RETRY_MS = 1_000;
const SLOWEST_RETRY_MS = 300_000;
/** Decisions of one round, and rounds of one waking; a schedule that still has more to do is woken again by its alarm. */
const MAX_DECISIONS_A_ROUND = 500;
const MAX_ROUNDS = 100;

export type Ending = EventData["schedule.ended"]["state"];

/** What a schedule does to its runs. Each may be told twice. */
export interface ScheduledRuns {
  /** Makes the run unless it is there; says how it has ended, if it has. @throws Problem, a transient one to be tried again */
  start(firing: { run: string; due: number }): Promise<Ending | undefined>;
  /** How a run has ended; undefined while it goes on. */
  endingOf(run: string): Promise<Ending | undefined>;
  cancel(run: string): Promise<void>;
}

interface ActiveRun {
  readonly run: string;
  readonly due: number;
  readonly isCancelled: boolean;
}

export interface FiringParts {
  readonly clock: Clock;
  readonly standing: () => (ScheduleStanding & { readonly active: readonly ActiveRun[] }) | undefined;
  readonly append: (event: NewEvent) => void;
  readonly runs: ScheduledRuns;
}

/**
 * The work of a schedule: what is due is decided and recorded, then done. What was recorded and not done, because the object died in between, is done
 * by the next incarnation under the same ids: each run is started once, however often the alarm comes.
 */
export class Firings {
  readonly #parts: FiringParts;
  /** What this incarnation knows to be done; forgetting it costs a question, not a second run. */
  readonly #started = new Set<string>();
  readonly #cancelled = new Set<string>();
  readonly #pollAt = new Map<string, number>();
  #retryAt: number | undefined;
  #failures = 0;

  constructor(parts: FiringParts) {
    this.#parts = parts;
  }

  /** When the schedule next wants to be woken; undefined when it wants nothing. */
  dueAt(): number | undefined {
    const standing = this.#parts.standing();
    if (standing === undefined) return undefined;
    const now = this.#parts.clock.now();
    const isFree = standing.queue.length > 0 && standing.active.length === 0 && !standing.isPaused;
    const wishes = [
      nextFiringAt(standing),
      isFree ? now : undefined,
      ...standing.active.map(({ run }) => (this.#started.has(run) ? (this.#pollAt.get(run) ?? now) : (this.#retryAt ?? now))),
    ].filter((at) => at !== undefined);
    return wishes.length === 0 ? undefined : Math.min(...wishes);
  }

  /** Decides and does what can be done now. Not to be called while it runs. @throws the platform's own resets */
  async work(): Promise<void> {
    try {
      for (let round = 0; round < MAX_ROUNDS && this.#decideAll(); round += 1) await this.#carryOut();
      this.#retryAt = undefined;
      this.#failures = 0;
    } catch (error) {
      if (isPlatformReset(error)) throw error;
      const wait = Math.min(SLOWEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(20, this.#failures));
      this.#failures += 1;
      this.#retryAt = this.#parts.clock.now() + wait;
      log("warn", "schedule.run-not-reached", {}, { error: describeError(error), retryInMs: wait });
    }
  }

  /** A run has told its end. Telling it twice changes nothing. */
  ended(run: string, state: Ending): void {
    this.#end(run, { run, state });
  }

  /** Records every decision that can be made now. @returns false when there was none, and nothing is left to do for those made before */
  #decideAll(): boolean {
    for (let decisions = 0; decisions < MAX_DECISIONS_A_ROUND; decisions += 1) {
      const standing = this.#parts.standing();
      const event = standing === undefined ? undefined : decide(standing, this.#parts.clock.now());
      if (event === undefined) return decisions > 0 || this.#hasWork();
      this.#parts.append(event);
    }
    return true;
  }

  /** True while a run is to be started, told to end, or asked how it stands. */
  #hasWork(): boolean {
    const now = this.#parts.clock.now();
    const active = this.#parts.standing()?.active ?? [];
    return active.some(
      ({ run, isCancelled }) =>
        !this.#started.has(run) || (isCancelled && !this.#cancelled.has(run)) || (this.#pollAt.get(run) ?? 0) <= now,
    );
  }

  async #carryOut(): Promise<void> {
    for (const active of this.#parts.standing()?.active ?? []) {
      const { run, isCancelled } = active;
      if (!this.#started.has(run)) await this.#start(active);
      if (isCancelled && !this.#cancelled.has(run)) {
        await this.#parts.runs.cancel(run);
        this.#cancelled.add(run);
      }
      if (this.#started.has(run)) await this.#poll(run);
    }
  }

  async #start(active: ActiveRun): Promise<void> {
    try {
      const state = await this.#parts.runs.start(active);
      this.#started.add(active.run);
      this.#pollAt.set(active.run, this.#parts.clock.now() + POLL_MS);
      if (state !== undefined) this.#end(active.run, { run: active.run, state });
    } catch (error) {
      const problem = problemOf(error);
      if (problem === undefined || isTransient(problem)) throw error;
      this.#end(active.run, { run: active.run, state: "failed", problem: recorded(problem) });
    }
  }

  async #poll(run: string): Promise<void> {
    const now = this.#parts.clock.now();
    if ((this.#pollAt.get(run) ?? 0) > now) return;
    const state = await this.#parts.runs.endingOf(run);
    if (state === undefined) this.#pollAt.set(run, now + POLL_MS);
    else this.#end(run, { run, state });
  }

  #end(run: string, ending: EventData["schedule.ended"]): void {
    if (this.#parts.standing()?.active.some((active) => active.run === run) !== true) return;
    this.#parts.append({ type: "schedule.ended", data: ending });
    this.#started.delete(run);
    this.#cancelled.delete(run);
    this.#pollAt.delete(run);
  }
}

function recorded({ type, detail }: Problem) {
  return { type, detail };
}
