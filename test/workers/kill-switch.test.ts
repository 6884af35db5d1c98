import { env } from "cloudflare:test";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { DataWorkspace } from "../../durable-objects/data-workspace/data-workspace.ts";
import { alterMethod } from "./altered-method.ts";
import { newRuns } from "./engine-platform.ts";
import { allEvents, type EventBody, readProject, settledProject, startProject, upload } from "./projects.ts";
import { asks, declareTool, ends, modelAnswers, says, until } from "./scripted-model.ts";
import { caller, newTenant, OPERATOR_TOKEN, type TestTenant } from "./tenant.ts";

/** Conversations that stream when a switch is thrown; all of them are to stop in this time. The whole size is proved on a platform of its own. */
const STREAMS = 12;
const STOP_MS = 2_000;
/** A switch is felt this long after it was thrown, at most, where it was not thrown itself. */
const FELT_MS = 2_500;

const switchSchema = z.object({
  id: z.string(),
  state: z.string(),
  releaseAskedBy: z.string().optional(),
  confirmBefore: z.string().optional(),
});
type Door = Pick<TestTenant, "fetch" | "post">;
const operator = caller(OPERATOR_TOKEN);
/** What a test has an operator throw is released whatever becomes of the test: it stops the other tests too. */
const operators: string[] = [];

afterEach(async () => {
  for (const id of operators.splice(0)) await operator.fetch(`/v1/kill-switch/${id}/release`, { method: "POST" });
});

async function stop(door: Door, order: object): Promise<z.infer<typeof switchSchema>> {
  const response = await door.post("/v1/kill-switch", { reason: "test", ...order });
  expect(response.status, await response.clone().text()).toBe(201);
  const thrown = switchSchema.parse(await response.json());
  if (door === operator) operators.push(thrown.id);
  return thrown;
}

async function release(door: Door, id: string): Promise<{ status: number; state: string }> {
  const response = await door.fetch(`/v1/kill-switch/${id}/release`, { method: "POST" });
  const { state } = z.object({ state: z.string().default("") }).parse(await response.json());
  return { status: response.status, state };
}

/** A session that has just been sent a message. */
async function talk(tenant: TestTenant): Promise<string> {
  const { id } = z.object({ id: z.string() }).parse(await (await tenant.post("/v1/sessions", {})).json());
  expect((await tenant.post(`/v1/sessions/${id}/messages`, { text: "Go" })).status).toBe(202);
  return `/v1/sessions/${id}`;
}

/** Has the model speak on and on until it is let finish, one word at a time. */
function endlessModel() {
  const model = { mayFinish: false };
  modelAnswers(async function* () {
    yield says("one ");
    while (!model.mayFinish) {
      await scheduler.wait(20);
      yield says("and ");
    }
    yield says("done");
    yield ends;
  });
  return model;
}

const typesOf = (events: readonly EventBody[]) => events.map(({ type }) => type);
const BEGINNINGS = ["step.intended", "step.done", "step.waiting", "turn.delta"];
const isBusy = async (tenant: TestTenant, path: string) =>
  z.object({ isBusy: z.boolean() }).parse(await (await tenant.fetch(path)).json()).isBusy;

