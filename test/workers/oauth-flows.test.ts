import { env, SELF } from "cloudflare:test";
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import {
  allow,
  basic,
  browser,
  claimsOf,
  endpoint,
  fieldOf,
  leadsTo,
  newClient,
  ORIGIN,
  pkcePair,
  REDIRECT,
  signedInUser,
  type TestUser,
  type Tokens,
  tokensFor,
  WEB_CLIENT,
} from "./oauth-browser.ts";
import { caller, newTenant, type TestTenant } from "./tenant.ts";

let tenant: TestTenant;
let user: TestUser;

beforeAll(async () => {
  tenant = await newTenant();
  user = await signedInUser(tenant);
});

const request = (client: string, extra: Record<string, string> = {}) => {
  const pair = pkcePair();
  const query = {
    client_id: client,
    redirect_uri: REDIRECT,
    response_type: "code",
    code_challenge: pair.challenge,
    code_challenge_method: "S256",
  };
  return { ...pair, query: { ...query, scope: "openid runs.read", state: "s1", ...extra } };
};

describe("authorization code with PKCE", () => {
  it("shows its user who asks for what, and gives the client tokens for that alone", async () => {
    const client = await newClient(tenant, WEB_CLIENT);
    const { query, verifier } = request(client.id, { nonce: "n1", scope: "openid profile email runs.read offline_access" });
    const shown = await user.get(`/oauth/authorize?${new URLSearchParams(query)}`);
    const page = await shown.text();
    for (const words of ["Allow Reports?", user.email, "See runs, their steps and events.", "app.example"]) expect(page).toContain(words);
    expect(shown.headers.get("Content-Security-Policy")).toMatch(/default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/);
    expect(shown.headers.get("X-Frame-Options")).toBe("DENY");
    const answered = await leadsTo(await user.submit(page, "/oauth/consent", { ticket: fieldOf(page, "ticket"), answer: "allow" }));
    expect(`${answered.origin}${answered.pathname}`).toBe(REDIRECT);
    expect([answered.searchParams.get("state"), answered.searchParams.get("iss")]).toEqual(["s1", ORIGIN]);
    const form = {
      grant_type: "authorization_code",
      code: answered.searchParams.get("code") ?? "",
      redirect_uri: REDIRECT,
      code_verifier: verifier,
    };
    const response = await endpoint("/oauth/token", form, basic(client));
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    const tokens = await response.json<Tokens & { token_type: string }>();
    expect(tokens).toMatchObject({ token_type: "Bearer", expires_in: 900, scope: query.scope });
    const keys = createLocalJWKSet(await (await SELF.fetch(`${ORIGIN}/.well-known/jwks.json`)).json());
    const { payload } = await jwtVerify(tokens.id_token, keys, { issuer: ORIGIN, audience: client.id, typ: "JWT" });
    expect(payload).toMatchObject({
      sub: user.id,
      nonce: "n1",
      email: user.email,
      email_verified: true,
      name: "Ada Lovelace",
      amr: ["pwd"],
    });
    expect(claimsOf(tokens.access_token)).toMatchObject({ aud: ORIGIN, client_id: client.id, sub: user.id, capabilities: ["runs.read"] });
    const api = caller(tokens.access_token);
    expect((await api.fetch("/v1/mao/runs")).status).toBe(200);
    const refused = await api.fetch("/v1/sessions");
    expect(refused.status).toBe(403);
    expect(refused.headers.get("WWW-Authenticate")).toContain('error="insufficient_scope", scope="sessions.read"');
    const info = await api.fetch("/oauth/userinfo");
    expect(await info.json()).toMatchObject({ sub: user.id, email: user.email, given_name: "Ada" });
  });

  it("asks once for what was agreed to, and again for more", async () => {
    const client = await newClient(tenant, WEB_CLIENT);
    await tokensFor(user, client, "openid runs.read");
    const again = await user.get(`/oauth/authorize?${new URLSearchParams(request(client.id).query)}`);
    expect(again.status).toBe(303);
    const more = await user.get(`/oauth/authorize?${new URLSearchParams(request(client.id, { scope: "openid sessions.read" }).query)}`);
    expect(more.status).toBe(200);
    const silent = request(client.id, { scope: "openid sessions.read", prompt: "none" });
    expect((await leadsTo(await user.get(`/oauth/authorize?${new URLSearchParams(silent.query)}`))).searchParams.get("error")).toBe(
      "consent_required",
    );
  });

  it("tells the client when its user refuses", async () => {
    const client = await newClient(tenant, WEB_CLIENT);
    const page = await (await user.get(`/oauth/authorize?${new URLSearchParams(request(client.id).query)}`)).text();
    const answered = await leadsTo(await user.submit(page, "/oauth/consent", { ticket: fieldOf(page, "ticket"), answer: "deny" }));
    expect(Object.fromEntries(answered.searchParams)).toMatchObject({ error: "access_denied", state: "s1", iss: ORIGIN });
  });

  it("sends whoever is not signed in to sign in and back, and says so under prompt=none", async () => {
    const client = await newClient(tenant, WEB_CLIENT);
    const { query } = request(client.id, { login_hint: "ada@example.org" });
    const sent = await leadsTo(await browser().get(`/oauth/authorize?${new URLSearchParams(query)}`));
    expect(sent.pathname).toBe("/signin");
    expect(Object.fromEntries(sent.searchParams)).toMatchObject({ tenant: tenant.id, login_hint: "ada@example.org" });
    expect(sent.searchParams.get("return_to")).toMatch(/^\/oauth\/authorize\?client_id=cli_/);
    const silent = await leadsTo(await browser().get(`/oauth/authorize?${new URLSearchParams({ ...query, prompt: "none" })}`));
    expect(silent.searchParams.get("error")).toBe("login_required");
  });

  it("wants a new sign-in when it is asked for one, and is content once it has it", async () => {
    const client = await newClient(tenant, WEB_CLIENT);
    const long = await signedInUser(tenant, { authTime: Date.now() - 3_600_000 });
    for (const extra of [{ prompt: "login" }, { max_age: "60" }, { max_age: "0" }]) {
      const sent = await leadsTo(await long.get(`/oauth/authorize?${new URLSearchParams(request(client.id, extra).query)}`));
      expect([sent.pathname, sent.searchParams.get("prompt")]).toEqual(["/signin", "login"]);
      const back = sent.searchParams.get("return_to") ?? "";
      // Coming back without having signed in again is not enough.
      expect((await leadsTo(await long.get(back))).pathname).toBe("/signin");
      await env.DB.prepare("UPDATE sign_in_sessions SET auth_time = ?1 WHERE id = ?2")
        .bind(Date.now() + 1_000, long.session)
        .run();
      expect((await long.get(back)).status).toBe(200);
      await env.DB.prepare("UPDATE sign_in_sessions SET auth_time = ?1 WHERE id = ?2")
        .bind(Date.now() - 3_600_000, long.session)
        .run();
    }
  });

  it("wants a second factor when it is asked for one, and tells of it in the tokens", async () => {
    const client = await newClient(tenant, WEB_CLIENT);
    const { query } = request(client.id, { acr_values: "urn:soma:acr:mfa" });
    expect((await leadsTo(await user.get(`/oauth/authorize?${new URLSearchParams(query)}`))).pathname).toBe("/signin/factor");
    const strong = await signedInUser(tenant, { mfaAt: Date.now() });
    const tokens = await tokensFor(strong, client, "openid runs.read");
    expect(claimsOf(tokens.id_token)).toMatchObject({ acr: "urn:soma:acr:mfa", amr: ["pwd", "otp", "mfa"] });
    expect(claimsOf(tokens.access_token)).toMatchObject({ acr: "urn:soma:acr:mfa", mfa_at: expect.any(Number) });
  });

  it("gives no more than the user has, whatever was asked for, and nothing to one who was deactivated", async () => {
    const client = await newClient(tenant, { ...WEB_CLIENT, scopes: ["openid", "offline_access", "users.write", "runs.read"] });
    const viewer = await signedInUser(tenant, { role: "viewer" });
    const tokens = await tokensFor(viewer, client, "openid offline_access users.write runs.read");
    expect(tokens.scope).toBe("openid offline_access runs.read");
    await env.DB.prepare("UPDATE users SET active = 0 WHERE id = ?").bind(viewer.id).run();
    const refused = await endpoint("/oauth/token", { grant_type: "refresh_token", refresh_token: tokens.refresh_token }, basic(client));
    expect(await refused.json()).toMatchObject({ error: "invalid_grant" });
  });

  it("takes requests that were pushed before, once each", async () => {
    const client = await newClient(tenant, { ...WEB_CLIENT, requiresPushedRequests: true });
    const { query, verifier } = request(client.id);
    expect((await user.get(`/oauth/authorize?${new URLSearchParams(query)}`)).status).toBe(400);
    const pushed = await endpoint("/oauth/par", query, basic(client));
    expect(pushed.status).toBe(201);
    const { request_uri, expires_in } = await pushed.json<{ request_uri: string; expires_in: number }>();
    expect(expires_in).toBeGreaterThan(0);
    const code = (await allow(user, { client_id: client.id, request_uri })).searchParams.get("code") ?? "";
    const form = { grant_type: "authorization_code", code, redirect_uri: REDIRECT, code_verifier: verifier };
    expect((await endpoint("/oauth/token", form, basic(client))).status).toBe(200);
    expect((await user.get(`/oauth/authorize?${new URLSearchParams({ client_id: client.id, request_uri })}`)).status).toBe(400);
    const wrong = await endpoint("/oauth/par", { ...query, redirect_uri: "https://evil.example/" }, basic(client));
    expect(await wrong.json()).toMatchObject({ error: "invalid_request" });
  });
});

