import type { Clock } from "../../workers/platform/clock.ts";
import { isPlatformReset } from "../../workers/platform/platform-reset.ts";
import { describeError, log } from "../../workers/platform/telemetry.ts";

/** While work is open an alarm is never further away than this: it wakes the object again if the isolate dies, and keeps it awake. */
export const HEARTBEAT_MS = 30_000;

/** Something that wants to be woken. When it wants so is derived from what is durable, so that nothing is lost with the memory. */
export interface AlarmSource {
  readonly name: string;
  /** Milliseconds since the epoch; undefined while it wants nothing. */
  dueAt(): number | undefined;
  onDue(): Promise<void> | void;
}

/**
 * The one owner of an object's alarm, which has a single slot: the earliest wish of all sources. Nobody else calls `setAlarm`.
 */
export class AlarmClock {
  readonly #storage: DurableObjectStorage;
  readonly #clock: Clock;
  readonly #sources: readonly AlarmSource[];
  #armedFor: number | undefined;

  constructor(storage: DurableObjectStorage, clock: Clock, sources: readonly AlarmSource[]) {
    this.#storage = storage;
    this.#clock = clock;
    this.#sources = sources;
  }

  /**
   * Sets the alarm for the earliest wish, unless one is set that comes no later: an early alarm finds nothing due and costs
   * less than a row written for each change of mind.
   */
  async arm(): Promise<void> {
    const due = this.#sources.map((source) => source.dueAt()).filter((at) => at !== undefined);
    if (due.length === 0) return;
    const earliest = Math.min(...due);
    this.#armedFor ??= (await this.#storage.getAlarm()) ?? undefined;
    if (this.#armedFor !== undefined && this.#armedFor <= earliest) return;
    this.#armedFor = earliest;
    await this.#storage.setAlarm(earliest);
  }

  /**
   * The object's `alarm()`: wakes each source that is due, then sets the next alarm; one that comes too early writes nothing more. One
   * source's failure does not keep the others asleep. The platform's own resets are passed on, so that the platform fires again on the new
   * code.
   */
  async ring(): Promise<void> {
    this.#armedFor = undefined;
    const now = this.#clock.now();
    const due = this.#sources.filter((source) => (source.dueAt() ?? Number.POSITIVE_INFINITY) <= now);
    if (due.length > 0) {
      await this.#storage.setAlarm(now + HEARTBEAT_MS);
      this.#armedFor = now + HEARTBEAT_MS;
    }
    for (const source of due) {
      try {
        await source.onDue();
      } catch (error) {
        if (isPlatformReset(error)) throw error;
        log("error", "alarm.source-failed", {}, { source: source.name, error: describeError(error) });
      }
    }
    const wishes = this.#sources.some((source) => source.dueAt() !== undefined);
    if (wishes) await this.arm();
    else if (this.#armedFor !== undefined) await this.#disarm();
  }

  async #disarm(): Promise<void> {
    this.#armedFor = undefined;
    await this.#storage.deleteAlarm();
  }
}
