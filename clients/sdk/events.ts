import { createParser } from "eventsource-parser";
import { z } from "zod";
import { pause, retryAfterMs, type Send } from "./patience.ts";
import { problemOf } from "./problem.ts";

const eventSchema = z.object({ seq: z.number(), at: z.number(), type: z.string(), data: z.record(z.string(), z.unknown()) });
/** One event of a session or project, in its order. */
export type SomaEvent = z.infer<typeof eventSchema>;

/** Connections tried in a row without an event in between before giving up: some seven minutes of a server that is away. */
const MAX_FRUITLESS_CONNECTIONS = 60;
/** The first wait before a lost connection is made again; it doubles with each that brings nothing, this many times. */
const RECONNECT_MS = 500;
const MAX_DOUBLINGS = 4;
/** Longest wait between two connections that a server may ask for. */
const LONGEST_RECONNECT_MS = 30_000;
/** A server that sends more than this without an event's end is not one of ours. */
const MAX_EVENT_CHARACTERS = 4_000_000;

export interface FollowOptions {
  /** The last event you have; 0, or nothing, for all. */
  readonly after?: number;
  /** Ends the following; the generator then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** True for the event after which nothing more is wanted. */
  readonly isLast?: (event: SomaEvent) => boolean;
}

interface Source {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly send: Send;
}

/** How one connection ended: with nothing more to come, or to be made again. */
interface Ended {
  readonly isOver: boolean;
  readonly waitMs: number;
}

/**
 * Follows a stream of events, connecting again after the last one whenever the connection is lost: each event comes once, in order.
 * Ends after the last wanted event, or when the server ends a fresh stream at once, which is how it says that nothing more will come.
 * @throws SomaProblem when the server refuses, Error when it cannot be reached for long, the signal's reason when that aborts
 */
export async function* followEvents(source: Source, options: FollowOptions): AsyncGenerator<SomaEvent> {
  const position = { last: options.after ?? 0 };
  for (let fruitless = 0; fruitless < MAX_FRUITLESS_CONNECTIONS; fruitless += 1) {
    const before = position.last;
    let ended: Ended = { isOver: false, waitMs: RECONNECT_MS * 2 ** Math.min(fruitless, MAX_DOUBLINGS) };
    try {
      ended = yield* newEvents(source, options, position);
    } catch (error) {
      if (options.signal?.aborted === true || !isLostConnection(error)) throw error;
    }
    if (ended.isOver) return;
    if (position.last > before) fruitless = 0;
    await pause(ended.waitMs, options.signal);
  }
  throw new Error(`No event came from ${source.url} in ${MAX_FRUITLESS_CONNECTIONS} connections.`);
}

/** The events of one connection that are new, up to the last wanted one. */
async function* newEvents(source: Source, options: FollowOptions, position: { last: number }): AsyncGenerator<SomaEvent, Ended> {
  const connection = connect(source, position.last, options.signal);
  try {
    for (;;) {
      const next = await connection.next();
      if (next.done === true) return next.value;
      if (next.value.seq <= position.last) continue;
      position.last = next.value.seq;
      yield next.value;
      if (options.isLast?.(next.value) === true) return { isOver: true, waitMs: 0 };
    }
  } finally {
    await connection.return({ isOver: true, waitMs: 0 });
  }
}

/** What an event stream breaks with is a lost connection; a refusal and what is no event of ours are not. */
function isLostConnection(error: unknown): boolean {
  return !(error instanceof Error && (error.name === "SomaProblem" || error instanceof z.ZodError || error instanceof SyntaxError));
}

async function* connect(source: Source, after: number, signal: AbortSignal | undefined): AsyncGenerator<SomaEvent, Ended> {
  const response = await source.send(
    new Request(source.url, {
      headers: { ...source.headers, Accept: "text/event-stream", "Last-Event-ID": String(after) },
      ...(signal === undefined ? {} : { signal }),
    }),
  );
  if (!response.ok || response.body === null) {
    const waitMs = response.status >= 500 ? (retryAfterMs(response) ?? RECONNECT_MS) : retryAfterMs(response);
    const problem = await problemOf(response);
    if (waitMs === undefined || waitMs > LONGEST_RECONNECT_MS) throw problem;
    return { isOver: false, waitMs };
  }
  const ready: SomaEvent[] = [];
  let isSilent = true;
  let hasBrought = false;
  let waitMs = RECONNECT_MS;
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARACTERS,
    onEvent: (message) => ready.push(eventSchema.parse(JSON.parse(message.data))),
    onComment: () => {
      isSilent = false;
    },
    onRetry: (ms) => {
      waitMs = Math.min(ms, LONGEST_RECONNECT_MS);
    },
    onError: (error) => {
      if (error.type === "max-buffer-size-exceeded") throw error;
    },
  });
  for await (const text of textOf(response.body)) {
    parser.feed(text);
    if (ready.length > 0) hasBrought = true;
    yield* ready.splice(0);
  }
  return { isOver: isSilent && !hasBrought, waitMs: hasBrought ? 0 : waitMs };
}

/** The text of a body as it comes; whoever stops reading lets go of the connection. */
async function* textOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) yield decoder.decode(chunk.value, { stream: true });
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
