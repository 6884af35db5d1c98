import { expect, it } from "vitest";
import { runGraph } from "../../durable-objects/graph/interpreter.ts";
import { hostOf, inObject, open, runOf } from "./engine-host.ts";

/** Longer than an output that is kept in memory. */
const LONG = "x".repeat(10_000);

it("a run whose events were folded into a snapshot keeps its open timers and the outputs of its steps", async () => {
  const run = runOf({
    steps: {
      short: { uses: "tool:test.value", with: { value: 7 } },
      long: { uses: "tool:test.value", with: { value: LONG } },
      each: { uses: "tool:test.value", for_each: [1, 2, 3], with: { value: "${item * 2.0}" } },
      later: { uses: "timer:wait", needs: ["short", "long", "each"], with: { duration: "1h" } },
      sum: { uses: "tool:test.value", needs: ["later"], with: { value: "${size(steps.long.output)}" } },
    },
  });
  await inObject("compaction", async (storage) => {
    const time = { at: 1_000 };
    const first = open(storage, time);
    expect(await runGraph(hostOf(first.journal, {}), run)).toBe("waiting");
    first.log.release(first.log.last);
    first.log.compact(0);

    const second = open(storage, time);
    expect(second.log.last).toBe(first.log.last);
    expect(second.journal.record("later")).toMatchObject({ state: "waiting", on: "timer", until: 3_601_000 });
    expect(await second.journal.output("long")).toBe(LONG);
    expect(await second.journal.output("each")).toEqual([2, 4, 6]);
    expect(await runGraph(hostOf(second.journal, {}), run)).toBe("waiting");

    time.at = 3_601_000;
    const third = open(storage, time);
    expect(await runGraph(hostOf(third.journal, {}), run)).toBe("done");
    expect(await third.journal.output("sum")).toBe(LONG.length);
    expect([...third.journal.records.values()].every(({ attempt }) => attempt <= 1)).toBe(true);
  });
});
