import { env, SELF } from "cloudflare:test";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { publicKeys } from "../../workers/identity/signing-keys.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { confusedTokens, signed } from "./forged-tokens.ts";
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

/** The attacks of RFC 9700 (OAuth) and RFC 8725 (JWT), each by its section. */
let tenant: TestTenant;
let user: TestUser;
let client: { id: string; secret: string };

beforeAll(async () => {
  tenant = await newTenant();
  user = await signedInUser(tenant);
  client = await newClient(tenant, WEB_CLIENT);
});

const queryOf = (challenge: string, extra: Record<string, string> = {}) => ({
  client_id: client.id,
  redirect_uri: REDIRECT,
  response_type: "code",
  scope: "openid runs.read",
  code_challenge: challenge,
  code_challenge_method: "S256",
  ...extra,
});

async function newCode(): Promise<{ code: string; verifier: string }> {
  const { verifier, challenge } = pkcePair();
  return { verifier, code: (await allow(user, queryOf(challenge))).searchParams.get("code") ?? "" };
}

const redeem = (code: string, code_verifier: string, by = client, redirect_uri = REDIRECT) =>
  endpoint("/oauth/token", { grant_type: "authorization_code", code, redirect_uri, code_verifier }, basic(by));

const refresh = (refresh_token: string, by = client) => endpoint("/oauth/token", { grant_type: "refresh_token", refresh_token }, basic(by));
const statusOf = async (token: string) => (await caller(token).fetch("/v1/mao/runs")).status;

describe("redirect URIs (RFC 9700 §4.1)", () => {
  it.each([
    ["another host", "https://evil.example/callback"],
    ["a longer path", `${REDIRECT}/more`],
    ["a path that climbs", "https://app.example/x/../callback"],
    ["an encoded path", "https://app.example/%63allback"],
    ["another query", `${REDIRECT}?next=https://evil.example`],
    ["a fragment", `${REDIRECT}#x`],
    ["a user before the host", "https://app.example@evil.example/callback"],
    ["a registered user", "https://evil.example\\@app.example/callback"],
    ["a longer host", "https://app.example.evil.example/callback"],
    ["another port", "https://app.example:8443/callback"],
    ["plain http", "http://app.example/callback"],
    ["upper case", "https://APP.example/callback"],
    ["a space at the end", `${REDIRECT} `],
    ["a line end", `${REDIRECT}\n`],
    ["a script", "javascript:alert(1)//app.example/callback"],
    ["data", "data:text/html,x"],
    ["nothing", ""],
  ])("%s gets neither a code nor an error, and the user stays here", async (_, redirect_uri) => {
    for (const response_type of ["code", "token"]) {
      const query = queryOf(pkcePair().challenge, { redirect_uri, response_type });
      const answer = await user.get(`/oauth/authorize?${new URLSearchParams(query)}`);
      expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
    }
  });

  it("given twice, or not at all, it goes nowhere", async () => {
    const { redirect_uri: _, ...rest } = queryOf(pkcePair().challenge);
    const once = new URLSearchParams(rest).toString();
    const twice = `${once}&redirect_uri=${encodeURIComponent(REDIRECT)}&redirect_uri=${encodeURIComponent("https://evil.example/")}`;
    for (const query of [once, twice]) expect((await user.get(`/oauth/authorize?${query}`)).status).toBe(400);
  });

  it("of signing out and of coming back are held to the same", async () => {
    const { id_token } = await tokensFor(user, client, "openid runs.read");
    for (const post_logout_redirect_uri of ["https://evil.example/", "//evil.example", REDIRECT]) {
      const query = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri });
      expect((await user.get(`/oauth/end-session?${query}`)).status).toBe(400);
    }
  });
});

