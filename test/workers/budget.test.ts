import { env, evictDurableObject, runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Budget, DEFAULT_LIMIT_MICROS, EXPIRED_KEPT_MS, LEASE_LIFETIME_MS } from "../../durable-objects/tenant-ledger/budget.ts";
import { problemOf } from "../../workers/platform/problem.ts";
import { newTenant } from "./tenant.ts";

/** What the budget should hold, told in the plainest way: a list of holders, each with what it holds and whether it expired. */
interface Model {
  limit: number;
  spent: number;
  readonly leases: Map<string, { micros: number; expiresAt: number; isExpired: boolean }>;
  now: number;
}

interface Real {
  budget: Budget;
  readonly storage: DurableObjectStorage;
}

const leased = (model: Model) =>
  [...model.leases.values()].filter((lease) => !lease.isExpired).reduce((sum, lease) => sum + lease.micros, 0);

function pass(model: Model, ms: number): void {
  model.now += ms;
  for (const [holder, lease] of model.leases) {
    if (!lease.isExpired && lease.expiresAt <= model.now) {
      lease.isExpired = true;
      model.spent += lease.micros;
    }
    if (lease.isExpired && lease.expiresAt <= model.now - EXPIRED_KEPT_MS) model.leases.delete(holder);
  }
}

type Step = (model: Model, real: Real) => void;

const holders = fc.constantFrom("ses_1/trn_1", "ses_1/trn_2", "ses_2/trn_3");

const leases = fc.record({ holder: holders, want: fc.nat(DEFAULT_LIMIT_MICROS / 2) }).map(
  ({ holder, want }): Step =>
    (model, { budget }) => {
      const held = model.leases.get(holder);
      const missing = Math.max(0, want - (held?.micros ?? 0));
      const left = model.limit - model.spent - leased(model);
      let granted: number;
      try {
        granted = budget.lease(holder, want, model.now).grantedMicros;
      } catch (error) {
        expect(problemOf(error)?.type).toBe("budget-exhausted");
        expect(left).toBeLessThan(missing);
        return;
      }
      expect(left >= missing || missing === 0).toBe(true);
      expect(granted).toBeGreaterThanOrEqual(want);
      if (held !== undefined && missing === 0) expect(granted).toBe(held.micros);
      if (held?.isExpired === true) model.spent -= held.micros;
      model.leases.set(holder, { micros: granted, expiresAt: model.now + LEASE_LIFETIME_MS, isExpired: false });
    },
);

const settles = fc.record({ holder: holders, share: fc.double({ min: 0, max: 1, noNaN: true }) }).map(
  ({ holder, share }): Step =>
    (model, { budget }) => {
      const held = model.leases.get(holder);
      const spent = Math.floor((held?.micros ?? 1_000) * share);
      budget.settle(holder, spent);
      if (held === undefined) return;
      model.spent += spent - (held.isExpired ? held.micros : 0);
      model.leases.delete(holder);
    },
);

const waits = fc
  .oneof(fc.nat(LEASE_LIFETIME_MS), fc.constantFrom(LEASE_LIFETIME_MS, LEASE_LIFETIME_MS + 1, EXPIRED_KEPT_MS - 1, EXPIRED_KEPT_MS))
  .map(
    (ms): Step =>
      (model) =>
        pass(model, ms),
  );

const raisesLimit = fc.nat(DEFAULT_LIMIT_MICROS).map(
  (more): Step =>
    (model, { budget }) => {
      model.limit += more;
      budget.setLimit(model.limit);
    },
);

const isEvicted = fc.constant<Step>((_, real) => {
  real.budget = new Budget(real.storage);
});

describe("a tenant's budget", () => {
  it("never lets spent and leased pass the limit, and loses nothing, whatever its holders do", async () => {
    let run = 0;
    const steps = fc.array(fc.oneof({ weight: 4, arbitrary: leases }, { weight: 3, arbitrary: settles }, waits, raisesLimit, isEvicted), {
      maxLength: 40,
      size: "max",
    });
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        run += 1;
        await runInDurableObject(env.IDEMPOTENCY_RECORD.getByName(`budget-${run}`), (_, { storage }) => {
          const model: Model = { limit: DEFAULT_LIMIT_MICROS, spent: 0, leases: new Map(), now: 1_000 };
          const real: Real = { budget: new Budget(storage), storage };
          for (const step of taken) {
            step(model, real);
            const told = real.budget.read(model.now);
            expect(told).toEqual({ limitMicros: model.limit, spentMicros: model.spent, leasedMicros: leased(model) });
            expect(told.spentMicros + told.leasedMicros).toBeLessThanOrEqual(told.limitMicros);
            expect(told.spentMicros).toBeGreaterThanOrEqual(0);
          }
        });
      }),
      { numRuns: 80 },
    );
  });

  it("gives every one of sixty sessions that ask at once a part, and refuses the one for whom nothing is left, naming what is left", async () => {
    const tenant = await newTenant();
    const ledger = env.TENANT_LEDGER.getByName(tenant.id);
    const granted = await Promise.all(Array.from({ length: 60 }, (_, i) => ledger.lease(`ses_${i}`, 1_000)));
    expect(granted.every((lease) => lease.grantedMicros >= 1_000)).toBe(true);
    const { leasedMicros, limitMicros } = await ledger.read();
    expect(leasedMicros).toBe(granted.reduce((sum, lease) => sum + lease.grantedMicros, 0));
    await expect(ledger.lease("ses_late", limitMicros - leasedMicros + 1)).rejects.toThrow(
      new RegExp(`budget has ${limitMicros - leasedMicros} left`),
    );
  });

  it("gives the same lease to a holder that was evicted and asks again, and counts what it says it spent, also beyond its lease", async () => {
    const tenant = await newTenant();
    const ledger = env.TENANT_LEDGER.getByName(tenant.id);
    const first = await ledger.lease("ses_1/trn_1", 50_000);
    await evictDurableObject(ledger);
    const again = await env.TENANT_LEDGER.getByName(tenant.id).lease("ses_1/trn_1", 50_000);
    expect(again.grantedMicros).toBe(first.grantedMicros);
    const spent = first.grantedMicros + 7;
    await ledger.settle("ses_1/trn_1", spent);
    await ledger.settle("ses_1/trn_1", spent);
    expect(await (await tenant.fetch("/v1/budgets/tenant")).json()).toEqual({
      limitMicros: DEFAULT_LIMIT_MICROS,
      spentMicros: spent,
      leasedMicros: 0,
    });
  });

  it("leases nothing more once it is set below what is spent, and goes on when it is raised", async () => {
    const tenant = await newTenant();
    const put = (limitMicros: number) =>
      tenant.fetch("/v1/budgets/tenant", {
        method: "PUT",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ limitMicros }),
      });
    const ledger = env.TENANT_LEDGER.getByName(tenant.id);
    await ledger.lease("ses_1", 2_000_000);
    await ledger.settle("ses_1", 2_000_000);
    expect((await put(1_000_000)).status).toBe(200);
    await expect(ledger.lease("ses_2", 1)).rejects.toThrow(/budget has 0 left/);
    expect((await put(3_000_000)).status).toBe(200);
    expect((await ledger.lease("ses_2", 1)).grantedMicros).toBeGreaterThan(0);
    for (const wrong of [-1, 1.5, 1e15]) expect((await put(wrong)).status).toBe(400);
  });
});
