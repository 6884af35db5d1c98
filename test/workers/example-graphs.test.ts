import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import fanOut from "../../examples/graphs/fan-out.yaml?raw";
import pollUntil from "../../examples/graphs/poll-until.yaml?raw";
import release from "../../examples/graphs/release.yaml?raw";
import { newTenant, type TestTenant } from "./tenant.ts";

interface RunSeen {
  readonly id: string;
  readonly state: string;
  readonly output?: unknown;
}

async function start(tenant: TestTenant, text: string): Promise<RunSeen> {
  const response = await tenant.post("/v1/mao/runs", { graph: parse(text) }, { Prefer: "wait=20" });
  return response.json();
}

async function read(tenant: TestTenant, id: string): Promise<RunSeen> {
  return (await tenant.fetch(`/v1/mao/runs/${id}`)).json();
}

describe("the example graphs", () => {
  it("map over a list", async () => {
    expect(await start(await newTenant(), fanOut)).toMatchObject({
      state: "completed",
      output: { doubled: [6, 2, 8, 2, 10, 18, 4, 12], large: [6, 8, 10, 18, 12] },
    });
  });

  it("loop until something is true, and take one of two ways", async () => {
    const tenant = await newTenant();
    const run = await start(tenant, pollUntil);
    expect(run).toMatchObject({ state: "completed", output: { reached: 16 } });
    const steps = await (await tenant.fetch(`/v1/mao/runs/${run.id}/graph`)).json();
    expect(steps).toMatchObject({
      items: [
        { step: "grow", state: "done", inside: { done: 4 } },
        { step: "large", state: "skipped" },
        { step: "small", state: "done" },
      ],
    });
  });

  it.each([
    ["approve", "1.4.0 is out"],
    ["refuse", "1.4.0 is held back"],
  ])("let a person decide: %s", async (decision, said) => {
    const tenant = await newTenant();
    const response = await tenant.post("/v1/mao/runs", { graph: parse(release) });
    const run: RunSeen = await response.json();
    await expect.poll(async () => (await read(tenant, run.id)).state, { timeout: 10_000 }).toBe("waiting");
    await tenant.post(`/v1/mao/runs/${run.id}/steps/ready/answer`, { decision });
    await expect.poll(() => read(tenant, run.id), { timeout: 10_000 }).toMatchObject({ state: "completed", output: { said } });
  });
});
