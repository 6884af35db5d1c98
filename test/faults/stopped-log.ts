/** An event as the platform exports it: of an object's own log. */
export interface ExportedEvent {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The times of a switch by the events that tell of it, and the bound that is promised. All in milliseconds, since the epoch where they are times. */
export interface Stop {
  readonly switchId: string;
  readonly thrownAt: number;
  /** Undefined while it is thrown. */
  readonly releasedAt: number | undefined;
  readonly boundMs: number;
}

/** What a log says of how its object has obeyed. */
export interface Obedience {
  /** Events that show something beginning or being said while it should have stopped. */
  readonly violations: readonly ExportedEvent[];
  /** When the last thing began or was said after the switch was thrown and before its release; undefined when nothing was. */
  readonly lastSignAt: number | undefined;
  /** When what was under way was cut. */
  readonly cutAt: number | undefined;
  readonly isHeld: boolean;
  /** When it went on after the release. */
  readonly wentOnAt: number | undefined;
}

/** A step begins, is tried, or waits for someone; an answer says more. That something ends which began before is none of these. */
const SIGNS_OF_WORK = new Set(["step.intended", "step.waiting", "turn.started", "turn.delta", "step.delta", "run.created"]);

/**
 * Whether an object obeyed a switch, from its exported events alone: nothing may begin from the switch's event plus the bound until the release. Steps that
 * have no intent, since they stay inside their object, are known by their end: they began so long before.
 */
export function obedienceOf(events: readonly ExportedEvent[], { switchId, thrownAt, releasedAt, boundMs }: Stop): Obedience {
  const intended = new Set<unknown>();
  const signs: { readonly at: number; readonly event: ExportedEvent }[] = [];
  for (const event of events) {
    if (event.type === "step.intended") intended.add(event.data.step);
    const hasBegunUntold = event.type === "step.done" && !intended.has(event.data.step);
    if (hasBegunUntold) signs.push({ at: event.at - Number(event.data.durationMs ?? 0), event });
    else if (SIGNS_OF_WORK.has(event.type)) signs.push({ at: event.at, event });
  }
  const until = releasedAt ?? Number.POSITIVE_INFINITY;
  const during = signs.filter(({ at }) => at > thrownAt && at < until);
  const named = (type: string) => events.find((event) => event.type === type && event.data.switch === switchId);
  return {
    violations: during.filter(({ at }) => at > thrownAt + boundMs).map(({ event }) => event),
    lastSignAt: during.at(-1)?.at,
    cutAt: named("step.stopped")?.at,
    isHeld: named("work.held") !== undefined,
    wentOnAt: named("work.released")?.at,
  };
}
