import { z } from "zod";
import { type Json, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import { principalSchema } from "../../workers/platform/principal.ts";
import { recordedProblemSchema } from "../../workers/platform/recorded.ts";
import { firingCauseSchema, scheduleDefinitionSchema } from "../../workers/platform/schedule-events.ts";
import type { View } from "../event-log/event-log.ts";

/** Firings that a schedule shows; its events hold them all. */
export const MAX_HISTORY = 100;

const firingSchema = z.object({ due: z.number(), cause: firingCauseSchema, run: z.string() });

const historySchema = firingSchema.partial({ run: true, cause: true }).extend({
  at: z.number(),
  outcome: z.enum(["started", "queued", "skipped", "missed", "completed", "failed", "cancelled"]),
  reason: z.string().optional(),
  /** For what was missed: how many times. */
  count: z.number().int().optional(),
  problem: recordedProblemSchema.optional(),
});
export type HistoryEntry = z.infer<typeof historySchema>;

const stateSchema = z.object({
  id: z.string(),
  principal: principalSchema,
  definition: scheduleDefinitionSchema,
  isPaused: z.boolean(),
  isDeleted: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
  cursor: z.number(),
  active: z.array(firingSchema.extend({ isCancelled: z.boolean() })),
  queue: z.array(firingSchema),
  /** Newest last. */
  history: z.array(historySchema),
});
export type ScheduleState = z.infer<typeof stateSchema>;

/** What a schedule knows by its events; nothing before it was created. */
export class ScheduleView implements View {
  readonly name = "schedule";
  state: ScheduleState | undefined;

  apply(event: LoggedEvent): void {
    if (event.type === "schedule.created") {
      this.state = {
        ...event.data,
        isPaused: false,
        isDeleted: false,
        createdAt: event.at,
        updatedAt: event.at,
        cursor: event.at,
        active: [],
        queue: [],
        history: [],
      };
      return;
    }
    if (this.state !== undefined) applyToSchedule(this.state, event);
  }

  snapshot(): Json {
    return parsedJsonSchema.parse(JSON.parse(JSON.stringify(this.state ?? null)));
  }

  restore(snapshot: unknown): void {
    this.state = snapshot === null ? undefined : stateSchema.parse(snapshot);
  }
}

function applyToSchedule(state: ScheduleState, event: LoggedEvent): void {
  const { at } = event;
  switch (event.type) {
    case "schedule.changed":
      state.definition = event.data.definition;
      state.updatedAt = at;
      // New times count from the change on.
      state.cursor = Math.max(state.cursor, at);
      return;
    case "schedule.paused":
      state.isPaused = true;
      state.updatedAt = at;
      return;
    case "schedule.continued":
      state.isPaused = false;
      state.updatedAt = at;
      // What fell into a pause was meant not to happen.
      state.cursor = Math.max(state.cursor, at);
      return;
    case "schedule.deleted":
      state.isDeleted = true;
      state.queue = [];
      state.active = [];
      return;
    case "schedule.fired": {
      const { cancels, ...firing } = event.data;
      state.queue = state.queue.filter((queued) => queued.run !== firing.run);
      for (const run of state.active) if (cancels.includes(run.run)) run.isCancelled = true;
      state.active.push({ ...firing, isCancelled: false });
      dealWith(state, firing, { ...firing, at, outcome: "started" });
      return;
    }
    case "schedule.queued":
      state.queue.push(event.data);
      dealWith(state, event.data, { ...event.data, at, outcome: "queued" });
      return;
    case "schedule.skipped":
      dealWith(state, event.data, { ...event.data, at, outcome: "skipped" });
      return;
    case "schedule.missed": {
      const { through, count } = event.data;
      dealWith(state, { due: through, cause: "time" }, { due: through, at, outcome: "missed", count });
      return;
    }
    case "schedule.ended": {
      const { run, state: ending, problem } = event.data;
      state.active = state.active.filter((active) => active.run !== run);
      const entry = state.history.findLast((candidate) => candidate.run === run);
      if (entry !== undefined) Object.assign(entry, { outcome: ending, ...(problem === undefined ? {} : { problem }) });
      return;
    }
    default:
      return;
  }
}

/** Moves the cursor over a time and keeps what became of it; the entry of a firing that was queued is taken up again. */
function dealWith(state: ScheduleState, { due, cause }: Pick<HistoryEntry, "due" | "cause">, entry: HistoryEntry): void {
  if (cause !== "person") state.cursor = Math.max(state.cursor, due);
  const known = entry.run === undefined ? undefined : state.history.find((candidate) => candidate.run === entry.run);
  if (known !== undefined) Object.assign(known, entry);
  else state.history.push(entry);
  if (state.history.length > MAX_HISTORY) state.history.splice(0, state.history.length - MAX_HISTORY);
}
