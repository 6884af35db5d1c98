import { env, evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Training } from "../../durable-objects/agent-session/training.ts";
import { lockNamed } from "../../workers/operations/lock-named.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { alterMethod } from "./altered-method.ts";
import { modelAnswers } from "./scripted-model.ts";
import { caller, newTenant, type TestTenant } from "./tenant.ts";

const NOW = Date.parse("2026-11-23T06:00:00Z");
const HOUR = 3_600_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: NOW }));
afterEach(() => void vi.useRealTimers());

interface Session {
  readonly id: string;
  readonly training?: { by: string; since: string; until: string };
}

async function newSession(tenant: TestTenant, agent = "analyst"): Promise<string> {
  return (await (await tenant.post("/v1/sessions", { agent })).json<Session>()).id;
}

const take = (tenant: Pick<TestTenant, "post">, id: string) => tenant.post(`/v1/sessions/${id}/training`, {});
const drop = (tenant: TestTenant, id: string) => tenant.fetch(`/v1/sessions/${id}/training`, { method: "DELETE" });
const trainingOf = async (tenant: TestTenant, id: string) => (await (await tenant.fetch(`/v1/sessions/${id}`)).json<Session>()).training;
const ring = (tenant: TestTenant, id: string) => runDurableObjectAlarm(env.AGENT_SESSION.getByName(`${tenant.id}/${id}`));

/** The types of a session's events, oldest first. */
async function typesOf(tenant: TestTenant, id: string): Promise<string[]> {
  const page = await tenant.fetch(`/v1/sessions/${id}/events`, { headers: { Accept: "application/json" } });
  return (await page.json<{ items: { type: string }[] }>()).items.map(({ type }) => type);
}

