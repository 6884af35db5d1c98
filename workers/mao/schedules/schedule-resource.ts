import { z } from "@hono/zod-openapi";

/** A schedule in a list. */
export const scheduleSummarySchema = z
  .object({
    id: z.string().openapi({ example: "sch_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    title: z.string(),
    state: z.enum(["active", "paused", "ended"]),
    cron: z.string().openapi({ example: "0 7 * * mon-fri" }),
    timezone: z.string().openapi({ example: "Europe/Berlin" }),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi("ScheduleSummary");

const firingSchema = z
  .object({
    due: z.iso.datetime().openapi({ description: "The time it was for" }),
    at: z.iso.datetime(),
    outcome: z.enum(["started", "queued", "skipped", "missed", "completed", "failed", "cancelled"]),
    cause: z.enum(["time", "catch-up", "person"]).optional(),
    run: z.string().optional(),
    reason: z.string().optional(),
    count: z
      .number()
      .int()
      .optional()
      .openapi({ description: "For `missed`: how many times, up to `due`, as far back as the window of the catch-up" }),
    problem: z.object({ type: z.string(), detail: z.string() }).optional(),
  })
  .openapi("ScheduleFiring");

export const scheduleSchema = scheduleSummarySchema
  .extend({
    template: z.object({ name: z.string(), version: z.number().int().optional() }).optional(),
    inputs: z.string().openapi({ description: "What runs are given, as JSON text" }),
    catchUp: z.object({ policy: z.enum(["skip", "last", "all"]), window: z.string(), max: z.number().int() }),
    overlap: z.object({ policy: z.enum(["skip", "queue", "cancel"]), maxQueued: z.number().int() }),
    jitter: z.string(),
    startAt: z.iso.datetime().optional(),
    endAt: z.iso.datetime().optional(),
    next: z.array(z.iso.datetime()).openapi({ description: "The next ten times" }),
    active: z.array(z.object({ run: z.string(), due: z.iso.datetime() })).openapi({ description: "Runs that go on" }),
    queued: z.array(z.iso.datetime()).openapi({ description: "Times that wait for a run to end" }),
    history: z.array(firingSchema).openapi({ description: "What became of the last hundred times, newest first" }),
  })
  .openapi("Schedule");
