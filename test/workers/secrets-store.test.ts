import { env } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { systemClock } from "../../workers/platform/clock.ts";
import { principalSchema } from "../../workers/platform/principal.ts";
import { problemOf } from "../../workers/platform/problem.ts";
import { open, seal } from "../../workers/secrets/envelope.ts";
import { rewrapSlice } from "../../workers/secrets/rotation.ts";
import { putSecret, secretFor } from "../../workers/secrets/tenant-secrets.ts";
import { caller, newTenant, OPERATOR_TOKEN, type TestTenant } from "./tenant.ts";

const KEY = Buffer.alloc(32, 7).toString("base64");
const NEXT_KEY = Buffer.alloc(32, 8).toString("base64");
const HOST = new URL("https://api.example.com/x");

const put = (tenant: TestTenant, name: string, value: string, hosts: readonly string[] = ["api.example.com"]) =>
  tenant.fetch(`/v1/secrets/${name}`, {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ value, hosts }),
  });

/** The platform as it starts anew with other settings: nothing that this isolate has opened is known to it. */
function restarted(settings: Record<string, unknown>): Env {
  const DB = new Proxy(env.DB, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { ...env, ...settings, DB };
}

const opens = (place: Env, tenant: string, name = "token") =>
  secretFor(place, tenant, name, HOST).catch((error: unknown) => problemOf(error)?.type);

describe("a secret", () => {
  it("is stored and replaced, told of by name and version, and never read back", async () => {
    const tenant = await newTenant();
    expect(await (await put(tenant, "token", "first-value")).json()).toMatchObject({
      name: "token",
      version: 1,
      hosts: ["api.example.com"],
    });
    expect(await (await put(tenant, "token", "second-value")).json()).toMatchObject({ version: 2 });
    await put(tenant, "other", "third-value");
    const texts = await Promise.all(
      ["/v1/secrets", "/v1/secrets/token", "/v1/audit/events"].map(async (path) => (await tenant.fetch(path)).text()),
    );
    expect(
      z.object({ items: z.array(z.object({ name: z.string(), version: z.number() })) }).parse(JSON.parse(texts[0] ?? "")).items,
    ).toMatchObject([
      { name: "other", version: 1 },
      { name: "token", version: 2 },
    ]);
    for (const text of texts) for (const value of ["first-value", "second-value", "third-value"]) expect(text).not.toContain(value);
    expect(await secretFor(env, tenant.id, "token", HOST)).toBe("second-value");
  });

  it("is another tenant's as if it were not there, and gone when it is deleted", async () => {
    const [tenant, stranger] = [await newTenant(), await newTenant()];
    await put(tenant, "token", "value");
    expect((await stranger.fetch("/v1/secrets/token")).status).toBe(404);
    expect((await stranger.fetch("/v1/secrets/token", { method: "DELETE" })).status).toBe(404);
    expect(await opens(env, stranger.id)).toBe("not-found");
    expect((await tenant.fetch("/v1/secrets/token", { method: "DELETE" })).status).toBe(204);
    expect(await opens(env, tenant.id)).toBe("not-found");
    const { results } = await env.DB.prepare("SELECT * FROM secrets WHERE tenant = ?").bind(tenant.id).all();
    expect(results).toEqual([]);
  });

  it("goes to the hosts that it is for and to no other", async () => {
    const tenant = await newTenant();
    await put(tenant, "token", "value", ["api.example.com", "localhost:8443"]);
    expect(await secretFor(env, tenant.id, "token", new URL("https://localhost:8443/a"))).toBe("value");
    for (const url of ["https://example.com/", "https://api.example.com.evil.test/", "https://api.example.com:444/", "https://localhost/"])
      await expect(secretFor(env, tenant.id, "token", new URL(url))).rejects.toThrow(/may not be sent to/);
  });

  it("opens in its own place alone, and not when a byte of it was changed", async () => {
    const [one, other] = [await newTenant(), await newTenant()];
    const place = { tenant: one.id, purpose: "secret/token/1" };
    const sealed = await seal(env, place, "value");
    expect(await open(env, place, sealed)).toBe("value");
    await seal(env, { ...place, tenant: other.id }, "another");
    for (const wrong of [
      { ...place, tenant: other.id },
      { ...place, purpose: "secret/token/2" },
      { ...place, purpose: "secret/tokem/1" },
    ])
      await expect(open(env, wrong, sealed)).rejects.toThrow(/another place/);
    const [number = "", iv = "", text = ""] = sealed.split(".");
    const flipped = `${text.startsWith("A") ? "B" : "A"}${text.slice(1)}`;
    await expect(open(env, place, `${number}.${iv}.${flipped}`)).rejects.toThrow(/has been changed/);
    await expect(open(env, place, `99.${iv}.${text}`)).rejects.toThrow(/is not there/);
    expect(await seal(env, place, "value")).not.toBe(sealed);
  });
});

describe("keys", () => {
  it("of a tenant are changed a slice at a time, while every secret can be used", async () => {
    const tenant = await newTenant();
    const principal = principalSchema.parse({
      tenant: tenant.id,
      subject: "usr_1",
      kind: "user",
      roles: [],
      capabilities: [],
      credential: "key_1",
    });
    const store = (i: number) => putSecret(env, systemClock, principal, { name: `s${i}`, value: `value ${i}`, hosts: [HOST.host] });
    await Promise.all(Array.from({ length: 120 }, (_, i) => store(i)));
    const rotate = async () =>
      z
        .object({ dataKey: z.number(), resealed: z.number(), isDone: z.boolean() })
        .parse(await (await tenant.fetch("/v1/secret-keys/rotate", { method: "POST" })).json());
    expect(await rotate()).toEqual({ dataKey: 2, resealed: 100, isDone: false });
    for (const i of [0, 50, 119]) expect(await secretFor(env, tenant.id, `s${i}`, HOST)).toBe(`value ${i}`);
    expect(await rotate()).toEqual({ dataKey: 2, resealed: 20, isDone: true });
    for (const i of [0, 50, 119]) expect(await secretFor(env, tenant.id, `s${i}`, HOST)).toBe(`value ${i}`);
    const { results } = await env.DB.prepare("SELECT count(*) AS n FROM secrets WHERE tenant = ? AND data_key < 2")
      .bind(tenant.id)
      .all<{ n: number }>();
    expect(results[0]?.n).toBe(0);
  }, 60_000);

  it("of the platform are changed without a moment in which something does not open", async () => {
    const tenant = await newTenant();
    await put(tenant, "token", "value");
    const changing = restarted({ SOMA_MASTER_KEY: NEXT_KEY, SOMA_MASTER_KEYS_BEFORE: KEY });
    expect(await opens(changing, tenant.id)).toBe("value");
    expect(await opens(restarted({ SOMA_MASTER_KEY: NEXT_KEY }), tenant.id)).toBe("unavailable");
    // Broken off in the middle and begun again: closing anew what is closed anew changes nothing.
    for (let left = 1; left > 0; ) left = (await rewrapSlice(restarted({ SOMA_MASTER_KEY: NEXT_KEY, SOMA_MASTER_KEYS_BEFORE: KEY }))).left;
    expect(await rewrapSlice(changing)).toMatchObject({ rewrapped: 0, left: 0 });
    expect(await opens(restarted({ SOMA_MASTER_KEY: NEXT_KEY }), tenant.id)).toBe("value");
    expect(await opens(restarted({ SOMA_MASTER_KEY: KEY }), tenant.id)).toBe("unavailable");
    for (let left = 1; left > 0; ) left = (await rewrapSlice(restarted({ SOMA_MASTER_KEY: KEY, SOMA_MASTER_KEYS_BEFORE: NEXT_KEY }))).left;
    expect(await opens(restarted({ SOMA_MASTER_KEY: KEY }), tenant.id)).toBe("value");
  });

  it("of the platform come from the Secrets Store where it is bound", async () => {
    const tenant = await newTenant();
    await put(tenant, "token", "value");
    expect(await opens(restarted({ SOMA_MASTER_KEY: { get: async () => KEY } }), tenant.id)).toBe("value");
    const broken = restarted({ SOMA_MASTER_KEY: { get: () => Promise.reject(new Error("no such secret [meant by the test]")) } });
    await expect(secretFor(broken, tenant.id, "token", HOST)).rejects.toThrow(/Secrets Store/);
  });

  it("of the platform are closed anew by operators alone", async () => {
    const tenant = await newTenant();
    expect((await tenant.fetch("/v1/operations/master-key/rewrap", { method: "POST" })).status).toBe(403);
    const answer = await caller(OPERATOR_TOKEN).fetch("/v1/operations/master-key/rewrap", { method: "POST" });
    expect(await answer.json()).toMatchObject({ left: 0 });
  });
});
