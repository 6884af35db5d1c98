import type { Clock } from "../../workers/platform/clock.ts";
import { isAudited, type LoggedEvent } from "../../workers/platform/events.ts";
import { describeError, log as writeLog } from "../../workers/platform/telemetry.ts";
import type { EventLog } from "./event-log.ts";

/** Events wait this long for company, so that many travel in one message. */
export const FLUSH_DELAY_MS = 1_000;
/**
 * Sent and not released after this long: sent again. The consumer drops what it has seen. What is older than that waits as long again as it has waited:
 * when thousands of objects wait for an audit that cannot keep up, sending everything each minute would see to it that it never does.
 */
export const RESEND_AFTER_MS = 60_000;
const MAX_RESEND_AFTER_MS = 3_600_000;
/** Events in one message, and its size: a queue bills by 64 KB and refuses more than 128. */
const MAX_EVENTS_A_MESSAGE = 100;
const MAX_MESSAGE_CHARACTERS = 48_000;
/** Events looked at for one message: streamed text lies between those that are sent. */
const MAX_EVENTS_LOOKED_AT = 2 * MAX_EVENTS_A_MESSAGE;
/** Messages sent by one flush; the next flush goes on. */
const MAX_MESSAGES_A_FLUSH = 50;
/** Messages acknowledged before an earlier one that are remembered; one that is forgotten is sent again. */
const MAX_EARLY_MESSAGES = 1_000;

/** The part of the log that one message covers: all audited events after `after`, up to and with `through`. */
export interface Covered {
  readonly after: number;
  readonly through: number;
}

/** Events on their way to the audit log, as one message. */
export interface Parcel extends Covered {
  readonly events: readonly LoggedEvent[];
}

/**
 * The way of events to the audit log: a cursor over the log. The cursor is moved by the consumer's word that it has written
 * them down, not by the queue's that it took them, since a queue on a laptop lives in memory. So an event can be sent twice, never lost.
 */
export class Outbox {
  readonly #log: EventLog;
  readonly #clock: Clock;
  readonly #send: (parcel: Parcel) => Promise<void>;
  /** By where they begin. */
  readonly #early = new Map<number, Covered>();
  #sent: number;
  /** What an earlier incarnation has left, and most likely has sent. */
  readonly #left: number;
  /** The last event that a message covered; where the next one begins. */
  #covered: number;
  #sentAt: number | undefined;
  #waitingSince: number | undefined;
  #flushing: Promise<void> | undefined;

  constructor(log: EventLog, clock: Clock, send: (parcel: Parcel) => Promise<void>) {
    this.#log = log;
    this.#clock = clock;
    this.#send = send;
    this.#sent = log.released;
    this.#left = log.lastAudited;
    this.#covered = log.released;
  }

  /** When `flush` should next be called, if what is new may wait `delayMs` for company; undefined while nothing waits. */
  dueAt(delayMs: number): number | undefined {
    if (this.#log.lastAudited <= this.#log.released) {
      this.#waitingSince = undefined;
      return undefined;
    }
    if (this.#sentAt === undefined && this.#log.lastAudited === this.#left) return this.#log.lastAuditedAt + RESEND_AFTER_MS;
    if (this.#log.lastAudited > this.#sent) {
      this.#waitingSince ??= this.#clock.now();
      return this.#waitingSince + delayMs;
    }
    return (this.#sentAt ?? this.#clock.now()) + this.#resendAfterMs();
  }

  #resendAfterMs(): number {
    const waitedMs = (this.#sentAt ?? 0) - this.#log.lastAuditedAt;
    return Math.min(Math.max(RESEND_AFTER_MS, waitedMs), MAX_RESEND_AFTER_MS);
  }

  /** Sends what was not sent, and again what was not released in time. A failure is logged and tried again when due. */
  async flush(): Promise<void> {
    this.#flushing ??= this.#flushNow().finally(() => {
      this.#flushing = undefined;
    });
    await this.#flushing;
  }

  /**
   * The consumer has written down the events of one message. Queues change the order: a message that comes before an earlier one is kept in mind,
   * and the log lets go of nothing that was not written down.
   */
  acknowledge({ after, through }: Covered): void {
    if (after > this.#log.released) {
      if (this.#early.size < MAX_EARLY_MESSAGES) this.#early.set(after, { after, through });
      return;
    }
    this.#log.release(through);
    for (const early of [...this.#early.values()].sort((a, b) => a.after - b.after)) {
      if (early.after > this.#log.released) break;
      this.#early.delete(early.after);
      this.#log.release(early.through);
    }
  }

  async #flushNow(): Promise<void> {
    const isLate = this.#sentAt !== undefined && this.#clock.now() - this.#sentAt >= this.#resendAfterMs();
    if (isLate || this.#sent < this.#log.released) {
      this.#sent = this.#log.released;
      this.#covered = this.#log.released;
    }
    for (let message = 0; message < MAX_MESSAGES_A_FLUSH && this.#sent < this.#log.lastAudited; message += 1) {
      const { events, through } = nextMessage(this.#log.read(this.#sent, MAX_EVENTS_LOOKED_AT));
      try {
        if (events.length > 0) {
          await this.#send({ events, after: this.#covered, through });
          this.#covered = through;
        }
      } catch (error) {
        writeLog("warn", "outbox.send-failed", {}, { error: describeError(error), events: events.length });
        this.#waitingSince = this.#clock.now();
        return;
      }
      this.#sent = Math.max(this.#sent, through);
      this.#sentAt = this.#clock.now();
      this.#waitingSince = undefined;
    }
  }
}

/** The events of one message from the front of `pending`, and the number up to which it covers the log. */
function nextMessage(pending: readonly LoggedEvent[]): { events: LoggedEvent[]; through: number } {
  const events: LoggedEvent[] = [];
  let characters = 0;
  let through = 0;
  for (const event of pending) {
    if (isAudited(event.type)) {
      characters += JSON.stringify(event).length;
      if (events.length > 0 && (characters > MAX_MESSAGE_CHARACTERS || events.length >= MAX_EVENTS_A_MESSAGE)) break;
      events.push(event);
    }
    through = event.seq;
  }
  return { events, through };
}