describe("a kill switch", () => {
  it(`stops ${STREAMS} streaming answers within ${STOP_MS} ms, lets none take another step, and lets all end after its release`, async () => {
    const tenant = await newTenant();
    const model = endlessModel();
    const paths = await Promise.all(Array.from({ length: STREAMS }, () => talk(tenant)));
    const all = () => Promise.all(paths.map((path) => allEvents(tenant, path)));
    await until(async () => (await all()).every((events) => typesOf(events).includes("turn.delta")), "all of them stream");
    const thrownAt = Date.now();
    const { id } = await stop(tenant, { scope: "tenant" });
    await until(async () => (await all()).every((events) => typesOf(events).includes("work.held")), "all of them are held");
    expect(Date.now() - thrownAt).toBeLessThan(STOP_MS + 500);
    const held = await all();
    await scheduler.wait(300);
    expect(await all()).toEqual(held);
    for (const events of held) {
      const stopped = events.findIndex(({ type }) => type === "step.stopped");
      expect(events[stopped]?.data).toMatchObject({ switch: id, isCut: true });
      expect(typesOf(events.slice(stopped)).filter((type) => BEGINNINGS.includes(type))).toEqual([]);
    }
    model.mayFinish = true;
    expect(await release(tenant, id)).toEqual({ status: 200, state: "released" });
    await until(async () => (await all()).every((events) => typesOf(events).includes("turn.completed")), "all of them go on by themselves");
    for (const events of await all()) {
      expect(typesOf(events)).not.toContain("step.failed");
      expect(events.filter(({ type }) => type === "step.intended").map(({ data }) => data.attempt)).toEqual([1, 1]);
    }
  });

  it("marks a call that may not be made twice, lets it end, and holds what comes after it", async () => {
    const tenant = await newTenant();
    declareTool("data.query", { onUnknown: "ask" });
    modelAnswers(async function* (_request, round) {
      if (round === 0) yield asks("select 1 as n");
      else yield says("Done.");
      yield ends;
    });
    const query = { isMade: false, mayEnd: false };
    alterMethod(DataWorkspace.prototype, "query", async (call) => {
      query.isMade = true;
      await until(() => query.mayEnd, "the query may end");
      return call();
    });
    const path = await talk(tenant);
    await until(() => query.isMade, "the call is made");
    const { id } = await stop(tenant, { scope: "tool", target: "data.query" });
    await until(async () => typesOf(await allEvents(tenant, path)).includes("step.stopped"), "the call is marked");
    query.mayEnd = true;
    await until(async () => !(await isBusy(tenant, path)), "the turn ends: nothing else of it is stopped");
    const events = await allEvents(tenant, path);
    expect(events.find(({ type }) => type === "step.stopped")?.data).toMatchObject({ switch: id, isCut: false });
    expect(events.filter(({ type, data }) => type === "step.done" && String(data.step).endsWith("c1"))).toHaveLength(1);
    await tenant.post(`${path}/messages`, { text: "Again" });
    await until(async () => typesOf(await allEvents(tenant, path)).includes("work.held"), "the next call is held");
  });

  it("holds runs and projects, which fail nothing and go on by themselves", async () => {
    const runs = await newRuns();
    const { tenant } = runs;
    const { id } = await stop(tenant, { scope: "tenant" });
    const graph = {
      steps: { one: { uses: "tool:value.set", with: { value: 1 } }, two: { uses: "tool:value.set", needs: ["one"], with: { value: 2 } } },
    };
    const run = await runs.start(graph, {}, 1);
    const project = await startProject(tenant, "Compare the mean of v by g.", [await upload(tenant, "a.csv", "g,v\na,1\na,2\nb,3\nb,5\n")]);
    await until(async () => typesOf(await allEvents(tenant, `/v1/mao/runs/${run.id}`)).includes("work.held"), "the run is held");
    await until(
      async () => typesOf(await allEvents(tenant, `/v1/kamachiq/projects/${project}`)).includes("work.held"),
      "the project is held",
    );
    expect((await runs.read(run.id)).state).toBe("running");
    expect((await readProject(tenant, project)).state).toBe("planning");
    await release(tenant, id);
    await until(async () => (await runs.read(run.id)).state === "completed", "the run goes on");
    expect((await settledProject(tenant, project)).state).toBe("delivered");
    for (const path of [`/v1/mao/runs/${run.id}`, `/v1/kamachiq/projects/${project}`]) {
      const types = typesOf(await allEvents(tenant, path));
      expect(types).not.toContain("step.failed");
      expect(types.filter((type) => type === "work.released")).toHaveLength(1);
    }
  });

  it("is announced and stops nothing in a drill", async () => {
    const tenant = await newTenant();
    const { id } = await stop(tenant, { scope: "model", target: "embedded", drill: true });
    const path = await talk(tenant);
    await until(async () => !(await isBusy(tenant, path)), "the turn ends");
    const events = await allEvents(tenant, path);
    expect(events.filter(({ type }) => type === "work.held").map(({ data }) => data)).toEqual([
      { switch: id, drill: true, uses: "model:embedded" },
    ]);
    expect(typesOf(events)).toContain("turn.completed");
  });

  it("is in the audit log with who threw and who released it, and in the list for who asks", async () => {
    const tenant = await newTenant();
    const { id } = await stop(tenant, { scope: "agent", target: "analyst", reason: "It writes to the wrong people." });
    expect(await (await tenant.fetch("/v1/kill-switch?state=thrown")).json()).toMatchObject({
      items: [{ id, state: "thrown", scope: "agent", target: "analyst", reason: "It writes to the wrong people.", isOperators: false }],
    });
    await release(tenant, id);
    await release(tenant, id);
    expect(await (await tenant.fetch("/v1/kill-switch?state=thrown")).json()).toEqual({ items: [] });
    expect(await (await tenant.fetch(`/v1/kill-switch/${id}`)).json()).toMatchObject({ state: "released" });
    const audit = await (await tenant.fetch("/v1/audit/events")).text();
    expect(audit).toContain("kill-switch.thrown");
    expect(audit).toContain("kill-switch.released");
  });
});

