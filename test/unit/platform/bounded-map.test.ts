import fc from "fast-check";
import { expect, it } from "vitest";
import { putBounded } from "../../../workers/platform/bounded-map.ts";

it("a bounded map keeps the entries that were put last, and no more than it may", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), (keys, most) => {
      const entries = new Map<number, number>();
      keys.forEach((key, i) => {
        putBounded(entries, key, i, most);
        expect(entries.size).toBeLessThanOrEqual(most);
      });
      const youngest = [...new Set([...keys].reverse())].slice(0, most);
      expect([...entries.keys()].reverse()).toEqual(youngest);
    }),
  );
});