describe("a client", () => {
  it("proves itself by a key of its own, once with each assertion", async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256");
    const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256", use: "sig" }] };
    const { id } = await newClient(tenant, {
      authMethod: "private_key_jwt",
      grantTypes: ["client_credentials"],
      scopes: ["runs.read"],
      keys,
    });
    const assertion = (claims: Record<string, unknown> = {}) =>
      new SignJWT({ iss: id, sub: id, aud: ORIGIN, jti: crypto.randomUUID(), exp: Math.floor(Date.now() / 1_000) + 60, ...claims })
        .setProtectedHeader({ alg: "ES256", kid: "k1" })
        .sign(privateKey);
    const ask = (client_assertion: string) =>
      endpoint("/oauth/token", {
        grant_type: "client_credentials",
        client_assertion,
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      });
    const good = await assertion();
    const { access_token } = await (await ask(good)).json<Tokens>();
    expect(claimsOf(access_token)).toMatchObject({ sub: id, client_id: id, kind: "service", capabilities: ["runs.read"] });
    expect((await caller(access_token).fetch("/v1/mao/runs")).status).toBe(200);
    const hour = Math.floor(Date.now() / 1_000) + 3_600;
    const wrong = [
      good,
      ...(await Promise.all(
        [{ aud: "https://other.example" }, { aud: [ORIGIN, "x"] }, { iss: "x" }, { exp: 1 }, { exp: hour }, { jti: undefined }].map(
          assertion,
        ),
      )),
    ];
    for (const other of wrong) expect(await (await ask(other)).json(), other).toMatchObject({ error: "invalid_client" });
  });

  it("goes on with its old secret while the new one is brought out, and no longer", async () => {
    const client = await newClient(tenant, { authMethod: "client_secret_post", grantTypes: ["client_credentials"], scopes: ["runs.read"] });
    const ask = async (secret: string) =>
      (await endpoint("/oauth/token", { grant_type: "client_credentials", client_id: client.id, client_secret: secret })).status;
    const rotate = async (overlapSeconds: number) =>
      (await (await tenant.post(`/v1/oauth/clients/${client.id}/rotate-secret`, { overlapSeconds })).json<{ secret: string }>()).secret;
    const second = await rotate(3_600);
    expect([await ask(client.secret), await ask(second)]).toEqual([200, 200]);
    const third = await rotate(0);
    expect([await ask(client.secret), await ask(second), await ask(third)]).toEqual([401, 401, 200]);
    const { results } = await env.DB.prepare("SELECT * FROM oauth_clients WHERE id = ?").bind(client.id).all();
    expect(JSON.stringify(results)).not.toContain(third);
  });

  it("that was deleted or changed loses its tokens at once", async () => {
    const registration = { authMethod: "client_secret_basic", grantTypes: ["client_credentials"], scopes: ["runs.read"] };
    const client = await newClient(tenant, registration);
    const token = async () =>
      (await (await endpoint("/oauth/token", { grant_type: "client_credentials" }, basic(client))).json<Tokens>()).access_token;
    const first = await token();
    expect((await caller(first).fetch("/v1/mao/runs")).status).toBe(200);
    const changed = await tenant.fetch(`/v1/oauth/clients/${client.id}`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...registration, name: "Renamed", scopes: ["sessions.read"] }),
    });
    expect(await changed.json()).toMatchObject({ name: "Renamed", scopes: ["sessions.read"] });
    expect((await caller(first).fetch("/v1/mao/runs")).status).toBe(401);
    expect((await tenant.fetch(`/v1/oauth/clients/${client.id}`, { method: "DELETE" })).status).toBe(204);
    expect((await endpoint("/oauth/token", { grant_type: "client_credentials" }, basic(client))).status).toBe(401);
  });

  it("is listed page by page, and by its own tenant alone", async () => {
    const other = await newTenant();
    for (const name of ["a", "b", "c"]) await newClient(other, { ...WEB_CLIENT, name });
    const first = await (await other.fetch("/v1/oauth/clients?limit=2")).json<{ items: { name: string }[]; nextCursor: string }>();
    const second = await (await other.fetch(`/v1/oauth/clients?limit=2&cursor=${first.nextCursor}`)).json<{ items: { name: string }[] }>();
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(["c", "b", "a"]);
  });

  it.each([
    ["a code client without an address", { ...WEB_CLIENT, redirectUris: [] }, "/redirectUris"],
    ["an address that nobody owns", { ...WEB_CLIENT, redirectUris: ["http://app.example/cb"] }, "/redirectUris/0"],
    ["a service without a proof", { authMethod: "none", grantTypes: ["client_credentials"] }, "/authMethod"],
    ["keys and their address", { authMethod: "private_key_jwt", grantTypes: ["client_credentials"] }, "/keys"],
    [
      "a private key",
      { authMethod: "private_key_jwt", grantTypes: ["client_credentials"], keys: { keys: [{ kty: "EC", d: "x" }] } },
      "/keys",
    ],
  ])("cannot be registered with %s", async (_, members, pointer) => {
    const response = await tenant.post("/v1/oauth/clients", { name: "x", scopes: ["runs.read"], ...members });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
  });

  it("cannot be given what its maker lacks", async () => {
    const { secret } = await (await tenant.post("/v1/api-keys", { name: "viewer", role: "viewer" })).json<{ secret: string }>();
    const registration = { name: "x", authMethod: "client_secret_basic", grantTypes: ["client_credentials"], scopes: ["users.write"] };
    expect((await caller(secret).post("/v1/oauth/clients", registration)).status).toBe(403);
  });
});

