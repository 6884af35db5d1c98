import { describe, expect, it } from "vitest";
import { graphOutputs, runGraph } from "../../durable-objects/graph/interpreter.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { type Effect, hostOf, inObject, open, runOf } from "./engine-host.ts";

const boom: Effect = () => {
  throw new Problem("invalid-data", "boom");
};

/** Runs a graph to where it stands still, and says how each of its steps did. */
async function outcome(name: string, graph: object, effects: Record<string, Effect> = {}, inputs: Record<string, Json> = {}) {
  return inObject(name, async (storage) => {
    const { journal } = open(storage);
    const host = hostOf(journal, { boom, ...effects });
    const run = runOf(graph, inputs);
    const status = await runGraph(host, run);
    const output = status === "done" ? await graphOutputs(host, run) : undefined;
    const states = Object.fromEntries([...journal.records].map(([step, { state, problem }]) => [step, problem?.detail ?? state]));
    return { status, output, states };
  });
}

const value = (given: Json) => ({ uses: "tool:value.set", with: { value: given } });

describe("a switch", () => {
  const graph = (size: number) => ({
    steps: {
      sort: {
        ...value(size),
        switch: {
          cases: [
            { when: "output > 10.0", run: ["large"] },
            { when: "output > 5.0", run: ["middle"] },
          ],
          default: ["small"],
        },
      },
      large: { ...value("L"), needs: ["sort"] },
      middle: { ...value("M"), needs: ["sort"] },
      small: { ...value("S"), needs: ["sort"] },
      always: { ...value("A"), needs: ["sort"] },
      join: { ...value("${steps.small.output}"), needs: ["large", "middle", "small"] },
    },
    outputs: {
      states: ["${steps.large.state}", "${steps.middle.state}", "${steps.small.state}", "${steps.join.state}", "${steps.always.state}"],
    },
  });

  it("takes the first case that is true, and its default when none is; steps that stand in none are not touched", async () => {
    expect((await outcome("switch-20", graph(20))).output).toEqual({ states: ["done", "skipped", "skipped", "done", "done"] });
    expect((await outcome("switch-7", graph(7))).output).toEqual({ states: ["skipped", "done", "skipped", "done", "done"] });
    expect((await outcome("switch-1", graph(1))).output).toEqual({ states: ["skipped", "skipped", "done", "done", "done"] });
  });
});

describe("a step that fails", () => {
  it("goes to its error branch in place of the others, and the branch is dead when it does not fail", async () => {
    const graph = (uses: string) => ({
      steps: {
        risky: { uses, on_error: { goto: "mend" } },
        next: { ...value("next"), needs: ["risky"] },
        mend: { ...value("mended"), needs: ["risky"] },
        end: { ...value("${steps.mend.output}"), needs: ["next", "mend"] },
      },
      outputs: { next: "${steps.next.state}", mend: "${steps.mend.state}", end: "${steps.end.output}" },
    });
    expect(await outcome("goto", graph("tool:test.boom"))).toMatchObject({
      status: "done",
      output: { next: "skipped", mend: "done", end: "mended" },
    });
    expect(await outcome("no-goto", graph("tool:value.set"))).toMatchObject({ output: { next: "done", mend: "skipped", end: null } });
  });

  it("blocks what needs it, and fails the run once the rest has ended", async () => {
    const steps = { a: { uses: "tool:test.boom" }, b: { ...value(1), needs: ["a"] }, c: value(2) };
    expect(await outcome("blocks", { steps })).toMatchObject({
      status: "failed",
      states: { a: "boom", b: "a step it needs has failed", c: "done" },
    });
  });
});

