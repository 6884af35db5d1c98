import { env } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { verifyPassword } from "../../workers/identity/sign-in/password-hash.ts";
import { newBrowser, type TestBrowser } from "./people-browser.ts";
import { newTenant, type TestTenant } from "./tenant.ts";

const PASSWORD = "seven glaciers melt slowly";

interface Letter {
  readonly recipient: string;
  readonly subject: string;
  readonly text?: string;
}

/** The path of the link in the newest letter to an address. */
async function linkTo(tenant: TestTenant, email: string): Promise<string> {
  const { items } = await (await tenant.fetch("/v1/notifications")).json<{ items: Letter[] }>();
  const text = items.find(({ recipient }) => recipient === email)?.text ?? "";
  return new URL(/https?:\S+/.exec(text)?.[0] ?? "").pathname;
}

/** A user who was invited and has set a password. */
async function invited(tenant: TestTenant, email: string, roles: readonly string[] = ["member"]): Promise<string> {
  const { id } = await (await tenant.post("/v1/users", { email, displayName: "Ada Lovelace", roles })).json<{ id: string }>();
  const link = await linkTo(tenant, email);
  expect((await newBrowser().submit(link, link, { password: PASSWORD })).status).toBe(303);
  return id;
}

function signIn(browser: TestBrowser, tenant: TestTenant, email: string, password = PASSWORD, returnTo = "/account"): Promise<Response> {
  return browser.submit("/signin", "/signin/password", { email, password, tenant: tenant.id, return_to: returnTo });
}

describe("somebody who was invited", () => {
  let tenant: TestTenant;
  beforeAll(async () => {
    tenant = await newTenant("Antarctic <Survey>");
  });

  it("sets a password by the link, once, and signs in with it", async () => {
    await tenant.post("/v1/users", { email: "ada@example.org", displayName: "Ada Lovelace" });
    const link = await linkTo(tenant, "ada@example.org");
    const browser = newBrowser();
    // Programs that look at letters open links; that uses none up.
    expect((await newBrowser().get(link)).status).toBe(200);
    expect((await browser.submit(link, link, { password: "too short" })).status).toBe(400);
    expect((await browser.submit(link, link, { password: PASSWORD })).status).toBe(303);
    expect((await browser.get(link)).status).toBe(404);
    const answer = await signIn(browser, tenant, "ADA@example.org");
    expect([answer.status, answer.headers.get("Location")]).toEqual([303, "/account"]);
    const account = await (await browser.get("/account")).text();
    expect(account).toContain("Ada Lovelace");
    expect(account).toContain("Antarctic &lt;Survey&gt;");
    expect(await (await tenant.fetch("/v1/users?email=ada@example.org")).json()).toMatchObject({ items: [{ emailVerified: true }] });
  });

  it("finds the password kept as scrypt, and nothing of the cookie's secret in the database", async () => {
    await invited(tenant, "eve@example.org");
    const browser = newBrowser();
    await signIn(browser, tenant, "eve@example.org");
    const { results } = await env.DB.prepare("SELECT hash FROM passwords").all<{ hash: string }>();
    expect(results.every(({ hash }) => hash.startsWith("scrypt$14$8$5$"))).toBe(true);
    const [, secret = "none"] = (browser.cookies.get("__Host-soma-session") ?? "").split(".");
    expect(secret).toHaveLength(43);
    const sessions = JSON.stringify((await env.DB.prepare("SELECT * FROM sign_in_sessions").all()).results);
    expect(sessions).not.toContain(secret);
  });

  it("gets nowhere by a link that was replaced, has ended or whose user is deactivated", async () => {
    const { id } = await (await tenant.post("/v1/users", { email: "old@example.org" })).json<{ id: string }>();
    const first = await linkTo(tenant, "old@example.org");
    expect((await tenant.post(`/v1/users/${id}/invite`, {})).status).toBe(202);
    const second = await linkTo(tenant, "old@example.org");
    expect((await newBrowser().get(first)).status).toBe(404);
    expect((await newBrowser().get(second)).status).toBe(200);
    await tenant.fetch(`/v1/users/${id}`, { method: "PATCH", headers: { "Content-Type": "application/json" }, body: '{"active":false}' });
    expect((await newBrowser().get(second)).status).toBe(404);
    expect((await tenant.post(`/v1/users/${id}/invite`, {})).status).toBe(409);
    await env.DB.prepare("UPDATE mail_links SET expires_at = 1").run();
  });
});

