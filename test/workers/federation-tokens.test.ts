import { env } from "cloudflare:test";
import { SignJWT, UnsecuredJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { currentReading, KEYS_FRESH_MS, KEYS_KEPT_MS, RETRY_MS, type Reading } from "../../workers/identity/federation/reading.ts";
import { findKeys, insertIdentity, MAX_READINGS_A_MINUTE } from "../../workers/identity/federation/store.ts";
import { insertUser } from "../../workers/identity/users/store.ts";
import { newId, parseId } from "../../workers/platform/ids.ts";
import { ScriptedIssuer } from "./network-of-issuers.ts";
import { caller, newTenant, type TestTenant } from "./tenant.ts";

const issuerSchema = z.object({
  id: z.string(),
  status: z.object({ state: z.string(), lastError: z.string().optional(), keys: z.array(z.string()) }),
});

let count = 0;
let tenant: TestTenant;
let acme: ScriptedIssuer;

beforeEach(async () => {
  tenant = await newTenant();
  count += 1;
  acme = new ScriptedIssuer(`https://id${count}.acme.example`);
  await acme.rotate();
  ScriptedIssuer.stand(acme);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const audienceOf = ({ id }: { id: string }) => `api://${id}`;
const settings = (more: object = {}) => ({
  name: "Acme",
  issuer: acme.issuer,
  clientId: "somaagent",
  clientAuthentication: "none",
  apiAudiences: [audienceOf(tenant)],
  roleRules: [{ claim: ["groups"], value: "robots", roles: ["viewer"] }],
  ...more,
});
const ask = async (path: string, method: string, body?: unknown) =>
  tenant.fetch(path, {
    method,
    headers: { "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

async function named(more: object = {}) {
  const response = await ask("/v1/federation/issuers", "POST", settings(more));
  const text = await response.text();
  expect(response.status, text).toBe(201);
  return issuerSchema.parse(JSON.parse(text));
}

const right = (more: object = {}) => ({ aud: audienceOf(tenant), groups: ["robots"], ...more });
const statusOf = async (token: string) => (await caller(token).fetch("/v1/sessions")).status;

describe("a token of a tenant's issuer at the API", () => {
  it("acts for that tenant with the roles of its rules, and nothing more", async () => {
    await named();
    const token = await acme.token(right());
    expect(await statusOf(token)).toBe(200);
    expect(await (await caller(token).fetch("/v1/tenants/current")).json()).toMatchObject({ id: tenant.id });
    expect((await caller(token).post("/v1/sessions", {})).status).toBe(403);
    expect(await statusOf(await acme.token(right({ groups: [] })))).toBe(403);
  });

  it("is asked of the issuer once for many requests and many tokens", async () => {
    await named();
    for (let i = 0; i < 5; i += 1) expect(await statusOf(await acme.token(right({ jti: String(i) })))).toBe(200);
    expect(acme.asked).toEqual(["/.well-known/openid-configuration", "/jwks"]);
  });

  it("is taken with a clock that differs by a minute, and not by more", async () => {
    await named();
    const now = Math.floor(Date.now() / 1_000);
    expect(await statusOf(await acme.token(right({ iat: now - 300, exp: now - 50 })))).toBe(200);
    expect(await statusOf(await acme.token(right({ iat: now + 50, nbf: now + 50, exp: now + 300 })))).toBe(200);
    expect(await statusOf(await acme.token(right({ iat: now - 300, exp: now - 70 })))).toBe(401);
    expect(await statusOf(await acme.token(right({ iat: now + 70, exp: now + 300 })))).toBe(401);
  });

  it("opens nothing for another audience, tenant, issuer, or for two tenants at once", async () => {
    await named();
    const other = await newTenant("Other");
    for (const wrong of [
      { aud: "somaagent" },
      { aud: audienceOf(other) },
      { aud: `${audienceOf(tenant)}x` },
      { aud: [audienceOf(tenant), audienceOf(other)] },
      { aud: [] },
      { iss: "https://elsewhere.example" },
      { iss: `${acme.issuer}/` },
      { sub: undefined },
    ])
      expect(await statusOf(await acme.token(right(wrong))), JSON.stringify(wrong)).toBe(401);
  });

  it("opens nothing without a signature, or with one that a public key makes, or with a key that it brings (RFC 8725)", async () => {
    await named();
    expect(await statusOf(await acme.token(right()))).toBe(200);
    const before = acme.asked.length;
    const claims = { iss: acme.issuer, sub: "robot", iat: Date.now() / 1_000, exp: Date.now() / 1_000 + 300, ...right() };
    const evil = new ScriptedIssuer("https://evil.example");
    await evil.rotate();
    ScriptedIssuer.stand(acme, evil);
    const kid = z.object({ kid: z.string() }).parse(acme.publicKeys[0]).kid;
    const secret = new TextEncoder().encode(JSON.stringify(acme.publicKeys[0]));
    const forged = [
      new UnsecuredJWT(claims).encode(),
      `${btoa(JSON.stringify({ alg: "none", kid })).replaceAll("=", "")}.${new UnsecuredJWT(claims).encode().split(".")[1]}.`,
      await new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid }).sign(secret),
      await evil.token({ ...claims }, { kid, jku: "https://evil.example/jwks", x5u: "https://evil.example/x5u" }),
      await evil.token({ ...claims }, { kid, jwk: evil.publicKeys[0] ?? {} }),
    ];
    for (const token of forged) expect(await statusOf(token)).toBe(401);
    expect(evil.asked).toEqual([]);
    expect(acme.asked).toHaveLength(before);
  });

  it("opens nothing once the issuer is switched off or deleted, and an issuer of another tenant is not there", async () => {
    const { id } = await named();
    const token = await acme.token(right());
    expect(await statusOf(token)).toBe(200);
    const path = `/v1/federation/issuers/${id}`;
    expect((await ask(path, "PUT", settings({ isEnabled: false }))).status).toBe(200);
    expect(await statusOf(token)).toBe(401);
    expect((await ask(path, "PUT", settings())).status).toBe(200);
    // What was issued before the switch stays out; a second is the finest that a token's time is told in.
    const soon = { iat: Math.floor(Date.now() / 1_000) + 2 };
    const later = await acme.token(right(soon));
    expect(await statusOf(later)).toBe(200);
    const other = await newTenant("Other");
    expect((await other.fetch(path, { method: "DELETE" })).status).toBe(404);
    expect((await ask(path, "DELETE")).status).toBe(204);
    expect(await statusOf(token)).toBe(401);
    expect(await statusOf(await acme.token(right({ jti: "2" })))).toBe(401);
  });

  it("is its user's when the subject is a user here, and ends with the user", async () => {
    const { id } = await named();
    const user = newId("user", Date.now());
    await insertUser(env, {
      ...{ id: user, tenant: tenant.id, email: "ada@acme.example", emailKey: "ada@acme.example", userName: "ada", userNameKey: "ada" },
      ...{ displayName: "Ada", givenName: null, familyName: null, externalId: null, origin: "federation", active: true },
      ...{ emailVerifiedAt: null, lastSignInAt: null, createdAt: 1, updatedAt: 1, version: 1 },
    });
    await insertIdentity(env, { issuer: id, subject: "robot", tenant: tenant.id, user, createdAt: 1 });
    expect(await statusOf(await acme.token(right()))).toBe(200);
    await env.DB.prepare("UPDATE users SET active = 0 WHERE id = ?").bind(user).run();
    expect(await statusOf(await acme.token(right({ jti: "2" })))).toBe(401);
    expect(await statusOf(await acme.token(right({ sub: "another" })))).toBe(200);
    expect(await statusOf(await acme.token(right({ sub: "third", email: "ada@acme.example", email_verified: true })))).toBe(401);
  });
});

describe("keys of an issuer", () => {
  it("are read again for a token with a new one, a few times a minute at most, whatever strangers present", async () => {
    await named();
    expect(await statusOf(await acme.token(right()))).toBe(200);
    await acme.rotate();
    expect(await statusOf(await acme.token(right({ jti: "2" })))).toBe(200);
    for (let i = 0; i < 2 * MAX_READINGS_A_MINUTE; i += 1)
      expect(await statusOf(await acme.token(right({ jti: `x${i}` }), { kid: `made-up-${i}` }))).toBe(401);
    // A minute may have begun in between.
    expect(acme.asked.filter((path) => path === "/jwks").length).toBeLessThanOrEqual(2 * MAX_READINGS_A_MINUTE);
  });

  it.each<[string, () => Response, string]>([
    [
      "50 MB of keys",
      () => new Response("[".repeat(2_000_000).padEnd(52_428_800, " "), { headers: { "Content-Type": "application/json" } }),
      "larger than 131072 bytes",
    ],
    ["a page", () => new Response("<html>", { headers: { "Content-Type": "text/html" } }), "text/html, which is not read"],
    ["something else", () => Response.json({ keys: "none" }), "no key set"],
    ["an error", () => new Response("", { status: 500, headers: { "Content-Type": "application/json" } }), "status 500"],
    ["a redirect inside", () => new Response(null, { status: 302, headers: { Location: "http://10.0.0.1/jwks" } }), "may not be fetched"],
  ])("are not taken when it answers with %s; the state says why", async (_, answer, why) => {
    const { id } = await named();
    acme.answers.set("/jwks", answer);
    const refused = await caller(await acme.token(right())).fetch("/v1/sessions");
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ type: "urn:soma:problem:unavailable" });
    const { status } = issuerSchema.parse(await (await ask(`/v1/federation/issuers/${id}`, "GET")).json());
    expect(status.state).toBe("lost");
    expect(status.lastError).toContain(why);
  });

  it("are given up after five seconds when it never answers", async () => {
    const { id } = await named();
    const asked: number[] = [];
    vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
      asked.push(ms);
      return AbortSignal.abort(new DOMException("too late", "TimeoutError"));
    });
    const tested = issuerSchema.parse(await (await ask(`/v1/federation/issuers/${id}/test`, "POST")).json());
    expect(asked).toContain(5_000);
    expect(tested.status.lastError).toContain("did not answer within 5000 ms");
  });
});

