import fc from "fast-check";
import { expect, it } from "vitest";
import { RequestCount } from "../../../durable-objects/tenant-ledger/request-count.ts";

const LIMITS = { tenantLimit: 1_000, subjectLimit: 400 };

it("no isolates, however they ask, are granted more than the tenant's and each subject's limit in a window", () => {
  const ask = fc.record({ window: fc.integer({ min: 5, max: 7 }), subject: fc.constantFrom("a", "b", "c", "d"), want: fc.nat(600) });
  fc.assert(
    fc.property(fc.array(ask, { maxLength: 100 }), (asked) => {
      const count = new RequestCount();
      const granted = new Map<string, number>();
      const add = (key: string, more: number) => granted.set(key, (granted.get(key) ?? 0) + more);
      let newest = 0;
      for (const { window, subject, want } of asked) {
        const answer = count.grant({ window, subject, want, ...LIMITS });
        expect(answer.granted).toBeLessThanOrEqual(want);
        if (window < newest) expect(answer.granted).toBe(0);
        newest = Math.max(newest, window);
        add(`${window}`, answer.granted);
        add(`${window}/${subject}`, answer.granted);
        expect(granted.get(`${window}`)).toBeLessThanOrEqual(LIMITS.tenantLimit);
        expect(granted.get(`${window}/${subject}`)).toBeLessThanOrEqual(LIMITS.subjectLimit);
      }
    }),
  );
});

it("many isolates that ask for the last of a tenant's requests each get some, and in the end all of it is given", () => {
  const count = new RequestCount();
  const grants = Array.from({ length: 200 }, (_, i) => count.grant({ window: 1, subject: `s${i % 10}`, want: 500, ...LIMITS }).granted);
  expect(grants.slice(0, 20).every((granted) => granted > 0)).toBe(true);
  expect(grants.reduce((sum, granted) => sum + granted, 0)).toBe(LIMITS.tenantLimit);
});

it("one subject that asks without end leaves the others their part", () => {
  const count = new RequestCount();
  for (let i = 0; i < 100; i += 1) count.grant({ window: 1, subject: "greedy", want: 500, ...LIMITS });
  expect(count.grant({ window: 1, subject: "greedy", want: 1, ...LIMITS })).toEqual({
    granted: 0,
    tenantRemaining: 600,
    subjectRemaining: 0,
  });
  expect(count.grant({ window: 1, subject: "modest", want: 10, ...LIMITS }).granted).toBe(10);
});
