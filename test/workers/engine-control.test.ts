import { describe, expect, it } from "vitest";
import { newRuns, setting } from "./engine-platform.ts";

type Runs = Awaited<ReturnType<typeof newRuns>>;

/** Waits until a run stands like this. */
async function until(runs: Runs, id: string, state: string) {
  await expect.poll(async () => (await runs.read(id)).state, { timeout: 10_000 }).toBe(state);
  return runs.read(id);
}

describe("what a run is told while it goes on", () => {
  const graph = {
    signals: { paid: { type: "number" } },
    updates: { limit: { type: "number", accept: ["payload > 0.0", "payload != updates.limit"] } },
    queries: { standing: "{'first': steps.first.state, 'limit': updates.limit}" },
    steps: {
      first: { uses: "signal:paid" },
      second: { uses: "signal:paid", needs: ["first"] },
      sum: setting("${steps.first.output + steps.second.output}", { needs: ["second"] }),
    },
    outputs: { sum: "${steps.sum.output}" },
  };

  it("signals reach the steps that wait in their order, also those that came before", async () => {
    const runs = await newRuns();
    const { id } = await runs.start(graph, {}, 1);
    expect((await runs.act(id, "signals/paid", { payload: 40 })).status).toBe(200);
    expect((await runs.act(id, "signals/paid", { payload: 2 })).status).toBe(200);
    expect((await until(runs, id, "completed")).output).toEqual({ sum: 42 });
    const early = await runs.start(
      { ...graph, steps: { ask: { uses: "human:input" }, ...graph.steps, first: { uses: "signal:paid", needs: ["ask"] } } },
      {},
      1,
    );
    for (const payload of [1, 2]) await runs.act(early.id, "signals/paid", { payload });
    expect((await runs.read(early.id)).state).toBe("waiting");
    await runs.act(early.id, "steps/ask/answer", { text: "go" });
    expect((await until(runs, early.id, "completed")).output).toEqual({ sum: 3 });
  });

  it("what its graph does not name, or would not take, is refused, and what it takes is seen at once", async () => {
    const runs = await newRuns();
    const { id } = await runs.start(graph, {}, 1);
    expect((await runs.act(id, "signals/lost", { payload: 1 })).status).toBe(404);
    expect((await runs.act(id, "signals/paid", { payload: "much" })).status).toBe(400);
    expect((await runs.get(id, "queries/nothing")).status).toBe(404);
    expect((await runs.get(id, "queries/standing")).body).toEqual({ name: "standing", answer: { first: "waiting", limit: null } });
    expect(await runs.act(id, "updates/limit", { payload: -1 })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining("payload > 0.0") },
    });
    expect((await runs.act(id, "updates/limit", { payload: 5 })).status).toBe(200);
    expect((await runs.act(id, "updates/limit", { payload: 5 })).status).toBe(400);
    expect((await runs.get(id, "queries/standing")).body).toMatchObject({ answer: { limit: 5 } });
    await runs.act(id, "cancel", { mode: "hard" });
    await until(runs, id, "cancelled");
    expect((await runs.act(id, "signals/paid", { payload: 1 })).status).toBe(409);
  });
});

describe("a step that is to run again", () => {
  it("runs again with all that needs it, and nothing else does", async () => {
    const runs = await newRuns();
    const { id } = await runs.start(
      {
        steps: {
          a: setting(1),
          ask: { uses: "human:approve", needs: ["a"] },
          b: setting(2, { needs: ["ask"] }),
          c: setting(3),
          d: setting(4, { needs: ["b", "c"] }),
        },
      },
      {},
      1,
    );
    await runs.act(id, "steps/ask/answer", { decision: "refuse" });
    expect(await until(runs, id, "failed")).toMatchObject({ problem: { type: "forbidden" } });
    expect((await runs.act(id, "steps/none/retry")).status).toBe(404);
    expect((await runs.act(id, "steps/ask/retry")).status).toBe(200);
    await until(runs, id, "waiting");
    await runs.act(id, "steps/ask/answer", { decision: "approve" });
    await until(runs, id, "completed");
    const done = await runs.stepsOf(id, "step.done");
    expect(done.filter((step) => step === "a" || step === "c")).toEqual(["a", "c"]);
    expect(done.slice(-3)).toEqual(["ask", "b", "d"]);
  });
});

describe("a fork", () => {
  it("begins where the other stood, runs nothing again, and goes on by another graph", async () => {
    const runs = await newRuns();
    const steps = {
      a: setting("A"),
      each: setting("${item}", { needs: ["a"], for_each: ["x", "y"] }),
      ask: { uses: "human:approve", needs: ["each"] },
    };
    const run = await runs.start({ steps, outputs: { each: "${steps.each.output}" } }, {}, 1);
    const events = (
      await (
        await runs.tenant.fetch(`/v1/mao/runs/${run.id}/events`, { headers: { Accept: "application/json" } })
      ).json<{ items: { seq: number; type: string; data: { step?: string } }[] }>()
    ).items;
    const at = events.find(({ type, data }) => type === "step.done" && data.step === "each")?.seq ?? 0;
    expect((await runs.act(run.id, "fork", { at: 9_999 })).status).toBe(400);
    const graph = {
      steps: { ...steps, ask: setting("${steps.a.output}", { needs: ["each"] }) },
      outputs: { each: "${steps.each.output}", a: "${steps.ask.output}" },
    };
    const forked = await runs.act(run.id, "fork", { at, graph });
    expect(forked.status).toBe(201);
    const fork = await until(runs, String(forked.body.id), "completed");
    expect(fork.output).toEqual({ each: ["x", "y"], a: "A" });
    const done = await runs.stepsOf(fork.id, "step.done");
    expect(done).toEqual([...(await runs.stepsOf(run.id, "step.done")), "ask"]);
    expect((await runs.read(run.id)).state).toBe("waiting");
  });
});

describe("a dry run", () => {
  it("tells the waves, what policy says and what it would cost, and does nothing", async () => {
    const runs = await newRuns();
    const graph = {
      steps: {
        a: setting(1),
        b: { uses: "tool:artifacts.put", needs: ["a"], with: { name: "a.txt", text: "a" } },
        c: { uses: "human:approve", needs: ["a"] },
      },
    };
    const response = await runs.tenant.post("/v1/mao/dry-run", { graph });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      waves: [["a"], ["b", "c"]],
      steps: [
        { step: "a", wave: 1, decision: { effect: "allow", policies: [expect.any(String)] }, rows: 1 },
        { step: "b", wave: 2, decision: { effect: "allow" }, rows: 2 },
        { step: "c", decision: { effect: "none" }, rows: 2 },
      ],
      estimate: { rowsWritten: 5, platformMicros: 5, stepsThatAskAModel: 0, basis: expect.stringContaining("a million") },
    });
    expect((await (await runs.tenant.fetch("/v1/artifacts")).json<{ items: unknown[] }>()).items).toEqual([]);
  });
});