describe("a step for each item", () => {
  it("runs at most so many at once, and returns what they returned in the order of the items", async () => {
    let running = 0;
    let most = 0;
    const effect: Effect = async ({ input }) => {
      running += 1;
      most = Math.max(most, running);
      await scheduler.wait(1);
      running -= 1;
      return input;
    };
    const steps = {
      list: value([3, 1, 2]),
      each: {
        uses: "tool:test.work",
        needs: ["list"],
        for_each: "${steps.list.output}",
        max_parallel: 2,
        with: { n: "${item * 10.0}", at: "${index}" },
      },
    };
    const { output } = await outcome("each", { steps, outputs: { each: "${steps.each.output}" } }, { work: effect });
    expect(output).toEqual({
      each: [
        { n: 30, at: 0 },
        { n: 10, at: 1 },
        { n: 20, at: 2 },
      ],
    });
    expect(most).toBe(2);
  });

  it("fails with the first item that fails, and begins no other; or leaves null in its place", async () => {
    const begun: Json[] = [];
    const odd: Effect = ({ input }) => {
      begun.push(input.n ?? null);
      return input.n === 1
        ? boom({ name: "", step: runOf({ steps: { a: value(1) } }).graph.steps.a ?? never(), input })
        : (input.n ?? null);
    };
    const step = { uses: "tool:test.odd", for_each: [0, 1, 2, 3], max_parallel: 1, with: { n: "${item}" } };
    expect(await outcome("item-fails", { steps: { each: step } }, { odd })).toMatchObject({
      status: "failed",
      states: { each: "Item 1 failed: boom" },
    });
    expect(begun).toEqual([0, 1]);
    const kept = { steps: { each: { ...step, on_item_error: "continue" } }, outputs: { each: "${steps.each.output}" } };
    expect((await outcome("item-kept", kept, { odd })).output).toEqual({ each: [0, null, 2, 3] });
  });

  it("over nothing is done at once, and what is no list is a failure that says so", async () => {
    const each = (list: string) => ({ steps: { each: { ...value(1), for_each: list } }, outputs: { each: "${steps.each.output}" } });
    expect((await outcome("no-items", each("[]"))).output).toEqual({ each: [] });
    expect((await outcome("no-list", each("1 + 1"))).states.each).toContain("wants a list");
  });

  it("takes up ten thousand items, each once", async () => {
    const seen = new Set<Json>();
    const steps = { each: { uses: "tool:test.once", for_each: "inputs.items", max_parallel: 16, with: { n: "${item}" } } };
    const once: Effect = ({ input }) => {
      expect(seen.has(input.n ?? null)).toBe(false);
      seen.add(input.n ?? null);
      return null;
    };
    const { status } = await outcome("many-items", { steps }, { once }, { items: Array.from({ length: 10_000 }, (_, i) => i) });
    expect(status).toBe("done");
    expect(seen.size).toBe(10_000);
  });
});

describe("a loop", () => {
  const steps = {
    count: { ...value("${previous == null ? 1.0 : previous * 2.0}"), until: "output >= 8.0 && iteration == 4.0", max_iterations: 10 },
  };

  it("runs again until its condition holds, sees what came before, and returns the last", async () => {
    const { output, states } = await outcome("until", { steps, outputs: { count: "${steps.count.output}" } });
    expect(output).toEqual({ count: 8 });
    expect(Object.keys(states).filter((step) => step.startsWith("count/"))).toEqual(["count/i1", "count/i2", "count/i3", "count/i4"]);
  });

  it("fails when the condition does not hold after as many iterations as it may have", async () => {
    const { status, states } = await outcome("until-bound", { steps: { count: { ...steps.count, max_iterations: 3 } } });
    expect(status).toBe("failed");
    expect(states.count).toContain("did not hold after 3 iterations");
  });
});

describe("a graph inside a step", () => {
  it("runs under the step's name with the step's inputs, also without steps, for each item and again and again", async () => {
    const inner = { steps: { twice: value("${inputs.n * 2.0}") }, outputs: { n: "${steps.twice.output}" } };
    const graph = {
      steps: {
        one: { uses: "run:inline", with: { n: 4 }, graph: inner },
        none: { uses: "run:inline", with: { n: 1 }, graph: { steps: {}, outputs: { said: "${inputs.n + 1.0}" } } },
        each: { uses: "run:inline", for_each: [1, 2], with: { n: "${item}" }, graph: inner },
        loop: { uses: "run:inline", with: { n: "${previous == null ? 1.0 : previous.n}" }, until: "output.n > 5.0", graph: inner },
      },
      outputs: {
        one: "${steps.one.output.n}",
        none: "${steps.none.output.said}",
        each: "${steps.each.output}",
        loop: "${steps.loop.output.n}",
      },
    };
    const { output, states } = await outcome("inline", graph);
    expect(output).toEqual({ one: 8, none: 2, each: [{ n: 2 }, { n: 4 }], loop: 8 });
    expect(Object.keys(states)).toEqual(expect.arrayContaining(["one/twice", "each/1/twice", "loop/i3/twice"]));
  });

  it("that fails fails its step, which says where", async () => {
    const graph = { steps: { outer: { uses: "run:inline", graph: { steps: { bad: { uses: "tool:test.boom" } } } } } };
    expect((await outcome("inline-fails", graph)).states.outer).toBe("Step bad failed: boom");
  });
});

