import { env, SELF } from "cloudflare:test";
import { decodeJwt } from "jose";
import { TOTP } from "otpauth";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { authenticationOptions, provedPasskey } from "../../workers/identity/mfa/passkeys/authenticate.ts";
import { CHALLENGE_LIFETIME_MS } from "../../workers/identity/mfa/passkeys/challenge.ts";
import { authenticationResponseSchema } from "../../workers/identity/mfa/passkeys/responses.ts";
import { verifiesCode } from "../../workers/identity/mfa/totp/authenticator.ts";
import { insertUser } from "../../workers/identity/users/store.ts";
import { newId, parseId } from "../../workers/platform/ids.ts";
import { rightClaims, signed } from "./forged-tokens.ts";
import { SoftwareAuthenticator, type Wrong } from "./software-authenticator.ts";
import { caller, newTenant, type TestTenant } from "./tenant.ts";

const enrolmentSchema = z.object({ secret: z.string(), uri: z.string(), qrSvg: z.string() });
const codesSchema = z.object({ recoveryCodes: z.array(z.string()) });
const tokenSchema = z.object({ accessToken: z.string(), expiresIn: z.number() });
const askedSchema = z.object({ options: z.record(z.string(), z.unknown()), ticket: z.string() });
const problemSchema = z.object({ type: z.string(), detail: z.string() });

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await newTenant();
});

/** A user of the tenant with a token of theirs. */
async function newPerson(more: Record<string, unknown> = {}, home = tenant) {
  const user = newId("user", Date.now());
  const email = `${user.toLowerCase()}@acme.example`;
  const now = Date.now();
  await insertUser(env, {
    ...{ id: user, tenant: home.id, email, emailKey: email, userName: email, userNameKey: email, displayName: "Ada" },
    ...{ givenName: null, familyName: null, externalId: null, origin: "invitation", active: true, emailVerifiedAt: now },
    ...{ lastSignInAt: null, createdAt: now, updatedAt: now, version: 1 },
  });
  const claims = {
    ...(await rightClaims(home)),
    kind: "user",
    sub: user,
    roles: ["member"],
    capabilities: ["account.write"],
    jti: newId("request", now),
  };
  const token = await signed({ ...claims, ...more });
  return { user, person: { tenant: home.id, user }, token, ...caller(token) };
}
type TestPerson = Awaited<ReturnType<typeof newPerson>>;

const parsed = async <T extends z.ZodType>(response: Response, schema: T, status = 201): Promise<z.output<T>> => {
  const text = await response.text();
  expect(response.status, text).toBe(status);
  return schema.parse(JSON.parse(text));
};
const problemOf = async (response: Response) =>
  `${response.status} ${problemSchema
    .parse(await response.json())
    .type.split(":")
    .at(-1)}`;
const codeOf = (secret: string, at = Date.now()) => new TOTP({ secret, issuer: "x" }).generate({ timestamp: at });
const verify = (person: TestPerson, proof: unknown) => person.post("/v1/auth/mfa/verify", { proof });

async function withAuthenticator() {
  const ada = await newPerson();
  const { secret } = await parsed(await ada.post("/v1/auth/mfa/totp", {}), enrolmentSchema);
  const { recoveryCodes } = await parsed(await ada.post("/v1/auth/mfa/totp/confirm", { code: codeOf(secret) }), codesSchema, 200);
  return { ada, secret, recoveryCodes, next: codeOf(secret, Date.now() + 30_000) };
}

