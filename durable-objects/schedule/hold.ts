import { z } from "zod";
import type { Json } from "../../workers/platform/canonical-json.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import type { View } from "../event-log/event-log.ts";

/** The first look whether a switch was released comes after this, the later ones ever more seldom. */
const SOONEST_LOOK_MS = 1_000;
/** No object that is held looks more seldom: work goes on at most so long after a release. */
const SLOWEST_LOOK_MS = 60_000;
/** Work that was held for long may wait a fourth of that before it is looked at again. */
const SHARE_OF_WAIT = 4;

const holdSchema = z.object({ switch: z.string(), at: z.number() });
type Hold = z.infer<typeof holdSchema>;
const snapshotSchema = z.object({ hold: holdSchema.optional(), drills: z.array(z.string()) });

/** Drills of one object that are remembered, so that each is told of once. */
const MAX_DRILLS = 20;

/** Whether an object is held by a kill switch, and which drills it has told of, by its events. */
export class Holds implements View {
  readonly name = "holds";
  hold: Hold | undefined;
  #drills: string[] = [];

  apply(event: LoggedEvent): void {
    if (event.type === "work.held" && event.data.drill) this.#drills = [...this.#drills.slice(1 - MAX_DRILLS), event.data.switch];
    else if (event.type === "work.held") this.hold = { switch: event.data.switch, at: event.at };
    else if (event.type === "work.released") this.hold = undefined;
  }

  /** True when the drill was told of in this object's events. */
  hasTold(drill: string): boolean {
    return this.#drills.includes(drill);
  }

  snapshot(): Json {
    return { drills: this.#drills, ...(this.hold === undefined ? {} : { hold: this.hold }) };
  }

  restore(snapshot: unknown): void {
    const known = snapshotSchema.parse(snapshot);
    this.hold = known.hold;
    this.#drills = known.drills;
  }
}

/**
 * When an object that is held looks again: soon at first, then as seldom as the switch is old, so that many objects which were stopped together ask little
 * and go on spread over time.
 * @param random a number in [0, 1)
 */
export function nextLookAt({ at }: Pick<Hold, "at">, now: number, random: number): number {
  const wait = Math.min(SLOWEST_LOOK_MS, Math.max(SOONEST_LOOK_MS, (now - at) / SHARE_OF_WAIT));
  return Math.ceil(now + wait / 2 + (wait / 2) * random);
}
