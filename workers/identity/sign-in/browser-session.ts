import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { systemClock } from "../../platform/clock.ts";
import { digestsEqual, randomToken, sha256Hex } from "../../platform/crypto.ts";
import { type Id, isId, newId, parseId, type TenantId } from "../../platform/ids.ts";
import { Problem } from "../../platform/problem.ts";
import type { HttpEnv } from "../../platform/route.ts";
import { readTenant } from "../store.ts";
import { readUser } from "../users/store.ts";
import { deleteSession, findSession, insertSession, raiseSession, type SignInSessionRow, touchSession } from "./store.ts";

/**
 * The sign-in of a browser: a cookie `sid_….secret`, of which the database keeps the hash. It serves our own pages alone (sign-in,
 * consent, account); the API takes tokens and keys, so that no page elsewhere can make a browser call it.
 *
 * Lives are those of NIST SP 800-63B-4 §2.2.3 (AAL2): an hour unused, a day in all, unless the tenant sets shorter or longer ones.
 */

/** `__Host-`: of this host alone, over TLS (or to the machine itself), for every path, set by no page of a sister domain. */
const COOKIE = "__Host-soma-session";
const COOKIE_OPTIONS = { path: "/", secure: true, httpOnly: true, sameSite: "Lax" } as const;
const SECRET_BYTES = 32;
/** That a session was used is kept to the minute, so that it costs a row a minute and not one a page. */
const LAST_SEEN_GRAIN_MS = 60_000;
/** Between the password and the second factor. */
const PENDING_LIFE_MS = 600_000;
const MAX_BROWSER_CHARACTERS = 200;

/** Who is signed in with this browser, and how that was proved. */
export interface BrowserSession {
  readonly id: Id<"signInSession">;
  readonly tenant: TenantId;
  readonly user: Id<"user">;
  /** Values of RFC 8176. */
  readonly amr: readonly string[];
  /** Milliseconds since the epoch, as all times here. */
  readonly authTime: number;
  readonly mfaAt: number | undefined;
  readonly endsAt: number;
}

/** What a new session begins with. */
export interface NewSession {
  readonly tenant: TenantId;
  readonly user: Id<"user">;
  readonly amr: readonly string[];
  readonly authTime: number;
  readonly mfaAt?: number;
  /** The password was right and a second factor is still to come: until then nobody is signed in. */
  readonly pending?: "second-factor";
}

/** Who is signed in with the browser that asks; undefined when nobody is, or the session, the user or the tenant has ended. */
export async function browserSession(context: Context<HttpEnv>): Promise<BrowserSession | undefined> {
  const row = await presented(context);
  return row === undefined || row.pending !== null ? undefined : toSession(row);
}

/** Whose password was right, while the second factor is still to come; undefined otherwise. */
export async function pendingSession(context: Context<HttpEnv>): Promise<BrowserSession | undefined> {
  const row = await presented(context);
  return row?.pending === "second-factor" ? toSession(row) : undefined;
}

/** Signs a browser in: a new session with a new secret, whatever cookie it came with (no session fixation), which ends. */
export async function startBrowserSession(context: Context<HttpEnv>, session: NewSession): Promise<BrowserSession> {
  const { env } = context;
  const now = systemClock.now();
  const before = await presented(context);
  if (before !== undefined) await deleteSession(env, parseId("tenant", before.tenant), before.user, before.id);
  const { idleMs, lifeMs } = (await readTenant(env, session.tenant))?.signIn ?? missingTenant();
  const secret = randomToken(SECRET_BYTES);
  const row: SignInSessionRow = {
    id: newId("signInSession", now),
    tenant: session.tenant,
    user: session.user,
    secretHash: sha256Hex(secret),
    amr: session.amr.join(" "),
    pending: session.pending ?? null,
    authTime: session.authTime,
    mfaAt: session.mfaAt ?? null,
    browser: (context.req.header("user-agent") ?? "").slice(0, MAX_BROWSER_CHARACTERS),
    createdAt: now,
    lastSeenAt: now,
    idleMs,
    endsAt: now + (session.pending === undefined ? lifeMs : PENDING_LIFE_MS),
  };
  await insertSession(env, row);
  giveCookie(context, row, secret);
  return toSession(row);
}

