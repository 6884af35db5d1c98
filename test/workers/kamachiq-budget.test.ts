import { env } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { DataWorkspace } from "../../durable-objects/data-workspace/data-workspace.ts";
import penguins from "../data/penguins.csv?raw";
import { alterMethod } from "./altered-method.ts";
import { massTask, publish, readJson, withPlan } from "./kamachiq-plans.ts";
import { allEvents, control, settledProject, upload } from "./projects.ts";
import { chargeForModel, endsAt, modelAnswers, says, until } from "./scripted-model.ts";
import type { TestTenant } from "./tenant.ts";

const tasks = (n: number, needs: readonly string[] = []) =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`t${i}`, massTask(2_700 + i, { needs })]));
const budgetSchema = z.object({
  budget: z.object({
    spent: z.object({ micros: z.number(), tokens: z.number() }),
    held: z.object({ micros: z.number() }),
    agents: z.number(),
    reached: z.string().optional(),
  }),
});

const stands = async (tenant: TestTenant, id: string) => (await readJson(tenant, `/v1/kamachiq/projects/${id}`, budgetSchema)).budget;

async function put(tenant: TestTenant, id: string, budget: unknown): Promise<number> {
  const init = { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify(budget) };
  return (await tenant.fetch(`/v1/kamachiq/projects/${id}/budget`, init)).status;
}

describe("a project's budget", () => {
  it("of money is never overspent by tasks side by side, and the project goes on when it is raised", async () => {
    chargeForModel(100);
    modelAnswers(async function* () {
      yield says("Found.");
      yield endsAt(90);
    });
    const { tenant, id } = await withPlan(tasks(8), { budget: { micros: 400 }, maxReplans: 0 });
    const stopped = await settledProject(tenant, id);
    expect(stopped).toMatchObject({
      state: "failed",
      problem: { type: "budget-exhausted", detail: expect.stringContaining("budget of micros (400) is reached") },
    });
    expect(await stands(tenant, id)).toMatchObject({ spent: { micros: 360 }, held: { micros: 0 }, reached: "micros" });
    expect(sums(await allEvents(tenant, `/v1/kamachiq/projects/${id}`))).toBeLessThanOrEqual(400);
    const ledger = await env.TENANT_LEDGER.getByName(tenant.id).budget("tenant");
    expect(ledger).toMatchObject({ spent: 360, leased: 0 });
    expect(await put(tenant, id, { micros: 10_000 })).toBe(200);
    await control(tenant, id, "resume");
    expect(await settledProject(tenant, id)).toMatchObject({ state: "delivered" });
    expect((await stands(tenant, id)).spent.micros).toBe(720);
    expect(await put(tenant, id, { micros: 1 })).toBe(409);
  });

  it("of agents is held exactly", async () => {
    const { tenant, id } = await withPlan(tasks(6), { budget: { agents: 4 } });
    expect(await settledProject(tenant, id)).toMatchObject({
      state: "failed",
      problem: { type: "budget-exhausted", detail: expect.stringContaining("budget of agents (4)") },
    });
    const project = await settledProject(tenant, id);
    expect(project.tasks.filter(({ session }) => session !== undefined)).toHaveLength(4);
    expect(project.tasks.filter(({ state }) => state === "done")).toHaveLength(4);
    await put(tenant, id, { agents: 6 });
    await control(tenant, id, "resume");
    expect(await settledProject(tenant, id)).toMatchObject({ state: "delivered" });
    expect((await stands(tenant, id)).agents).toBe(6);
  });

  it("of depth lets no task nest deeper", async () => {
    const { tenant, id } = await withPlan({ a: massTask(3_000) }, { budget: { depth: 1 } });
    expect(await settledProject(tenant, id)).toMatchObject({
      state: "failed",
      problem: { detail: expect.stringContaining("budget of depth (1)") },
    });
    const enough = await withPlan({ a: massTask(3_000) }, { budget: { depth: 2 } });
    expect(await settledProject(enough.tenant, enough.id)).toMatchObject({ state: "delivered" });
    const inner = {
      inputs: { table: { type: "string" } },
      steps: { look: { uses: "capsule:describe@^1", with: { table: `\${inputs.table}` } } },
      outputs: { analysis: `\${steps.look.output.analysis}` },
    };
    expect(await publish(enough.tenant, "nested", { graph: inner })).toBe(201);
    const task = { uses: "agent:analyst", with: { goal: "What there is", capsule: "nested@^1", inputs: { table: "penguins" } } };
    const order = { plan: { graph: { steps: { a: task } } }, attachments: [await upload(enough.tenant, "penguins.csv", penguins)] };
    const deeper = [2, 3].map(async (depth) => {
      const { id: made } = z
        .object({ id: z.string() })
        .parse(await (await enough.tenant.post("/v1/kamachiq/projects", { ...order, budget: { depth } })).json());
      return (await settledProject(enough.tenant, made)).state;
    });
    expect(await Promise.all(deeper)).toEqual(["failed", "delivered"]);
  });

  it("of time ends what runs when it is over", async () => {
    let isHeld = true;
    alterMethod(DataWorkspace.prototype, "analyze", async (call) => {
      while (isHeld) await scheduler.wait(5);
      return call();
    });
    const { tenant, id } = await withPlan(tasks(3), { budget: { duration: "900ms" } });
    await until(async () => (await settledProject(tenant, id)).state === "failed", "the time is over");
    expect(await settledProject(tenant, id)).toMatchObject({
      problem: { type: "budget-exhausted", detail: expect.stringContaining("budget of duration (900ms)") },
    });
    expect((await settledProject(tenant, id)).tasks.every(({ state }) => state === "failed" || state === "pending")).toBe(true);
    isHeld = false;
  });

  it("of tokens counts what models take, also of planning", async () => {
    const { tenant, id } = await withPlan(tasks(2), { budget: { tokens: 1_000 } });
    expect(await settledProject(tenant, id)).toMatchObject({ state: "delivered" });
    expect((await stands(tenant, id)).spent).toEqual({ micros: 0, tokens: 0 });
    modelAnswers(async function* () {
      yield says("Found.");
      yield endsAt(0);
    });
    const other = await withPlan(tasks(2), { budget: { tokens: 1_000 } });
    expect(await settledProject(other.tenant, other.id)).toMatchObject({ state: "delivered" });
    expect((await stands(other.tenant, other.id)).spent.tokens).toBe(4);
  });
});

/** The most that was spent and held at any moment, by the events. */
function sums(events: readonly { type: string; data: Record<string, unknown> }[]): number {
  const holds = new Map<unknown, number>();
  let spent = 0;
  let most = 0;
  for (const { type, data } of events) {
    if (type === "budget.reserved") holds.set(data.call, Number(data.micros));
    if (type === "budget.settled") {
      holds.delete(data.call);
      spent += Number(data.micros);
    }
    most = Math.max(most, spent + [...holds.values()].reduce((sum, hold) => sum + hold, 0));
  }
  return most;
}
