import { env, evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { newTenant, type TestTenant } from "./tenant.ts";

const NOW = Date.parse("2026-11-23T05:59:30Z");
const MINUTE = 60_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: NOW }));
afterEach(() => void vi.useRealTimers());

interface Schedule {
  readonly id: string;
  readonly state: string;
  readonly next: string[];
  readonly active: { run: string }[];
  readonly history: { due: string; outcome: string; run?: string; cause?: string; count?: number }[];
}

/** One step that is done at once, or one that waits for a person. */
const QUICK = {
  inputs: { scheduled_at: { type: "string" } },
  steps: { set: { uses: "tool:value.set", with: { value: "${inputs.scheduled_at}" } } },
  outputs: { at: "${steps.set.output}" },
};
const PATIENT = { steps: { ok: { uses: "human:approve" } } };

const DAILY = { title: "Report", cron: "0 7 * * *", timezone: "Europe/Berlin", graph: QUICK };

async function newSchedule(tenant: TestTenant, body: unknown): Promise<Schedule> {
  const response = await tenant.post("/v1/mao/schedules", body);
  expect(response.status).toBe(201);
  return response.json<Schedule>();
}

async function readSchedule(tenant: TestTenant, id: string): Promise<Schedule> {
  return (await tenant.fetch(`/v1/mao/schedules/${id}`)).json<Schedule>();
}

/** The clock of everything goes to the given time, and the object's alarm rings. */
async function ringAt(tenant: TestTenant, id: string, at: number): Promise<void> {
  vi.setSystemTime(at);
  await runDurableObjectAlarm(env.MAO_SCHEDULE.getByName(`${tenant.id}/${id}`));
}

const outcomes = async (tenant: TestTenant, id: string) => (await readSchedule(tenant, id)).history.map(({ outcome }) => outcome);

