import { env, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { EventLog } from "../../durable-objects/event-log/event-log.ts";
import { Journal, type StepOptions } from "../../durable-objects/journal/journal.ts";
import { NO_RETRY } from "../../durable-objects/journal/retry.ts";
import { StepRecords } from "../../durable-objects/journal/step-records.ts";
import { valueStore } from "../../durable-objects/journal/value-store.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import { Problem, problemOf } from "../../workers/platform/problem.ts";

const OUTSIDE: StepOptions = { uses: "tool:test.effect", isOutside: true, onUnknown: "retry", retry: NO_RETRY, timeoutMs: 5_000 };
const INSIDE: StepOptions = { ...OUTSIDE, isOutside: false };

/** Opens log and journal over one object's storage, as an object does each time it wakes. */
function open(storage: DurableObjectStorage, now = { at: 1_000 }) {
  const steps = new StepRecords();
  const clock = { now: () => now.at };
  const log = new EventLog(storage, clock, [steps]);
  const journal = new Journal({ log, steps, values: valueStore(env.ARTIFACTS, "ten/test"), clock, owner: () => "run" });
  return { log, journal, now };
}

function inObject<R>(name: string, work: (storage: DurableObjectStorage) => Promise<R>): Promise<R> {
  return runInDurableObject(env.IDEMPOTENCY_RECORD.getByName(name), async (_, state) => work(state.storage));
}

const types = (events: readonly LoggedEvent[]) => events.map((event) => event.type);

describe("a step", () => {
  it("runs its effect once, and answers from the record after a restart", async () => {
    await inObject("once", async (storage) => {
      let runs = 0;
      const effect = async (): Promise<Json> => ({ runs: ++runs });
      expect(await open(storage).journal.step("a", OUTSIDE, effect)).toEqual({ runs: 1 });
      expect(await open(storage).journal.step("a", OUTSIDE, effect)).toEqual({ runs: 1 });
      expect(runs).toBe(1);
    });
  });

  it("costs one row inside the object and two when it goes outside", async () => {
    await inObject("rows", async (storage) => {
      const { journal, log } = open(storage);
      await journal.step("inside", INSIDE, async () => 1);
      expect(types(log.read(0, 10))).toEqual(["step.done"]);
      await journal.step("outside", OUTSIDE, async () => 2);
      expect(types(log.read(1, 10))).toEqual(["step.intended", "step.done"]);
    });
  });

  it("is not counted as tried when the platform resets the object, and goes on under the same key", async () => {
    await inObject("reset", async (storage) => {
      const keys: string[] = [];
      const reset = new Error("Durable Object reset because its code was updated.");
      const first = open(storage).journal.step("a", OUTSIDE, async ({ key }) => {
        keys.push(key);
        throw reset;
      });
      await expect(first).rejects.toBe(reset);
      const { journal, log } = open(storage);
      await journal.step("a", OUTSIDE, async ({ key, attempt }) => {
        keys.push(key);
        return attempt;
      });
      expect(await journal.output("a")).toBe(1);
      expect(new Set(keys).size).toBe(1);
      expect(types(log.read(0, 10))).toEqual(["step.intended", "step.done"]);
    });
  });

  it("fails for good when its outcome is unknown and it may not be repeated", async () => {
    await inObject("unknown", async (storage) => {
      await open(storage)
        .journal.step("pay", OUTSIDE, async () => {
          throw new Error("Network connection lost.");
        })
        .catch(() => undefined);
      const again = open(storage).journal.step("pay", { ...OUTSIDE, onUnknown: "fail" }, async () => 1);
      const error = await again.catch((thrown: unknown) => thrown);
      expect(problemOf(error)?.type).toBe("outcome-unknown");
    });
  });

  it("is tried again after a transient failure and not after a final one", async () => {
    await inObject("retry", async (storage) => {
      const { journal } = open(storage);
      const retry = { ...NO_RETRY, attempts: 3 };
      let tries = 0;
      const value = await journal.step("flaky", { ...OUTSIDE, retry }, async () => {
        tries += 1;
        if (tries < 3) throw new Problem("unavailable", "not yet");
        return tries;
      });
      expect(value).toBe(3);
      let finals = 0;
      await journal
        .step("final", { ...OUTSIDE, retry }, async () => {
          finals += 1;
          throw new Problem("invalid-request", "never");
        })
        .catch(() => undefined);
      expect(finals).toBe(1);
      expect(journal.record("final")).toMatchObject({ state: "failed", final: true, attempt: 1 });
    });
  });

  it("gives up at its time limit, and what it brings later changes nothing", async () => {
    await inObject("late", async (storage) => {
      const { journal } = open(storage);
      let finish: (value: Json) => void = () => undefined;
      const slow = new Promise<Json>((resolve) => {
        finish = resolve;
      });
      const error = await journal.step("slow", { ...OUTSIDE, timeoutMs: 5 }, () => slow).catch((thrown: unknown) => thrown);
      expect(problemOf(error)?.type).toBe("timeout");
      finish("too late");
      await slow;
      expect(journal.record("slow")).toMatchObject({ state: "failed", final: true });
    });
  });

  it("keeps a large result by reference and gives it back whole", async () => {
    await inObject("large", async (storage) => {
      const large = "x".repeat(200_000);
      await open(storage).journal.step("a", INSIDE, async () => large);
      const { journal, log } = open(storage);
      expect(JSON.stringify(log.read(0, 10)).length).toBeLessThan(2_000);
      expect(await journal.output("a")).toBe(large);
    });
  });

  it("takes an outcome from outside once, and none for a key that was given up", async () => {
    await inObject("settle", async (storage) => {
      const { journal } = open(storage);
      journal.wait("ask", { uses: "human:approve", on: "human" });
      const key = journal.keyOf("ask");
      journal.reset("ask", "someone");
      expect(await journal.settle("ask", key, { kind: "done", output: 1 })).toBe(false);
      expect(await journal.settle("ask", journal.keyOf("ask"), { kind: "done", output: 2 })).toBe(true);
      expect(await journal.settle("ask", journal.keyOf("ask"), { kind: "done", output: 3 })).toBe(false);
      expect(await journal.output("ask")).toBe(2);
    });
  });
});

describe("the log", () => {
  it("knows the same after it was compacted, and says so to a reader who is too far behind", async () => {
    await inObject("compact", async (storage) => {
      const { journal, log } = open(storage);
      for (let i = 0; i < 30; i += 1) await journal.step(`s${i}`, INSIDE, async () => i);
      log.release(log.last);
      log.compact(10);
      const woken = open(storage);
      expect(await woken.journal.output("s0")).toBe(0);
      expect(await woken.journal.output("s29")).toBe(29);
      expect(woken.log.last).toBe(30);
      expect(woken.log.read(20, 100)).toHaveLength(10);
      expect(() => woken.log.read(5, 100)).toThrow(/events-compacted/);
      await woken.journal.step("next", INSIDE, async () => 1);
      expect(open(storage).log.last).toBe(31);
    });
  });

  it("keeps what the audit has not released", async () => {
    await inObject("unreleased", async (storage) => {
      const { journal, log } = open(storage);
      for (let i = 0; i < 5; i += 1) await journal.step(`s${i}`, INSIDE, async () => i);
      log.release(2);
      log.compact(0);
      expect(open(storage).log.read(2, 10)).toHaveLength(3);
    });
  });

  it("writes nothing for an object that nothing happened to", async () => {
    await inObject("empty", async (storage) => {
      const { log } = open(storage);
      expect(log.read(0, 10)).toEqual([]);
      expect(storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'events'").toArray()).toEqual([]);
    });
  });
});
