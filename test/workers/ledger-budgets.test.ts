import { abortAllDurableObjects, env, evictDurableObject, runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Accounts, LEASE_LIFETIME_MS } from "../../durable-objects/tenant-ledger/accounts.ts";
import { BudgetList } from "../../durable-objects/tenant-ledger/budget-list.ts";
import { CLOSED_KEPT_MS } from "../../durable-objects/tenant-ledger/lease-table.ts";
import { type Budget, DEFAULT_LIMIT_MICROS, type Purpose, UNITS, windowOf } from "../../workers/billing/budget.ts";
import { problemOf } from "../../workers/platform/problem.ts";
import { chargeForModel, endsAt, modelAnswers, says, until } from "./scripted-model.ts";
import { newTenant, type TestTenant } from "./tenant.ts";

const START = Date.UTC(2026, 10, 30, 12);
const HOUR_MS = 3_600_000;

function budget(id: string, more: Partial<Budget>): Budget {
  return { id, scope: "tenant", unit: "micros", period: "total", zone: "UTC", createdAt: 0, ...more };
}

/** Budgets that cross each other: of two units, in three periods, for the tenant and for parts of it. */
const BUDGETS: readonly Budget[] = [
  budget("tenant", { limit: 1_000_000 }),
  budget("day", { period: "day", zone: "Europe/Berlin", limit: 300_000 }),
  budget("ann", { scope: "user", target: "ann", period: "month", limit: 200_000 }),
  budget("writer", { scope: "agent", target: "writer", unit: "tokens", limit: 50_000 }),
  budget("minute", { unit: "tokens", period: "minute", limit: 80_000 }),
];

const PURPOSES: readonly Purpose[] = [
  { user: "ann", agent: "writer" },
  { user: "bob", agent: "writer" },
  { user: "ann", agent: "reader" },
];

/** What the ledger should hold, told in the plainest way: every lease that ever was. */
interface ModelLease {
  readonly purpose: Purpose;
  readonly openedAt: number;
  expiresAt: number;
  granted: { micros: number; tokens: number };
  settled: { micros: number; tokens: number };
  state: "open" | "expired" | "settled";
}

interface World {
  now: number;
  readonly leases: Map<string, ModelLease>;
  accounts: Accounts;
  readonly storage: DurableObjectStorage;
}

function open(storage: DurableObjectStorage): Accounts {
  const list = new BudgetList(storage);
  for (const one of BUDGETS) list.put(one);
  return new Accounts(storage, list);
}

/** What a budget counts in the period of `at`, by the leases alone. */
function totalsOf({ leases }: World, one: Budget, at: number): { spent: number; leased: number } {
  const totals = { spent: 0, leased: 0 };
  for (const lease of leases.values()) {
    const isMeant = one.scope === "tenant" || (one.scope === "user" ? lease.purpose.user : lease.purpose.agent) === one.target;
    if (!isMeant || windowOf(one, lease.openedAt) !== windowOf(one, at)) continue;
    const [granted, settled] = [lease.granted[one.unit], lease.settled[one.unit]];
    totals.spent += lease.state === "expired" ? granted : settled;
    if (lease.state === "open") totals.leased += granted - settled;
  }
  return totals;
}

type Step = (world: World) => void;
const holders = fc.constantFrom(
  ...PURPOSES.flatMap((_, p) => [0, 1, 2].map((n) => ({ holder: `h${p}-${n}`, purpose: PURPOSES[p] ?? {} }))),
);
const amounts = fc.record({ micros: fc.nat(120_000), tokens: fc.nat(30_000) });

