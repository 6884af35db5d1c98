import { SELF } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { caller, newTenant, OPERATOR_TOKEN } from "./tenant.ts";

async function problemType(response: Response): Promise<string> {
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  const body: { type: string; requestId: string } = await response.json();
  expect(body.requestId).toMatch(/^req_/);
  return body.type;
}

const json = { "Content-Type": "application/json" };

describe("the front door", () => {
  it("is alive and ready, and gives every answer a request id and a trace", async () => {
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const response = await SELF.fetch("http://soma.test/healthz", { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } });
    expect(response.status).toBe(200);
    expect(response.headers.get("X-Request-Id")).toMatch(/^req_/);
    expect(response.headers.get("traceparent")).toContain(traceId);
    expect((await SELF.fetch("http://soma.test/readyz")).status).toBe(200);
  });

  it.each([
    ["no credential", undefined, "missing-credential"],
    ["a made-up key", `Bearer soma_key_${"0".repeat(26)}_${"a".repeat(43)}`, "invalid-credential"],
    ["another scheme", "Basic YTpi", "invalid-credential"],
    ["an unsigned token", `Bearer ${btoa('{"alg":"none","typ":"at+jwt"}')}.${btoa('{"sub":"x"}')}.`, "invalid-credential"],
  ])("refuses %s", async (_, authorization, type) => {
    const response = await SELF.fetch("http://soma.test/v1/tenants/current", {
      headers: authorization === undefined ? {} : { Authorization: authorization },
    });
    expect(response.status).toBe(401);
    expect(response.headers.get("WWW-Authenticate")).toContain("Bearer");
    expect(await problemType(response)).toBe(`urn:soma:problem:${type}`);
  });

  it("tells an unknown path from a wrong method", async () => {
    expect(await problemType(await SELF.fetch("http://soma.test/nothing"))).toBe("urn:soma:problem:not-found");
    expect(await problemType(await SELF.fetch("http://soma.test/healthz", { method: "DELETE" }))).toBe(
      "urn:soma:problem:method-not-allowed",
    );
  });

  it("says where a tenant stands with its rate", async () => {
    const tenant = await newTenant();
    const response = await tenant.fetch("/v1/tenants/current");
    expect(response.headers.get("RateLimit-Policy")).toContain('"tenant";q=60000;w=60');
    expect(response.headers.get("RateLimit")).toMatch(/^"tenant";r=\d+;t=\d+/);
  });
});

describe("a hostile body", () => {
  it.each([
    ["10 MB of JSON", JSON.stringify({ name: "x".repeat(10_000_000) }), json, 413],
    ["10,000 levels of nesting", `${"[".repeat(10_000)}${"]".repeat(10_000)}`, json, 400],
    ["invalid UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), json, 400],
    ["an unfinished object", '{"name":', json, 400],
    ["unknown fields", '{"name":"a","admin":true}', json, 400],
    ["another media type", "name=a", { "Content-Type": "application/x-www-form-urlencoded" }, 415],
    ["an empty name", '{"name":"  "}', json, 400],
  ])("is refused: %s", async (_, body, headers, status) => {
    const response = await SELF.fetch("http://soma.test/v1/tenants", {
      method: "POST",
      headers: { ...headers, Authorization: `Bearer ${OPERATOR_TOKEN}` },
      body,
    });
    expect(response.status).toBe(status);
    await problemType(response);
  });
});

describe("credentials", () => {
  it("makes a key whose secret is shown once, works, and stops working when revoked", async () => {
    const tenant = await newTenant();
    const created: { id: string; secret: string } = await (await tenant.post("/v1/api-keys", { name: "reader", role: "viewer" })).json();
    const reader = caller(created.secret);
    expect((await reader.fetch("/v1/artifacts")).status).toBe(200);
    expect((await reader.fetch("/v1/api-keys")).status).toBe(403);
    const list = await (await tenant.fetch("/v1/api-keys")).text();
    expect(list).not.toContain(created.secret.slice(-43));
    expect((await tenant.fetch(`/v1/api-keys/${created.id}`, { method: "DELETE" })).status).toBe(204);
    expect((await reader.fetch("/v1/artifacts")).status).toBe(401);
  });

  it("exchanges a key for a token that may do less and never more", async () => {
    const tenant = await newTenant();
    const { accessToken } = await (await tenant.post("/v1/auth/tokens", { capabilities: ["sessions.read"] })).json<{
      accessToken: string;
    }>();
    const narrowed = caller(accessToken);
    expect((await narrowed.fetch("/v1/tenants/current")).status).toBe(200);
    expect((await narrowed.fetch("/v1/artifacts")).status).toBe(403);
    expect((await narrowed.post("/v1/auth/tokens", { capabilities: ["artifacts.read"] })).status).toBe(403);
    const [head = "", body = ""] = accessToken.split(".");
    expect((await caller(`${head}.${body}.${"A".repeat(86)}`).fetch("/v1/tenants/current")).status).toBe(401);
    const { keys } = await (await SELF.fetch("http://soma.test/.well-known/jwks.json")).json<{ keys: Record<string, string>[] }>();
    expect(keys[0]).toMatchObject({ kty: "EC", crv: "P-256", alg: "ES256" });
    expect(keys[0]).not.toHaveProperty("d");
  });

  it("verifies old tokens after the signing key was rotated", async () => {
    const tenant = await newTenant();
    const { accessToken } = await (await tenant.post("/v1/auth/tokens", {})).json<{ accessToken: string }>();
    expect((await caller(OPERATOR_TOKEN).post("/v1/auth/signing-keys/rotate", {})).status).toBe(201);
    expect((await caller(accessToken).fetch("/v1/tenants/current")).status).toBe(200);
  });
});

describe("Idempotency-Key", () => {
  it("creates once, answers the same again, and refuses another body", async () => {
    const tenant = await newTenant();
    const header = { "Idempotency-Key": "k-1" };
    const first = await (await tenant.post("/v1/api-keys", { name: "a", role: "viewer" }, header)).json<{ id: string }>();
    const again = await tenant.post("/v1/api-keys", { name: "a", role: "viewer" }, header);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await again.json()).toMatchObject({ id: first.id });
    const other = await tenant.post("/v1/api-keys", { name: "b", role: "viewer" }, header);
    expect(other.status).toBe(422);
  });

  it("lets a request that failed be made again", async () => {
    const tenant = await newTenant();
    const header = { "Idempotency-Key": "k-2" };
    expect((await tenant.post("/v1/api-keys", { name: "a", role: "king" }, header)).status).toBe(400);
    expect((await tenant.post("/v1/api-keys", { name: "a", role: "viewer" }, header)).status).toBe(201);
  });
});