describe("training mode", () => {
  it("is shown in the session, and a second taker is refused until it has ended", async () => {
    const tenant = await newTenant();
    const [first, second, other] = [await newSession(tenant), await newSession(tenant), await newSession(tenant, "writer")];
    expect(await (await take(tenant, first)).json<Session>()).toMatchObject({
      training: { until: new Date(NOW + 24 * HOUR).toISOString() },
    });
    const refused = await take(tenant, second);
    expect(refused.status).toBe(409);
    expect(Number(refused.headers.get("Retry-After"))).toBe(24 * 3_600);
    expect((await take(tenant, other)).status).toBe(200);
    expect((await take(await newTenant(), first)).status).toBe(404);
    expect((await drop(tenant, first)).status).toBe(200);
    expect(await trainingOf(tenant, first)).toBeUndefined();
    expect((await take(tenant, second)).status).toBe(200);
  });

  it("is taken once however often it is asked for, and cannot be ended where there is none", async () => {
    const tenant = await newTenant();
    const id = await newSession(tenant);
    expect((await Promise.all([take(tenant, id), take(tenant, id)])).map(({ status }) => status).sort()).toContain(200);
    await take(tenant, id);
    expect((await typesOf(tenant, id)).filter((type) => type === "training.started").length).toBe(1);
    await drop(tenant, id);
    expect((await drop(tenant, id)).status).toBe(409);
  });

  it("ends when its day is over, by the alarm alone", async () => {
    const tenant = await newTenant();
    const [first, second] = [await newSession(tenant), await newSession(tenant)];
    await take(tenant, first);
    vi.setSystemTime(NOW + 23 * HOUR);
    expect((await take(tenant, second)).status).toBe(409);
    vi.setSystemTime(NOW + 24 * HOUR);
    await ring(tenant, first);
    expect(await trainingOf(tenant, first)).toBeUndefined();
    expect((await take(tenant, second)).status).toBe(200);
  });

  it("lets the agent go when the session is closed", async () => {
    const tenant = await newTenant();
    const [first, second] = [await newSession(tenant), await newSession(tenant)];
    await take(tenant, first);
    await tenant.post(`/v1/sessions/${first}/close`, {});
    expect(await typesOf(tenant, first)).toEqual(["session.created", "training.started", "session.closed", "training.ended"]);
    expect((await take(tenant, second)).status).toBe(200);
    expect((await take(tenant, first)).status).toBe(409);
  });

  it("lets the agent go when a turn fails", async () => {
    const tenant = await newTenant();
    const [first, second] = [await newSession(tenant), await newSession(tenant)];
    await take(tenant, first);
    modelAnswers(() => {
      throw new Problem("model-refused", "It will not.");
    });
    await (await tenant.post(`/v1/sessions/${first}/messages`, { text: "Hello" }, { Accept: "text/event-stream" })).text();
    await expect.poll(() => typesOf(tenant, first), { timeout: 5_000 }).toContain("turn.failed");
    await ring(tenant, first);
    await expect.poll(() => trainingOf(tenant, first), { timeout: 5_000 }).toBeUndefined();
    expect((await take(tenant, second)).status).toBe(200);
  });

  it("holds through a death of its session", async () => {
    const tenant = await newTenant();
    const [first, second] = [await newSession(tenant), await newSession(tenant)];
    await take(tenant, first);
    await evictDurableObject(env.AGENT_SESSION.getByName(`${tenant.id}/${first}`));
    vi.setSystemTime(NOW + 2 * HOUR);
    await ring(tenant, first);
    expect(await trainingOf(tenant, first)).toBeDefined();
    expect((await take(tenant, second)).status).toBe(409);
  });

  it("keeps nobody out for long when its session died before it could write down that it has the agent", async () => {
    const tenant = await newTenant();
    const [first, second] = [await newSession(tenant), await newSession(tenant)];
    alterMethod(Training.prototype, "onDue", () => {
      throw new Error("the process dies here [meant by the test]");
    });
    expect((await take(tenant, first)).status).toBe(500);
    vi.setSystemTime(NOW + 61_000);
    expect((await take(tenant, second)).status).not.toBe(409);
  });

  it("tells that it was lost when another has the lock by now", async () => {
    const tenant = await newTenant();
    const first = await newSession(tenant);
    await take(tenant, first);
    await evictDurableObject(env.AGENT_SESSION.getByName(`${tenant.id}/${first}`));
    await lockNamed(env, `${tenant.id}/training/analyst`)("release", 1);
    await ring(tenant, first);
    await expect.poll(() => trainingOf(tenant, first), { timeout: 5_000 }).toBeUndefined();
  });

  it("needs the capability", async () => {
    const tenant = await newTenant();
    const id = await newSession(tenant);
    const { secret } = await (await tenant.post("/v1/api-keys", { name: "member", role: "member" })).json<{ secret: string }>();
    expect((await take(caller(secret), id)).status).toBe(403);
  });

  it("has its events marked in the audit log, those of everyday work not", async () => {
    vi.useRealTimers();
    const tenant = await newTenant();
    const id = await newSession(tenant);
    await take(tenant, id);
    await tenant
      .post(`/v1/sessions/${id}/messages`, { text: "Hello" }, { Accept: "text/event-stream" })
      .then((response) => response.text());
    await drop(tenant, id);
    await tenant.post(`/v1/sessions/${id}/close`, {});
    const marked = async (training: boolean) =>
      (
        await (
          await tenant.fetch(`/v1/audit/events?object=${id}&training=${training}`)
        ).json<{ items: { type: string; training?: boolean }[] }>()
      ).items
        .map(({ type }) => type.slice("io.somaagent.".length, -".v1".length))
        .reverse();
    await expect.poll(() => marked(true), { timeout: 10_000 }).toContain("training.ended");
    const trained = await marked(true);
    expect([trained[0], trained[1], trained.at(-1)]).toEqual(["training.started", "turn.started", "training.ended"]);
    expect(trained).toContain("turn.completed");
    await expect.poll(() => marked(false), { timeout: 10_000 }).toEqual(["session.created", "session.closed"]);
  });
});
