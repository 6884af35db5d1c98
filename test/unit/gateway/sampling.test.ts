import { expect, it } from "vitest";
import { childTrace, parseTraceparent, ROOTS_A_SAMPLE } from "../../../workers/platform/trace-context.ts";

it("of the traces that begin here about one in ten is sampled, and who began a trace decides for those that come from outside", () => {
  const roots = Array.from({ length: 20_000 }, () => childTrace(undefined));
  const share = roots.filter((trace) => trace.sampled).length / roots.length;
  expect(share).toBeGreaterThan(0.8 / ROOTS_A_SAMPLE);
  expect(share).toBeLessThan(1.2 / ROOTS_A_SAMPLE);
  for (const [flags, sampled] of [
    ["01", true],
    ["00", false],
  ] as const) {
    expect(childTrace(parseTraceparent(`00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-${flags}`)).sampled).toBe(sampled);
  }
});
