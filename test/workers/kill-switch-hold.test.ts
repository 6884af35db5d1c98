import { env, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { NO_RETRY } from "../../durable-objects/journal/retry.ts";
import { MAX_FRUITLESS_RECOVERIES, Workbench } from "../../durable-objects/schedule/workbench.ts";
import type { Switch } from "../../workers/platform/governance.ts";
import { heldBy } from "../../workers/platform/held.ts";
import { newId } from "../../workers/platform/ids.ts";
import { until } from "./scripted-model.ts";

const TOOL = { uses: "tool:test", isOutside: true, onUnknown: "retry", retry: NO_RETRY, timeoutMs: 60_000 } as const;

/** A workbench over an object's storage, its work, and the switches that are thrown. */
interface Bench {
  readonly storage: DurableObjectStorage;
  readonly now: { at: number };
  readonly switches: Switch[];
  readonly open: { work: boolean; stalled: boolean };
  /** How often the switches were asked for. */
  reads: number;
  wake(work: (workbench: Workbench) => Promise<void>): Promise<Workbench>;
}

function thrown(scope: Switch["scope"], more: Partial<Switch> = {}): Switch {
  return { id: newId("killSwitch", 1), scope, drill: false, since: 1, reason: "test", ...more };
}

function inObject(name: string, test: (bench: Bench) => Promise<void>): Promise<void> {
  return runInDurableObject(env.IDEMPOTENCY_RECORD.getByName(`kill-switch/${name}`), async (_, { storage }) => {
    const bench: Bench = {
      storage,
      // Far ahead, so that it is the test that rings, and never the platform's own clock.
      now: { at: Date.now() + 1e11 },
      switches: [],
      open: { work: true, stalled: false },
      reads: 0,
      async wake(work) {
        const workbench: Workbench = new Workbench({
          storage,
          bucket: env.ARTIFACTS,
          clock: { now: () => bench.now.at },
          view: { name: "test", apply: () => undefined, snapshot: () => null, restore: () => undefined },
          owner: () => ({ tenant: "ten_test", id: "run_test" }),
          isOpen: () => bench.open.work,
          nextTimer: () => undefined,
          work: () => work(workbench),
          governance: async () => {
            bench.reads += 1;
            return { switches: [...bench.switches] };
          },
          onStalled: () => {
            bench.open.stalled = true;
          },
          send: async () => undefined,
        });
        await workbench.wake();
        return workbench;
      },
    };
    await test(bench);
    await storage.deleteAll();
  });
}

async function atRest(workbench: Workbench): Promise<void> {
  while (workbench.drive.isRunning) await scheduler.wait(1);
}

/** Lets the clock run to the alarm and rings it. */
async function ring(bench: Bench, workbench: Workbench): Promise<void> {
  const alarm = await bench.storage.getAlarm();
  if (alarm === null) throw new Error("no alarm is set: the work would never go on");
  bench.now.at = Math.max(bench.now.at, alarm);
  await bench.storage.deleteAlarm();
  await workbench.alarm.ring();
  await atRest(workbench);
}

const eventsOf = (workbench: Workbench) => workbench.log.read(0, 1_000).map(({ type }) => type);

describe("a step", () => {
  it("does not begin while a switch reaches it, and begins as its first attempt after the release", async () => {
    await inObject("begin", async (bench) => {
      bench.switches.push(thrown("tool", { target: "test" }));
      const workbench = await bench.wake(async ({ journal }) => {
        await journal.step("other", { ...TOOL, uses: "tool:other" }, async () => "other");
        await journal.step("one", TOOL, async () => "one");
        bench.open.work = false;
      });
      await atRest(workbench);
      expect(eventsOf(workbench)).toEqual(["step.intended", "step.done", "work.held"]);
      bench.switches.pop();
      await ring(bench, workbench);
      expect(eventsOf(workbench).slice(3)).toEqual(["work.released", "step.intended", "step.done"]);
      expect(workbench.journal.record("one")).toMatchObject({ state: "done", attempt: 1 });
    });
  });

  it("does not begin when what it is part of is stopped: its agent, its capsule in whatever version", async () => {
    await inObject("within", async (bench) => {
      const workbench = await bench.wake(async () => undefined);
      await atRest(workbench);
      const begin = (step: string) =>
        workbench.journal.step(step, { ...TOOL, within: ["capsule:rank@^1", "agent:analyst"] }, async () => step).catch(heldBy);
      for (const one of [
        thrown("agent", { target: "analyst" }),
        thrown("capsule", { target: "rank" }),
        thrown("tenant"),
        thrown("everything"),
      ]) {
        bench.switches.splice(0, 1, one);
        expect(await begin(one.scope)).toBe(one.id);
        expect(workbench.journal.record(one.scope)).toBeUndefined();
      }
      bench.switches.splice(0, 1, thrown("agent", { target: "planner" }));
      expect(await begin("free")).toBe("free");
    });
  });

  it("that may be repeated is broken off, counts no attempt and begins again", async () => {
    await inObject("cut", async (bench) => {
      let calls = 0;
      const workbench = await bench.wake(async ({ journal }) => {
        await journal.step("call", TOOL, async ({ signal }) => {
          calls += 1;
          if (calls === 1) await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
          return calls;
        });
        bench.open.work = false;
      });
      await until(() => calls === 1, "the call is under way");
      const one = thrown("tenant");
      bench.switches.push(one);
      await atRest(workbench);
      expect(eventsOf(workbench)).toEqual(["step.intended", "step.stopped", "work.held"]);
      expect(workbench.log.at(2)).toMatchObject({ data: { step: "call", attempt: 1, switch: one.id, isCut: true } });
      bench.switches.pop();
      await ring(bench, workbench);
      expect(workbench.journal.record("call")).toMatchObject({ state: "done", attempt: 1, output: 2 });
    });
  });

  it("that may not be repeated is marked and goes on to its end, so that its outcome is known", async () => {
    await inObject("marked", async (bench) => {
      let finish: (() => void) | undefined;
      let isCut = false;
      const workbench = await bench.wake(async ({ journal }) => {
        await journal.step("send", { ...TOOL, onUnknown: "ask" }, async ({ signal }) => {
          signal.addEventListener("abort", () => {
            isCut = true;
          });
          await new Promise<void>((resolve) => {
            finish = resolve;
          });
          return "sent";
        });
        await journal.step("next", TOOL, async () => "next");
      });
      await until(() => finish !== undefined, "the call is under way");
      bench.switches.push(thrown("tool", { target: "test" }));
      await until(() => eventsOf(workbench).includes("step.stopped"), "the step is marked");
      finish?.();
      await atRest(workbench);
      expect(isCut).toBe(false);
      expect(workbench.log.at(2)).toMatchObject({ type: "step.stopped", data: { step: "send", isCut: false } });
      expect(eventsOf(workbench)).toEqual(["step.intended", "step.stopped", "step.done", "work.held"]);
      expect(workbench.journal.record("next")).toBeUndefined();
    });
  });
});

describe("work that is held", () => {
  it("asks ever more seldom, writes nothing while it waits, and never counts as stalled", async () => {
    await inObject("patience", async (bench) => {
      bench.switches.push(thrown("everything"));
      let looks = 0;
      const live = () =>
        bench.wake(async ({ journal }) => {
          looks += 1;
          await journal.step("one", TOOL, async () => "one");
          bench.open.work = false;
        });
      const first = await live();
      await atRest(first);
      const looksIn = async (ms: number) => {
        const [reads, end] = [bench.reads, bench.now.at + ms];
        while (bench.now.at < end) await ring(bench, first);
        return bench.reads - reads;
      };
      expect(await looksIn(10_000)).toBeLessThanOrEqual(20);
      await looksIn(3_600_000);
      const inTheSecondHour = await looksIn(3_600_000);
      expect(inTheSecondHour).toBeGreaterThanOrEqual(60);
      expect(inTheSecondHour).toBeLessThanOrEqual(121);
      // Forgotten by its isolate again and again, as an object is that sleeps between its alarms.
      for (let i = 0; i < 2 * MAX_FRUITLESS_RECOVERIES; i += 1) await atRest(await live());
      expect(bench.open.stalled).toBe(false);
      expect(looks).toBe(1);
      expect(eventsOf(first)).toEqual(["work.held"]);
      bench.switches.pop();
      const last = await live();
      await atRest(last);
      expect(eventsOf(last)).toEqual(["work.held", "work.released", "step.intended", "step.done"]);
    });
  });

  it("goes on being held when another switch reaches it as the first is released", async () => {
    await inObject("two", async (bench) => {
      const [first, second] = [thrown("tool", { target: "test" }), thrown("tenant")];
      bench.switches.push(first, second);
      const workbench = await bench.wake(async ({ journal }) => {
        await journal.step("one", TOOL, async () => "one");
        bench.open.work = false;
      });
      await atRest(workbench);
      bench.switches.shift();
      await ring(bench, workbench);
      expect(workbench.log.read(0, 10)).toMatchObject([
        { type: "work.held", data: { switch: first.id } },
        { type: "work.released", data: { switch: first.id } },
        { type: "work.held", data: { switch: second.id } },
      ]);
      bench.switches.shift();
      await ring(bench, workbench);
      expect(workbench.journal.record("one")).toMatchObject({ state: "done", attempt: 1 });
    });
  });

  it("is only announced in a drill: once, and nothing stops", async () => {
    await inObject("drill", async (bench) => {
      const drill = thrown("tool", { target: "test", drill: true });
      bench.switches.push(drill);
      const workbench = await bench.wake(async ({ journal }) => {
        for (const step of ["one", "two"]) await journal.step(step, TOOL, async () => step);
        bench.open.work = false;
      });
      await atRest(workbench);
      expect(workbench.log.read(0, 10)[0]).toMatchObject({ type: "work.held", data: { switch: drill.id, drill: true, uses: "tool:test" } });
      expect(eventsOf(workbench)).toEqual(["work.held", "step.intended", "step.done", "step.intended", "step.done"]);
    });
  });
});
