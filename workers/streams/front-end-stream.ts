import type { LoggedEvent } from "../platform/events.ts";

/**
 * A stream as one kind of front end reads it, made from the events of the log and nothing else. What each call returns are the `data:` of
 * Server-Sent Events, in order.
 */
export interface FrontEndStream {
  /** Before the first event that is sent. */
  begin(): string[];
  event(event: LoggedEvent): string[];
  /** All that could be done up to this event was done, and people are asked: what ends the stream. */
  rest(seq: number): string[];
  /** What every such stream ends with. */
  end(): string[];
  /** True when nothing more may be sent. */
  readonly isOver: boolean;
  /** True while a person is asked: the stream may come to rest. */
  readonly isAsking: boolean;
}