describe("rates and times", () => {
  it("starts no more steps of a class in any time of its length than it allows, items as well", async () => {
    await inObject("rate", async (storage) => {
      const time = { at: 1_000 };
      const { journal } = open(storage, time);
      const starts: number[] = [];
      const effects = { tick: () => starts.push(time.at) };
      const run = runOf({
        rates: { slow: { limit: 3, per: "1m" } },
        steps: {
          each: { uses: "tool:test.tick", rate: "slow", for_each: [1, 2, 3, 4, 5, 6, 7] },
          one: { uses: "tool:test.tick", rate: "slow" },
        },
      });
      let wakeAt = 0;
      for (let round = 0; round < 10; round += 1) {
        const status = await runGraph(hostOf(journal, effects, { wakeAt: (at) => (wakeAt = at) }), run);
        if (status === "done") break;
        expect(status).toBe("waiting");
        time.at = wakeAt;
      }
      expect(starts).toHaveLength(8);
      for (const start of starts) expect(starts.filter((at) => at > start - 60_000 && at <= start).length).toBeLessThanOrEqual(3);
    });
  });

  it("waits between iterations, and for a time, without holding anything in memory", async () => {
    await inObject("every", async (storage) => {
      const time = { at: 1_000 };
      const run = runOf({
        steps: {
          poll: { ...value("${iteration}"), until: "output == 3.0", every: "1h" },
          sleep: { uses: "timer:wait", with: { duration: "30d" } },
          end: { ...value(1), needs: ["poll", "sleep"] },
        },
      });
      const wakes: number[] = [];
      for (let round = 0; round < 10; round += 1) {
        const wishes: number[] = [];
        const host = hostOf(open(storage, time).journal, {}, { wakeAt: (at) => wishes.push(at) });
        if ((await runGraph(host, run)) === "done") break;
        time.at = Math.min(...wishes);
        wakes.push(time.at);
      }
      expect(wakes).toEqual([1_000 + 3_600_000, 1_000 + 7_200_000, 1_000 + 30 * 86_400_000]);
    });
  });

  it("ends a step that takes longer than it may, whatever its kind, and what it still brings is late", async () => {
    await inObject("timeouts", async (storage) => {
      const time = { at: 1_000 };
      const { journal } = open(storage, time);
      const late: Effect = async () => {
        time.at += 60_000;
        await scheduler.wait(5);
        return "late";
      };
      const inner = { steps: { ask: { uses: "human:input" } } };
      const run = runOf({
        steps: {
          person: { uses: "human:approve", timeout: "10s", on_error: "continue" },
          inside: { uses: "run:inline", timeout: "20s", graph: inner, on_error: "continue" },
          slow: { uses: "tool:test.late" },
        },
      });
      expect(await runGraph(hostOf(journal, { late }), run)).toBe("done");
      expect(journal.record("person")?.problem).toEqual({ type: "timeout", detail: "Nobody answered in time." });
      expect(journal.record("inside")?.problem?.type).toBe("timeout");
      expect(journal.record("inside/ask")?.state).toBe("failed");
    });
  });
});

describe("what is told from outside", () => {
  it("is taken up at once, while another step runs", async () => {
    await inObject("beside", async (storage) => {
      const { journal } = open(storage);
      const done = Promise.withResolvers<void>();
      const run = runOf({
        steps: { slow: { uses: "tool:test.slow" }, ask: { uses: "human:input" }, last: { uses: "tool:test.after", needs: ["ask"] } },
      });
      const effects = {
        slow: async () => {
          await scheduler.wait(1);
          await journal.settle("ask", journal.keyOf("ask"), { kind: "done", output: "yes" });
          await done.promise;
          return null;
        },
        // The slow step ends only after this one has run.
        after: () => (done.resolve(), null),
      };
      expect(await runGraph(hostOf(journal, effects), run)).toBe("done");
    });
  });

  it("inside a graph inside a step lets that go on", async () => {
    await inObject("inner-answer", async (storage) => {
      const inner = { steps: { ask: { uses: "human:input" } }, outputs: { said: "${steps.ask.output}" } };
      const run = runOf({ steps: { outer: { uses: "run:inline", graph: inner } }, outputs: { said: "${steps.outer.output.said}" } });
      const first = open(storage);
      expect(await runGraph(hostOf(first.journal, {}), run)).toBe("waiting");
      const { journal } = open(storage);
      await journal.settle("outer/ask", journal.keyOf("outer/ask"), { kind: "done", output: "yes" });
      const host = hostOf(journal, {});
      expect(await runGraph(host, run)).toBe("done");
      expect(await graphOutputs(host, run)).toEqual({ said: "yes" });
    });
  });
});

function never(): never {
  throw new Error("not reached");
}
