import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Account, type Amount, closed, emptyAccount, held, limitPassedBy, settled } from "../../../workers/kamachiq/budget.ts";

const amount = (most: number) => fc.record({ micros: fc.nat(most), tokens: fc.nat(most) });
/** A task makes one call after the other: what each may take at most, the part of it that it takes, and whether anyone says so. */
const task = fc.array(fc.record({ ceiling: amount(500), part: fc.double({ min: 0, max: 1, noNaN: true }), isTold: fc.boolean() }), {
  maxLength: 6,
});

const total = ({ spent, holds }: Account, of: keyof Amount) => spent[of] + Object.values(holds).reduce((sum, hold) => sum + hold[of], 0);

describe("a project's account", () => {
  it("never passes its limits, however the calls of concurrent tasks interleave, and whoever dies without a word", () => {
    fc.assert(
      fc.property(amount(2_000), fc.array(task, { minLength: 1, maxLength: 6 }), fc.infiniteStream(fc.nat()), (budget, tasks, choices) => {
        let account = emptyAccount();
        let used = { micros: 0, tokens: 0 };
        const open = tasks.map((calls, i) => ({ key: `r1/t${i}`, calls: [...calls], at: 0, holding: undefined as Amount | undefined }));
        while (open.length > 0) {
          const place = (choices.next().value ?? 0) % open.length;
          const one = open[place];
          const call = one?.calls[one.at];
          if (one === undefined) return;
          if (call === undefined) {
            account = closed(account, one.key);
            open.splice(place, 1);
          } else if (one.holding === undefined) {
            if (limitPassedBy(budget, account, call.ceiling) === undefined) {
              account = held(account, `${one.key}/${one.at}`, { key: one.key, ...call.ceiling });
              one.holding = call.ceiling;
            } else one.at = one.calls.length;
          } else {
            const taken = { micros: Math.floor(call.ceiling.micros * call.part), tokens: Math.floor(call.ceiling.tokens * call.part) };
            used = { micros: used.micros + taken.micros, tokens: used.tokens + taken.tokens };
            if (call.isTold) account = settled(account, `${one.key}/${one.at}`, taken);
            one.holding = undefined;
            one.at += 1;
          }
          expect(total(account, "micros")).toBeLessThanOrEqual(budget.micros);
          expect(total(account, "tokens")).toBeLessThanOrEqual(budget.tokens);
        }
        expect(account.holds).toEqual({});
        expect(used.micros).toBeLessThanOrEqual(account.spent.micros);
        expect(used.tokens).toBeLessThanOrEqual(account.spent.tokens);
      }),
      { numRuns: 300 },
    );
  });

  it("takes a settlement once, and none for a call it knows nothing of", () => {
    const account = held(emptyAccount(), "a", { key: "t", micros: 10, tokens: 10 });
    const after = settled(account, "a", { micros: 4, tokens: 5 });
    expect(settled(after, "a", { micros: 4, tokens: 5 })).toEqual(after);
    expect(settled(after, "b", { micros: 4, tokens: 5 })).toEqual(after);
    expect(after.spent).toEqual({ micros: 4, tokens: 5 });
  });

  it("names the limit that a call would pass, and what is left of it", () => {
    const account = held(emptyAccount(), "a", { key: "t", micros: 60, tokens: 5 });
    expect(limitPassedBy({ micros: 100 }, account, { micros: 41, tokens: 1 })).toEqual({ limit: "micros", left: 40, need: 41 });
    expect(limitPassedBy({ tokens: 5 }, account, { micros: 41, tokens: 1 })).toEqual({ limit: "tokens", left: 0, need: 1 });
    expect(limitPassedBy({ micros: 100 }, account, { micros: 40, tokens: 1_000 })).toBeUndefined();
  });
});
