import { env, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { newTenant } from "./tenant.ts";

const key = (value: string) => ({ "Idempotency-Key": value });

describe("a creating request with an Idempotency-Key", () => {
  it("makes one thing however often it is sent at once", async () => {
    const tenant = await newTenant();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => tenant.post("/v1/api-keys", { name: "a", role: "viewer" }, key("at-once"))),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201, 409]));
    const { items } = await (await tenant.fetch("/v1/api-keys")).json<{ items: unknown[] }>();
    expect(items).toHaveLength(2);
  });

  it("is answered the same when what it made is as large as may be", async () => {
    const tenant = await newTenant();
    const brief = "What is the mean of the body mass? ".repeat(5_500).slice(0, 190_000);
    const first = await tenant.post("/v1/kamachiq/projects", { brief }, key("large"));
    expect(first.status).toBe(201);
    const again = await tenant.post("/v1/kamachiq/projects", { brief }, key("large"));
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await again.text()).toBe(await first.text());
  });

  it("means another request on another route, and for another tenant", async () => {
    const tenant = await newTenant();
    const other = await newTenant();
    const answers = [
      await tenant.post("/v1/api-keys", { name: "a", role: "viewer" }, key("shared")),
      await tenant.post("/v1/sessions", {}, key("shared")),
      await other.post("/v1/api-keys", { name: "a", role: "viewer" }, key("shared")),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(201);
      expect(answer.headers.has("Idempotency-Replayed")).toBe(false);
    }
  });

  it.each(["", " ", "a b", "k".repeat(256), "ü"])("is refused with the key %j", async (value) => {
    const tenant = await newTenant();
    expect((await tenant.post("/v1/sessions", {}, key(encodeURI(value) === value ? value : "\u00fc"))).status).toBe(400);
  });

  it("leaves no secret where it is kept", async () => {
    const tenant = await newTenant();
    const { secret } = await (await tenant.post("/v1/api-keys", { name: "a", role: "viewer" }, key("secret"))).json<{ secret: string }>();
    const again = await (await tenant.post("/v1/api-keys", { name: "a", role: "viewer" }, key("secret"))).json<{ secret: string }>();
    expect(again.secret).toBe(secret);
    const record = env.IDEMPOTENCY_RECORD.getByName("kept");
    const begun = await record.begin("f");
    if (begun.kind !== "first") throw new Error("the record is not new");
    for (const id of await listDurableObjects()) {
      const kept = await runInDurableObject(env.IDEMPOTENCY_RECORD.get(id), (_, state) =>
        JSON.stringify(state.storage.kv.get("record") ?? null),
      );
      expect(kept).not.toContain(secret.slice(-43));
    }
  });
});

async function listDurableObjects(): Promise<DurableObjectId[]> {
  const { listDurableObjectIds } = await import("cloudflare:test");
  return listDurableObjectIds(env.IDEMPOTENCY_RECORD);
}

describe("the record of a key", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is free again when its first request was cut off, and the late one cannot answer for the second", async () => {
    const start = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: start });
    const record = env.IDEMPOTENCY_RECORD.getByName("cut-off");
    const first = await record.begin("f");
    expect((await record.begin("f")).kind).toBe("running");
    vi.setSystemTime(start + 120_000);
    const second = await record.begin("f");
    if (first.kind !== "first" || second.kind !== "first") throw new Error("both were to begin");
    await record.finish(first.ticket, 201, "late");
    expect((await record.begin("f")).kind).toBe("running");
    await record.finish(second.ticket, 201, "sealed");
    expect(await record.begin("f")).toEqual({ kind: "finished", status: 201, sealedBody: "sealed" });
    expect((await record.begin("other")).kind).toBe("mismatch");
  });

  it("is forgotten by its alarm", async () => {
    const record = env.IDEMPOTENCY_RECORD.getByName("a-day");
    await record.begin("f");
    expect(await runDurableObjectAlarm(record)).toBe(true);
    expect((await record.begin("other")).kind).toBe("first");
  });
});