const leasing = fc.record({ who: holders, need: amounts }).map(
  ({ who: { holder, purpose }, need }): Step =>
    (world) => {
      const before = world.leases.get(holder);
      try {
        const { granted } = world.accounts.lease(holder, purpose, need, world.now);
        const lease = before ?? {
          purpose,
          openedAt: world.now,
          expiresAt: 0,
          granted: { micros: 0, tokens: 0 },
          settled: { micros: 0, tokens: 0 },
          state: "open" as const,
        };
        for (const unit of UNITS) {
          expect(granted[unit] ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(need[unit]);
          lease.granted[unit] = granted[unit] ?? Math.max(lease.granted[unit], need[unit]);
        }
        lease.state = "open";
        lease.expiresAt = world.now + LEASE_LIFETIME_MS;
        world.leases.set(holder, lease);
      } catch (error) {
        expect(problemOf(error)?.type).toBe("budget-exhausted");
        const openedAt = before?.openedAt ?? world.now;
        const isShort = BUDGETS.some((one) => {
          const isMeant = one.scope === "tenant" || (one.scope === "user" ? purpose.user : purpose.agent) === one.target;
          const { spent, leased } = totalsOf(world, one, openedAt);
          const missing = need[one.unit] - (before?.granted[one.unit] ?? 0);
          return isMeant && missing > 0 && (one.limit ?? 0) - spent - leased < missing;
        });
        expect(isShort, "nothing was short").toBe(true);
      }
    },
);

const settling = fc.record({ who: holders, share: fc.double({ min: 0, max: 1, noNaN: true }) }).map(
  ({ who: { holder }, share }): Step =>
    (world) => {
      const lease = world.leases.get(holder);
      const spent = { micros: Math.floor((lease?.granted.micros ?? 9) * share), tokens: Math.floor((lease?.granted.tokens ?? 9) * share) };
      for (let telling = 0; telling < 2; telling += 1) world.accounts.settle(holder, spent, world.now);
      if (lease === undefined) return;
      for (const unit of UNITS) lease.settled[unit] = Math.max(lease.settled[unit], spent[unit]);
      lease.granted = { ...lease.settled };
      lease.state = "settled";
    },
);

const waiting = fc.oneof(fc.nat(90_000), fc.constantFrom(LEASE_LIFETIME_MS - 1, LEASE_LIFETIME_MS, 13 * HOUR_MS)).map(
  (ms): Step =>
    (world) => {
      world.now += ms;
      for (const lease of world.leases.values()) if (lease.state === "open" && lease.expiresAt <= world.now) lease.state = "expired";
    },
);

const crashing = fc.constant<Step>((world) => {
  world.accounts = open(world.storage);
});

describe("budgets", () => {
  it("never let spent and leased pass any limit, and lose nothing, whatever holders do and whenever the ledger forgets", async () => {
    let run = 0;
    const steps = fc.array(fc.oneof({ weight: 5, arbitrary: leasing }, { weight: 3, arbitrary: settling }, waiting, crashing), {
      maxLength: 30,
      size: "max",
    });
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        run += 1;
        await runInDurableObject(env.IDEMPOTENCY_RECORD.getByName(`ledger-budgets-${run}`), (_, { storage }) => {
          const world: World = { now: START, leases: new Map(), accounts: open(storage), storage };
          for (const step of taken) {
            step(world);
            // Nothing in a run is long enough for a closed lease to be forgotten.
            if (world.now - START > CLOSED_KEPT_MS) return;
            for (const one of BUDGETS) {
              const { spent, leased } = world.accounts.standing(one, world.now);
              expect({ id: one.id, spent, leased }).toEqual({ id: one.id, ...totalsOf(world, one, world.now) });
              expect(spent + leased).toBeLessThanOrEqual(one.limit ?? 0);
            }
          }
        });
      }),
      { numRuns: 120 },
    );
  });

  it("are kept by a thousand holders at once while the ledger dies in between, and nothing stays leased", async () => {
    const tenant = await newTenant();
    const ledger = () => env.TENANT_LEDGER.getByName(tenant.id);
    const LIMIT = 400_000;
    expect((await put(tenant, "tenant", { limit: LIMIT })).status).toBe(200);
    await make(tenant, { scope: "agent", target: "a1", unit: "tokens", period: "day", limit: 60_000 });
    const done = { spent: 0, tokens: 0, refused: 0 };
    let isOver = false;
    const crashes = (async () => {
      for (let n = 0; !isOver; n += 1) {
        await scheduler.wait(15);
        if (n % 2 === 0) await abortAllDurableObjects();
        else await evictDurableObject(ledger()).catch(() => undefined);
      }
      return "over";
    })();
    /** As an object does whose ledger was lost: asks again under the same name. */
    const insist = async <T>(call: () => Promise<T>): Promise<T> => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await call();
        } catch (error) {
          if (problemOf(error) !== undefined || attempt > 200) throw error;
          await scheduler.wait(2);
        }
      }
    };
    const hold = async (i: number) => {
      const purpose = { agent: `a${i % 3}` };
      const took = { micros: 300 + (i % 400), tokens: 100 + (i % 200) };
      try {
        await insist(() => ledger().lease(`h${i}`, purpose, took));
      } catch (error) {
        expect(problemOf(error)?.type).toBe("budget-exhausted");
        done.refused += 1;
        return;
      }
      await insist(async () => ledger().settle(`h${i}`, took));
      done.spent += took.micros;
      if (i % 3 === 1) done.tokens += took.tokens;
      const { spent, leased } = await insist(async () => ledger().budget("tenant"));
      expect(spent + leased).toBeLessThanOrEqual(LIMIT);
    };
    for (let first = 0; first < 1_000; first += 100) await Promise.all(Array.from({ length: 100 }, (_, i) => hold(first + i)));
    isOver = true;
    expect(await crashes).toBe("over");
    const items = await standings(tenant);
    expect(items[0]).toMatchObject({ id: "tenant", spent: done.spent, leased: 0 });
    expect(items[1]).toMatchObject({ unit: "tokens", spent: done.tokens, leased: 0 });
    expect(done.refused).toBeGreaterThan(0);
    expect(done.spent).toBeGreaterThan(0);
    expect(done.spent).toBeLessThanOrEqual(LIMIT);
  }, 60_000);

  it("refuse by the narrowest, and say which it is, what is left and who can raise it", async () => {
    const tenant = await newTenant();
    const { id } = await make(tenant, { scope: "user", target: "ann", unit: "micros", period: "month", limit: 5_000 });
    const ledger = env.TENANT_LEDGER.getByName(tenant.id);
    await ledger.lease("h1", { user: "bob" }, { micros: 6_000, tokens: 0 });
    const refusal = await ledger.lease("h2", { user: "ann" }, { micros: 6_000, tokens: 0 }).catch(problemOf);
    expect(refusal).toMatchObject({ type: "budget-exhausted" });
    expect(JSON.stringify(refusal)).toContain(`the budget of the user ann for this month (${id}) has 5000 left`);
    expect(JSON.stringify(refusal)).toContain("budgets.write");
    expect((await put(tenant, id, { limit: 7_000 })).status).toBe(200);
    expect((await ledger.lease("h2", { user: "ann" }, { micros: 6_000, tokens: 0 })).granted.micros).toBeGreaterThanOrEqual(6_000);
  });

  it("tell once a period when a soft line is reached, and go on", async () => {
    const tenant = await newTenant();
    const { id } = await make(tenant, { scope: "tenant", unit: "micros", period: "month", softLimit: 1_000 });
    const ledger = env.TENANT_LEDGER.getByName(tenant.id);
    const spend = async (holder: string) => {
      await ledger.lease(holder, {}, { micros: 600, tokens: 0 });
      await ledger.settle(holder, { micros: 600, tokens: 0 });
    };
    const told = async () => {
      const page = await (await tenant.fetch("/v1/audit/events?limit=200")).json<{
        items: { data: { action?: string; resource?: string } }[];
      }>();
      return page.items.filter(({ data }) => data.action === "budget.soft-line-reached").map(({ data }) => data.resource);
    };
    await spend("h1");
    expect(await told()).toEqual([]);
    await spend("h2");
    await until(async () => (await told()).length > 0, "it is told");
    await spend("h3");
    await spend("h4");
    expect(await told()).toEqual([id]);
  });

  it("give every one of sixty sessions that ask at once a part", async () => {
    const tenant = await newTenant();
    const ledger = env.TENANT_LEDGER.getByName(tenant.id);
    const granted = await Promise.all(Array.from({ length: 60 }, (_, i) => ledger.lease(`ses_${i}`, {}, { micros: 1_000, tokens: 0 })));
    expect(granted.every((lease) => (lease.granted.micros ?? 0) >= 1_000)).toBe(true);
    const { leased, spent } = await ledger.budget("tenant");
    expect(leased).toBe(granted.reduce((sum, lease) => sum + (lease.granted.micros ?? 0), 0));
    expect(spent + leased).toBeLessThanOrEqual(DEFAULT_LIMIT_MICROS);
    const { items } = await (await tenant.fetch("/v1/budgets/tenant/reservations")).json<{ items: { holder: string }[] }>();
    expect(items).toHaveLength(60);
  });

  it("count a turn for its user, its agent and its model, in money and in tokens", async () => {
    const tenant = await newTenant();
    chargeForModel(1_000);
    modelAnswers(async function* () {
      yield says("Four.");
      yield endsAt(120);
    });
    const agent = await make(tenant, { scope: "agent", target: "analyst", unit: "tokens", period: "total", limit: 1_000_000 });
    const model = await make(tenant, {
      scope: "model",
      target: "embedded",
      unit: "micros",
      period: "day",
      zone: "Asia/Tokyo",
      limit: 50_000,
    });
    const other = await make(tenant, { scope: "model", target: "another", unit: "micros", period: "day", limit: 50_000 });
    const { id } = z.object({ id: z.string() }).parse(await (await tenant.post("/v1/sessions", {})).json());
    await tenant.post(`/v1/sessions/${id}/messages`, { text: "What is two and two?" });
    const spentOf = async (of: string) => (await env.TENANT_LEDGER.getByName(tenant.id).budget(of)).spent;
    await until(async () => (await spentOf(model.id)) === 120, "the turn is settled");
    expect(await spentOf("tenant")).toBe(120);
    expect(await spentOf(agent.id)).toBe(2);
    expect(await spentOf(other.id)).toBe(0);
  });

  it.each([
    ["a scope without its target", { scope: "agent", unit: "micros", period: "day", limit: 1 }],
    ["a target for the tenant", { scope: "tenant", target: "x", unit: "micros", period: "day", limit: 1 }],
    ["no line", { scope: "tenant", unit: "micros", period: "day" }],
    ["a zone that is none", { scope: "tenant", unit: "micros", period: "day", zone: "Mars/Olympus", limit: 1 }],
    ["a fraction", { scope: "tenant", unit: "micros", period: "day", limit: 1.5 }],
  ])("are not made with %s", async (_, order) => {
    const tenant = await newTenant();
    expect((await tenant.post("/v1/budgets", order)).status).toBe(400);
    expect(await standings(tenant)).toHaveLength(1);
  });

  it("are deleted, all but the tenant's own", async () => {
    const tenant = await newTenant();
    const { id } = await make(tenant, { scope: "tenant", unit: "tokens", period: "minute", limit: 10 });
    const ledger = env.TENANT_LEDGER.getByName(tenant.id);
    await expect(ledger.lease("h1", {}, { micros: 0, tokens: 11 })).rejects.toThrow(/for this minute/);
    expect((await tenant.fetch(`/v1/budgets/${id}`, { method: "DELETE" })).status).toBe(204);
    expect((await ledger.lease("h1", {}, { micros: 0, tokens: 11 })).granted.tokens).toBeUndefined();
    expect((await tenant.fetch("/v1/budgets/tenant", { method: "DELETE" })).status).toBe(409);
  });
});

const documentSchema = z.object({ id: z.string(), unit: z.string(), spent: z.number(), leased: z.number() });

async function make(tenant: TestTenant, order: object): Promise<z.infer<typeof documentSchema>> {
  const response = await tenant.post("/v1/budgets", order);
  expect(response.status, await response.clone().text()).toBe(201);
  return documentSchema.parse(await response.json());
}

async function standings(tenant: TestTenant): Promise<z.infer<typeof documentSchema>[]> {
  return z.object({ items: z.array(documentSchema) }).parse(await (await tenant.fetch("/v1/budgets")).json()).items;
}

function put(tenant: TestTenant, id: string, lines: object): Promise<Response> {
  return tenant.fetch(`/v1/budgets/${id}`, {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(lines),
  });
}
