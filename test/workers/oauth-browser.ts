import { env, SELF } from "cloudflare:test";
import { createHash } from "node:crypto";
import { drizzle } from "drizzle-orm/d1";
import { roleAssignments } from "../../workers/identity/roles/tables.ts";
import { insertSession } from "../../workers/identity/sign-in/store.ts";
import { insertUser } from "../../workers/identity/users/store.ts";
import { randomToken, sha256Hex } from "../../workers/platform/crypto.ts";
import { newId, parseId } from "../../workers/platform/ids.ts";
import type { TestTenant } from "./tenant.ts";

export const ORIGIN = "http://soma.test";

/** Someone signed in with a browser, which keeps cookies and follows nothing by itself. */
export interface TestUser {
  readonly id: string;
  readonly email: string;
  readonly session: string;
  get(path: string): Promise<Response>;
  /** Sends the form of a page, with the token that the page holds and the fields given. */
  submit(page: string, path: string, fields: Record<string, string>): Promise<Response>;
  /** Sends any form with the browser's cookies. */
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
}

/** A user of a tenant with a role, signed in a moment ago. */
export async function signedInUser(
  tenant: TestTenant,
  { role = "admin", mfaAt, authTime = Date.now() - 5_000 }: { role?: string; mfaAt?: number; authTime?: number } = {},
): Promise<TestUser> {
  const now = Date.now();
  const id = newId("user", now);
  const email = `${id.toLowerCase()}@example.org`;
  const name = { displayName: "Ada Lovelace", givenName: "Ada", familyName: "Lovelace", externalId: null, origin: "local" };
  const times = { emailVerifiedAt: now, lastSignInAt: now, createdAt: now, updatedAt: now };
  const owner = parseId("tenant", tenant.id);
  await insertUser(env, {
    id,
    tenant: owner,
    email,
    emailKey: email,
    userName: email,
    userNameKey: email,
    active: true,
    version: 1,
    ...name,
    ...times,
  });
  await drizzle(env.DB).insert(roleAssignments).values({ tenant: tenant.id, holder: id, role, createdAt: now });
  const secret = randomToken(32);
  const session = newId("signInSession", now);
  await insertSession(env, {
    id: session,
    tenant: tenant.id,
    user: id,
    secretHash: sha256Hex(secret),
    amr: mfaAt === undefined ? "pwd" : "pwd otp mfa",
    pending: null,
    authTime,
    mfaAt: mfaAt ?? null,
    browser: "a test",
    createdAt: now,
    lastSeenAt: now,
    idleMs: 3_600_000,
    endsAt: now + 86_400_000,
  });
  return { id, email, session, ...browser(`__Host-soma-session=${session}.${secret}`) };
}

/** A browser with these cookies. */
export function browser(cookie = ""): Pick<TestUser, "get" | "post" | "submit"> {
  const [first = "", held = ""] = cookie.split("=", 2);
  const jar = new Map(cookie === "" ? [] : [[first, held]]);
  const send = async (path: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    headers.set("Cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await SELF.fetch(new URL(path, ORIGIN), { ...init, headers, redirect: "manual" });
    for (const set of response.headers.getSetCookie()) {
      const [name = "", value = ""] = set.split(";")[0]?.split("=", 2) ?? [];
      jar.set(name, value);
    }
    return response;
  };
  const post: TestUser["post"] = (path, fields, headers = { Origin: ORIGIN }) =>
    send(path, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  return {
    get: (path) => send(path, {}),
    post,
    submit: (page, path, fields) => post(path, { form_token: fieldOf(page, "form_token"), ...fields }),
  };
}

/** The value of a hidden field of a page. */
export function fieldOf(page: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? "";
}

/** A PKCE pair. */
export function pkcePair(verifier = randomToken(32)): { verifier: string; challenge: string } {
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

/** Posts a form to one of the endpoints. */
export function endpoint(path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  return SELF.fetch(`${ORIGIN}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams(form).toString(),
  });
}

/** The address that a page sends its browser on to: by a redirect or by itself. */
export async function leadsTo(response: Response): Promise<URL> {
  const location = response.headers.get("location");
  if (location !== null) return new URL(location, ORIGIN);
  const page = await response.text();
  const to = /http-equiv="refresh" content="0;url=([^"]*)"/.exec(page)?.[1] ?? "";
  return new URL(to.replaceAll("&amp;", "&"));
}

/** Goes through an authorization request as its user would who agrees, and returns where it ends. */
export async function allow(user: TestUser, query: Record<string, string>): Promise<URL> {
  const shown = await user.get(`/oauth/authorize?${new URLSearchParams(query)}`);
  if (shown.status === 303) return leadsTo(shown);
  const page = await shown.text();
  return leadsTo(await user.submit(page, "/oauth/consent", { ticket: fieldOf(page, "ticket"), answer: "allow" }));
}

/** Registers a client of the tenant. */
export async function newClient(tenant: TestTenant, members: Record<string, unknown>): Promise<{ id: string; secret: string }> {
  const defaults = { name: "Reports", scopes: ["openid", "profile", "email", "offline_access", "runs.read", "sessions.read"] };
  const response = await tenant.post("/v1/oauth/clients", { ...defaults, ...members });
  if (response.status !== 201) throw new Error(await response.text());
  return response.json<{ id: string; secret: string }>();
}

export const REDIRECT = "https://app.example/callback";
export const WEB_CLIENT = {
  authMethod: "client_secret_basic",
  grantTypes: ["authorization_code", "refresh_token"],
  redirectUris: [REDIRECT],
};

export function basic({ id, secret }: { id: string; secret: string }): Record<string, string> {
  return { Authorization: `Basic ${btoa(`${id}:${secret}`)}` };
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly scope: string;
  readonly expires_in: number;
}

/** The claims of a JWT, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}

/** Signs a user in to a web client and returns its tokens. */
export async function tokensFor(
  user: TestUser,
  client: { id: string; secret: string },
  scope = "openid offline_access runs.read",
): Promise<Tokens> {
  const { verifier, challenge } = pkcePair();
  const query = {
    client_id: client.id,
    redirect_uri: REDIRECT,
    response_type: "code",
    scope,
    code_challenge: challenge,
    code_challenge_method: "S256",
  };
  const code = (await allow(user, query)).searchParams.get("code") ?? "";
  const response = await endpoint(
    "/oauth/token",
    { grant_type: "authorization_code", code, redirect_uri: REDIRECT, code_verifier: verifier },
    basic(client),
  );
  if (response.status !== 200) throw new Error(await response.text());
  return response.json<Tokens>();
}
