import { z } from "zod";

const RECONNECT_MS = 100;
/** A stream that nobody answers for so long is given up. */
const MAX_CONNECTIONS_IN_VAIN = 1_200;

export interface Seen {
  readonly seq: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const seenSchema = z.object({ seq: z.number(), type: z.string(), data: z.record(z.string(), z.unknown()) });

/** What a client that holds one stream saw of it on the wire. */
export class HeldStream {
  readonly events: Seen[] = [];
  /** Connections made with the number of an event in `Last-Event-ID`. */
  reattached = 0;
  readonly #onEvent: () => void;

  constructor(onEvent: () => void) {
    this.#onEvent = onEvent;
  }

  /** Events that came twice, or not in the order of their numbers. */
  get disordered(): number {
    return this.events.filter((event, i) => i > 0 && event.seq <= (this.events[i - 1]?.seq ?? 0)).length;
  }

  /** Numbers up to the last that never came. */
  get missing(): number {
    return (this.events.at(-1)?.seq ?? 0) - new Set(this.events.map((event) => event.seq)).size;
  }

  /**
   * Holds the stream of a session or project, attaching again with `Last-Event-ID` whenever the connection is lost, until an event for
   * which `isLast` is true. It is written on `fetch` alone, so that it sees what the server sends and not what an SDK makes of it.
   */
  async hold(url: string, apiKey: string, isLast: (event: Seen) => boolean): Promise<void> {
    for (let inVain = 0; inVain < MAX_CONNECTIONS_IN_VAIN; inVain += 1) {
      const before = this.events.length;
      try {
        if (await this.#read(url, apiKey, isLast)) return;
      } catch (error) {
        if (error instanceof RefusedError) throw error;
      }
      if (this.events.length > before) inVain = 0;
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
    }
    throw new Error(`${url} brought nothing over ${MAX_CONNECTIONS_IN_VAIN} connections`);
  }

  async #read(url: string, apiKey: string, isLast: (event: Seen) => boolean): Promise<boolean> {
    const last = this.events.at(-1)?.seq;
    const headers = { Authorization: `Bearer ${apiKey}`, Accept: "text/event-stream" };
    const response = await fetch(url, { headers: last === undefined ? headers : { ...headers, "Last-Event-ID": String(last) } });
    if (response.status >= 400 && response.status < 500) throw new RefusedError(`${url} was refused: ${await response.text()}`);
    if (!response.ok || response.body === null) return false;
    if (last !== undefined) this.reattached += 1;
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      text += decoder.decode(chunk, { stream: true });
      const messages = text.split("\n\n");
      text = messages.pop() ?? "";
      for (const message of messages) {
        const data = /^data: (.*)$/m.exec(message)?.[1];
        if (data === undefined) continue;
        const event = seenSchema.parse(JSON.parse(data));
        this.events.push(event);
        this.#onEvent();
        if (isLast(event)) return true;
      }
    }
    return false;
  }
}

class RefusedError extends Error {}