describe("artifacts", () => {
  it("come back as they went in, and belong to their tenant alone", async () => {
    const tenant = await newTenant();
    const stranger = await newTenant();
    const body = "a,b\n1,2\n";
    const created = await tenant.fetch("/v1/artifacts?name=data.csv", { method: "POST", headers: { "Content-Type": "text/csv" }, body });
    expect(created.status).toBe(201);
    const { id, bytes } = await created.json<{ id: string; bytes: number }>();
    expect(bytes).toBe(body.length);
    const content = await tenant.fetch(`/v1/artifacts/${id}/content`);
    expect(content.headers.get("Content-Disposition")).toContain("attachment");
    expect(await content.text()).toBe(body);
    expect((await stranger.fetch(`/v1/artifacts/${id}`)).status).toBe(404);
    expect((await stranger.fetch(`/v1/artifacts/${id}`, { method: "DELETE" })).status).toBe(404);
    expect((await tenant.fetch(`/v1/artifacts/${id}`, { method: "DELETE" })).status).toBe(204);
    expect((await tenant.fetch(`/v1/artifacts/${id}/content`)).status).toBe(404);
  });

  it.each([
    "../../x",
    "..\\..\\x",
    "C:\\x",
    "a/b",
    "..",
    ".",
    " ",
    "x\0.csv",
    "x\r\nSet-Cookie: a=b",
    "x\u202egpj.exe",
    "x\u061cgpj.exe",
    "x\u2028y",
    "n".repeat(500),
    "n".repeat(5_000),
  ])("refuse the name %j, and keep nothing of it", async (name) => {
    const tenant = await newTenant();
    for (const encoded of [encodeURIComponent(name), encodeURIComponent(name).replaceAll(".", "%2e")]) {
      const response = await tenant.fetch(`/v1/artifacts?name=${encoded}`, { method: "POST", body: "x" });
      expect(response.status).toBe(400);
      expect(await problemType(response)).toBe("urn:soma:problem:invalid-request");
    }
    expect(await (await tenant.fetch("/v1/artifacts")).json()).toEqual({ items: [] });
  });

  it("keep a name that only looks like a path as it is, one segment, in the header of the download too", async () => {
    const tenant = await newTenant();
    const name = "..%2f..%2fit's (1)*.csv";
    const { id } = await (await tenant.fetch(`/v1/artifacts?name=${encodeURIComponent(name)}`, { method: "POST", body: "x" })).json<{
      id: string;
    }>();
    const disposition = (await tenant.fetch(`/v1/artifacts/${id}/content`)).headers.get("Content-Disposition") ?? "";
    expect(disposition).toMatch(/^attachment; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]+$/);
    expect(decodeURIComponent(disposition.split("''")[1] ?? "")).toBe(name);
  });

  it("list in pages without a gap", async () => {
    const tenant = await newTenant();
    for (let i = 0; i < 5; i += 1) await tenant.fetch(`/v1/artifacts?name=f${i}.txt`, { method: "POST", body: "x" });
    const names: string[] = [];
    for (let cursor: string | undefined = ""; cursor !== undefined; ) {
      const page: { items: { name: string }[]; nextCursor?: string } = await (
        await tenant.fetch(`/v1/artifacts?limit=2${cursor && `&cursor=${cursor}`}`)
      ).json();
      names.push(...page.items.map((item) => item.name));
      cursor = page.nextCursor;
    }
    expect(names).toEqual(["f4.txt", "f3.txt", "f2.txt", "f1.txt", "f0.txt"]);
  });
});
