import { nextTimes } from "../../workers/mao/schedules/decide.ts";
import { durationText } from "../../workers/mao/schedules/definition.ts";
import type { HistoryEntry, ScheduleState } from "./schedule-view.ts";

/** Firings to come that a schedule shows. */
const SHOWN_FIRINGS = 10;

/** A schedule as the API shows it. */
export function scheduleDocument(state: ScheduleState, now: number) {
  const { definition } = state;
  const next = state.isPaused ? [] : nextTimes(definition, Math.max(state.cursor, now), SHOWN_FIRINGS);
  return {
    id: state.id,
    title: definition.title,
    state: standingOf(state, next.length > 0),
    cron: definition.cron,
    timezone: definition.timezone,
    ...(definition.template === undefined ? {} : { template: definition.template }),
    inputs: JSON.stringify(definition.inputs),
    catchUp: { policy: definition.catchUp.policy, window: durationText(definition.catchUp.windowMs), max: definition.catchUp.max },
    overlap: definition.overlap,
    jitter: durationText(definition.jitterMs),
    ...(definition.startAt === undefined ? {} : { startAt: iso(definition.startAt) }),
    ...(definition.endAt === undefined ? {} : { endAt: iso(definition.endAt) }),
    createdBy: state.principal.subject,
    createdAt: iso(state.createdAt),
    updatedAt: iso(state.updatedAt),
    next: next.map(iso),
    active: state.active.map(({ run, due }) => ({ run, due: iso(due) })),
    queued: state.queue.map(({ due }) => iso(due)),
    history: state.history.map(historyDocument).reverse(),
  };
}
export type ScheduleDocument = ReturnType<typeof scheduleDocument>;

function standingOf({ isPaused, active, queue }: ScheduleState, hasMore: boolean): "active" | "paused" | "ended" {
  if (isPaused) return "paused";
  return hasMore || active.length > 0 || queue.length > 0 ? "active" : "ended";
}

function historyDocument({ due, at, ...entry }: HistoryEntry) {
  return { due: iso(due), at: iso(at), ...entry };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