describe("an authenticator app", () => {
  it("proves nothing before its first code was right, and then gives recovery codes", async () => {
    const ada = await newPerson();
    const { secret, uri, qrSvg } = await parsed(await ada.post("/v1/auth/mfa/totp", {}), enrolmentSchema);
    expect(uri).toContain(`secret=${secret}`);
    expect(qrSvg).toMatch(/^<svg/);
    expect(await problemOf(await verify(ada, { method: "totp", code: codeOf(secret) }))).toBe("403 wrong-factor");
    expect(await (await ada.fetch("/v1/auth/mfa")).json()).toEqual({ passkeys: [], recoveryCodesLeft: 0 });
    const { recoveryCodes } = await parsed(await ada.post("/v1/auth/mfa/totp/confirm", { code: codeOf(secret) }), codesSchema, 200);
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(await (await ada.fetch("/v1/auth/mfa")).json()).toMatchObject({ totp: {}, recoveryCodesLeft: 10 });
  });

  it("steps a token up, which says so and ends with the one before", async () => {
    const { ada, next } = await withAuthenticator();
    const { accessToken, expiresIn } = await parsed(await verify(ada, { method: "totp", code: next }), tokenSchema);
    const claims = decodeJwt(accessToken);
    expect(claims).toMatchObject({ sub: ada.user, acr: "urn:soma:acr:mfa", amr: ["otp", "mfa"], capabilities: ["account.write"] });
    expect(Math.abs(Number(claims.mfa_at) - Date.now() / 1_000)).toBeLessThan(5);
    expect(claims.exp).toBe(decodeJwt(ada.token).exp);
    expect(expiresIn).toBeLessThanOrEqual(60);
    expect((await caller(accessToken).fetch("/v1/auth/mfa")).status).toBe(200);
  });

  it("has each code taken once, also when it is presented many times at once", async () => {
    const { ada, secret, next } = await withAuthenticator();
    expect(await problemOf(await verify(ada, { method: "totp", code: codeOf(secret) }))).toBe("403 wrong-factor");
    const answers = await Promise.all(Array.from({ length: 4 }, () => verify(ada, { method: "totp", code: next })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403, 403]);
  });

  it("is of no use to another person, also of the same tenant", async () => {
    const { next } = await withAuthenticator();
    const { ada: eve } = await withAuthenticator();
    expect(await problemOf(await verify(eve, { method: "totp", code: next }))).toBe("403 wrong-factor");
  });

  it("is removed, set up anew or given new recovery codes only by who proves it (RFC 9470)", async () => {
    const { ada, next } = await withAuthenticator();
    const demanding = [
      () => ada.fetch("/v1/auth/mfa/totp", { method: "DELETE" }),
      () => ada.post("/v1/auth/mfa/totp", {}),
      () => ada.post("/v1/auth/mfa/recovery-codes", {}),
      () => ada.post("/v1/auth/mfa/passkey-options", {}),
    ];
    for (const demand of demanding) {
      const refused = await demand();
      expect(refused.headers.get("WWW-Authenticate")).toMatch(
        /^Bearer realm="somaagent", .*error="insufficient_user_authentication", acr_values="urn:soma:acr:mfa", max_age=600$/,
      );
      expect(await problemOf(refused)).toBe("401 step-up-required");
    }
    const { accessToken } = await parsed(await verify(ada, { method: "totp", code: next }), tokenSchema);
    const steppedUp = caller(accessToken);
    expect(await problemOf(await steppedUp.post("/v1/auth/mfa/totp", {}))).toBe("409 conflict");
    expect((await parsed(await steppedUp.post("/v1/auth/mfa/recovery-codes", {}), codesSchema)).recoveryCodes).toHaveLength(10);
    expect((await steppedUp.fetch("/v1/auth/mfa/totp", { method: "DELETE" })).status).toBe(204);
    expect(await (await ada.fetch("/v1/auth/mfa")).json()).not.toHaveProperty("totp");
  });

  it("does not open under another person's name in the database", async () => {
    const { ada, secret } = await withAuthenticator();
    const eve = await newPerson();
    await env.DB.prepare("UPDATE totp_factors SET user = ? WHERE user = ?").bind(eve.user, ada.user).run();
    await expect(verifiesCode(env, { now: () => Date.now() + 60_000 }, eve.person, codeOf(secret, Date.now() + 60_000))).rejects.toThrow(
      "sealed for another place",
    );
  });
});

describe("recovery codes", () => {
  it("are each good once, however they are written, and new ones end the old", async () => {
    const { ada, recoveryCodes } = await withAuthenticator();
    const [first = "", second = "", third = ""] = recoveryCodes;
    const use = async (code: string) => (await verify(ada, { method: "recovery-code", code })).status;
    expect(await use(first)).toBe(201);
    expect(await use(first)).toBe(403);
    const { accessToken } = await parsed(
      await verify(ada, { method: "recovery-code", code: second.toLowerCase().replaceAll("-", " ") }),
      tokenSchema,
    );
    await caller(accessToken).post("/v1/auth/mfa/recovery-codes", {});
    expect(await use(third)).toBe(403);
  });

  it("are not kept as they are", async () => {
    const { recoveryCodes } = await withAuthenticator();
    const { results } = await env.DB.prepare("SELECT digest FROM recovery_codes").all();
    for (const code of recoveryCodes) expect(JSON.stringify(results)).not.toContain(code.replaceAll("-", ""));
  });
});

describe("guessing codes", () => {
  it("waits also when the right code comes, and tells for how long", async () => {
    const { ada, next } = await withAuthenticator();
    const wrong = next === "000000" ? "000001" : "000000";
    const answers = [];
    for (let attempt = 0; attempt < 5; attempt += 1) answers.push((await verify(ada, { method: "totp", code: wrong })).status);
    expect(new Set(answers)).toEqual(new Set([403]));
    const refused = await verify(ada, { method: "totp", code: next });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
  });
});

