import { env, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { RESEND_AFTER_MS } from "../../durable-objects/event-log/outbox.ts";
import { NO_RETRY } from "../../durable-objects/journal/retry.ts";
import { HEARTBEAT_MS } from "../../durable-objects/schedule/alarm-clock.ts";
import { MAX_FRUITLESS_RECOVERIES, Workbench } from "../../durable-objects/schedule/workbench.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import { UNGOVERNED } from "../../workers/platform/governance.ts";

/** A workbench over an object's storage whose work is the test's, and the state that it sees. */
interface Bench {
  readonly storage: DurableObjectStorage;
  readonly now: { at: number };
  readonly sent: LoggedEvent[][];
  readonly open: { work: boolean };
  stalled: number;
  wake(work: () => Promise<void>): Workbench;
}

function inObject(name: string, test: (bench: Bench) => Promise<void>): Promise<void> {
  return runInDurableObject(env.IDEMPOTENCY_RECORD.getByName(name), async (_, { storage }) => {
    const bench: Bench = {
      storage,
      // Far ahead, so that it is the test that rings, and never the platform's own clock.
      now: { at: Date.now() + 1e11 },
      sent: [],
      open: { work: true },
      stalled: 0,
      wake: (work) =>
        new Workbench({
          storage,
          bucket: env.ARTIFACTS,
          clock: { now: () => bench.now.at },
          view: { name: "test", apply: () => undefined, snapshot: () => null, restore: () => undefined },
          owner: () => ({ tenant: "ten_test", id: "run_test" }),
          isOpen: () => bench.open.work,
          nextTimer: () => undefined,
          work,
          governance: async () => UNGOVERNED,
          onStalled: () => {
            bench.stalled += 1;
            bench.open.work = false;
          },
          send: async ({ events }) => void bench.sent.push([...events]),
        }),
    };
    await test(bench);
    await storage.deleteAll();
  });
}

/** Lets the clock run to the alarm and rings it, as the platform does; the work it starts has ended when this resolves. */
async function ring(bench: Bench, workbench: Workbench): Promise<void> {
  const alarm = await bench.storage.getAlarm();
  if (alarm === null) throw new Error("no alarm is set: the work would never go on");
  bench.now.at = Math.max(bench.now.at, alarm);
  await bench.storage.deleteAlarm();
  await workbench.alarm.ring();
  while (workbench.drive.isRunning) await scheduler.wait(1);
}

const INSIDE = { uses: "tool:test", isOutside: false, onUnknown: "retry", retry: NO_RETRY, timeoutMs: 1_000 } as const;

const interrupted = () => Promise.reject(new Error("Durable Object reset because its code was updated."));

describe("work that is open", () => {
  it("has an alarm no further away than a heartbeat, whatever happens to the object", async () => {
    await inObject("heartbeat", async (bench) => {
      const workbench = bench.wake(interrupted);
      workbench.log.append({ type: "turn.started", data: { turn: "trn_1", message: "Hello", by: "key_1" } });
      await workbench.wake();
      for (let i = 0; i < 5; i += 1) {
        while (workbench.drive.isRunning) await scheduler.wait(1);
        expect(((await bench.storage.getAlarm()) ?? Number.POSITIVE_INFINITY) - bench.now.at).toBeLessThanOrEqual(HEARTBEAT_MS);
        await ring(bench, workbench);
      }
    });
  });

  it("is given up after many interruptions without progress, and not after as many with it", async () => {
    await inObject("fruitless", async (bench) => {
      /** One incarnation of the object: it finds a step that was interrupted, gets another done or not, and is interrupted itself. */
      const live = async (step: string | undefined) => {
        const workbench: Workbench = bench.wake(async () => {
          if (step !== undefined) await workbench.journal.step(step, INSIDE, async () => step);
          await interrupted();
        });
        await workbench.wake();
        while (workbench.drive.isRunning) await scheduler.wait(1);
      };
      bench
        .wake(interrupted)
        .log.append({ type: "step.intended", data: { step: "open", uses: "tool:test", attempt: 1, key: "run_test:open:0" } });
      for (let i = 0; i < 2 * MAX_FRUITLESS_RECOVERIES; i += 1) await live(`step ${i}`);
      expect(bench.stalled).toBe(0);
      for (let i = 0; i < MAX_FRUITLESS_RECOVERIES; i += 1) await live(undefined);
      expect(bench.stalled).toBe(0);
      await live(undefined);
      expect(bench.stalled).toBe(1);
    });
  });
});

describe("events", () => {
  it("go out together after a second, again when nobody said that they arrived, and not when somebody did", async () => {
    await inObject("outbox", async (bench) => {
      bench.open.work = false;
      const workbench = bench.wake(async () => undefined);
      for (const turn of ["trn_1", "trn_2"]) workbench.log.append({ type: "turn.started", data: { turn, message: "Hi", by: "key_1" } });
      await workbench.wake();
      expect(bench.sent).toEqual([]);
      await ring(bench, workbench);
      expect(bench.sent.map((events) => events.map(({ seq }) => seq))).toEqual([[1, 2]]);
      for (const sentAt = bench.now.at; bench.now.at < sentAt + RESEND_AFTER_MS; ) await ring(bench, workbench);
      expect(bench.sent).toHaveLength(2);
      workbench.outbox.acknowledge({ after: 0, through: 2 });
      if ((await bench.storage.getAlarm()) !== null) await ring(bench, workbench);
      expect(bench.sent).toHaveLength(2);
      expect(await bench.storage.getAlarm()).toBeNull();
    });
  });
});
