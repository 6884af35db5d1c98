import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryAfterSeconds } from "../../../workers/models/retry-after.ts";

const NOW = Date.parse("2026-11-21T08:00:00Z");

describe("the wait that a server asks for", () => {
  it.each([
    [{ "retry-after": "2" }, 2],
    [{ "retry-after": " 0 " }, 0],
    [{ "retry-after": "Sat, 21 Nov 2026 08:00:30 GMT" }, 30],
    [{ "retry-after": "Sat, 21 Nov 2026 07:00:00 GMT" }, 0],
    [{ "retry-after": "2", "retry-after-ms": "1500" }, 1.5],
    [{}, undefined],
    [{ "retry-after": "" }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after-ms": "soon", "retry-after": "3" }, 3],
  ])("%j is %s seconds", (headers, seconds) => {
    expect(retryAfterSeconds(headers, NOW)).toBe(seconds);
  });

  it("is never less than nothing and never not a number, whatever is sent", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (after, milliseconds) => {
        const seconds = retryAfterSeconds({ "retry-after": after, "retry-after-ms": milliseconds }, NOW);
        expect(seconds === undefined || seconds >= 0).toBe(true);
      }),
    );
  });
});
