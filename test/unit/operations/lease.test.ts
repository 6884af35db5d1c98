import fc from "fast-check";
import { expect, it } from "vitest";
import { type Lease, nextLease, releasedLease, renewedLease } from "../../../workers/operations/lease.ts";

const action = fc.record({
  who: fc.integer({ min: 0, max: 3 }),
  what: fc.constantFrom("acquire", "renew", "release"),
  heldMs: fc.integer({ min: 1, max: 50 }),
  afterMs: fc.integer({ min: 0, max: 40 }),
});

it("is held by one at a time, under tokens that only grow, and never by one whose time is over", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      let lock: Lease = { token: 0, expiresAt: 0 };
      let now = 1_000;
      const held = new Map<number, Lease>();
      for (const { who, what, heldMs, afterMs } of actions) {
        now += afterMs;
        const mine = held.get(who);
        if (what === "release") {
          if (mine !== undefined) lock = releasedLease(lock, mine.token);
          held.delete(who);
          continue;
        }
        const granted = what === "acquire" ? nextLease(lock, heldMs, now) : mine && renewedLease(lock, mine.token, heldMs, now);
        if (granted === undefined) continue;
        const others = [...held].filter(([holder, lease]) => holder !== who && lease.expiresAt > now);
        expect(others).toEqual([]);
        if (what === "acquire") expect(granted.token).toBeGreaterThan(lock.token);
        else expect(mine?.expiresAt).toBeGreaterThan(now);
        lock = granted;
        held.set(who, granted);
      }
    }),
  );
});

it("is not taken from its holder by one who lets go late", () => {
  const first = nextLease({ token: 0, expiresAt: 0 }, 10, 100);
  const second = first && nextLease(first, 10, 110);
  expect(second).toEqual({ token: 2, expiresAt: 120 });
  expect(second && releasedLease(second, 1)).toEqual(second);
  expect(second && renewedLease(second, 1, 10, 111)).toBeUndefined();
});
