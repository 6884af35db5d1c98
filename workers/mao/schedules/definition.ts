import { z } from "@hono/zod-openapi";
import { jsonSchema } from "../../platform/canonical-json.ts";
import { Problem } from "../../platform/problem.ts";
import type { ScheduleDefinition } from "../../platform/schedule-events.ts";
import { durationMs } from "../duration.ts";
import { graphSchema } from "../graph.ts";
import { durationSchema } from "../names.ts";
import { checkedCron, checkTimetable, MAX_CRON_CHARACTERS } from "./cron.ts";

/** How far back a schedule looks for times that passed unnoticed: a week of minutes is looked through in a second. */
const MAX_WINDOW_MS = 7 * 86_400_000;
/** Runs that make up for one downtime. */
const MAX_CAUGHT_UP = 100;
const MAX_QUEUED = 100;
const MAX_JITTER_MS = 3_600_000;
const MAX_TIMEZONE_CHARACTERS = 64;

/** A duration no longer than `mostMs`. */
const upTo = (mostMs: number, words: string) =>
  durationSchema.refine((duration) => durationMs(duration) <= mostMs, { message: `may be ${words} at most` });

const policies = {
  catchUp: z
    .strictObject({
      policy: z.enum(["skip", "last", "all"]).default("last"),
      window: upTo(MAX_WINDOW_MS, "7d").default("1d"),
      max: z.number().int().min(1).max(MAX_CAUGHT_UP).default(10),
    })
    .openapi({
      description:
        "What becomes of times that passed while the platform was down: none, the last, or up to `max` of those within `window`.",
    }),
  overlap: z
    .strictObject({
      policy: z.enum(["skip", "queue", "cancel"]).default("skip"),
      maxQueued: z.number().int().min(1).max(MAX_QUEUED).default(10),
    })
    .openapi({
      description:
        "What becomes of a time that comes while a run of the schedule goes on: it is skipped, waits its turn, or cancels the older run.",
    }),
};

const members = {
  title: z.string().trim().max(200),
  cron: z
    .string()
    .max(MAX_CRON_CHARACTERS * 4)
    .openapi({ example: "0 7 * * mon-fri", description: "Minute, hour, day of month, month, day of week" }),
  timezone: z.string().max(MAX_TIMEZONE_CHARACTERS).openapi({ example: "Europe/Berlin" }),
  template: z.strictObject({ name: z.string().min(1).max(64), version: z.number().int().positive().optional() }),
  graph: graphSchema,
  inputs: z.record(z.string(), jsonSchema),
  jitter: upTo(MAX_JITTER_MS, "1h").openapi({ description: "Each run starts up to this much later, always the same for the same time." }),
  startAt: z.iso.datetime({ offset: true }),
  endAt: z.iso.datetime({ offset: true }),
};

export const newScheduleSchema = z
  .strictObject({
    title: members.title.default(""),
    cron: members.cron,
    timezone: members.timezone.default("UTC"),
    template: members.template.optional(),
    graph: members.graph.optional(),
    inputs: members.inputs.default({}),
    catchUp: policies.catchUp.prefault({}),
    overlap: policies.overlap.prefault({}),
    jitter: members.jitter.default("0s"),
    startAt: members.startAt.optional(),
    endAt: members.endAt.optional(),
  })
  .openapi("NewSchedule", {
    example: { title: "Morning report", cron: "0 7 * * mon-fri", timezone: "Europe/Berlin", template: { name: "morning-report" } },
  });

/** What is left out stays as it is; null takes a start or an end away. */
export const schedulePatchSchema = z
  .strictObject({
    ...members,
    ...policies,
    startAt: members.startAt.nullable(),
    endAt: members.endAt.nullable(),
  })
  .partial()
  .openapi("SchedulePatch");

type NewSchedule = z.infer<typeof newScheduleSchema>;
type SchedulePatch = z.infer<typeof schedulePatchSchema>;

