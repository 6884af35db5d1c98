import { env, SELF } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { app } from "../../workers/gateway/app.ts";
import { MAX_WRONG_CREDENTIALS } from "../../workers/gateway/wrong-credentials.ts";
import { authenticate } from "../../workers/identity/authenticate.ts";
import { openFor, sealFor } from "../../workers/identity/sealed.ts";
import { rotate, signingPurpose } from "../../workers/identity/signing-keys.ts";
import { listSigningKeys } from "../../workers/identity/store.ts";
import { issueToken, verifyToken } from "../../workers/identity/tokens.ts";
import { ROLES } from "../../workers/platform/capabilities.ts";
import { newId } from "../../workers/platform/ids.ts";
import type { Principal } from "../../workers/platform/principal.ts";
import { type Claims, confusedTokens, rightClaims, signed } from "./forged-tokens.ts";
import { caller, newTenant, OPERATOR_TOKEN, type TestTenant } from "./tenant.ts";

const ISSUER = "http://soma.test";

/** A time that moves only when told to. */
function movableClock(start: number) {
  let now = start;
  return {
    now: () => now,
    forward(ms: number) {
      now += ms;
    },
  };
}

describe("a token", () => {
  let tenant: TestTenant;
  let claims: Claims;

  beforeAll(async () => {
    tenant = await newTenant();
    claims = await rightClaims(tenant);
  });

  it("opens the door when it is as the platform makes it", async () => {
    expect((await caller(await signed(claims)).fetch("/v1/tenants/current")).status).toBe(200);
  });

  it.each([
    ["is expired", { exp: 1_000 }, {}],
    ["is not valid yet", { nbf: 9_999_999_999 }, {}],
    ["was made for someone else", { aud: "another-service" }, {}],
    ["was made by someone else", { iss: "http://elsewhere.test" }, {}],
    ["has no end", { exp: undefined }, {}],
    ["has no id", { jti: undefined }, {}],
    ["names no key that it was made from", { key: undefined }, {}],
    ["names a key that there is not", { key: `key_${"0".repeat(26)}` }, {}],
    ["is of another tenant than its key", { tenant: newId("tenant", 1) }, {}],
    ["names no tenant", { tenant: undefined }, {}],
    ["names a tenant of another form", { tenant: "../etc" }, {}],
    ["claims to be an operator", { kind: "operator" }, {}],
    ["claims a capability that there is not", { capabilities: ["everything"] }, {}],
    ["is of another type", {}, { typ: "JWT" }],
    ["was signed by a key that there is not", {}, { kid: "sgn_00000000000000000000000000" }],
  ])("is refused when it %s", async (_, changes, header) => {
    const response = await caller(await signed({ ...claims, ...changes }, header)).fetch("/v1/tenants/current");
    expect(response.status).toBe(401);
    expect(response.headers.get("WWW-Authenticate")).toBe(
      'Bearer realm="somaagent", resource_metadata="http://soma.test/.well-known/oauth-protected-resource", error="invalid_token"',
    );
    expect(await response.json()).toMatchObject({ type: "urn:soma:problem:invalid-credential" });
  });

  it("is refused unsigned, and signed by HS256 with the public key as its secret", async () => {
    for (const token of await confusedTokens(claims)) expect((await caller(token).fetch("/v1/tenants/current")).status).toBe(401);
  });

  it("is refused when one character of it changed", async () => {
    const [head = "", body = "", signature = ""] = (await signed(claims)).split(".");
    const other = btoa(JSON.stringify({ ...claims, capabilities: ROLES.admin })).replaceAll("=", "");
    for (const token of [
      `${head}.${other}.${signature}`,
      `${head}.${body}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`,
    ]) {
      expect((await caller(token).fetch("/v1/tenants/current")).status).toBe(401);
    }
  });

  it("made from a token lives no longer than that, so that a chain of them ends", async () => {
    const short = await signed(claims);
    const renewed = await (await caller(short).post("/v1/auth/tokens", {})).json<{ accessToken: string; expiresIn: number }>();
    expect(renewed.expiresIn).toBeLessThanOrEqual(60);
    const [, payload = ""] = renewed.accessToken.split(".");
    expect(JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")))).toMatchObject({ exp: claims.exp });
  });

  it("ends with the key it was made from, and so does a token made from it", async () => {
    const made = await tenant.post("/v1/api-keys", { name: "brief", role: "member" });
    const { id, secret } = await made.json<{ id: string; secret: string }>();
    const tokenOf = async (credential: string) =>
      (await (await caller(credential).post("/v1/auth/tokens", {})).json<{ accessToken: string }>()).accessToken;
    const token = await tokenOf(secret);
    const chained = await tokenOf(token);
    for (const credential of [secret, token, chained]) expect((await caller(credential).fetch("/v1/tools")).status).toBe(200);
    expect((await tenant.fetch(`/v1/api-keys/${id}`, { method: "DELETE" })).status).toBe(204);
    for (const credential of [secret, token, chained]) expect((await caller(credential).fetch("/v1/tools")).status).toBe(401);
  });

  it("is refused when it was issued by another address of the platform", async () => {
    const { accessToken } = await (await tenant.post("/v1/auth/tokens", {})).json<{ accessToken: string }>();
    const elsewhere = () => SELF.fetch("http://other.test/v1/tools", { headers: { Authorization: `Bearer ${accessToken}` } });
    expect((await elsewhere()).status).toBe(401);
    expect((await caller(accessToken).fetch("/v1/tools")).status).toBe(200);
    expect((await elsewhere()).status).toBe(401);
  });

  it("lets nobody make a key that may do more than it", async () => {
    const narrowed = await signed({ ...claims, capabilities: ["identity.write"], roles: ["admin"] });
    const wider = await caller(narrowed).post("/v1/api-keys", { name: "wider", role: "viewer" });
    expect(wider.status).toBe(403);
    expect(await wider.json()).toMatchObject({ type: "urn:soma:problem:forbidden" });
  });
});

describe("a signing key", () => {
  const principal: Principal = {
    tenant: newId("tenant", 1),
    subject: "svc_1",
    kind: "service",
    roles: ["viewer"],
    capabilities: [...ROLES.viewer],
    credential: newId("apiKey", 1),
  };
  const grant = { principal, capabilities: undefined, parent: undefined };

  it("verifies what it signed until that has ended, also after others took over", async () => {
    const clock = movableClock(Date.now());
    const { accessToken } = await issueToken(env, clock, ISSUER, grant);
    await rotate(env, clock);
    clock.forward(10 * 60_000);
    await rotate(env, clock);
    expect(await verifyToken(env, clock, ISSUER, accessToken)).toMatchObject({
      principal: { tenant: principal.tenant, capabilities: ROLES.viewer },
    });
    clock.forward(6 * 60_000);
    await expect(verifyToken(env, clock, ISSUER, accessToken)).rejects.toThrow(/expired/);
  });

  it("is not kept for ever", async () => {
    const clock = movableClock(Date.now() + 3_600_000);
    for (let i = 0; i < 5; i += 1) {
      await rotate(env, clock);
      clock.forward(3_600_000);
    }
    expect((await listSigningKeys(env)).length).toBeLessThanOrEqual(2);
  });

  it("of another isolate is known at once", async () => {
    const clock = movableClock(Date.now() + 10 * 3_600_000);
    await issueToken(env, clock, ISSUER, grant);
    const row = (await listSigningKeys(env)).find((key) => key.retiredAt === null);
    if (row === undefined) throw new Error("the platform has no signing key");
    // What another isolate's rotation leaves in the database.
    const id = newId("signingKey", clock.now());
    const sealed = await sealFor(env, signingPurpose(id), await openFor(env, signingPurpose(row.id), row.encryptedPrivateJwk));
    await env.DB.prepare("UPDATE signing_keys SET id = ?, encrypted_private_jwk = ? WHERE id = ?").bind(id, sealed, row.id).run();
    const token = await signed({
      iss: ISSUER,
      aud: "somaagent",
      sub: "svc_1",
      jti: "req_1",
      nbf: Math.floor(clock.now() / 1_000),
      exp: Math.floor(clock.now() / 1_000) + 60,
      tenant: principal.tenant,
      key: principal.credential,
      kind: "service",
      roles: [],
      capabilities: [],
    });
    clock.forward(2_000);
    expect(await verifyToken(env, clock, ISSUER, token)).toMatchObject({ principal: { tenant: principal.tenant } });
  });

  it("keeps its private half encrypted in the database", async () => {
    for (const row of await listSigningKeys(env)) {
      expect(row.encryptedPrivateJwk).toMatch(/^\d+\.[A-Za-z0-9+/=]+\.[A-Za-z0-9+/=]+$/);
      expect(JSON.parse(row.publicJwk)).not.toHaveProperty("d");
    }
  });
});

describe("an API key", () => {
  it("opens nothing once it has expired", async () => {
    const clock = movableClock(Date.now());
    const tenant = await newTenant();
    const expiresAt = new Date(clock.now() + 60_000).toISOString();
    const { secret } = await (await tenant.post("/v1/api-keys", { name: "short", role: "viewer", expiresAt })).json<{ secret: string }>();
    expect(await authenticate(env, clock, ISSUER, `Bearer ${secret}`)).toMatchObject({ tenant: tenant.id, roles: ["viewer"] });
    clock.forward(60_000);
    await expect(authenticate(env, clock, ISSUER, `Bearer ${secret}`)).rejects.toThrow(/expired or been revoked/);
  });

  it("cannot be made expired", async () => {
    const tenant = await newTenant();
    const response = await tenant.post("/v1/api-keys", { name: "late", role: "viewer", expiresAt: "2020-01-01T00:00:00Z" });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ pointer: "/expiresAt" }] });
  });

  it("revoked elsewhere opens nothing here after fifteen seconds", async () => {
    const clock = movableClock(Date.now());
    const tenant = await newTenant();
    await authenticate(env, clock, ISSUER, `Bearer ${tenant.key}`);
    await env.DB.prepare("UPDATE api_keys SET revoked_at = 1 WHERE tenant = ?").bind(tenant.id).run();
    clock.forward(15_001);
    await expect(authenticate(env, clock, ISSUER, `Bearer ${tenant.key}`)).rejects.toThrow(/expired or been revoked/);
  });

  it("asks the database once in that time", async () => {
    const clock = movableClock(Date.now());
    const tenant = await newTenant();
    await authenticate(env, clock, ISSUER, `Bearer ${tenant.key}`);
    // Were the database asked, the key would be found revoked.
    await env.DB.prepare("UPDATE api_keys SET revoked_at = 1 WHERE tenant = ?").bind(tenant.id).run();
    expect(await authenticate(env, clock, ISSUER, `Bearer ${tenant.key}`)).toMatchObject({ tenant: tenant.id });
  });

  it("tells the hour of its last use, which costs one row an hour", async () => {
    const tenant = await newTenant();
    const lastUse = async () => {
      const { items } = await (await tenant.fetch("/v1/api-keys")).json<{ items: { lastUsedAt?: string }[] }>();
      return Date.parse(items[0]?.lastUsedAt ?? "");
    };
    const hour = 3_600_000;
    const clock = movableClock(Date.now());
    expect(await lastUse()).toBe(Math.floor(clock.now() / hour) * hour);
    await env.DB.prepare("CREATE TRIGGER no_writes BEFORE UPDATE ON api_keys BEGIN SELECT RAISE(ABORT, 'written'); END").run();
    await authenticate(env, clock, ISSUER, `Bearer ${tenant.key}`);
    await env.DB.prepare("DROP TRIGGER no_writes").run();
    clock.forward(hour);
    await authenticate(env, clock, ISSUER, `Bearer ${tenant.key}`);
    expect(await lastUse()).toBe(Math.floor(clock.now() / hour) * hour);
  });

  it("that was guessed wrong too often from one address is not tried any more, while those that are right go on", async () => {
    const tenant = await newTenant();
    // The test runtime takes this header off what is sent to the platform, so the gateway is asked without it.
    const from = async (address: string, key: string) =>
      app.fetch(
        new Request("http://soma.test/v1/tools", { headers: { Authorization: `Bearer ${key}`, "CF-Connecting-IP": address } }),
        env,
      );
    const guess = () => `soma_${newId("apiKey", Date.now())}_${"a".repeat(43)}`;
    expect((await from("2001:db8:1:2::1", tenant.key)).status).toBe(200);
    for (let i = 0; i < MAX_WRONG_CREDENTIALS; i += 1) {
      expect((await from(`2001:db8:1:2::${i.toString(16)}`, guess())).status).toBe(401);
    }
    const refused = await from("2001:db8:1:2:ffff::1", guess());
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect((await from("2001:db8:1:2::1", tenant.key)).status).toBe(200);
    expect((await from("2001:db8:1:3::1", guess())).status).toBe(401);
    expect((await from("192.0.2.1", guess())).status).toBe(401);
  });

  it("is kept as a hash", async () => {
    const tenant = await newTenant();
    const { results } = await env.DB.prepare("SELECT * FROM api_keys WHERE tenant = ?").bind(tenant.id).all();
    expect(JSON.stringify(results)).not.toContain(tenant.key.slice(-43));
    expect(results[0]).toMatchObject({ last_four: tenant.key.slice(-4) });
  });
});

it("an operator makes tenants and touches none of their data", async () => {
  const operator = caller(OPERATOR_TOKEN);
  for (const path of ["/v1/sessions", "/v1/artifacts", "/v1/audit/events", "/v1/tenants/current"]) {
    expect((await operator.fetch(path)).status, path).toBe(403);
  }
  expect((await operator.post("/v1/api-keys", { name: "a", role: "admin" })).status).toBe(403);
});