describe("a device", () => {
  const begin = async () =>
    (await endpoint("/oauth/device_authorization", { client_id: "soma-cli", scope: "openid offline_access runs.read" })).json<{
      device_code: string;
      user_code: string;
      verification_uri_complete: string;
      interval: number;
    }>();
  const poll = async (device_code: string) => {
    // As if the device had waited as long as it was told.
    await env.DB.prepare("UPDATE oauth_device_codes SET polled_at = NULL").run();
    return endpoint("/oauth/token", { grant_type: "urn:ietf:params:oauth:grant-type:device_code", client_id: "soma-cli", device_code });
  };

  it("gets its tokens once its user has typed the code and agreed, and only once", async () => {
    const { device_code, user_code, verification_uri_complete } = await begin();
    expect(user_code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect(await (await poll(device_code)).json()).toMatchObject({ error: "authorization_pending" });
    const form = await (await user.get(verification_uri_complete.slice(ORIGIN.length))).text();
    const question = await (await user.submit(form, "/oauth/device", { user_code: user_code.toLowerCase().replace("-", " ") })).text();
    expect(question).toContain("the soma command line");
    const done = await user.submit(question, "/oauth/device", { user_code, answer: "allow" });
    expect(await done.text()).toContain("Your device is signed in");
    const tokens = await (await poll(device_code)).json<Tokens>();
    expect((await caller(tokens.access_token).fetch("/v1/mao/runs")).status).toBe(200);
    expect(await (await poll(device_code)).json()).toMatchObject({ error: "invalid_grant" });
    const next = await endpoint("/oauth/token", {
      grant_type: "refresh_token",
      refresh_token: tokens.refresh_token,
      client_id: "soma-cli",
    });
    expect(next.status).toBe(200);
  });

  it("is told when its user refuses, when it asks too often, and when its code has ended", async () => {
    const refused = await begin();
    const form = await (await user.get("/oauth/device")).text();
    await user.submit(form, "/oauth/device", { user_code: refused.user_code, answer: "deny" });
    expect(await (await poll(refused.device_code)).json()).toMatchObject({ error: "access_denied" });
    const hasty = await begin();
    await poll(hasty.device_code);
    const again = await endpoint("/oauth/token", {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      client_id: "soma-cli",
      device_code: hasty.device_code,
    });
    expect(await again.json()).toMatchObject({ error: "slow_down" });
    await env.DB.prepare("UPDATE oauth_device_codes SET expires_at = 1").run();
    expect(await (await poll(hasty.device_code)).json()).toMatchObject({ error: "expired_token" });
  });
});

describe("token exchange", () => {
  it("lets an agent act for a user with less than the user has, for no longer, and names both", async () => {
    const web = await newClient(tenant, WEB_CLIENT);
    const agent = await newClient(tenant, {
      name: "Agent",
      authMethod: "client_secret_basic",
      grantTypes: ["urn:ietf:params:oauth:grant-type:token-exchange"],
      scopes: ["runs.read", "users.read"],
    });
    const { access_token: subject_token, refresh_token } = await tokensFor(user, web, "openid offline_access runs.read sessions.read");
    const exchange = (extra: Record<string, string> = {}) =>
      endpoint(
        "/oauth/token",
        {
          grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
          subject_token,
          subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
          ...extra,
        },
        basic(agent),
      );
    const { access_token } = await (await exchange()).json<Tokens>();
    const claims = claimsOf(access_token);
    expect(claims).toMatchObject({ sub: user.id, act: { sub: agent.id }, client_id: agent.id, capabilities: ["runs.read"] });
    expect(Number(claims.exp)).toBeLessThanOrEqual(Number(claimsOf(subject_token).exp));
    expect((await caller(access_token).fetch("/v1/mao/runs")).status).toBe(200);
    expect((await caller(access_token).fetch("/v1/sessions")).status).toBe(403);
    for (const scope of ["sessions.read", "users.read", "openid"])
      expect(await (await exchange({ scope })).json(), scope).toMatchObject({ error: "invalid_scope" });
    // What it was made from takes it along.
    await endpoint("/oauth/revoke", { token: refresh_token }, basic(web));
    expect((await caller(access_token).fetch("/v1/mao/runs")).status).toBe(401);
    expect(await (await exchange()).json()).toMatchObject({ error: "invalid_grant" });
  });
});

describe("revocation and introspection", () => {
  it("tell and take away, and another tenant learns nothing", async () => {
    const client = await newClient(tenant, WEB_CLIENT);
    const tokens = await tokensFor(user, client);
    const stranger = await newClient(await newTenant(), WEB_CLIENT);
    const ask = async (token: string, by = client) => (await endpoint("/oauth/introspect", { token }, basic(by))).json();
    expect(await ask(tokens.access_token)).toMatchObject({ active: true, sub: user.id, client_id: client.id, scope: tokens.scope });
    expect(await ask(tokens.refresh_token)).toMatchObject({ active: true, sub: user.id });
    for (const token of [tokens.access_token, tokens.refresh_token]) expect(await ask(token, stranger)).toEqual({ active: false });
    await endpoint("/oauth/revoke", { token: tokens.refresh_token }, basic(stranger));
    expect(await ask(tokens.access_token)).toMatchObject({ active: true });
    await endpoint("/oauth/revoke", { token: tokens.access_token }, basic(client));
    expect(await ask(tokens.access_token)).toEqual({ active: false });
    expect((await caller(tokens.access_token).fetch("/v1/mao/runs")).status).toBe(401);
    expect(await ask(tokens.refresh_token)).toMatchObject({ active: true });
    await endpoint("/oauth/revoke", { token: tokens.refresh_token }, basic(client));
    expect(await ask(tokens.refresh_token)).toEqual({ active: false });
    expect((await endpoint("/oauth/revoke", { token: "nothing" }, basic(client))).status).toBe(200);
  });

  it("end the tokens of a page with the browser session in which it was opened", async () => {
    const client = await newClient(tenant, WEB_CLIENT);
    const leaving = await signedInUser(tenant);
    const tokens = await tokensFor(leaving, client, "openid runs.read");
    const kept = await tokensFor(leaving, client, "openid offline_access runs.read");
    const query = new URLSearchParams({ id_token_hint: tokens.id_token });
    expect(await (await leaving.get(`/oauth/end-session?${query}`)).text()).toContain("Signed out");
    expect((await caller(tokens.access_token).fetch("/v1/mao/runs")).status).toBe(401);
    expect((await caller(kept.access_token).fetch("/v1/mao/runs")).status).toBe(200);
    const refresh = (refresh_token: string) => endpoint("/oauth/token", { grant_type: "refresh_token", refresh_token }, basic(client));
    expect((await refresh(tokens.refresh_token)).status).toBe(400);
    expect((await refresh(kept.refresh_token)).status).toBe(200);
  });
});

it("the metadata names every endpoint, and both of its addresses say the same", async () => {
  const read = async (name: string) => (await SELF.fetch(`${ORIGIN}/.well-known/${name}`)).json<Record<string, unknown>>();
  const metadata = await read("oauth-authorization-server");
  expect(await read("openid-configuration")).toEqual(metadata);
  expect(metadata).toMatchObject({
    issuer: ORIGIN,
    code_challenge_methods_supported: ["S256"],
    client_id_metadata_document_supported: true,
  });
  for (const [name, address] of Object.entries(metadata)) {
    if (!name.endsWith("_endpoint")) continue;
    const answer = await SELF.fetch(String(address), { method: "POST", redirect: "manual" });
    expect([404, 405], name).not.toContain(answer.status);
  }
  expect(await read("oauth-protected-resource")).toMatchObject({ resource: ORIGIN, authorization_servers: [ORIGIN] });
});
