import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Ending, Firings } from "../../../durable-objects/mao-schedule/firings.ts";
import { type ScheduleState, ScheduleView } from "../../../durable-objects/mao-schedule/schedule-view.ts";
import { LATE_AFTER_MS, nextTimes } from "../../../workers/mao/schedules/decide.ts";
import type { NewEvent } from "../../../workers/platform/events.ts";
import { newId } from "../../../workers/platform/ids.ts";
import { Problem } from "../../../workers/platform/problem.ts";
import type { ScheduleDefinition } from "../../../workers/platform/schedule-events.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse("2026-03-28T20:00:30Z");

const HOURLY: ScheduleDefinition = {
  title: "Hourly",
  cron: "0 * * * *",
  timezone: "Europe/Berlin",
  template: { name: "report" },
  inputs: {},
  catchUp: { policy: "last", windowMs: 24 * HOUR, max: 10 },
  overlap: { policy: "skip", maxQueued: 2 },
  jitterMs: 0,
};

/** A schedule whose time the test owns. A death forgets everything but its events. */
class World {
  now = START;
  readonly view = new ScheduleView();
  /** Every run that was made, each once, in order. */
  readonly made: { run: string; due: number; at: number }[] = [];
  readonly cancelled: string[] = [];
  readonly endings = new Map<string, Ending>();
  /** Runs are over at once, as long as this says nothing else. */
  lasting = false;
  /** How the next starts go wrong. */
  troubles: Error[] = [];
  firings: Firings;
  #seq = 0;

  constructor(definition: ScheduleDefinition) {
    this.#append({
      type: "schedule.created",
      data: {
        id: newId("schedule", START),
        definition,
        principal: { tenant: newId("tenant", START), subject: "usr_1", kind: "user", roles: [], capabilities: [], credential: "key" },
      },
    });
    this.firings = this.#incarnation();
  }

  get state(): ScheduleState {
    if (this.view.state === undefined) throw new Error("there is no schedule");
    return this.view.state;
  }

  tell(event: NewEvent): void {
    this.#append(event);
  }

  die(): void {
    this.firings = this.#incarnation();
  }

  /** Rings at every time the schedule asks for, until the given one. */
  async until(end: number): Promise<void> {
    for (let due = this.firings.dueAt(); due !== undefined && due <= end; due = this.firings.dueAt()) {
      this.now = Math.max(this.now, due);
      await this.firings.work();
    }
    this.now = Math.max(this.now, end);
  }

  /** Nobody rings before the given time. */
  async downUntil(end: number): Promise<void> {
    this.now = end;
    this.die();
    await this.firings.work();
  }

  #incarnation(): Firings {
    return new Firings({
      clock: { now: () => this.now },
      standing: () => this.view.state,
      append: (event) => this.#append(event),
      runs: {
        start: async ({ run, due }) => {
          const trouble = this.troubles.shift();
          if (trouble !== undefined) throw trouble;
          if (!this.made.some((made) => made.run === run)) this.made.push({ run, due, at: this.now });
          return this.#ending(run);
        },
        endingOf: async (run) => this.#ending(run),
        cancel: async (run) => {
          this.cancelled.push(run);
          this.endings.set(run, "cancelled");
        },
      },
    });
  }

  #ending(run: string): Ending | undefined {
    return this.endings.get(run) ?? (this.lasting ? undefined : "completed");
  }

  #append(event: NewEvent): void {
    this.#seq += 1;
    this.view.apply({ ...event, seq: this.#seq, at: this.now });
  }
}

const times = (world: World) => world.made.map(({ due }) => due);
const outcomes = (world: World) =>
  world.state.history.map(({ outcome, reason }) => (reason === undefined ? outcome : `${outcome}: ${reason}`));