describe("a schedule", () => {
  it("shows its next ten times, starts a run at each by its alarm alone, and shows what became of it", async () => {
    const tenant = await newTenant();
    const { id, next, state } = await newSchedule(tenant, DAILY);
    expect(state).toBe("active");
    expect(next.slice(0, 2)).toEqual(["2026-11-23T06:00:00.000Z", "2026-11-24T06:00:00.000Z"]);
    expect(next.length).toBe(10);
    await ringAt(tenant, id, NOW + MINUTE);
    await expect.poll(() => outcomes(tenant, id), { timeout: 10_000 }).toEqual(["completed"]);
    const run = (await readSchedule(tenant, id)).history[0]?.run ?? "";
    expect(await (await tenant.fetch(`/v1/mao/runs/${run}`)).json()).toMatchObject({
      schedule: id,
      state: "completed",
      output: { at: "2026-11-23T06:00:00.000Z" },
    });
  });

  it("starts the run of a time once under doubled alarms and a death between them", async () => {
    const tenant = await newTenant();
    const { id } = await newSchedule(tenant, DAILY);
    await ringAt(tenant, id, NOW + MINUTE);
    await ringAt(tenant, id, NOW + MINUTE);
    await evictDurableObject(env.MAO_SCHEDULE.getByName(`${tenant.id}/${id}`));
    await ringAt(tenant, id, NOW + MINUTE);
    await expect.poll(() => outcomes(tenant, id), { timeout: 10_000 }).toEqual(["completed"]);
    await expect
      .poll(async () => (await (await tenant.fetch(`/v1/mao/runs?schedule=${id}`)).json<{ items: unknown[] }>()).items.length, {
        timeout: 10_000,
      })
      .toBe(1);
  });

  it("makes up for a night of downtime by its last run", async () => {
    const tenant = await newTenant();
    const { id } = await newSchedule(tenant, { ...DAILY, cron: "0 * * * *" });
    await ringAt(tenant, id, NOW + 8 * 60 * MINUTE + 2 * MINUTE);
    await expect.poll(() => outcomes(tenant, id), { timeout: 10_000 }).toEqual(["completed", "missed"]);
    expect((await readSchedule(tenant, id)).history).toMatchObject([{ due: "2026-11-23T14:00:00.000Z", cause: "catch-up" }, { count: 8 }]);
  });

  it("starts the newest version of its template, and says which", async () => {
    const tenant = await newTenant();
    const importTemplate = (value: string) =>
      tenant.post("/v1/templates/import", {
        name: "morning",
        files: [
          {
            path: "morning.json",
            text: JSON.stringify({ steps: { set: { uses: "tool:value.set", with: { value } } }, outputs: { said: "${steps.set.output}" } }),
          },
        ],
      });
    expect((await importTemplate("first")).status).toBe(200);
    const { id } = await newSchedule(tenant, { ...DAILY, graph: undefined, template: { name: "morning" } });
    await importTemplate("second");
    await ringAt(tenant, id, NOW + MINUTE);
    await expect.poll(() => outcomes(tenant, id), { timeout: 10_000 }).toEqual(["completed"]);
    const run = (await readSchedule(tenant, id)).history[0]?.run ?? "";
    expect(await (await tenant.fetch(`/v1/mao/runs/${run}`)).json()).toMatchObject({
      template: { name: "morning", version: 2 },
      output: { said: "second" },
    });
    expect((await tenant.post("/v1/mao/schedules", { ...DAILY, graph: undefined, template: { name: "evening" } })).status).toBe(404);
    expect((await tenant.post("/v1/mao/schedules", { ...DAILY, inputs: { colour: "red" } })).status).toBe(400);
  });

  it("cancels the older run when its policy says so", async () => {
    const tenant = await newTenant();
    const { id } = await newSchedule(tenant, { ...DAILY, cron: "0 * * * *", graph: PATIENT, overlap: { policy: "cancel" } });
    await ringAt(tenant, id, NOW + MINUTE);
    await ringAt(tenant, id, NOW + 61 * MINUTE);
    await expect.poll(() => outcomes(tenant, id), { timeout: 10_000 }).toEqual(["started", "cancelled"]);
  });

  it("runs now when told so, once for one Idempotency-Key, and as its overlap policy allows", async () => {
    const tenant = await newTenant();
    const { id } = await newSchedule(tenant, { ...DAILY, graph: PATIENT });
    const key = { "Idempotency-Key": "now" };
    const first = await (await tenant.post(`/v1/mao/schedules/${id}/run`, {}, key)).json<Schedule>();
    const again = await (await tenant.post(`/v1/mao/schedules/${id}/run`, {}, key)).json<Schedule>();
    expect(first.active.length).toBe(1);
    expect(again.active).toEqual(first.active);
    expect(await (await tenant.post(`/v1/mao/schedules/${id}/run`, {})).json()).toMatchObject({ type: "urn:soma:problem:conflict" });
    const run = first.active[0]?.run ?? "";
    await tenant.post(`/v1/mao/runs/${run}/steps/ok/answer`, { decision: "approve" });
    await expect.poll(() => outcomes(tenant, id), { timeout: 10_000 }).toEqual(["completed"]);
  });

  it("is paused, resumed, changed, listed and deleted", async () => {
    const tenant = await newTenant();
    const { id } = await newSchedule(tenant, DAILY);
    const act = async (word: string) => (await tenant.post(`/v1/mao/schedules/${id}/${word}`, {})).json<Schedule>();
    expect(await act("pause")).toMatchObject({ state: "paused", next: [] });
    await ringAt(tenant, id, NOW + 2 * MINUTE);
    expect(await outcomes(tenant, id)).toEqual([]);
    expect(await (await tenant.fetch("/v1/mao/schedules")).json()).toMatchObject({ items: [{ id, state: "paused", cron: "0 7 * * *" }] });
    expect((await act("resume")).next[0]).toBe("2026-11-24T06:00:00.000Z");
    const patch = {
      method: "PATCH",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ cron: "30 8 * * mon", jitter: "5m" }),
    };
    expect(await (await tenant.fetch(`/v1/mao/schedules/${id}`, patch)).json()).toMatchObject({
      cron: "30 8 * * mon",
      jitter: "5m",
      title: "Report",
      next: ["2026-11-23T07:30:00.000Z", ...Array.from({ length: 9 }, () => expect.any(String))],
    });
    expect((await tenant.fetch(`/v1/mao/schedules/${id}`, { method: "DELETE" })).status).toBe(204);
    expect((await tenant.fetch(`/v1/mao/schedules/${id}`, { method: "DELETE" })).status).toBe(204);
    expect((await tenant.fetch(`/v1/mao/schedules/${id}`)).status).toBe(404);
    expect(await (await tenant.fetch("/v1/mao/schedules")).json()).toEqual({ items: [] });
  });

  it("is another tenant's as little as anything else", async () => {
    const tenant = await newTenant();
    const stranger = await newTenant();
    const { id } = await newSchedule(tenant, DAILY);
    expect((await stranger.fetch(`/v1/mao/schedules/${id}`)).status).toBe(404);
    expect((await stranger.post(`/v1/mao/schedules/${id}/run`, {})).status).toBe(404);
    expect((await stranger.fetch(`/v1/mao/schedules/${id}`, { method: "DELETE" })).status).toBe(404);
    expect((await tenant.fetch(`/v1/mao/schedules/${id}`)).status).toBe(200);
    expect(await (await stranger.fetch("/v1/mao/schedules")).json()).toEqual({ items: [] });
  });

  it("tells the audit log what happened to it", async () => {
    const tenant = await newTenant();
    const { id } = await newSchedule(tenant, DAILY);
    await ringAt(tenant, id, NOW + MINUTE);
    await tenant.fetch(`/v1/mao/schedules/${id}`, { method: "DELETE" });
    await ringAt(tenant, id, NOW + 2 * MINUTE);
    const types = async () =>
      (await (await tenant.fetch(`/v1/audit/events?object=${id}`)).json<{ items: { type: string }[] }>()).items.map(({ type }) => type);
    await expect.poll(types, { timeout: 10_000 }).toContain("io.somaagent.schedule.deleted.v1");
    expect(await types()).toContain("io.somaagent.schedule.fired.v1");
  });
});

