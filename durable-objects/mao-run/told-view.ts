import { z } from "zod";
import { type Json, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { View } from "../event-log/event-log.ts";

/** Signals of one name that came before a step waited for them; who sends more is told to wait. */
const MAX_EARLY_SIGNALS = 1_000;

const stateSchema = z.object({
  /** The newest payload of each name. */
  signals: z.record(z.string(), parsedJsonSchema),
  updates: z.record(z.string(), parsedJsonSchema),
  /** Payloads that no step has taken yet, the oldest first. */
  early: z.record(z.string(), z.array(parsedJsonSchema)),
  /** Steps that wait for a signal, and its name. */
  waiting: z.record(z.string(), z.string()),
});

/** What a run was told from outside, by its events: signals that its steps wait for, and values that were changed. */
export class ToldView implements View {
  readonly name = "told";
  #state: z.infer<typeof stateSchema> = { signals: {}, updates: {}, early: {}, waiting: {} };

  get signals(): Readonly<Record<string, Json>> {
    return this.#state.signals;
  }

  get updates(): Readonly<Record<string, Json>> {
    return this.#state.updates;
  }

  /** The oldest payload of a signal that no step has taken; undefined when there is none. */
  next(signal: string): Json | undefined {
    return this.#state.early[signal]?.[0];
  }

  /** @throws Problem `too-many-requests` when no more of these may wait to be taken */
  assertRoom(signal: string): void {
    if ((this.#state.early[signal]?.length ?? 0) >= MAX_EARLY_SIGNALS)
      throw new Problem(
        "too-many-requests",
        `${MAX_EARLY_SIGNALS} signals ${signal} wait to be taken by a step; send more when some have been.`,
      );
  }

  apply(event: LoggedEvent): void {
    const { signals, updates, early, waiting } = this.#state;
    switch (event.type) {
      case "signal.received": {
        const { name, payload } = event.data;
        signals[name] = payload;
        const list = early[name];
        if (list === undefined) early[name] = [payload];
        else list.push(payload);
        return;
      }
      case "update.made":
        updates[event.data.name] = event.data.payload;
        return;
      case "step.waiting":
        if (event.data.on === "signal") waiting[event.data.step] = event.data.uses.slice("signal:".length);
        return;
      case "step.done": {
        const name = waiting[event.data.step];
        if (name !== undefined) early[name]?.shift();
        delete waiting[event.data.step];
        return;
      }
      case "step.failed":
      case "step.reset":
        delete waiting[event.data.step];
        return;
      default:
        return;
    }
  }

  snapshot(): Json {
    return parsedJsonSchema.parse(this.#state);
  }

  restore(snapshot: unknown): void {
    this.#state = stateSchema.parse(snapshot);
  }
}
