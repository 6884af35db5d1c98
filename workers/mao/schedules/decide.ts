import type { NewEvent } from "../../platform/events.ts";
import { derivedId } from "../../platform/ids.ts";
import type { FiringCause, ScheduleDefinition } from "../../platform/schedule-events.ts";
import { type Timetable, timetable } from "./cron.ts";
import { jitterMs } from "./jitter.ts";

/** A time noticed later than this had passed unnoticed: what becomes of it is for the catch-up policy. Alarms come within seconds. */
export const LATE_AFTER_MS = 60_000;
/** Runs of one schedule that may go on beside each other, those that were told to end too. */
export const MAX_ACTIVE_RUNS = 20;

export interface Firing {
  readonly due: number;
  readonly cause: FiringCause;
  readonly run: string;
}

/** What a decision looks at. */
export interface ScheduleStanding {
  readonly id: string;
  readonly definition: ScheduleDefinition;
  readonly isPaused: boolean;
  readonly isDeleted: boolean;
  /** Every time up to this one is dealt with. Milliseconds since the epoch, as all times here. */
  readonly cursor: number;
  readonly active: readonly { readonly run: string; readonly isCancelled: boolean }[];
  readonly queue: readonly Firing[];
}

/**
 * The next thing that has to happen to a schedule now; undefined when it is to wait. Pure: recording what it says and asking again comes to an end, and
 * leads to the same firings however often and however late it is asked.
 */
export function decide(standing: ScheduleStanding, now: number): NewEvent | undefined {
  if (standing.isDeleted || standing.isPaused) return undefined;
  const [waiting] = standing.queue;
  if (waiting !== undefined && standing.active.length === 0) return { type: "schedule.fired", data: { ...waiting, cancels: [] } };
  const due = nextDue(standing);
  if (due === undefined || due > now) return undefined;
  const lateBefore = now - standing.definition.jitterMs - LATE_AFTER_MS;
  if (due < lateBefore) {
    const { through, count } = dropped(standing, lateBefore, now);
    if (due <= through) return { type: "schedule.missed", data: { through, count } };
    return start(standing, firingOf(standing, due, "catch-up"));
  }
  return due + jitterMs(standing.id, due, standing.definition.jitterMs) > now
    ? undefined
    : start(standing, firingOf(standing, due, "time"));
}

/** What becomes of a firing beside the runs that go on. */
export function start({ active, queue, definition }: ScheduleStanding, firing: Firing): NewEvent {
  if (active.length === 0 && queue.length === 0) return { type: "schedule.fired", data: { ...firing, cancels: [] } };
  const { policy, maxQueued } = definition.overlap;
  if (policy === "skip") return { type: "schedule.skipped", data: { ...firing, reason: "overlap" } };
  if (policy === "queue")
    return queue.length < maxQueued
      ? { type: "schedule.queued", data: { ...firing } }
      : { type: "schedule.skipped", data: { ...firing, reason: "queue-full" } };
  if (active.length >= MAX_ACTIVE_RUNS) return { type: "schedule.skipped", data: { ...firing, reason: "too-many" } };
  return { type: "schedule.fired", data: { ...firing, cancels: active.filter((run) => !run.isCancelled).map((run) => run.run) } };
}

/** When the schedule next wants to be asked because of its times; undefined when it has none, or is paused. */
export function nextFiringAt(standing: ScheduleStanding): number | undefined {
  if (standing.isDeleted || standing.isPaused) return undefined;
  const due = nextDue(standing);
  return due === undefined ? undefined : due + jitterMs(standing.id, due, standing.definition.jitterMs);
}

/** The first time that is not dealt with yet; jitter is not in it. */
export function nextDue({ definition, cursor }: Pick<ScheduleStanding, "definition" | "cursor">): number | undefined {
  return bounded(definition, timetable(definition.cron, definition.timezone), cursor);
}

/** The next `count` times after `after`, in order. */
export function nextTimes(definition: ScheduleDefinition, after: number, count: number): number[] {
  const times = timetable(definition.cron, definition.timezone);
  const found: number[] = [];
  for (let at = bounded(definition, times, after); at !== undefined && found.length < count; at = bounded(definition, times, at))
    found.push(at);
  return found;
}

/** What is missed for good before `lateBefore`: all up to `through`, of which `count` lie in the window. */
function dropped({ definition, cursor }: ScheduleStanding, lateBefore: number, now: number): { through: number; count: number } {
  const { policy, windowMs, max } = definition.catchUp;
  const times = timetable(definition.cron, definition.timezone);
  const late: number[] = [];
  // No more than a window's minutes: windows are bounded.
  for (
    let at = bounded(definition, times, Math.max(cursor, now - windowMs - 1));
    at !== undefined && at < lateBefore;
    at = bounded(definition, times, at)
  )
    late.push(at);
  const keeps = policy === "skip" ? 0 : policy === "last" ? 1 : max;
  const [first] = late.slice(Math.max(0, late.length - keeps), keeps === 0 ? 0 : late.length);
  return first === undefined
    ? { through: lateBefore - 1, count: late.length }
    : { through: first - 1, count: Math.max(0, late.length - keeps) };
}

function bounded({ startAt, endAt }: ScheduleDefinition, times: Timetable, after: number): number | undefined {
  const at = times.next(startAt === undefined ? after : Math.max(after, startAt - 1));
  return at === undefined || (endAt !== undefined && at > endAt) ? undefined : at;
}

/** The run of a time has its id from the schedule and the time, so that starting it twice is starting it once. */
function firingOf({ id }: ScheduleStanding, due: number, cause: FiringCause): Firing {
  return { due, cause, run: derivedId("run", due, `${id}/${due}`) };
}