describe("a passkey", () => {
  const party = { id: "soma.test", origin: "http://soma.test" };
  let device: SoftwareAuthenticator;
  beforeEach(async () => {
    device = await SoftwareAuthenticator.make();
  });

  async function register(ada: TestPerson, wrong: Wrong = {}) {
    const { options, ticket } = await parsed(await ada.post("/v1/auth/mfa/passkey-options", {}), askedSchema);
    return ada.post("/v1/auth/mfa/passkeys", { name: "Phone", ticket, response: await device.register(options, wrong) });
  }

  const asked = async (ada: TestPerson) => parsed(await ada.post("/v1/auth/mfa/challenge", {}), askedSchema);

  it("is registered, proves its person again and again, and steps the token up", async () => {
    const ada = await newPerson();
    expect((await register(ada)).status).toBe(201);
    for (let time = 0; time < 2; time += 1) {
      const { options, ticket } = await asked(ada);
      const token = await parsed(await verify(ada, { method: "passkey", ticket, response: await device.prove(options) }), tokenSchema);
      expect(decodeJwt(token.accessToken).amr).toEqual(["hwk", "user", "mfa"]);
    }
    expect(await (await ada.fetch("/v1/auth/mfa")).json()).toMatchObject({ passkeys: [{ name: "Phone", host: "soma.test" }] });
  });

  it.each<[string, Wrong]>([
    ["another origin", { origin: "https://evil.example" }],
    ["another host", { rpId: "evil.example" }],
    ["another challenge", { challenge: "AAAA" }],
    ["the answer to another question", { type: "webauthn.get" }],
    ["nobody who unlocked it", { flags: 0x01 }],
    ["nobody present", { flags: 0x04 }],
  ])("is not registered with %s", async (_, wrong) => {
    expect(await problemOf(await register(await newPerson(), wrong))).toBe("400 invalid-request");
  });

  it.each<[string, Wrong]>([
    ["another origin", { origin: "https://evil.example" }],
    ["another host", { rpId: "evil.example" }],
    ["another challenge", { challenge: "AAAA" }],
    ["the answer to another question", { type: "webauthn.create" }],
    ["nobody who unlocked it", { flags: 0x01 }],
    ["a counter that did not go up (a copy of the key)", { counter: 0 }],
    ["another person's handle", { userHandle: Buffer.from("usr_01KAJ2M3N4P5Q6R7S8T9V0W1X2").toString("base64url") }],
  ])("proves nothing with %s", async (_, wrong) => {
    const ada = await newPerson();
    await register(ada);
    const first = await asked(ada);
    expect((await verify(ada, { method: "passkey", ticket: first.ticket, response: await device.prove(first.options) })).status).toBe(201);
    const { options, ticket } = await asked(ada);
    expect(await problemOf(await verify(ada, { method: "passkey", ticket, response: await device.prove(options, wrong) }))).toBe(
      "403 wrong-factor",
    );
  });

  it("answers a challenge once, in time, and only its own person's", async () => {
    const ada = await newPerson();
    await register(ada);
    const { options, ticket } = await asked(ada);
    const proof = { method: "passkey", ticket, response: await device.prove(options) };
    expect((await verify(ada, proof)).status).toBe(201);
    expect((await verify(ada, proof)).status).toBe(403);
    const eve = await newPerson();
    const hers = await asked(eve);
    expect((await verify(eve, { method: "passkey", ticket: hers.ticket, response: await device.prove(hers.options) })).status).toBe(403);
    const clock = { now: () => Date.now() + CHALLENGE_LIFETIME_MS + 1_000 };
    const late = await asked(ada);
    const response = authenticationResponseSchema.parse(await device.prove(late.options));
    expect(await provedPasskey(env, clock, party, { ticket: late.ticket, response })).toBeUndefined();
    expect(
      await provedPasskey(env, { now: Date.now }, { id: "other.test", origin: "http://other.test" }, { ticket: late.ticket, response }),
    ).toBeUndefined();
  });

  it("signs in without a name, and says whose it is", async () => {
    const ada = await newPerson();
    await register(ada);
    const { options, ticket } = await authenticationOptions(env, { now: Date.now }, party, undefined);
    expect(options.allowCredentials).toEqual([]);
    const response = authenticationResponseSchema.parse(await device.prove(options));
    expect(await provedPasskey(env, { now: Date.now }, party, { ticket, response })).toMatchObject({ user: ada.user, tenant: tenant.id });
  });

  it("is registered once, by one person", async () => {
    const ada = await newPerson();
    expect((await register(ada)).status).toBe(201);
    expect((await register(await newPerson())).status).toBe(409);
  });

  it("is renamed by its owner, removed by who proves a factor, and nobody else's business", async () => {
    const ada = await newPerson();
    const { id } = await parsed(await register(ada), z.object({ id: z.string() }));
    const path = `/v1/auth/mfa/passkeys/${id}`;
    const rename = { method: "PATCH", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name: "Key" }) };
    const eve = await newPerson();
    expect((await eve.fetch(path, rename)).status).toBe(404);
    expect((await eve.fetch(path, { method: "DELETE" })).status).toBe(404);
    expect((await ada.fetch(path, rename)).status).toBe(204);
    expect((await ada.fetch(path, { method: "DELETE" })).status).toBe(401);
    const { options, ticket } = await asked(ada);
    const { accessToken } = await parsed(
      await verify(ada, { method: "passkey", ticket, response: await device.prove(options) }),
      tokenSchema,
    );
    expect((await caller(accessToken).fetch(path, { method: "DELETE" })).status).toBe(204);
    expect(await (await ada.fetch("/v1/auth/mfa")).json()).toEqual({ passkeys: [], recoveryCodesLeft: 0 });
  });
});

