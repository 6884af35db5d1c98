import { env, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { MaoRun } from "../../durable-objects/mao-run/mao-run.ts";
import { alterMethod } from "./altered-method.ts";
import { newTenant, type TestTenant } from "./tenant.ts";

interface Run {
  readonly id: string;
  readonly state: string;
  readonly output?: unknown;
  readonly parent?: string;
  readonly problem?: { type: string; detail: string };
  readonly waits: { step: string; on: string; child?: string }[];
}

async function importTemplate(tenant: TestTenant, name: string, graph: unknown): Promise<void> {
  const body = { name, files: [{ path: `${name}.json`, text: JSON.stringify(graph) }] };
  expect((await tenant.post("/v1/templates/import", body)).status).toBe(200);
}

/** Starts a run and waits for its end, for a while. */
async function run(tenant: TestTenant, graph: unknown, inputs: unknown = {}, seconds = 20): Promise<Run> {
  const response = await tenant.post("/v1/mao/runs", { graph, inputs }, { Prefer: `wait=${seconds}` });
  expect(response.status).toBe(201);
  return response.json<Run>();
}

const read = async (tenant: TestTenant, id: string) => (await tenant.fetch(`/v1/mao/runs/${id}`)).json<Run>();
const stateOf = async (tenant: TestTenant, id: string) => (await read(tenant, id)).state;
const childOf = async (tenant: TestTenant, id: string) => (await read(tenant, id)).waits.find(({ on }) => on === "run")?.child ?? "";

const DOUBLE = {
  inputs: { n: { type: "number" } },
  steps: { set: { uses: "tool:value.set", with: { value: "${inputs.n * 2.0}" } } },
  outputs: { twice: "${steps.set.output}" },
};
const ASKS = { steps: { ok: { uses: "human:approve", with: { prompt: "May it?" } } } };

describe("a step that is a run of a template", () => {
  it("is given its inputs and brings its outputs, and the run knows its parent", async () => {
    const tenant = await newTenant();
    await importTemplate(tenant, "double", DOUBLE);
    const done = await run(
      tenant,
      {
        inputs: { n: { type: "number" } },
        steps: { child: { uses: "run:double", with: { n: "${inputs.n}" } } },
        outputs: { result: "${steps.child.output.twice}" },
      },
      { n: 21 },
    );
    expect(done).toMatchObject({ state: "completed", output: { result: 42 } });
    await expect
      .poll(async () => (await (await tenant.fetch(`/v1/mao/runs?parent=${done.id}`)).json<{ items: Run[] }>()).items, { timeout: 10_000 })
      .toMatchObject([{ state: "completed", parent: done.id, template: "double" }]);
  });

  it("is one run an item of a list, in the version that was asked for", async () => {
    const tenant = await newTenant();
    await importTemplate(tenant, "double", DOUBLE);
    await importTemplate(tenant, "double", { ...DOUBLE, outputs: { twice: 0 } });
    const done = await run(tenant, {
      steps: { each: { uses: "run:double@1", for_each: [1, 2, 3, 4, 5], max_parallel: 3, with: { n: "${item}" } } },
      outputs: { all: "${steps.each.output}" },
    });
    expect(done.output).toEqual({ all: [2, 4, 6, 8, 10].map((twice) => ({ twice })) });
  });

  it("fails with the problem of its run, and for a template that is not there", async () => {
    const tenant = await newTenant();
    await importTemplate(tenant, "double", DOUBLE);
    await importTemplate(tenant, "faulty", { steps: { bad: { uses: "run:double", with: { n: "no number" } } } });
    const failed = await run(tenant, { steps: { child: { uses: "run:faulty" } } });
    expect(failed).toMatchObject({ state: "failed", problem: { type: "invalid-request" } });
    expect(failed.problem?.detail).toContain("bad");
    expect((await run(tenant, { steps: { child: { uses: "run:nothing" } } })).problem).toMatchObject({ type: "not-found" });
  });

  it("waits while its run does, over deaths of both, and starts it once", async () => {
    const tenant = await newTenant();
    await importTemplate(tenant, "asks", ASKS);
    const { id } = await run(tenant, { steps: { child: { uses: "run:asks" } }, outputs: { said: "${steps.child.state}" } }, {}, 0);
    await expect.poll(() => childOf(tenant, id), { timeout: 5_000 }).not.toBe("");
    const child = await childOf(tenant, id);
    for (const name of [id, child, id]) {
      await evictDurableObject(env.MAO_RUN.getByName(`${tenant.id}/${name}`));
      expect(await stateOf(tenant, id)).not.toBe("failed");
    }
    expect((await tenant.post(`/v1/mao/runs/${child}/steps/ok/answer`, { decision: "approve" })).status).toBe(200);
    await expect.poll(() => stateOf(tenant, id), { timeout: 10_000 }).toBe("completed");
    const starts = await runInDurableObject(env.MAO_RUN.getByName(`${tenant.id}/${id}`), (_, { storage }) =>
      storage.sql.exec("SELECT count(*) AS n FROM events WHERE type = 'run.admitted'").one(),
    );
    expect(starts).toEqual({ n: 1 });
  });

  it("hears of the end of its run although nobody could be told at first", async () => {
    const tenant = await newTenant();
    await importTemplate(tenant, "double", DOUBLE);
    let refusals = 0;
    alterMethod(MaoRun.prototype, "childEnded", (call) => {
      refusals += 1;
      if (refusals === 1) throw new Error("Network connection lost. [meant by the test]");
      return call();
    });
    const { id } = await run(tenant, { steps: { child: { uses: "run:double", with: { n: 1 } } } }, {}, 0);
    await expect.poll(() => childOf(tenant, id), { timeout: 5_000 }).not.toBe("");
    const child = env.MAO_RUN.getByName(`${tenant.id}/${await childOf(tenant, id)}`);
    await expect.poll(() => refusals, { timeout: 5_000 }).toBe(1);
    const isOver = async () => {
      await runDurableObjectAlarm(child);
      return stateOf(tenant, id);
    };
    await expect.poll(isOver, { timeout: 10_000, interval: 100 }).toBe("completed");
    expect(refusals).toBe(2);
  });

  it("hands cancelling down to its run, gracefully and hard", async () => {
    const tenant = await newTenant();
    await importTemplate(tenant, "asks", ASKS);
    await importTemplate(tenant, "between", { steps: { inner: { uses: "run:asks" } } });
    for (const mode of ["graceful", "hard"]) {
      const { id } = await run(tenant, { steps: { child: { uses: "run:between" } } }, {}, 0);
      await expect.poll(() => childOf(tenant, id), { timeout: 5_000 }).not.toBe("");
      const child = await childOf(tenant, id);
      await expect.poll(() => childOf(tenant, child), { timeout: 5_000 }).not.toBe("");
      const innermost = await childOf(tenant, child);
      await tenant.post(`/v1/mao/runs/${id}/cancel`, { mode });
      for (const name of [id, child, innermost]) await expect.poll(() => stateOf(tenant, name), { timeout: 10_000 }).toBe("cancelled");
    }
  });

  it("ends its run when its time is over", async () => {
    const tenant = await newTenant();
    await importTemplate(tenant, "asks", ASKS);
    const failed = await run(tenant, { steps: { child: { uses: "run:asks", timeout: "500ms" } } });
    expect(failed).toMatchObject({ state: "failed", problem: { type: "timeout" } });
    const { items } = await (await tenant.fetch(`/v1/mao/runs/${failed.id}/events`, { headers: { Accept: "application/json" } })).json<{
      items: { type: string; data: { child?: string } }[];
    }>();
    const child = items.find(({ type, data }) => type === "step.waiting" && data.child !== undefined)?.data.child ?? "";
    await expect.poll(() => stateOf(tenant, child), { timeout: 10_000 }).toBe("cancelled");
  });
});

describe("a template that starts itself for ever", () => {
  it("ends with a problem that names the way there", async () => {
    const tenant = await newTenant();
    await importTemplate(tenant, "loop", { steps: { again: { uses: "run:loop" } } });
    const failed = await run(tenant, { steps: { first: { uses: "run:loop" } } });
    expect(failed).toMatchObject({ state: "failed", problem: { type: "limit-exceeded" } });
    expect(failed.problem?.detail).toContain("first › again › again");
    expect(failed.problem?.detail).toContain("deep");
  });

  it("many times over is stopped by the bound on the runs of a tree", async () => {
    const tenant = await newTenant();
    await importTemplate(tenant, "double", DOUBLE);
    const { id } = await run(
      tenant,
      { steps: { ok: { uses: "human:approve" }, child: { uses: "run:double", needs: ["ok"], with: { n: 1 } } } },
      {},
      0,
    );
    const root = env.MAO_RUN.getByName(`${tenant.id}/${id}`);
    await runInDurableObject(root, (instance) => {
      for (let i = 0; i < 999; i += 1) instance.admitRun({ run: `run_${i}`, place: "x" });
    });
    await tenant.post(`/v1/mao/runs/${id}/steps/ok/answer`, { decision: "approve" });
    await expect.poll(() => stateOf(tenant, id), { timeout: 10_000 }).toBe("failed");
    expect((await read(tenant, id)).problem).toMatchObject({ type: "limit-exceeded", detail: expect.stringContaining("The step child") });
  });
});