describe("a stranger", () => {
  let tenant: TestTenant;
  beforeAll(async () => {
    tenant = await newTenant();
    await invited(tenant, "ada@example.org");
  });

  it("is told the same of a wrong password, of nobody's address and of a tenant that there is not", async () => {
    const said = async (response: Response) => {
      const text = await response.text();
      return [response.status, text.match(/role="alert">([^<]+)/)?.[1]];
    };
    const wrong = await said(await signIn(newBrowser(), tenant, "ada@example.org", "another password entirely"));
    const nobody = await said(await signIn(newBrowser(), tenant, "nobody@example.org", "another password entirely"));
    const nowhere = await said(
      await newBrowser().submit("/signin", "/signin/password", { email: "a@b.example", password: "x", tenant: "ten_x", return_to: "/" }),
    );
    expect(wrong[0]).toBe(401);
    expect(nobody).toEqual(wrong);
    expect(nowhere).toEqual(wrong);
    const forgotten = async (email: string) =>
      (await newBrowser().submit("/signin/forgotten", "/signin/forgotten", { email, tenant: tenant.id })).text();
    expect(await forgotten("ada@example.org")).toBe(await forgotten("nobody@example.org"));
  });

  it("has to wait longer with each guess, also when a hundred come at once, and so does the right password then, for a while", async () => {
    await invited(tenant, "guessed@example.org");
    const browser = newBrowser();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => signIn(newBrowser(), tenant, "guessed@example.org", `wrong guess number ${i}`)),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(5);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(7);
    await env.DB.prepare("UPDATE sign_in_tries SET next_at = next_at + 60000 WHERE next_at > 0").run();
    expect((await signIn(browser, tenant, "guessed@example.org")).status).toBe(429);
    await env.DB.prepare("UPDATE sign_in_tries SET next_at = 0").run();
    expect((await signIn(browser, tenant, "guessed@example.org")).status).toBe(303);
  });

  it("cannot have a form sent from elsewhere, or without its token", async () => {
    const fields = { email: "ada@example.org", password: PASSWORD, tenant: tenant.id, return_to: "/account" };
    const browser = newBrowser();
    const page = await (await browser.get("/signin")).text();
    const token = /name="form_token" value="([^"]+)"/.exec(page)?.[1] ?? "";
    const tries = [
      await browser.post("/signin/password", fields),
      await browser.post("/signin/password", { ...fields, form_token: "0".repeat(64) }),
      await browser.post("/signin/password", { ...fields, form_token: token }, { Origin: "http://evil.test" }),
      await browser.post("/signin/password", { ...fields, form_token: token }, { Origin: "null" }),
      await browser.post("/signin/password", { ...fields, form_token: token }, {}),
      await newBrowser().post("/signin/password", { ...fields, form_token: token }),
    ];
    expect(tries.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403]);
    expect(browser.cookies.has("__Host-soma-session")).toBe(false);
    expect((await browser.post("/signin/password", { ...fields, form_token: token }, { "Sec-Fetch-Site": "same-origin" })).status).toBe(
      303,
    );
  });

  it.each([
    "//evil.test",
    "https://evil.test",
    "/\\evil.test",
    "/\t/evil.test",
    "javascript:alert(1)",
    "\\\\evil.test",
    "/..//evil.test",
    "",
  ])("cannot have whoever signs in sent to %j", async (target) => {
    const answer = await signIn(newBrowser(), tenant, "ada@example.org", PASSWORD, target);
    const location = answer.headers.get("Location") ?? "";
    expect(new URL(location, "http://soma.test").origin).toBe("http://soma.test");
    expect(location.startsWith("//")).toBe(false);
  });

  it("finds pages that run nothing, are framed by nobody and keep nothing", async () => {
    for (const path of ["/signin", "/signin/forgotten", "/signin/signed-out", "/signin/link/x"]) {
      const page = await newBrowser().get(path);
      const policy = page.headers.get("Content-Security-Policy") ?? "";
      for (const part of ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"])
        expect(policy).toContain(part);
      expect(policy).not.toContain("unsafe-inline");
      expect(page.headers.get("Cache-Control")).toBe("no-store");
      expect(await page.text()).not.toContain("<script");
    }
    const cookie = (await newBrowser().get("/signin")).headers.get("Set-Cookie") ?? "";
    for (const part of ["__Host-", "HttpOnly", "Secure", "SameSite=Strict", "Path=/"]) expect(cookie).toContain(part);
  });
});