describe("an operator's switch", () => {
  it("stops every tenant, or one of them; a tenant sees what stops it alone and cannot release it", async () => {
    const [one, other] = [await newTenant(), await newTenant()];
    const { id } = await stop(operator, { scope: "tenant", target: one.id });
    expect(await (await one.fetch("/v1/kill-switch")).json()).toMatchObject({ items: [{ id, isOperators: true }] });
    expect((await release(one, id)).status).toBe(403);
    const [mine, theirs] = [await talk(one), await talk(other)];
    await until(async () => typesOf(await allEvents(one, mine)).includes("work.held"), "the tenant is held");
    await until(async () => !(await isBusy(other, theirs)), "the other tenant is not");
    expect(await release(operator, id)).toEqual({ status: 200, state: "released" });
    await until(async () => !(await isBusy(one, mine)), "the tenant goes on");

    const everything = await stop(operator, { scope: "everything" });
    await scheduler.wait(FELT_MS);
    const paths = [await talk(one), await talk(other)] as const;
    await until(async () => typesOf(await allEvents(one, paths[0])).includes("work.held"), "the one is held");
    await until(async () => typesOf(await allEvents(other, paths[1])).includes("work.held"), "the other is held");
    // What tells of the switch and what governs is never stopped.
    for (const path of ["/v1/kill-switch", "/v1/audit/events", "/v1/tenants/current"]) expect((await one.fetch(path)).status).toBe(200);
    await release(operator, everything.id);
    await until(async () => !(await isBusy(one, paths[0])), "the one goes on");
    await until(async () => !(await isBusy(other, paths[1])), "the other goes on");
  });

  it.each([
    ["a tenant that stops everything", { scope: "everything" }, 403],
    ["a tenant that stops another", { scope: "tenant", target: "ten_00000000000000000000000001" }, 404],
    ["a tool without a name", { scope: "tool" }, 400],
  ])("is not given to %s", async (_, order, status) => {
    const tenant = await newTenant();
    const response = await tenant.post("/v1/kill-switch", { reason: "test", ...order });
    expect(response.status).toBe(status);
    expect(await (await tenant.fetch("/v1/kill-switch")).json()).toEqual({ items: [] });
  });
});

describe("where a tenant wants two people to release a switch", () => {
  const rules = { release: "two-people", requestMinutes: 10 };

  async function withTwoPeople() {
    const tenant = await newTenant();
    const put = (body: object) =>
      tenant.fetch("/v1/kill-switch-rules", { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    expect((await put(rules)).status).toBe(200);
    const { secret } = await (await tenant.post("/v1/api-keys", { name: "second", role: "admin" })).json<{ secret: string }>();
    return { tenant, put, second: caller(secret) };
  }

  it("one asks, the same one cannot confirm, another does", async () => {
    const { tenant, second } = await withTwoPeople();
    const { id } = await stop(tenant, { scope: "tool", target: "http.fetch" });
    expect(await release(tenant, id)).toEqual({ status: 200, state: "release-asked" });
    expect(await release(tenant, id)).toEqual({ status: 200, state: "release-asked" });
    expect((await env.TENANT_LEDGER.getByName(tenant.id).governance()).includes(id)).toBe(true);
    expect(await release(second, id)).toEqual({ status: 200, state: "released" });
    expect((await env.TENANT_LEDGER.getByName(tenant.id).governance()).includes(id)).toBe(false);
  });

  it("nobody loosens that rule while a switch is thrown", async () => {
    const { tenant, put, second } = await withTwoPeople();
    const { id } = await stop(tenant, { scope: "tenant" });
    expect((await put({ ...rules, release: "one-person" })).status).toBe(409);
    expect((await put({ ...rules, requestMinutes: 1_440 })).status).toBe(409);
    expect((await put({ ...rules, requestMinutes: 5 })).status).toBe(200);
    await release(tenant, id);
    await release(second, id);
    expect((await put({ ...rules, release: "one-person" })).status).toBe(200);
  });
});