describe("a policy that demands a second factor", () => {
  it("has the token stepped up before a route answers, and again when the proof is too old", async () => {
    const home = await newTenant("Careful");
    const text = `@id("keys-need-mfa") @obligation("mfa") @mfa_max_age("15m")
permit (principal, action == Action::"route", resource) when { resource.name == "identity.write" };`;
    const cases = "- keys need a factor: { role: admin, route: identity.write, effect: allow, obligations: ['mfa:900'] }";
    const { id } = await parsed(await home.post("/v1/policies", { text, cases }), z.looseObject({ id: z.string() }));
    for (const step of ["test", "analysis", "activate"])
      await parsed(await home.post(`/v1/policies/${id}/${step}`, undefined), z.unknown(), 200);
    const rights = { roles: ["admin"], capabilities: ["account.write", "identity.write", "identity.read"] };
    const ada = await newPerson(rights, home);
    const issuer = { name: "Acme", issuer: "https://id.acme.example", clientId: "soma", clientAuthentication: "none" };
    const refused = await ada.post("/v1/federation/issuers", issuer);
    expect(refused.headers.get("WWW-Authenticate")).toContain('error="insufficient_user_authentication"');
    expect(refused.headers.get("WWW-Authenticate")).toContain("max_age=900");
    expect(await problemOf(refused)).toBe("401 step-up-required");
    expect((await ada.fetch("/v1/federation/issuers")).status).toBe(200);
    const { secret } = await parsed(await ada.post("/v1/auth/mfa/totp", {}), enrolmentSchema);
    await ada.post("/v1/auth/mfa/totp/confirm", { code: codeOf(secret) });
    const { accessToken } = await parsed(await verify(ada, { method: "totp", code: codeOf(secret, Date.now() + 30_000) }), tokenSchema);
    expect((await caller(accessToken).post("/v1/federation/issuers", issuer)).status).toBe(201);
    const stale = await newPerson({ ...rights, mfa_at: Math.floor(Date.now() / 1_000) - 901 }, home);
    expect(await problemOf(await stale.post("/v1/federation/issuers", issuer))).toBe("401 step-up-required");
  });
});

describe("who is no person", () => {
  it("has no second factors: a program, or an agent that acts for somebody", async () => {
    expect(await (await tenant.fetch("/v1/auth/mfa")).json()).toEqual({ passkeys: [], recoveryCodesLeft: 0 });
    expect((await tenant.post("/v1/auth/mfa/totp", {})).status).toBe(409);
    const { next } = await withAuthenticator();
    const agent = await newPerson({ act: { sub: "agt_x" } });
    expect((await verify(agent, { method: "totp", code: next })).status).toBe(409);
  });
});

describe("the page's script", () => {
  it("is not part of any page", async () => {
    const page = await SELF.fetch("http://soma.test/signin/factor", { redirect: "manual" });
    expect(page.status).toBe(303);
    expect(page.headers.get("Location")).toBe("/signin?return_to=%2Faccount");
  });
});

it("keeps a person of one tenant apart from another's of the same id", async () => {
  const { ada, next } = await withAuthenticator();
  const other = await newTenant();
  const claims = { ...(await rightClaims(other)), kind: "user", sub: ada.user, capabilities: ["account.write"], jti: "req_other" };
  const token = await signed(claims);
  expect((await caller(token).post("/v1/auth/mfa/verify", { proof: { method: "totp", code: next } })).status).toBe(403);
  expect(parseId("tenant", other.id)).not.toBe(tenant.id);
});
