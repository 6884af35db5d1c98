import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { createParser } from "eventsource-parser";
import { z } from "zod";
import type { StartedPlatform } from "./processes.ts";

const eventSchema = z.object({ seq: z.number(), type: z.string(), data: z.record(z.string(), z.unknown()) });
/** An event as a client reads it from the stream, and when it came. */
export type SeenEvent = z.infer<typeof eventSchema> & { readonly seenAt: number };

/** The HTTP door of a platform in a process of its own. */
export class Door {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ url, apiKey }: StartedPlatform["ready"]) {
    this.#base = url;
    this.#headers = { Authorization: `Bearer ${apiKey}` };
  }

  async get<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T>> {
    return schema.parse(await (await fetch(`${this.#base}${path}`, { headers: this.#headers })).json());
  }

  async send<T extends z.ZodType>(method: "POST" | "PUT", path: string, body: unknown, schema: T): Promise<z.output<T>> {
    const headers = { ...this.#headers, "Content-Type": "application/json" };
    const response = await fetch(`${this.#base}${path}`, { method, headers, body: JSON.stringify(body) });
    return schema.parse(await response.json());
  }

  async upload(path: string): Promise<string> {
    const response = await fetch(`${this.#base}/v1/artifacts?name=${basename(path)}`, {
      method: "POST",
      headers: this.#headers,
      body: readFileSync(path),
    });
    return z.object({ id: z.string() }).parse(await response.json()).id;
  }

  async newSession(): Promise<string> {
    return (await this.send("POST", "/v1/sessions", { title: "Model" }, z.object({ id: z.string() }))).id;
  }

  /** Sends a message and follows the turn to its end. */
  async say(session: string, text: string, attachments: readonly string[] = []): Promise<SeenEvent[]> {
    const response = await fetch(`${this.#base}/v1/sessions/${session}/messages`, {
      method: "POST",
      headers: { ...this.#headers, "Content-Type": "application/json", Accept: "text/event-stream" },
      body: JSON.stringify({ text, attachments }),
    });
    if (!response.ok || response.body === null) throw new Error(await response.text());
    const seen: SeenEvent[] = [];
    const parser = createParser({
      onEvent: ({ data }) => seen.push({ ...eventSchema.parse(JSON.parse(data)), seenAt: Date.now() }),
    });
    const decoder = new TextDecoder();
    for await (const chunk of response.body) parser.feed(decoder.decode(chunk, { stream: true }));
    return seen;
  }
}

/** The text of the deltas that stand: a restart voids what no finished step stands behind. */
export function shownText(events: readonly SeenEvent[]): string {
  let shown = "";
  let settled = 0;
  for (const event of events) {
    if (event.type === "turn.delta") shown += String(event.data.text);
    else if (event.type === "step.done") settled = shown.length;
    else if (event.type === "turn.restarted") shown = shown.slice(0, settled);
  }
  return shown;
}
