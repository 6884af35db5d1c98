import type { FrontEndStream } from "../../workers/streams/front-end-stream.ts";
import type { EventLog } from "./event-log.ts";

const EVENTS_A_PULL = 100;
/** A comment goes out after this much silence, so that proxies and clients know the stream is alive. */
const KEEP_ALIVE_MS = 15_000;
/** How soon it is looked again whether all else rests, while a person is asked. */
const LOOK_AGAIN_MS = 50;

export interface ToldOptions {
  readonly stream: FrontEndStream;
  /** Its events begin after this one. */
  readonly after: number;
  /** Up to here they are read for what they mean to the rest, and not told: the front end has them. */
  readonly known: number;
  /** True while all that could be done was done and people are waited for. */
  readonly isResting: () => boolean;
  /** When this is true and every event was read, nothing more will come. */
  readonly isOver: () => boolean;
}

/**
 * The log as a front end reads it, as Server-Sent Events at the reader's pace. It ends with the turn or run, or where that waits for people.
 * Each event carries the number of the log's event that it was made from as `id`.
 */
export function toldStream(log: EventLog, options: ToldOptions): ReadableStream<Uint8Array> {
  const { stream } = options;
  const encoder = new TextEncoder();
  const gone = new AbortController();
  let cursor = options.after;
  let hasBegun = false;
  const sse = (datas: readonly string[]) => datas.map((data) => `id: ${cursor}\ndata: ${data}\n\n`).join("");

  /** What can be told now; undefined when the stream has come to its end. */
  const next = (): { text: string; isLast: boolean } => {
    let text = "";
    for (const event of log.read(cursor, EVENTS_A_PULL)) {
      if (!hasBegun && event.seq > options.known) {
        hasBegun = true;
        text += sse(stream.begin());
      }
      cursor = event.seq;
      const datas = stream.event(event);
      if (hasBegun) text += sse(datas);
      if (hasBegun && stream.isOver) return { text: text + sse(stream.end()), isLast: true };
    }
    if (cursor < log.last) return { text, isLast: false };
    if (!hasBegun) {
      hasBegun = true;
      text += sse(stream.begin());
    }
    if (stream.isAsking && options.isResting()) return { text: text + sse(stream.rest(cursor)) + sse(stream.end()), isLast: true };
    if (options.isOver()) return { text: text + sse(stream.end()), isLast: true };
    return { text, isLast: false };
  };

  return new ReadableStream({
    type: "bytes",
    async pull(controller) {
      for (let silentSince = Date.now(); !gone.signal.aborted; ) {
        const { text, isLast } = next();
        if (text !== "") controller.enqueue(encoder.encode(text));
        if (isLast) return controller.close();
        if (text !== "") return;
        await somethingHappens(log, cursor, gone.signal, stream.isAsking ? LOOK_AGAIN_MS : KEEP_ALIVE_MS);
        if (log.last === cursor && Date.now() - silentSince >= KEEP_ALIVE_MS) {
          controller.enqueue(encoder.encode(": keep-alive\n\n"));
          silentSince = Date.now();
          return;
        }
      }
    },
    cancel() {
      gone.abort();
    },
  });
}

/** Resolves at the next event, after `waitMs`, or when the reader has gone. */
async function somethingHappens(log: EventLog, cursor: number, gone: AbortSignal, waitMs: number): Promise<void> {
  const settled = new AbortController();
  const timer = setTimeout(() => settled.abort(), waitMs);
  await log.after(cursor, AbortSignal.any([gone, settled.signal]));
  clearTimeout(timer);
}