describe("while an issuer is down", () => {
  const wanted = () => ({ id: "iss_of_this_test", issuer: acme.issuer });
  const start = 1_800_000_000_000;
  let now = start;
  const clock = { now: () => now };
  const down = () => ScriptedIssuer.stand();
  let known: Reading;

  beforeEach(async () => {
    now = start;
    await env.DB.prepare("DELETE FROM federation_keys").run();
    known = await currentReading(env, clock, wanted(), undefined);
    down();
  });

  it("its keys serve for a day after they were last read, in every isolate, and its state tells the error", async () => {
    for (const later of [KEYS_FRESH_MS + 1, KEYS_KEPT_MS / 2, KEYS_KEPT_MS]) {
      now = start + later;
      expect((await currentReading(env, clock, wanted(), known)).keys).toEqual(known.keys);
      expect((await currentReading(env, clock, wanted(), undefined)).keys).toEqual(known.keys);
    }
    expect(await findKeys(env, wanted().id)).toMatchObject({
      failedAt: now,
      fetchedAt: start,
      lastError: expect.stringContaining("could not be reached"),
    });
    now = start + KEYS_KEPT_MS + 1;
    await expect(currentReading(env, clock, wanted(), known)).rejects.toThrow("does not answer");
    await expect(currentReading(env, clock, wanted(), undefined)).rejects.toThrow("does not answer");
  });

  it("is asked once a minute, and is well again when it answers", async () => {
    now = start + KEYS_FRESH_MS + 1;
    const first = await currentReading(env, clock, wanted(), known);
    ScriptedIssuer.stand(acme);
    const before = acme.asked.length;
    now += RETRY_MS;
    expect((await currentReading(env, clock, wanted(), first)).fetchedAt).toBe(start);
    expect(acme.asked).toHaveLength(before);
    now += 1;
    expect((await currentReading(env, clock, wanted(), first)).fetchedAt).toBe(now);
    expect(await findKeys(env, wanted().id)).toMatchObject({ failedAt: null, lastError: null });
  });

  it("a key that it took back verifies no longer once it was read again", async () => {
    await acme.rotate({ takesBack: "the old ones" });
    ScriptedIssuer.stand(acme);
    now = start + KEYS_FRESH_MS + 1;
    const after = await currentReading(env, clock, wanted(), known);
    expect(after.keys).toHaveLength(1);
    expect(after.keys[0]?.kid).not.toBe(known.keys[0]?.kid);
  });
});