describe("what a schedule refuses", () => {
  it.each([
    [{ cron: "* * * * * *" }, { pointer: "/cron", message: expect.stringContaining("column 1, six fields") }],
    [{ cron: "0 0 30 2 *" }, { pointer: "/cron", message: expect.stringContaining("column 5, day of month") }],
    [{ timezone: "Mars/Olympus" }, { pointer: "/timezone", message: expect.stringContaining("IANA") }],
    [{ graph: undefined }, { pointer: "/template", message: expect.stringContaining("give") }],
    [{ template: { name: "x" } }, { pointer: "/template", message: expect.stringContaining("not both") }],
    [{ catchUp: { policy: "all", window: "30d" } }, { pointer: "/catchUp/window", message: "may be 7d at most" }],
    [{ overlap: { policy: "queue", maxQueued: 1_000 } }, { pointer: "/overlap/maxQueued", message: expect.any(String) }],
    [
      { startAt: "2027-01-02T00:00:00Z", endAt: "2027-01-01T00:00:00Z" },
      { pointer: "/endAt", message: expect.any(String) },
    ],
  ])("%j", async (change, error) => {
    const tenant = await newTenant();
    const response = await tenant.post("/v1/mao/schedules", { ...DAILY, ...change });
    expect(response.status).toBe(400);
    expect((await response.json<{ errors: unknown[] }>()).errors).toContainEqual(error);
  });

  it("more schedules than a tenant may have", async () => {
    const tenant = await newTenant();
    const row = env.DB.prepare(
      "INSERT INTO schedules (id, tenant, title, cron, timezone, is_paused, created_by, created_at, updated_at) VALUES (?, ?, '', '0 7 * * *', 'UTC', 0, '', 0, 0)",
    );
    await env.DB.batch(Array.from({ length: 199 }, (_, i) => row.bind(`sch_${i}`, tenant.id)));
    await newSchedule(tenant, DAILY);
    expect(await (await tenant.post("/v1/mao/schedules", DAILY)).json()).toMatchObject({ type: "urn:soma:problem:limit-exceeded" });
  });
});
