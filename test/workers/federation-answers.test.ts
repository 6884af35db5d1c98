import { env, SELF } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { SIGN_IN_LIFETIME_MS } from "../../workers/identity/federation/sign-in-state.ts";
import { ScriptedIssuer } from "./network-of-issuers.ts";
import { newTenant } from "./tenant.ts";

/** What an issuer may answer to a sign-in that began right: the answer that is right, and one thing wrong with it at a time. */

let count = 0;
let issuer: ScriptedIssuer;
let path = "";

beforeEach(async () => {
  const tenant = await newTenant();
  count += 1;
  issuer = new ScriptedIssuer(`https://answers${count}.acme.example`);
  await issuer.rotate();
  ScriptedIssuer.stand(issuer);
  const settings = { name: "Acme", issuer: issuer.issuer, clientId: "somaagent", clientAuthentication: "none" };
  const made = await tenant.post("/v1/federation/issuers", { ...settings, createsUsers: true, emailDomains: ["acme.example"] });
  path = `/signin/federation/${z.object({ id: z.string() }).parse(await made.json()).id}`;
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const cookiesOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");

/** Begins to sign in. @returns what the issuer was asked, and the browser's cookies */
async function begun(): Promise<{ asked: URLSearchParams; cookies: string }> {
  const response = await SELF.fetch(`http://soma.test${path}?return_to=/account/factors&login_hint=ada`);
  const to = /content="0;url=([^"]*)"/.exec(await response.text())?.[1]?.replaceAll("&amp;", "&") ?? "";
  return { asked: new URL(to).searchParams, cookies: cookiesOf(response) };
}

const answered = (asked: URLSearchParams, cookies: string, more: Record<string, string> = {}) =>
  SELF.fetch(`http://soma.test${path}/callback?${new URLSearchParams({ code: "c", state: asked.get("state") ?? "", ...more })}`, {
    headers: { Cookie: cookies },
    redirect: "manual",
  });

const right = (asked: URLSearchParams) => ({
  sub: "ada",
  aud: "somaagent",
  nonce: asked.get("nonce"),
  email: "ada@acme.example",
  email_verified: true,
});

/** Signs in with an ID token that is right but for what is told. */
async function signIn(wrong: Record<string, unknown> = {}): Promise<Response> {
  const { asked, cookies } = await begun();
  issuer.answers.set("/token", async () => Response.json({ id_token: await issuer.token({ ...right(asked), ...wrong }) }));
  return answered(asked, cookies);
}

describe("a sign-in at an issuer", () => {
  it("asks for a code by PKCE, with a state and a nonce that nobody can guess, at an address of this issuer's own", async () => {
    const [{ asked }, { asked: again }] = [await begun(), await begun()];
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: "code",
      client_id: "somaagent",
      redirect_uri: `http://soma.test${path}/callback`,
      scope: "openid profile email",
      code_challenge_method: "S256",
      login_hint: "ada",
    });
    for (const name of ["state", "nonce", "code_challenge"]) {
      expect(asked.get(name)).toMatch(/^[\w-]{43}$/);
      expect(asked.get(name)).not.toBe(again.get(name));
    }
  });

  it("signs in whom the right answer names, and goes where it was to go", async () => {
    const response = await signIn();
    expect(response.status).toBe(303);
    expect(response.headers.get("Location")).toBe("/account/factors");
    expect(cookiesOf(response)).toContain("__Host-soma-session=sid_");
    const { results } = await env.DB.prepare("SELECT email, origin FROM users WHERE email = 'ada@acme.example'").all();
    expect(results).toContainEqual({ email: "ada@acme.example", origin: "federation" });
  });

  it.each<[string, Record<string, unknown>]>([
    ["the nonce of another sign-in (replay)", { nonce: "A".repeat(43) }],
    ["no nonce", { nonce: undefined }],
    ["another client as its audience", { aud: "another" }],
    ["another client besides, and no word of whom it was given to", { aud: ["somaagent", "another"] }],
    ["another client that it was given to", { aud: ["somaagent", "another"], azp: "another" }],
    ["another issuer", { iss: "https://evil.example" }],
    ["an end that is over", { exp: 1_000 }],
    ["an address of another domain", { email: "eve@evil.example" }],
    ["an address that it says is not verified", { email_verified: false }],
    ["no address", { email: undefined }],
  ])("lets nobody in with %s", async (_, wrong) => {
    const response = await signIn(wrong);
    expect([400, 403]).toContain(response.status);
    expect(cookiesOf(response)).not.toContain("__Host-soma-session");
  });

  it("lets in who came before by what the issuer calls them, under whatever address they have now", async () => {
    expect((await signIn()).status).toBe(303);
    expect((await signIn({ email: "ada.lovelace@elsewhere.example" })).status).toBe(303);
  });

  it("lets nobody in whom an administrator has shut out", async () => {
    expect((await signIn()).status).toBe(303);
    await env.DB.prepare("UPDATE users SET active = 0 WHERE email = 'ada@acme.example'").run();
    expect((await signIn()).status).toBe(403);
  });

  it("lets nobody in whose answer comes after ten minutes", async () => {
    const { asked, cookies } = await begun();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + SIGN_IN_LIFETIME_MS });
    expect((await answered(asked, cookies)).status).toBe(400);
    expect(issuer.asked).not.toContain("/token");
  });

  it("does not read an answer of 50 MB, or one that is no JSON", async () => {
    const large = "[".padEnd(52_428_800, " ");
    for (const body of [large, "<html>"]) {
      const { asked, cookies } = await begun();
      issuer.answers.set("/token", () => new Response(body, { headers: { "Content-Type": "application/json" } }));
      expect((await answered(asked, cookies)).status).toBe(400);
    }
  });

  it("tells a person what went wrong without any markup of the issuer's", async () => {
    const { asked, cookies } = await begun();
    const refused = { error: "<script>alert(1)</script>", code: "" };
    const page = await answered(asked, cookies, refused);
    expect(await page.text()).not.toContain("<script>");
    expect(page.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
  });
});
