import { expect, it } from "vitest";
import { runGraph } from "../../durable-objects/graph/interpreter.ts";
import { hostOf, inObject, open, runOf } from "./engine-host.ts";

const ITEMS = 8_000;

it("others are let in while an object works that waits for nothing", async () => {
  const graph = { steps: { each: { uses: "tool:test.count", for_each: Array.from({ length: ITEMS }, (_, i) => i), max_parallel: 8 } } };
  let done = 0;
  const seen: number[] = [];
  const clock = setInterval(() => seen.push(done), 5);
  await inObject("gives-way", async (storage) => {
    const { journal } = open(storage);
    const count = () => {
      done += 1;
      return done;
    };
    expect(await runGraph(hostOf(journal, { count }), runOf(graph))).toBe("done");
  });
  clearInterval(clock);
  const inBetween = seen.filter((count) => count > 0 && count < ITEMS);
  expect(inBetween.length).toBeGreaterThan(1);
});
