import { z } from "zod";
import { parsedJsonSchema } from "./canonical-json.ts";
import { principalSchema } from "./principal.ts";
import { keptValueSchema, recordedProblemSchema } from "./recorded.ts";

/** When and how a schedule starts runs. Times are milliseconds, since the epoch or long. */
export const scheduleDefinitionSchema = z.object({
  title: z.string(),
  cron: z.string(),
  timezone: z.string(),
  /** One of the two is given. Without a version it is the newest when a run starts. */
  template: z.object({ name: z.string(), version: z.number().int().optional() }).optional(),
  graph: keptValueSchema.optional(),
  inputs: z.record(z.string(), parsedJsonSchema),
  /** What becomes of times that passed while nothing ran: none, the last, or as many as `max` within the window. */
  catchUp: z.object({ policy: z.enum(["skip", "last", "all"]), windowMs: z.number().int(), max: z.number().int() }),
  /** What becomes of a time that comes while a run of the schedule still goes on. */
  overlap: z.object({ policy: z.enum(["skip", "queue", "cancel"]), maxQueued: z.number().int() }),
  jitterMs: z.number().int(),
  startAt: z.number().optional(),
  endAt: z.number().optional(),
});
export type ScheduleDefinition = z.infer<typeof scheduleDefinitionSchema>;

/** Why a run is started: its time has come, had passed unnoticed, or a person said so. */
export const firingCauseSchema = z.enum(["time", "catch-up", "person"]);
export type FiringCause = z.infer<typeof firingCauseSchema>;

/** The time it is for, and the run that it starts. */
const firing = { due: z.number(), cause: firingCauseSchema, run: z.string() };

/** What can happen to a schedule. */
export const scheduleEvents = {
  "schedule.created": z.object({ id: z.string(), principal: principalSchema, definition: scheduleDefinitionSchema }),
  "schedule.changed": z.object({ by: z.string(), definition: scheduleDefinitionSchema }),
  "schedule.paused": z.object({ by: z.string() }),
  "schedule.continued": z.object({ by: z.string() }),
  "schedule.deleted": z.object({ by: z.string() }),
  /** Recorded before the run is made, which is made until it is there. */
  "schedule.fired": z.object({ ...firing, cancels: z.array(z.string()) }),
  "schedule.queued": z.object(firing),
  "schedule.skipped": z.object({ ...firing, reason: z.enum(["overlap", "queue-full", "too-many"]) }),
  /** Times that passed unnoticed and are not made up for; `count` counts those within the window of the catch-up. */
  "schedule.missed": z.object({ through: z.number(), count: z.number().int() }),
  /** A run of the schedule has ended, or could not be started at all. */
  "schedule.ended": z.object({
    run: z.string(),
    state: z.enum(["completed", "failed", "cancelled"]),
    problem: recordedProblemSchema.optional(),
  }),
} as const;