describe("an authorization code (RFC 9700 §4.5, §2.1.1)", () => {
  it("is good once: a second time takes back all that it gave", async () => {
    const { code, verifier } = await newCode();
    const tokens = await (await redeem(code, verifier)).json<Tokens>();
    expect(await statusOf(tokens.access_token)).toBe(200);
    expect(await (await redeem(code, verifier)).json()).toMatchObject({ error: "invalid_grant" });
    expect(await statusOf(tokens.access_token)).toBe(401);
    expect((await refresh(tokens.refresh_token)).status).toBe(400);
  });

  it("presented by ten at once serves one at most, and then nobody", async () => {
    const { code, verifier } = await newCode();
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(code, verifier)));
    const tokens = await Promise.all(answers.filter(({ status }) => status === 200).map((answer) => answer.json<Tokens>()));
    expect(tokens.length).toBeLessThanOrEqual(1);
    for (const { access_token, refresh_token } of tokens) {
      expect(await statusOf(access_token)).toBe(401);
      expect((await refresh(refresh_token)).status).toBe(400);
    }
  });

  it.each([
    ["without its verifier", { code_verifier: "" }],
    ["with another verifier", { code_verifier: pkcePair().verifier }],
    ["with its challenge as verifier", { code_verifier: "challenge" }],
    ["with another redirect URI", { redirect_uri: "https://app.example/other" }],
    ["without its redirect URI", { redirect_uri: "" }],
    ["for another resource", { resource: "https://other.example/" }],
  ])("stolen and presented %s opens nothing, and is used up", async (_, change) => {
    const { verifier, challenge } = pkcePair();
    const code = (await allow(user, queryOf(challenge))).searchParams.get("code") ?? "";
    const form = { grant_type: "authorization_code", code, redirect_uri: REDIRECT, code_verifier: verifier, ...change };
    const sent = Object.fromEntries(Object.entries(form).map(([name, value]) => [name, value === "challenge" ? challenge : value]));
    expect((await endpoint("/oauth/token", sent, basic(client))).status).toBe(400);
    if (!("resource" in change)) expect((await redeem(code, verifier)).status).toBe(400);
  });

  it("is of no use to another client, of this tenant or another", async () => {
    const sister = await newClient(tenant, WEB_CLIENT);
    const stranger = await newClient(await newTenant(), WEB_CLIENT);
    for (const thief of [sister, stranger]) {
      const { code, verifier } = await newCode();
      expect(await (await redeem(code, verifier, thief)).json()).toMatchObject({ error: "invalid_grant" });
    }
  });

  it("ends after a minute", async () => {
    const { code, verifier } = await newCode();
    await env.DB.prepare("UPDATE oauth_tickets SET expires_at = ?1 WHERE kind = 'code' AND used_at IS NULL")
      .bind(Date.now() - 1)
      .run();
    expect((await redeem(code, verifier)).status).toBe(400);
  });

  it.each([
    ["without a challenge", { code_challenge: "" }],
    ["by the plain method", { code_challenge_method: "plain" }],
    ["without a method", { code_challenge_method: "" }],
    ["by a challenge that is none", { code_challenge: "x" }],
    ["as a token (implicit)", { response_type: "token" }],
    ["as both (hybrid)", { response_type: "code id_token" }],
    ["into the fragment", { response_mode: "fragment" }],
    ["by a request object", { request: "eyJhbGciOiJub25lIn0.e30." }],
  ])("cannot be asked for %s: no request is brought down to less", async (_, change) => {
    const answer = await leadsTo(await user.get(`/oauth/authorize?${new URLSearchParams(queryOf(pkcePair().challenge, change))}`));
    expect(answer.searchParams.get("code")).toBeNull();
    expect(answer.searchParams.get("error")).toBeTruthy();
    expect(answer.searchParams.get("iss")).toBe(ORIGIN);
  });
});

describe("a request_uri", () => {
  it("of elsewhere is never fetched, and of another client is not taken", async () => {
    const sister = await newClient(tenant, WEB_CLIENT);
    const pushed = await endpoint("/oauth/par", queryOf(pkcePair().challenge), basic(client));
    const { request_uri } = await pushed.json<{ request_uri: string }>();
    for (const [client_id, uri] of [
      [sister.id, request_uri],
      [client.id, "https://evil.example/request.jwt"],
      [client.id, "urn:ietf:params:oauth:request_uri:x"],
    ])
      expect(
        (await user.get(`/oauth/authorize?${new URLSearchParams({ client_id: client_id ?? "", request_uri: uri ?? "" })}`)).status,
      ).toBe(400);
  });
});

