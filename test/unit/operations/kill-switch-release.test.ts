import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { released } from "../../../workers/operations/kill-switch/release.ts";
import type { SwitchRecord, SwitchRules } from "../../../workers/operations/kill-switch/switch-record.ts";

const RECORD: SwitchRecord = {
  id: "ksw_1",
  scope: "tenant",
  drill: false,
  since: 0,
  reason: "test",
  thrownBy: "usr_1",
  isOperators: false,
};
const TWO: SwitchRules = { release: "two-people", requestMinutes: 10 };
const MINUTE_MS = 60_000;

describe("the release of a switch by two people", () => {
  it("takes two different ones within the time of the request, in whatever order they try", () => {
    const attempts = fc.array(fc.record({ subject: fc.constantFrom("ann", "bob", "cyd"), after: fc.integer({ min: 0, max: 15 }) }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(attempts, (tries) => {
        let record = RECORD;
        let now = 0;
        let asked: { by: string; at: number } | undefined;
        for (const { subject, after } of tries) {
          now += after * MINUTE_MS;
          record = released(record, TWO, { subject, isOperator: false }, now);
          const stands = asked !== undefined && now - asked.at < TWO.requestMinutes * MINUTE_MS;
          if (stands && asked?.by !== subject) {
            expect(record.released).toEqual({ by: subject, at: now, askedBy: asked?.by });
            return;
          }
          if (!stands) asked = { by: subject, at: now };
          expect(record.released).toBeUndefined();
          expect(record.asked).toEqual(asked);
        }
      }),
    );
  });

  it("is one person's for a drill, and an operator's for what an operator has thrown", () => {
    const drill = released({ ...RECORD, drill: true }, TWO, { subject: "ann", isOperator: false }, 5);
    expect(drill.released).toEqual({ by: "ann", at: 5 });
    const operators = { ...RECORD, isOperators: true };
    expect(() => released(operators, TWO, { subject: "ann", isOperator: false }, 5)).toThrow(/only an operator/);
    expect(released(operators, TWO, { subject: "operator", isOperator: true }, 5).released?.at).toBe(5);
  });
});
