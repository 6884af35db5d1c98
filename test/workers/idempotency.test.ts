import { env, evictDurableObject, listDurableObjectIds, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { IdempotencyRecord, MAX_SILENT_MS, STILL_RUNS_EVERY_MS } from "../../durable-objects/idempotency-record/idempotency-record.ts";
import { alterMethod } from "./altered-method.ts";
import { caller, newTenant, type TestTenant } from "./tenant.ts";

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
    for (const id of await listDurableObjectIds(env.IDEMPOTENCY_RECORD)) {
      const kept = await runInDurableObject(env.IDEMPOTENCY_RECORD.get(id), (_, state) =>
        JSON.stringify(state.storage.kv.get("record") ?? null),
      );
      expect(kept).not.toContain(secret.slice(-43));
    }
  });
});

describe("a creating request that was cut off between its effect and its answer", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is being waited for, then runs again, and has made one thing and not two", async () => {
    const tenant = await newTenant();
    const start = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: start });
    let isCut = true;
    alterMethod(IdempotencyRecord.prototype, "finish", (call) => (isCut ? undefined : call()));
    const makers: [string, unknown][] = [
      ["/v1/sessions", { title: "once" }],
      ["/v1/kamachiq/projects", { brief: "Sing me a song." }],
      ["/v1/api-keys", { name: "once", role: "viewer" }],
    ];
    for (const [path, body] of makers) {
      isCut = true;
      vi.setSystemTime(start);
      const first = await (await tenant.post(path, body, key("cut"))).json<{ id: string; secret?: string }>();
      isCut = false;
      const waiting = await tenant.post(path, body, key("cut"));
      expect(waiting.status, path).toBe(409);
      expect(waiting.headers.get("Retry-After")).toBe("1");
      vi.setSystemTime(start + MAX_SILENT_MS);
      const again = await tenant.post(path, body, key("cut"));
      expect(again.status, path).toBe(201);
      const made = await again.json<{ id: string; secret?: string }>();
      expect(made.id, path).toBe(first.id);
      const { items } = await (await tenant.fetch(path)).json<{ items: { id: string }[] }>();
      expect(
        items.filter(({ id }) => id === first.id),
        path,
      ).toHaveLength(1);
      if (made.secret !== undefined) expect((await caller(made.secret).fetch("/v1/tools")).status).toBe(200);
    }
  });
});

describe("a message with an Idempotency-Key", () => {
  const stream = { Accept: "text/event-stream" };
  const turnsOf = (text: string) => new Set([...text.matchAll(/"turn":"(trn_\w+)"/g)].map(([, turn]) => turn));

  it("is streamed as it happens, and sent again it is the same turn and not another", async () => {
    const tenant = await newTenant();
    const { id } = await (await tenant.post("/v1/sessions", {})).json<{ id: string }>();
    const say = () => tenant.post(`/v1/sessions/${id}/messages`, { text: "Hello" }, { ...stream, ...key("said") });
    const first = await (await say()).text();
    const again = await (await say()).text();
    expect(turnsOf(again)).toEqual(turnsOf(first));
    expect(again).toContain("event: turn.completed");
    const { items } = await (await tenant.fetch(`/v1/sessions/${id}/messages`)).json<{ items: unknown[] }>();
    expect(items).toHaveLength(2);
  });
});

describe("an upload with an Idempotency-Key", () => {
  const upload = (tenant: TestTenant, body: BodyInit, headers: Record<string, string>) =>
    tenant.fetch("/v1/artifacts?name=a.json", { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body });

  it("stores one file, and refuses another length or digest under the key", async () => {
    const tenant = await newTenant();
    const first = await (await upload(tenant, '{"a":1}', key("file"))).json<{ id: string }>();
    expect(await (await upload(tenant, '{"a":1}', key("file"))).json()).toMatchObject({ id: first.id });
    expect((await upload(tenant, '{"a":12}', key("file"))).status).toBe(422);
    expect((await upload(tenant, '{"a":2}', { ...key("file"), "Content-Digest": "sha-256=:AAAA:" })).status).toBe(422);
    const { items } = await (await tenant.fetch("/v1/artifacts")).json<{ items: unknown[] }>();
    expect(items).toHaveLength(1);
  });

  it("that says neither its length nor its digest is told to", async () => {
    const tenant = await newTenant();
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const writing = writer.write(new TextEncoder().encode("{}")).then(() => writer.close());
    const refused = await upload(tenant, readable, key("unmeasured"));
    await writing.catch(() => undefined);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining("Content-Digest") });
  });
});

describe("the record of a key", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("lets another begin when its first request was cut off, with the same ids, and the late one cannot answer for the second", async () => {
    const start = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: start });
    const record = env.IDEMPOTENCY_RECORD.getByName("cut-off");
    const first = await record.begin("f");
    await evictDurableObject(record);
    expect((await record.begin("f")).kind).toBe("running");
    vi.setSystemTime(start + MAX_SILENT_MS);
    const second = await record.begin("f");
    if (first.kind !== "first" || second.kind !== "first") throw new Error("both were to begin");
    expect(second.origin).toEqual(first.origin);
    await record.finish(first.ticket, 201, "late");
    expect((await record.begin("f")).kind).toBe("running");
    await record.finish(second.ticket, 201, "sealed");
    expect(await record.begin("f")).toEqual({ kind: "finished", status: 201, sealedBody: "sealed" });
    expect((await record.begin("other")).kind).toBe("mismatch");
  });

  it("is held by a request that still runs, and is free soon after it was cut off", async () => {
    const start = Date.now();
    vi.setSystemTime(start);
    const record = env.IDEMPOTENCY_RECORD.getByName("takes-long");
    const first = await record.begin("f");
    if (first.kind !== "first") throw new Error("the record is not new");
    for (let at = STILL_RUNS_EVERY_MS; at <= 60_000; at += STILL_RUNS_EVERY_MS) {
      vi.setSystemTime(start + at);
      await record.stillRuns(first.ticket);
      expect((await record.begin("f")).kind).toBe("running");
    }
    vi.setSystemTime(start + 60_000 + MAX_SILENT_MS);
    expect((await record.begin("f")).kind).toBe("first");
  });

  it("of a refusal is free for another request, that of a failure only for the same", async () => {
    const record = env.IDEMPOTENCY_RECORD.getByName("refused");
    const first = await record.begin("f");
    if (first.kind !== "first") throw new Error("the record is not new");
    await record.repeat(first.ticket);
    expect((await record.begin("other")).kind).toBe("mismatch");
    const second = await record.begin("f");
    if (second.kind !== "first") throw new Error("it was to begin again");
    expect(second.origin).toEqual(first.origin);
    await record.forget(second.ticket);
    expect((await record.begin("other")).kind).toBe("first");
  });

  it("is forgotten by its alarm", async () => {
    const record = env.IDEMPOTENCY_RECORD.getByName("a-day");
    await record.begin("f");
    expect(await runDurableObjectAlarm(record)).toBe(true);
    expect((await record.begin("other")).kind).toBe("first");
  });
});
