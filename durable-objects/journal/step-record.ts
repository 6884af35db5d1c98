import { z } from "zod";
import { parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import { recordedDecisionSchema, recordedProblemSchema, valueReferenceSchema, waitingOnSchema } from "../../workers/platform/recorded.ts";

/** What the events say of one step. */
export const stepRecordSchema = z.object({
  step: z.string(),
  uses: z.string().optional(),
  title: z.string().optional(),
  state: z.enum(["intended", "done", "failed", "unknown", "waiting", "skipped"]),
  attempt: z.number().int(),
  /** How often a person asked for the step to run again: part of its idempotency key. */
  resets: z.number().int(),
  /** The event that last changed the step. */
  seq: z.number().int(),
  /** What it returned, when that is small. */
  output: parsedJsonSchema.optional(),
  /** What it returned is in the row of its event `seq`, which has so many characters. */
  rowCharacters: z.number().int().optional(),
  /** It returned the list of what this many steps inside it returned. */
  items: z.number().int().optional(),
  /** Which steps its switch chose. */
  chosen: z.array(z.string()).optional(),
  reference: valueReferenceSchema.optional(),
  problem: recordedProblemSchema.optional(),
  decision: recordedDecisionSchema.optional(),
  /** For a failed step: no further attempt will be made. */
  final: z.boolean().optional(),
  retryAt: z.number().optional(),
  /** For a waiting step: on what, and until when. */
  on: waitingOnSchema.optional(),
  until: z.number().optional(),
  prompt: z.string().optional(),
  /** The session that works on it. */
  child: z.string().optional(),
  startedAt: z.number().optional(),
  finishedAt: z.number().optional(),
});
export type StepRecord = z.infer<typeof stepRecordSchema>;

/**
 * The fold of step events into records, keyed by step. Pure: the same events give the same records, in whatever incarnation of
 * the object they are read.
 * @param rowCharacters length of the event's row, when an output in it is to stay there and not in the record
 * @returns the record that changed
 */
export function applyStepEvent(
  records: Map<string, StepRecord>,
  event: LoggedEvent,
  rowCharacters: number | undefined,
): StepRecord | undefined {
  const record = nextRecord(records, event, rowCharacters);
  if (record !== undefined) records.set(record.step, record);
  return record;
}

function nextRecord(
  records: ReadonlyMap<string, StepRecord>,
  event: LoggedEvent,
  rowCharacters: number | undefined,
): StepRecord | undefined {
  switch (event.type) {
    case "step.intended": {
      const { step, uses, attempt, title, decision, child } = event.data;
      return { ...carried(records, step, attempt, event), uses, state: "intended", ...given({ title, decision, child }) };
    }
    case "step.waiting": {
      const { step, attempt, on, uses, title, until, prompt, child } = event.data;
      return { ...carried(records, step, attempt, event), state: "waiting", on, uses, ...given({ title, until, prompt, child }) };
    }
    case "step.done": {
      const { step, attempt, output, reference, items, uses, title, decision, durationMs } = event.data;
      const before = carried(records, step, attempt, event);
      const isInRow = output !== undefined && rowCharacters !== undefined;
      return {
        ...before,
        state: "done",
        startedAt: records.has(step) ? before.startedAt : event.at - durationMs,
        finishedAt: event.at,
        ...given({
          output: isInRow ? undefined : output,
          rowCharacters: isInRow ? rowCharacters : undefined,
          reference,
          items,
          uses,
          title,
          decision,
        }),
      };
    }
    case "step.failed": {
      const { step, attempt, final, problem, retryAt, decision } = event.data;
      return {
        ...carried(records, step, attempt, event),
        state: "failed",
        final,
        problem,
        finishedAt: event.at,
        ...given({ retryAt, decision }),
      };
    }
    case "step.branched": {
      const before = records.get(event.data.step);
      return before === undefined ? undefined : { ...before, chosen: event.data.chosen };
    }
    case "step.stopped": {
      const { step, attempt, isCut } = event.data;
      // What was broken off is as if it had not been tried; what goes on to its end stays as it is.
      return isCut ? { ...carried(records, step, attempt - 1, event), state: "failed", final: false } : undefined;
    }
    case "step.unknown":
      return { ...carried(records, event.data.step, event.data.attempt, event), state: "unknown" };
    case "step.skipped": {
      const { step, reason } = event.data;
      return {
        ...carried(records, step, 0, event),
        state: "skipped",
        finishedAt: event.at,
        problem: { type: "skipped", detail: reason },
      };
    }
    case "step.reset": {
      const { step } = event.data;
      return { step, state: "failed", final: false, attempt: 0, seq: event.seq, resets: (records.get(step)?.resets ?? 0) + 1 };
    }
    default:
      return undefined;
  }
}

/** What a record keeps when the step goes from one state to the next. */
function carried(
  records: ReadonlyMap<string, StepRecord>,
  step: string,
  attempt: number,
  { seq, at }: LoggedEvent,
): Omit<StepRecord, "state"> {
  const before = records.get(step);
  return {
    step,
    attempt,
    seq,
    resets: before?.resets ?? 0,
    startedAt: before?.startedAt ?? at,
    ...given({ uses: before?.uses, title: before?.title, decision: before?.decision, child: before?.child }),
  };
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The members that have a value: what is absent stays absent instead of being present and undefined. */
function given<T extends object>(members: T): Given<T> {
  const present: Given<T> = {};
  for (const key in members) {
    const value = members[key];
    if (isGiven(value)) present[key] = value;
  }
  return present;
}

function isGiven<V>(value: V): value is Exclude<V, undefined> {
  return value !== undefined;
}

/** True when nothing more will happen to the step by itself. */
export function isSettled(record: StepRecord): boolean {
  return record.state === "done" || record.state === "skipped" || (record.state === "failed" && record.final === true);
}

/** True when someone has begun a step, or something inside it, since it was last reset. */
export function isBegun(journal: { record(step: string): StepRecord | undefined; hasInner(step: string): boolean }, step: string): boolean {
  const record = journal.record(step);
  if (record === undefined) return journal.hasInner(step);
  return record.state !== "failed" || record.final === true || record.attempt > 0;
}