/** A definition whose graph and inputs are JSON texts, as it goes to the schedule's object. */
export type OrderedDefinition = Omit<ScheduleDefinition, "graph" | "inputs"> & {
  readonly graph?: string | undefined;
  readonly inputs: string;
};

/**
 * The definition of a new schedule.
 * @throws Problem `invalid-request` that names the member, and in the expression the column
 */
export function newDefinition(body: NewSchedule, now: number): OrderedDefinition {
  const { template, graph, startAt, endAt } = body;
  return checked(
    {
      title: body.title === "" ? (template?.name ?? graph?.name ?? "Schedule") : body.title,
      cron: body.cron,
      timezone: body.timezone,
      inputs: JSON.stringify(body.inputs),
      catchUp: catchUpOf(body.catchUp),
      overlap: body.overlap,
      jitterMs: durationMs(body.jitter),
      ...(template === undefined ? {} : { template }),
      ...(graph === undefined ? {} : { graph: JSON.stringify(graph) }),
      ...(startAt === undefined ? {} : { startAt: Date.parse(startAt) }),
      ...(endAt === undefined ? {} : { endAt: Date.parse(endAt) }),
    },
    now,
  );
}

/** The definition with what a patch changes; a template takes the place of a graph and the other way round. @throws Problem as `newDefinition` */
export function patchedDefinition(before: OrderedDefinition, patch: SchedulePatch, now: number): OrderedDefinition {
  const { template, graph, startAt, endAt, ...rest } = before;
  const isReplaced = patch.template !== undefined || patch.graph !== undefined;
  const starts = patch.startAt === undefined ? startAt : timeOf(patch.startAt);
  const ends = patch.endAt === undefined ? endAt : timeOf(patch.endAt);
  const work = isReplaced
    ? {
        ...(patch.template === undefined ? {} : { template: patch.template }),
        ...(patch.graph === undefined ? {} : { graph: JSON.stringify(patch.graph) }),
      }
    : { ...(template === undefined ? {} : { template }), ...(graph === undefined ? {} : { graph }) };
  return checked(
    {
      ...rest,
      ...work,
      title: patch.title ?? before.title,
      cron: patch.cron ?? before.cron,
      timezone: patch.timezone ?? before.timezone,
      inputs: patch.inputs === undefined ? before.inputs : JSON.stringify(patch.inputs),
      catchUp: patch.catchUp === undefined ? before.catchUp : catchUpOf(patch.catchUp),
      overlap: patch.overlap ?? before.overlap,
      jitterMs: patch.jitter === undefined ? before.jitterMs : durationMs(patch.jitter),
      ...(starts === undefined ? {} : { startAt: starts }),
      ...(ends === undefined ? {} : { endAt: ends }),
    },
    now,
  );
}

function checked(definition: OrderedDefinition, now: number): OrderedDefinition {
  const { template, graph, startAt, endAt } = definition;
  if ((template === undefined) === (graph === undefined))
    throw invalid("/template", "A schedule starts runs of a template or of a graph.", "give `template` or `graph`, and not both");
  const cron = checkedCron(definition.cron);
  checkTimetable(cron, definition.timezone, startAt ?? now);
  if (endAt !== undefined && endAt <= (startAt ?? now))
    throw invalid("/endAt", "The schedule would end before it starts.", "must be later than the start");
  return { ...definition, cron };
}

function catchUpOf({ policy, window, max }: NewSchedule["catchUp"]): ScheduleDefinition["catchUp"] {
  return { policy, windowMs: durationMs(window), max };
}

function timeOf(time: string | null): number | undefined {
  return time === null ? undefined : Date.parse(time);
}

function invalid(pointer: string, detail: string, message: string): Problem {
  return new Problem("invalid-request", detail, { errors: [{ pointer, message }] });
}

/** A whole number of milliseconds as a duration of the graph form, in the largest unit that divides it. */
export function durationText(ms: number): string {
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1_000],
  ] as const;
  const unit = ms === 0 ? (["s", 1_000] as const) : units.find(([, length]) => ms % length === 0);
  return unit === undefined ? `${ms}ms` : `${ms / unit[1]}${unit[0]}`;
}
