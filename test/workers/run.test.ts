import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newTenant } from "./tenant.ts";

async function call(key: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await exports.default.fetch(`https://soma.test${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json<Record<string, never>>() };
}

describe("a run", () => {
  it("takes a graph to its end, and answers with its output when asked to wait", async () => {
    const { key } = await newTenant();
    const graph = {
      inputs: { name: { type: "string" } },
      steps: { keep: { uses: "tool:value.set", with: { value: { name: "$" + "{inputs.name}" } } } },
      outputs: { kept: "$" + "{steps.keep.output.name}" },
    };
    const { status, body } = await call(key, "POST", "/v1/mao/runs", { graph, inputs: { name: "a.json" } }, { prefer: "wait=20" });
    expect(status).toBe(201);
    expect(body).toMatchObject({ state: "completed", output: { kept: "a.json" }, counts: { done: 1 } });
    const read = await call(key, "GET", `/v1/mao/runs/${body.id}/graph`);
    expect(read.body).toMatchObject({ items: [{ step: "keep", state: "done", attempt: 1 }] });
  });

  it("waits for a person, takes the answer, and is listed with its state", async () => {
    const { key } = await newTenant();
    const graph = {
      steps: { ok: { uses: "human:approve", with: { prompt: "Ship it?" } }, why: { uses: "human:input", needs: ["ok"] } },
      outputs: { why: "$" + "{steps.why.output.text}" },
    };
    const { body: run } = await call(key, "POST", "/v1/mao/runs", { graph }, { prefer: "wait=1" });
    expect(run).toMatchObject({ state: "waiting", waits: [{ step: "ok", on: "human", prompt: "Ship it?" }] });
    await call(key, "POST", `/v1/mao/runs/${run.id}/steps/ok/answer`, { decision: "approve" });
    const early = await call(key, "POST", `/v1/mao/runs/${run.id}/steps/ok/answer`, { decision: "approve" });
    expect(early.status).toBe(409);
    await expect.poll(async () => (await call(key, "GET", `/v1/mao/runs/${run.id}`)).body.waits).toMatchObject([{ step: "why" }]);
    await call(key, "POST", `/v1/mao/runs/${run.id}/steps/why/answer`, { text: "It is time." });
    await expect
      .poll(async () => (await call(key, "GET", `/v1/mao/runs/${run.id}`)).body)
      .toMatchObject({ state: "completed", output: { why: "It is time." } });
    await expect
      .poll(async () => (await call(key, "GET", "/v1/mao/runs?state=completed")).body.items, { timeout: 5_000 })
      .toMatchObject([{ id: run.id, state: "completed" }]);
  });

  it("is another tenant's to nobody else", async () => {
    const [{ key }, other] = [await newTenant(), await newTenant()];
    const { body } = await call(key, "POST", "/v1/mao/runs", { graph: { steps: { ok: { uses: "human:approve" } } } });
    for (const path of ["", "/graph", "/events"]) expect((await call(other.key, "GET", `/v1/mao/runs/${body.id}${path}`)).status).toBe(404);
    for (const path of ["/cancel", "/pause", "/resume", "/steps/ok/answer"])
      expect(
        (await call(other.key, "POST", `/v1/mao/runs/${body.id}${path}`, path === "/steps/ok/answer" ? { decision: "approve" } : undefined))
          .status,
      ).toBe(404);
  });

  it("ends when it is cancelled, and what waited has failed", async () => {
    const { key } = await newTenant();
    const { body } = await call(key, "POST", "/v1/mao/runs", { graph: { steps: { ok: { uses: "human:approve" } } } }, { prefer: "wait=1" });
    await call(key, "POST", `/v1/mao/runs/${body.id}/cancel`, { mode: "hard" });
    await expect
      .poll(async () => (await call(key, "GET", `/v1/mao/runs/${body.id}`)).body)
      .toMatchObject({ state: "cancelled", counts: { failed: 1 } });
  });
});
