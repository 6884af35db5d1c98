import { createParser } from "eventsource-parser";
import { z } from "zod";
import { problemOf } from "./problem.ts";

const eventSchema = z.object({ seq: z.number(), at: z.number(), type: z.string(), data: z.record(z.string(), z.unknown()) });
/** One event of a session or project, in its order. */
export type SomaEvent = z.infer<typeof eventSchema>;

/** Connections tried in a row without an event in between before giving up. */
const MAX_FRUITLESS_CONNECTIONS = 60;
const RECONNECT_MS = 500;

export interface FollowOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The last event you have; 0 for all. */
  readonly after: number;
  readonly signal?: AbortSignal;
  /** True for the event after which nothing more is wanted. */
  readonly isLast?: (event: SomaEvent) => boolean;
}

/**
 * Follows a stream of events, connecting again after the last one whenever the connection is lost: each event comes once, in order.
 * Ends when the server ends the stream for good, or after the last wanted event.
 * @throws SomaProblem when the server refuses, Error when it cannot be reached for long
 */
export async function* followEvents(options: FollowOptions): AsyncGenerator<SomaEvent> {
  let last = options.after;
  for (let fruitless = 0; fruitless < MAX_FRUITLESS_CONNECTIONS; fruitless += 1) {
    if (fruitless > 0) await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
    try {
      for await (const event of connection(options, last)) {
        if (event.seq <= last) continue;
        last = event.seq;
        fruitless = 0;
        yield event;
        if (options.isLast?.(event) === true) return;
      }
      if (options.isLast === undefined) return;
    } catch (error) {
      if (options.signal?.aborted === true) return;
      if (error instanceof Error && error.name === "SomaProblem" && !/5\d\d/.test(String(Reflect.get(error, "status")))) throw error;
    }
  }
  throw new Error(`No event came from ${options.url} in ${MAX_FRUITLESS_CONNECTIONS} connections.`);
}

async function* connection(options: FollowOptions, after: number): AsyncGenerator<SomaEvent> {
  const response = await fetch(options.url, {
    headers: { ...options.headers, Accept: "text/event-stream", "Last-Event-ID": String(after) },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (!response.ok || response.body === null) throw await problemOf(response);
  const ready: SomaEvent[] = [];
  const parser = createParser({ onEvent: (message) => ready.push(eventSchema.parse(JSON.parse(message.data))) });
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* ready.splice(0);
  }
}