describe("a schedule", () => {
  it("starts a run at each of its times, the change of clocks included", async () => {
    const world = new World(HOURLY);
    await world.until(START + 30 * HOUR);
    expect(times(world)).toEqual(nextTimes(HOURLY, START, 30));
    expect(world.made.every(({ due, at }) => at === due)).toBe(true);
  });

  it("starts each run once however often and in whatever incarnation the alarm comes", async () => {
    const deaths = fc.array(
      fc.record({ after: fc.integer({ min: 1, max: 3 * HOUR }), rings: fc.integer({ min: 0, max: 3 }), dies: fc.boolean() }),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(deaths, async (moments) => {
        const world = new World({ ...HOURLY, catchUp: { policy: "all", windowMs: 7 * 24 * HOUR, max: 100 } });
        for (const { after, rings, dies } of moments) {
          if (dies) {
            world.now += after;
            world.die();
          } else await world.until(world.now + after);
          for (let ring = 0; ring <= rings; ring += 1) await world.firings.work();
        }
        const expected = nextTimes(HOURLY, START, 40).filter((due) => due <= world.now);
        const dealtWith = world.state.history.map(({ due }) => due);
        // With `skip`, of several that come at once the first runs and the rest are skipped for it: each time is there, once.
        expect(dealtWith).toEqual(expected);
        expect(new Set(times(world)).size).toBe(world.made.length);
      }),
      { numRuns: 40 },
    );
  });

  it("makes up for exactly what its policy says after a downtime of any length", async () => {
    const policies = fc.record({
      policy: fc.constantFrom("skip", "last", "all"),
      windowHours: fc.integer({ min: 1, max: 48 }),
      max: fc.integer({ min: 1, max: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(
        policies,
        fc.integer({ min: 1, max: 72 * 60 }),
        fc.integer({ min: 0, max: 3 }),
        async ({ policy, windowHours, max }, minutes, rings) => {
          const definition = {
            ...HOURLY,
            catchUp: { policy, windowMs: windowHours * HOUR, max },
            overlap: { policy: "queue" as const, maxQueued: 100 },
          };
          const world = new World(definition);
          await world.downUntil(START + minutes * MINUTE);
          for (let ring = 0; ring < rings; ring += 1) await world.downUntil(world.now);
          await world.until(world.now + 1);
          const passed = nextTimes(definition, START, 80).filter((due) => due <= world.now);
          const late = passed.filter((due) => due < world.now - 1 - LATE_AFTER_MS);
          const inWindow = late.filter((due) => due >= world.now - 1 - definition.catchUp.windowMs);
          const kept = policy === "skip" ? [] : inWindow.slice(policy === "last" ? -1 : -max);
          expect(times(world)).toEqual([...kept, ...passed.slice(late.length)]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("goes through a year of missed minutes without starting more than its bound", async () => {
    const world = new World({
      ...HOURLY,
      cron: "* * * * *",
      catchUp: { policy: "all", windowMs: 7 * 24 * HOUR, max: 5 },
      overlap: { policy: "queue", maxQueued: 100 },
    });
    await world.downUntil(START + 365 * 24 * HOUR);
    expect(world.made.length).toBe(6);
    expect(world.state.history[0]).toMatchObject({ outcome: "missed", count: 7 * 24 * 60 - 6 });
  });

  it("skips, queues within its bound, or cancels the older while a run goes on", async () => {
    const skip = new World(HOURLY);
    skip.lasting = true;
    await skip.until(START + 3 * HOUR);
    expect(outcomes(skip)).toEqual(["started", "skipped: overlap", "skipped: overlap"]);

    const queue = new World({ ...HOURLY, overlap: { policy: "queue", maxQueued: 2 } });
    queue.lasting = true;
    await queue.until(START + 5 * HOUR);
    expect(outcomes(queue)).toEqual(["started", "queued", "queued", "skipped: queue-full", "skipped: queue-full"]);
    queue.endings.set(queue.made[0]?.run ?? "", "completed");
    queue.firings.ended(queue.made[0]?.run ?? "", "completed");
    await queue.until(queue.now + 1);
    expect(times(queue)).toEqual(nextTimes(HOURLY, START, 2));
    expect(outcomes(queue)).toEqual(["completed", "started", "queued", "skipped: queue-full", "skipped: queue-full"]);

    const cancel = new World({ ...HOURLY, overlap: { policy: "cancel", maxQueued: 1 } });
    cancel.lasting = true;
    await cancel.until(START + 3 * HOUR + 10 * MINUTE);
    expect(times(cancel)).toEqual(nextTimes(HOURLY, START, 3));
    expect(cancel.cancelled).toEqual(cancel.made.slice(0, 2).map(({ run }) => run));
    expect(outcomes(cancel)).toEqual(["cancelled", "cancelled", "started"]);
  });

  it("notices by asking that a run has ended, when nobody told it", async () => {
    const world = new World({ ...HOURLY, overlap: { policy: "queue", maxQueued: 5 } });
    world.lasting = true;
    await world.until(START + 2 * HOUR);
    world.endings.set(world.made[0]?.run ?? "", "failed");
    await world.until(world.now + 10 * MINUTE);
    expect(outcomes(world)).toEqual(["failed", "started"]);
  });

  it("tries again to start a run that could not be reached, and gives one up that cannot be started", async () => {
    const world = new World(HOURLY);
    world.troubles = [new Error("the network"), new Problem("unavailable", "not now")];
    await world.until(START + HOUR + 10_000);
    expect(times(world)).toEqual(nextTimes(HOURLY, START, 1));
    world.troubles = [new Problem("not-found", "There is no template report.")];
    await world.until(START + 2 * HOUR);
    expect(world.made.length).toBe(1);
    expect(world.state.history.at(-1)).toMatchObject({ outcome: "failed", problem: { type: "not-found" } });
  });

  it("makes a run that was decided before a death, after it", async () => {
    const world = new World(HOURLY);
    world.troubles = [new Error("the process dies here")];
    world.now = nextTimes(HOURLY, START, 1)[0] ?? 0;
    await world.firings.work();
    expect(world.made).toEqual([]);
    world.die();
    await world.firings.work();
    await world.firings.work();
    expect(times(world)).toEqual(nextTimes(HOURLY, START, 1));
  });

  it("starts nothing while it is paused, and makes up for nothing of the pause", async () => {
    const world = new World(HOURLY);
    world.tell({ type: "schedule.paused", data: { by: "usr_1" } });
    expect(world.firings.dueAt()).toBeUndefined();
    await world.downUntil(START + 5 * HOUR);
    world.tell({ type: "schedule.continued", data: { by: "usr_1" } });
    await world.until(world.now + HOUR);
    expect(times(world)).toEqual(nextTimes(HOURLY, START + 5 * HOUR, 1));
  });

  it("keeps within its start and its end", async () => {
    const definition = { ...HOURLY, startAt: START + 2 * HOUR, endAt: START + 5 * HOUR };
    const world = new World(definition);
    await world.until(START + 24 * HOUR);
    expect(times(world)).toEqual(nextTimes(HOURLY, START + 2 * HOUR, 3));
    expect(world.firings.dueAt()).toBeUndefined();
  });

  it("fires within its jitter, always at the same moment for the same time", async () => {
    const definition = { ...HOURLY, jitterMs: 10 * MINUTE };
    const world = new World(definition);
    await world.until(START + 12 * HOUR);
    const delays = world.made.map(({ due, at }) => at - due);
    expect(delays.every((delay) => delay >= 0 && delay <= 10 * MINUTE)).toBe(true);
    expect(new Set(delays).size).toBeGreaterThan(5);
    expect(times(world)).toEqual(nextTimes(HOURLY, START, 12).slice(0, world.made.length));
  });

  it("keeps the last hundred firings in sight", async () => {
    const world = new World({ ...HOURLY, cron: "* * * * *" });
    await world.until(START + 150 * MINUTE);
    expect(world.state.history.length).toBe(100);
    expect(world.made.length).toBe(150);
  });
});