/**
 * Keeps that a second factor was verified now: a pending session becomes one that counts, and each gets a new secret, since its right has grown.
 * @param amr what the factor adds: `otp`, `hwk`, `swk` …; `mfa` is added by itself
 * @throws Problem `invalid-credential` when the session has ended meanwhile
 */
export async function noteSecondFactor(context: Context<HttpEnv>, amr: readonly string[]): Promise<BrowserSession> {
  const now = systemClock.now();
  const row = await presented(context);
  const tenant = row === undefined ? undefined : await readTenant(context.env, parseId("tenant", row.tenant));
  if (row === undefined || tenant === undefined) throw ended();
  const secret = randomToken(SECRET_BYTES);
  const raised = {
    secretHash: sha256Hex(secret),
    amr: [...new Set([...row.amr.split(" "), ...amr, "mfa"])].join(" "),
    pending: null,
    mfaAt: now,
    endsAt: row.createdAt + tenant.signIn.lifeMs,
  };
  if (!(await raiseSession(context.env, row, raised))) throw ended();
  giveCookie(context, { ...row, ...raised }, secret);
  return toSession({ ...row, ...raised });
}

/** Signs the browser out. @returns the session that ended; undefined when there was none */
export async function endBrowserSession(context: Context<HttpEnv>): Promise<BrowserSession | undefined> {
  const row = await presented(context);
  setCookie(context, COOKIE, "", { ...COOKIE_OPTIONS, maxAge: 0 });
  if (row === undefined) return undefined;
  await deleteSession(context.env, parseId("tenant", row.tenant), row.user, row.id);
  return toSession(row);
}

/** The row that the browser's cookie opens, if it stands, and the user and the tenant with it. */
async function presented(context: Context<HttpEnv>): Promise<SignInSessionRow | undefined> {
  const [id = "", secret = ""] = (getCookie(context, COOKIE) ?? "").split(".");
  if (!isId("signInSession", id) || !/^[A-Za-z0-9_-]{43}$/.test(secret)) return undefined;
  const now = systemClock.now();
  const row = await findSession(context.env, id);
  if (row === undefined || !digestsEqual(row.secretHash, sha256Hex(secret))) return undefined;
  if (now >= row.endsAt || now - row.lastSeenAt >= row.idleMs) return undefined;
  const tenant = parseId("tenant", row.tenant);
  const [user, home] = await Promise.all([readUser(context.env, tenant, row.user), readTenant(context.env, tenant)]);
  if (user?.active !== true || home?.status !== "active") return undefined;
  if (now - row.lastSeenAt >= LAST_SEEN_GRAIN_MS) await touchSession(context.env, id, now);
  return row;
}

function giveCookie(context: Context<HttpEnv>, row: SignInSessionRow, secret: string): void {
  // No `Expires`: the cookie goes with the browser, and the session with its own times.
  setCookie(context, COOKIE, `${row.id}.${secret}`, COOKIE_OPTIONS);
}

function toSession(row: SignInSessionRow): BrowserSession {
  return {
    id: parseId("signInSession", row.id),
    tenant: parseId("tenant", row.tenant),
    user: parseId("user", row.user),
    amr: row.amr.split(" "),
    authTime: row.authTime,
    mfaAt: row.mfaAt ?? undefined,
    endsAt: row.endsAt,
  };
}

function ended(): Problem {
  return new Problem("invalid-credential", "The sign-in has ended; sign in again.");
}

function missingTenant(): never {
  throw new Problem("not-found", "The organisation is no longer here.");
}