describe("naming an issuer", () => {
  const refusal = async (more: object) => {
    const response = await ask("/v1/federation/issuers", "POST", settings(more));
    return `${response.status} ${await response.text()}`;
  };

  it("is refused where it would let strangers in or give away what one lacks", async () => {
    expect(await refusal({ apiAudiences: ["api://acme"] })).toMatch(/^400 .*must hold the tenant's id/);
    expect(await refusal({ apiAudiences: [audienceOf(await newTenant("Other"))] })).toMatch(/^400 /);
    expect(await refusal({ createsUsers: true })).toMatch(/^400 .*needs the domains/);
    expect(await refusal({ roleRules: [{ when: "claims.", roles: ["viewer"] }] })).toMatch(/^400 .*CEL/);
    expect(await refusal({ roleRules: [{ claim: ["groups"], value: "x", roles: ["nobody"] }] })).toMatch(/^400 .*no role nobody/);
    expect(await refusal({ clientAuthentication: "client_secret_basic" })).toMatch(/^400 .*needs the secret/);
    expect(await refusal({ clientSecret: "x" })).toMatch(/^400 .*takes no secret/);
  });

  it("takes each once, tells no secret, and keeps it while the issuer stays the same", async () => {
    const secret = { clientAuthentication: "client_secret_post", clientSecret: "canary-of-the-issuer" };
    const { id } = await named(secret);
    expect(await refusal({})).toMatch(/^409 /);
    const path = `/v1/federation/issuers/${id}`;
    const kept = settings({ clientAuthentication: "client_secret_post", name: "Acme 2" });
    expect((await ask(path, "PUT", kept)).status).toBe(200);
    expect((await ask(path, "PUT", { ...kept, issuer: "https://evil.example" })).status).toBe(400);
    for (const told of [await ask(path, "GET"), await ask("/v1/federation/issuers", "GET"), await ask("/v1/audit/events", "GET")])
      expect(await told.text()).not.toContain("canary-of-the-issuer");
    expect(JSON.stringify((await env.DB.prepare("SELECT * FROM federation_issuers").all()).results)).not.toContain("canary-of-the-issuer");
  });

  it("gives a key to register where the client proves itself by one, and publishes its public half alone", async () => {
    const { id } = await named({ clientAuthentication: "private_key_jwt" });
    const { keys } = z
      .object({ keys: z.array(z.record(z.string(), z.unknown())) })
      .parse(await (await caller("").fetch(`/federation/clients/${id}/jwks.json`)).json());
    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0] ?? {}).sort()).toEqual(["alg", "e", "kid", "kty", "n", "use"]);
    expect(parseId("tenant", tenant.id)).toBe(tenant.id);
  });
});
