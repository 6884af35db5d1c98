import { z } from "@hono/zod-openapi";

/** A log cuts a page of long events short; one that is so long may have more behind it (see MAX_CHARACTERS_A_READ: one row is 2 MB at most). */
const LONG_PAGE_CHARACTERS = 1_000_000;

/** Where a reader of events goes on, and how many a page holds. */
export const eventsQuerySchema = z.object({
  after: z.coerce
    .number()
    .int()
    .nonnegative()
    .optional()
    .openapi({ description: "Number of the last event you have; `Last-Event-ID` says the same." }),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});

export const eventSchema = z
  .object({
    seq: z.number().int(),
    at: z.number(),
    type: z.string().openapi({ example: "step.done" }),
    data: z.record(z.string(), z.unknown()),
  })
  .openapi("Event");

export const eventsResponse = {
  description: "The events: as a stream that goes on (`text/event-stream`), or as a page when JSON is asked for.",
  content: {
    "text/event-stream": { schema: z.string() },
    "application/json": { schema: z.object({ items: z.array(eventSchema), nextCursor: z.string().optional() }) },
  },
};

export interface EventPage {
  readonly events: string[];
  readonly last: number;
}

interface EventSource {
  readonly stream: (after: number) => Promise<ReadableStream<Uint8Array>>;
  /** Events as JSON texts, and the number of the last of them. */
  readonly page: (after: number, limit: number) => Promise<EventPage>;
}

/** Answers a request for events in the form it asks for: JSON when it says so, a stream otherwise. */
export async function answerEvents(
  request: { accept: string | undefined; lastEventId: string | undefined; after: number | undefined; limit: number },
  source: EventSource,
): Promise<Response> {
  const resumed = request.lastEventId === undefined ? Number.NaN : Number(request.lastEventId);
  const after = Number.isInteger(resumed) && resumed >= 0 ? resumed : (request.after ?? 0);
  if (request.accept?.includes("application/json") === true) {
    const { events, last } = await source.page(after, request.limit);
    const isCut = events.reduce((characters, event) => characters + event.length, 0) >= LONG_PAGE_CHARACTERS;
    const next = events.length === request.limit || isCut ? `,"nextCursor":"${last}"` : "";
    return new Response(`{"items":[${events.join(",")}]${next}}`, { headers: { "Content-Type": "application/json" } });
  }
  return streamResponse(await source.stream(after));
}

/** A response whose body is Server-Sent Events. */
export function streamResponse(body: ReadableStream<Uint8Array>): Response {
  return new Response(body, { headers: { "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no" } });
}