describe("consent", () => {
  const ask = async (by = user) => {
    const fresh = await newClient(tenant, WEB_CLIENT);
    const page = await (
      await by.get(`/oauth/authorize?${new URLSearchParams({ ...queryOf(pkcePair().challenge), client_id: fresh.id })}`)
    ).text();
    return { page, ticket: fieldOf(page, "ticket"), form_token: fieldOf(page, "form_token") };
  };

  it("cannot be given by a page of elsewhere (CSRF), or without the page's own token", async () => {
    const { ticket, form_token } = await ask();
    const form = { ticket, form_token, answer: "allow" };
    for (const headers of [{ Origin: "https://evil.example" }, { Origin: "null" }, {}])
      expect((await user.post("/oauth/consent", form, headers)).status).toBe(403);
    expect((await user.post("/oauth/consent", { ...form, form_token: "" })).status).toBe(403);
    expect((await user.post("/oauth/consent", { ...form, form_token: "0".repeat(64) })).status).toBe(403);
  });

  it("cannot be given for somebody else, twice, or by a link", async () => {
    const { page, ticket } = await ask();
    const other = await signedInUser(tenant);
    const theirs = await ask(other);
    expect((await other.submit(theirs.page, "/oauth/consent", { ticket, answer: "allow" })).status).toBe(400);
    // The ticket is used up: whoever it was shown to has to begin again.
    expect((await user.submit(page, "/oauth/consent", { ticket, answer: "allow" })).status).toBe(400);
    expect((await user.get(`/oauth/consent?${new URLSearchParams({ ticket, answer: "allow" })}`)).status).toBe(405);
  });

  it("is asked on a page that nobody frames and that runs nothing, whatever the client calls itself", async () => {
    const evil = await newClient(tenant, { ...WEB_CLIENT, name: `</strong><script>alert(1)</script>"'` });
    const shown = await user.get(`/oauth/authorize?${new URLSearchParams({ ...queryOf(pkcePair().challenge), client_id: evil.id })}`);
    expect(await shown.text()).not.toContain("<script>alert");
    const policy = shown.headers.get("Content-Security-Policy") ?? "";
    for (const rule of ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"])
      expect(policy).toContain(rule);
    expect(policy).not.toContain("script-src");
  });

  it("is asked each time by what answers on a laptop's port, which could be any program", async () => {
    const local = await newClient(tenant, {
      authMethod: "none",
      grantTypes: ["authorization_code"],
      redirectUris: ["http://127.0.0.1/cb"],
    });
    const query = () => queryOf(pkcePair().challenge, { client_id: local.id, redirect_uri: "http://127.0.0.1:50123/cb" });
    await allow(user, query());
    expect((await user.get(`/oauth/authorize?${new URLSearchParams(query())}`)).status).toBe(200);
    const console = queryOf(pkcePair().challenge, { client_id: "soma-console", redirect_uri: "http://127.0.0.1:50123/console/signed-in" });
    expect((await user.get(`/oauth/authorize?${new URLSearchParams(console)}`)).status).toBe(400);
  });

  it("is not asked of a user of another tenant at all", async () => {
    const other = await signedInUser(await newTenant());
    const answer = await leadsTo(await other.get(`/oauth/authorize?${new URLSearchParams(queryOf(pkcePair().challenge))}`));
    expect(answer.searchParams.get("error")).toBe("access_denied");
  });
});

describe("a refresh token (RFC 9700 §4.14)", () => {
  it("used again, even long after, takes its whole family along within the second", async () => {
    const first = await tokensFor(user, client);
    const second = await (await refresh(first.refresh_token)).json<Tokens>();
    const third = await (await refresh(second.refresh_token)).json<Tokens>();
    expect(await statusOf(third.access_token)).toBe(200);
    expect(await (await refresh(first.refresh_token)).json()).toMatchObject({ error: "invalid_grant" });
    for (const { access_token } of [first, second, third]) expect(await statusOf(access_token)).toBe(401);
    expect((await refresh(third.refresh_token)).status).toBe(400);
  });

  it("used by ten at once serves one at most, and the family ends", async () => {
    const { refresh_token } = await tokensFor(user, client);
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(refresh_token)));
    const good = answers.filter(({ status }) => status === 200);
    expect(good.length).toBeLessThanOrEqual(1);
    for (const answer of good) {
      const tokens = await answer.json<Tokens>();
      expect(await statusOf(tokens.access_token)).toBe(401);
      expect((await refresh(tokens.refresh_token)).status).toBe(400);
    }
  });

  it("is bound to its client, cannot grow, and a wrong request does not use it up", async () => {
    const { refresh_token } = await tokensFor(user, client, "openid offline_access runs.read");
    const sister = await newClient(tenant, WEB_CLIENT);
    expect((await refresh(refresh_token, sister)).status).toBe(400);
    const wider = await endpoint("/oauth/token", { grant_type: "refresh_token", refresh_token, scope: "sessions.read" }, basic(client));
    expect(await wider.json()).toMatchObject({ error: "invalid_scope" });
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  it("that was made up harms nobody, and none is stored as it is", async () => {
    const tokens = await tokensFor(user, client);
    expect((await refresh(`soma_rt_${"A".repeat(43)}`)).status).toBe(400);
    expect(await statusOf(tokens.access_token)).toBe(200);
    const { results } = await env.DB.prepare("SELECT * FROM oauth_refresh_tokens, oauth_tickets LIMIT 500").all();
    expect(JSON.stringify(results)).not.toContain(tokens.refresh_token);
  });

  it("ends with its time, and when it lay unused", async () => {
    for (const change of ["expires_at = 1", "last_used_at = 1"]) {
      const { refresh_token, access_token } = await tokensFor(user, client);
      await env.DB.prepare(`UPDATE oauth_grants SET ${change} WHERE id = ?1`).bind(claimsOf(access_token).sid).run();
      expect((await refresh(refresh_token)).status, change).toBe(400);
    }
  });
});

describe("a token (RFC 8725)", () => {
  let right: Record<string, unknown>;
  beforeAll(async () => {
    right = claimsOf((await tokensFor(user, client)).access_token);
  });

  it("is taken as we make it", async () => {
    expect(await statusOf(await signed(right))).toBe(200);
  });

  it.each([
    ["of another audience", { aud: "https://other.example" }],
    ["of another issuer", { iss: "https://other.example" }],
    ["for the client alone", { aud: "client" }],
    ["of neither a key nor a client", { client_id: undefined }],
    ["with a tenant that is none", { tenant: "ten_x" }],
  ])("%s is refused", async (_, change) => {
    expect(await statusOf(await signed({ ...right, ...change }))).toBe(401);
  });

  it("of another kind is refused: the ID token, and one that says what it is otherwise", async () => {
    const { id_token } = await tokensFor(user, client);
    expect(await statusOf(id_token)).toBe(401);
    for (const typ of ["JWT", "secevent+jwt", "dpop+jwt"]) expect(await statusOf(await signed(right, { typ })), typ).toBe(401);
    const form = { subject_token: id_token, subject_token_type: "urn:ietf:params:oauth:token-type:access_token" };
    const agent = await newClient(tenant, {
      authMethod: "client_secret_basic",
      grantTypes: ["urn:ietf:params:oauth:grant-type:token-exchange"],
    });
    const grant_type = "urn:ietf:params:oauth:grant-type:token-exchange";
    expect((await endpoint("/oauth/token", { grant_type, ...form }, basic(agent))).status).toBe(400);
  });

  it("without a signature, or signed by HS256 with our public key, is refused", async () => {
    for (const token of await confusedTokens(right)) expect(await statusOf(token)).toBe(401);
  });

  it.each(["../../etc/passwd", "' OR 1=1 --", "https://evil.example/key", "x".repeat(4_000), "\u0000", ""])(
    "with the key id %j finds no key",
    async (kid) => {
      expect(await statusOf(await signed(right, { kid }))).toBe(401);
    },
  );

  it("that brings its own key, or says where it is, is held to ours", async () => {
    const pair = await generateKeyPair("ES256", { extractable: true });
    const jwk = await exportJWK(pair.publicKey);
    const kid = String((await publicKeys(env, systemClock)).keys[0]?.kid);
    for (const own of [{ jwk }, { jku: "https://evil.example/jwks.json" }, { x5u: "https://evil.example/cert.pem" }]) {
      const header = { alg: "ES256", typ: "at+jwt", kid, ...own };
      expect(await statusOf(await new SignJWT(right).setProtectedHeader(header).sign(pair.privateKey))).toBe(401);
    }
  });
});

describe("a device code (RFC 8628 §5)", () => {
  it("is not guessed: ten wrong codes and the user waits, also with the right one", async () => {
    const guesser = await signedInUser(tenant);
    const form = await (await guesser.get("/oauth/device")).text();
    for (let i = 0; i < 10; i += 1) {
      const answer = await guesser.submit(form, "/oauth/device", { user_code: `BCDF-GHJ${"KLMNPQRSTV"[i]}` });
      expect(await answer.text()).toContain("No device waits");
    }
    const begun = await endpoint("/oauth/device_authorization", { client_id: "soma-cli" });
    const { user_code } = await begun.json<{ user_code: string }>();
    expect(await (await guesser.submit(form, "/oauth/device", { user_code, answer: "allow" })).text()).toContain("Too many wrong codes");
  });

  it("in a link that somebody sent is only typed ahead: the user is told what to look at, and asked", async () => {
    const begun = await endpoint("/oauth/device_authorization", { client_id: "soma-cli" });
    const { verification_uri_complete, user_code } = await begun.json<{ verification_uri_complete: string; user_code: string }>();
    const opened = await (await user.get(verification_uri_complete.slice(ORIGIN.length))).text();
    expect(opened).not.toContain('value="allow"');
    const asked = await (await user.submit(opened, "/oauth/device", { user_code })).text();
    expect(asked).toContain("If somebody sent you this code");
    const forged = await user.post("/oauth/device", { user_code, answer: "allow" }, { Origin: "https://evil.example" });
    expect(forged.status).toBe(403);
  });

  it("is bound to its client and its tenant, and is not stored as it is", async () => {
    const grantTypes = ["urn:ietf:params:oauth:grant-type:device_code"];
    const mine = await newClient(tenant, { authMethod: "none", grantTypes });
    const begun = await endpoint("/oauth/device_authorization", { client_id: mine.id });
    const { device_code, user_code } = await begun.json<{ device_code: string; user_code: string }>();
    const poll = await endpoint("/oauth/token", { grant_type: grantTypes[0] ?? "", device_code, client_id: "soma-cli" });
    expect(await poll.json()).toMatchObject({ error: "invalid_grant" });
    const stranger = await signedInUser(await newTenant());
    const form = await (await stranger.get("/oauth/device")).text();
    expect(await (await stranger.submit(form, "/oauth/device", { user_code })).text()).toContain("No device waits");
    const { results } = await env.DB.prepare("SELECT * FROM oauth_device_codes").all();
    for (const secret of [device_code, user_code]) expect(JSON.stringify(results)).not.toContain(secret);
  });
});

describe("the endpoints", () => {
  it("take no secret from an address, and no parameter twice", async () => {
    for (const name of ["client_secret", "code", "refresh_token", "token", "access_token"]) {
      const answer = await endpoint(`/oauth/token?${name}=x`, { grant_type: "client_credentials" }, basic(client));
      expect([answer.status, await answer.json()]).toMatchObject([400, { error: "invalid_request" }]);
    }
    const twice = await SELF.fetch(`${ORIGIN}/oauth/token`, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded", ...basic(client) },
      body: "grant_type=refresh_token&refresh_token=a&refresh_token=b",
    });
    expect(await twice.json()).toMatchObject({ error: "invalid_request" });
    expect((await SELF.fetch(`${ORIGIN}/v1/mao/runs?access_token=${(await tokensFor(user, client)).access_token}`)).status).toBe(401);
  });

  it.each([
    ["JSON", "application/json", "{}"],
    ["nothing", "application/x-www-form-urlencoded", ""],
    ["too much", "application/x-www-form-urlencoded", `grant_type=${"x".repeat(100_000)}`],
    ["too many", "application/x-www-form-urlencoded", Array.from({ length: 100 }, (_, i) => `a${i}=1`).join("&")],
    ["another grant", "application/x-www-form-urlencoded", "grant_type=password&username=a&password=b"],
  ])("answer %s in the words of OAuth", async (_, type, body) => {
    const answer = await SELF.fetch(`${ORIGIN}/oauth/token`, { method: "POST", headers: { "Content-Type": type, ...basic(client) }, body });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: expect.stringMatching(/^(invalid_request|unsupported_grant_type)$/) });
  });

  it("tell nobody whether a client is there, and take one proof", async () => {
    const ask = async (headers: Record<string, string>, form: Record<string, string> = {}) => {
      const answer = await endpoint("/oauth/token", { grant_type: "authorization_code", code: "x", code_verifier: "y", ...form }, headers);
      return { status: answer.status, ...(await answer.json<{ error: string }>()) };
    };
    expect(await ask(basic({ ...client, secret: "wrong" }))).toMatchObject({ status: 401, error: "invalid_client" });
    expect(await ask(basic({ id: `cli_${"0".repeat(26)}`, secret: "wrong" }))).toMatchObject({ status: 401, error: "invalid_client" });
    expect(await ask({}, { client_id: client.id })).toMatchObject({ status: 401, error: "invalid_client" });
    expect(await ask({}, { client_id: client.id, client_secret: client.secret })).toMatchObject({ status: 401 });
    expect(await ask(basic(client), { client_secret: client.secret })).toMatchObject({ status: 400, error: "invalid_request" });
    expect(await ask({ Authorization: "Basic %%%" })).toMatchObject({ status: 401 });
  });

  it.each([
    "http://127.0.0.1/client.json",
    "https://169.254.169.254/latest/meta-data",
    "https://localhost/client.json",
    "https://app.example",
    "https://user:pass@app.example/client.json",
    "https://app.example/client.json#x",
    "https://app.example/a/../client.json",
    "https://10.0.0.1.nip.io/client.json",
  ])("do not fetch a client's description from %s", async (client_id) => {
    const answer = await browser().get(`/oauth/authorize?${new URLSearchParams({ ...queryOf(pkcePair().challenge), client_id })}`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("invalid_client");
  });
});