describe("a sign-in", () => {
  let tenant: TestTenant;
  let user: string;
  beforeAll(async () => {
    tenant = await newTenant();
    user = await invited(tenant, "ada@example.org");
  });
  const isIn = async (browser: TestBrowser) => (await browser.get("/account")).status === 200;
  const signedIn = async () => {
    const browser = newBrowser();
    expect((await signIn(browser, tenant, "ada@example.org")).status).toBe(303);
    return browser;
  };

  it("ends when its owner signs out, here alone or everywhere", async () => {
    const [one, two, three] = [await signedIn(), await signedIn(), await signedIn()];
    const kept = new Map(one.cookies);
    expect((await one.submit("/account", "/account/sign-out", {})).headers.get("Location")).toBe("/signin/signed-out");
    for (const [name, value] of kept) one.cookies.set(name, value);
    expect([await isIn(one), await isIn(two)]).toEqual([false, true]);
    await two.submit("/account", "/account/sign-ins/end-all", {});
    expect([await isIn(two), await isIn(three)]).toEqual([false, false]);
  });

  it.each([
    ["it was not used for its idle time", "UPDATE sign_in_sessions SET last_seen_at = last_seen_at - 3600000"],
    ["its life is over", "UPDATE sign_in_sessions SET ends_at = 1"],
    ["its user is deactivated", "UPDATE users SET active = 0"],
    ["its tenant is suspended", "UPDATE tenants SET status = 'suspended'"],
    ["a second factor is still to come", "UPDATE sign_in_sessions SET pending = 'second-factor'"],
  ])("does not count when %s", async (_, change) => {
    const browser = await signedIn();
    expect(await isIn(browser)).toBe(true);
    await env.DB.prepare(change).run();
    expect(await isIn(browser)).toBe(false);
    await env.DB.batch([env.DB.prepare("UPDATE users SET active = 1"), env.DB.prepare("UPDATE tenants SET status = 'active'")]);
  });

  it("gets another cookie each time, also over one that somebody planted", async () => {
    const mallory = await signedIn();
    const planted = mallory.cookies.get("__Host-soma-session") ?? "";
    const victim = newBrowser();
    victim.cookies.set("__Host-soma-session", planted);
    await signIn(victim, tenant, "ada@example.org");
    expect(victim.cookies.get("__Host-soma-session")).not.toBe(planted);
    expect(await isIn(mallory)).toBe(false);
  });

  it("with a changed password stands in this browser and nowhere else", async () => {
    const [here, there] = [await signedIn(), await signedIn()];
    const change = (fields: Record<string, string>) => here.submit("/account", "/account/password", fields);
    expect((await change({ current: "not the password", password: "eight glaciers melt slowly" })).status).toBe(400);
    expect((await change({ current: PASSWORD, password: "eight glaciers melt slowly" })).status).toBe(200);
    expect([await isIn(here), await isIn(there)]).toEqual([true, false]);
    expect((await change({ current: "eight glaciers melt slowly", password: PASSWORD })).status).toBe(200);
  });

  it("by a forgotten password is set anew by one link, which ends the others", async () => {
    const browser = await signedIn();
    await newBrowser().submit("/signin/forgotten", "/signin/forgotten", { email: "ada@example.org", tenant: tenant.id });
    await expect.poll(async () => JSON.stringify(await (await tenant.fetch("/v1/notifications")).json())).toContain("Set a new password");
    const link = await linkTo(tenant, "ada@example.org");
    expect((await newBrowser().submit(link, link, { password: PASSWORD })).status).toBe(303);
    expect(await isIn(browser)).toBe(false);
  });

  it("is in the audit log with whatever led to it, without password or link", async () => {
    await signIn(newBrowser(), tenant, "ada@example.org", "a wrong password indeed");
    await signedIn();
    await expect
      .poll(async () => JSON.stringify(await (await tenant.fetch("/v1/audit/events?limit=200")).json()), { timeout: 10_000 })
      .toMatch(/sign-in\.failed/);
    const events = JSON.stringify(await (await tenant.fetch("/v1/audit/events?limit=200")).json());
    for (const action of ["user.created", "sign-in.succeeded", "password.set-by-link"]) expect(events).toContain(action);
    for (const secret of [PASSWORD, "a wrong password indeed", "/signin/link/"]) expect(events).not.toContain(secret);
    expect(events).toContain(user);
  });
});

describe("a kept password", () => {
  it("that has not our form stops nothing and opens nothing", async () => {
    await expect(verifyPassword("x", "scrypt$31$8$1$AAAAAAAAAAAAAAAAAAAAAA$x")).rejects.toThrow(/form/);
    expect(await verifyPassword("x", undefined)).toBe(false);
  });
});
