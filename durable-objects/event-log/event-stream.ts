import type { LoggedEvent } from "../../workers/platform/events.ts";
import type { EventLog } from "./event-log.ts";

/** Events read from storage at a time: a slow reader costs this much memory and no more. */
const EVENTS_A_PULL = 100;
/** A comment goes out after this much silence, so that proxies and clients know the stream is alive. */
const KEEP_ALIVE_MS = 15_000;
/** What a client waits before it connects again. */
const RECONNECT_MS = 1_000;

export interface EventStreamOptions {
  /** The last event the reader has; 0 for all of them. */
  readonly after: number;
  /** The stream ends after the first event for which this is true. */
  readonly isLast?: (event: LoggedEvent) => boolean;
  /** When this is true and every event was sent, nothing more will come: the stream ends. */
  readonly isOver: () => boolean;
}

/**
 * The log as Server-Sent Events (WHATWG HTML §9.2): `id` is the event's number, `event` its type, `data` the event as JSON.
 * It reads from storage at the reader's pace: nothing is buffered for one who is slow, and one who resumes misses nothing.
 */
export function eventStream(log: EventLog, options: EventStreamOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const abort = new AbortController();
  let cursor = options.after;
  let greeted = false;
  return new ReadableStream({
    type: "bytes",
    async pull(controller) {
      if (!greeted) {
        greeted = true;
        controller.enqueue(encoder.encode(`retry: ${RECONNECT_MS}\n\n`));
        return;
      }
      let events = log.read(cursor, EVENTS_A_PULL);
      if (events.length === 0) {
        if (options.isOver()) return controller.close();
        await somethingHappens(log, cursor, abort.signal);
        if (abort.signal.aborted) return;
        events = log.read(cursor, EVENTS_A_PULL);
      }
      const end = options.isLast === undefined ? -1 : events.findIndex(options.isLast);
      const sent = end < 0 ? events : events.slice(0, end + 1);
      cursor = sent.at(-1)?.seq ?? cursor;
      controller.enqueue(encoder.encode(sent.length === 0 ? ": keep-alive\n\n" : sent.map(formatEvent).join("")));
      if (end >= 0) controller.close();
    },
    cancel() {
      abort.abort();
    },
  });
}

/** One event in the form of the stream. JSON has no line breaks of its own, so `data` is one line. */
export function formatEvent(event: LoggedEvent): string {
  return `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** Resolves at the next event, when it is time for a comment, or when the reader has gone. */
export async function somethingHappens(log: EventLog, cursor: number, gone: AbortSignal): Promise<void> {
  const settled = new AbortController();
  const timer = setTimeout(() => settled.abort(), KEEP_ALIVE_MS);
  await log.after(cursor, AbortSignal.any([gone, settled.signal]));
  clearTimeout(timer);
}
