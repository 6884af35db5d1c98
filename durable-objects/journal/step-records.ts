import { z } from "zod";
import { type Json, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import type { View } from "../event-log/event-log.ts";
import { applyStepEvent, isSettled, type StepRecord, stepRecordSchema } from "./step-record.ts";

/** An output whose row is longer than this stays there and out of memory until someone reads it. */
const MAX_OUTPUT_IN_MEMORY = 4_096;
/** All outputs in memory together; what comes later stays in its row. */
const MAX_OUTPUTS_IN_MEMORY = 4_194_304;

/** Told of every event of the object, after the records have taken it in. */
export type EventListener = (event: LoggedEvent) => void;

/**
 * The records of all steps as a view of the event log. Large outputs are not in them: they stay in their events' rows, which this view
 * keeps from being compacted away.
 */
export class StepRecords implements View {
  readonly name = "steps";
  readonly records = new Map<string, StepRecord>();
  /** Those of the records that are not settled: few, whatever the number of steps. */
  readonly open = new Map<string, StepRecord>();
  /** Steps that have steps inside them: maps, loops, capsules, agents. */
  readonly #outer = new Set<string>();
  #inMemory = 0;
  readonly #listeners = new Set<EventListener>();

  apply(event: LoggedEvent, characters: number): void {
    const isLarge = characters > MAX_OUTPUT_IN_MEMORY || this.#inMemory + characters > MAX_OUTPUTS_IN_MEMORY;
    const record = applyStepEvent(this.records, event, isLarge ? characters : undefined);
    if (record !== undefined) this.#place(record);
    if (record?.output !== undefined && event.type === "step.done") this.#inMemory += characters;
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** Calls `listener` at every event until what it returns is called. */
  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** True when a step inside this one has a record. */
  hasInner(step: string): boolean {
    return this.#outer.has(step);
  }

  /** The events that hold outputs which are nowhere else. */
  *pins(): Generator<number> {
    for (const record of this.records.values()) if (record.rowCharacters !== undefined) yield record.seq;
  }

  snapshot(): Json {
    return [...this.records.values()].map((record) => parsedJsonSchema.parse(JSON.parse(JSON.stringify(record))));
  }

  restore(snapshot: unknown): void {
    this.records.clear();
    this.open.clear();
    this.#outer.clear();
    this.#inMemory = 0;
    for (const record of z.array(stepRecordSchema).parse(snapshot)) {
      this.records.set(record.step, record);
      this.#place(record);
      if (record.output !== undefined) this.#inMemory += JSON.stringify(record.output).length;
    }
  }

  #place(record: StepRecord): void {
    if (isSettled(record)) this.open.delete(record.step);
    else this.open.set(record.step, record);
    for (const outer of outersOf(record.step)) {
      if (this.#outer.has(outer)) return;
      this.#outer.add(outer);
    }
  }
}

/** The steps that a step is inside of, by its name, from the nearest. */
export function outersOf(step: string): string[] {
  const outers: string[] = [];
  for (let at = step.length - 1; at > 0; at -= 1) if (step[at] === "/" || step[at] === "#") outers.push(step.slice(0, at));
  return outers;
}
