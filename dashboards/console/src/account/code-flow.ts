/**
 * Signing in as a user: OAuth's authorization code with PKCE, against the platform that served this page. The platform's own pages ask for
 * the password; this one never sees it. Tokens stay in memory, and what a reload needs is asked for again without a question.
 */
import { z } from "zod";

const CLIENT = "soma-console";
/** What is kept between leaving for the sign-in page and coming back, for this tab alone. */
const PENDING = "soma.sign-in";
/** That this tab was signed in: after a reload it asks for new tokens by itself. */
const WAS_SIGNED_IN = "soma.signed-in";
const CALLBACK = "/console/signed-in";
const HOME = "/console";
/** A token that ends sooner than this is renewed before it is used. */
const RENEWED_BEFORE_MS = 60_000;

const pendingSchema = z.object({ verifier: z.string(), state: z.string(), returnTo: z.string(), isSilent: z.boolean() });
const tokensSchema = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  id_token: z.string().optional(),
  expires_in: z.number(),
});

/** The tokens of the signed-in user. */
export interface UserTokens {
  readonly access: string;
  readonly refresh: string;
  readonly id: string | undefined;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Leaves for the platform's sign-in page. @param how `silently`: comes back at once when the user would have to be asked anything */
export async function leaveToSignIn(how: "visibly" | "silently"): Promise<void> {
  const [verifier, state] = [randomText(), randomText()];
  const { pathname, search, origin } = window.location;
  const returnTo = pathname === CALLBACK ? HOME : pathname + search;
  sessionStorage.setItem(PENDING, JSON.stringify({ verifier, state, returnTo, isSilent: how === "silently" }));
  const query = new URLSearchParams({
    client_id: CLIENT,
    redirect_uri: origin + CALLBACK,
    response_type: "code",
    state,
    code_challenge: await challengeOf(verifier),
    code_challenge_method: "S256",
    ...(how === "silently" ? { prompt: "none" } : {}),
  });
  window.location.assign(`/oauth/authorize?${query}`);
}

/** What coming back from the sign-in page brought: tokens, and where the user was; or why there are none. */
export type Return =
  | { readonly tokens: UserTokens; readonly returnTo: string }
  | { readonly refusal: Error | undefined; readonly returnTo: string };

/** Takes over the answer in this page's address; undefined when the page was opened otherwise. */
export async function takeOverAnswer(): Promise<Return | undefined> {
  if (window.location.pathname !== CALLBACK) return undefined;
  const answer = new URLSearchParams(window.location.search);
  const kept = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  const pending = pendingSchema.safeParse(kept === null ? undefined : JSON.parse(kept));
  if (!pending.success || answer.get("state") !== pending.data.state || answer.get("iss") !== window.location.origin)
    return { refusal: new Error("This sign-in was not begun in this tab. Begin again."), returnTo: HOME };
  const { verifier, returnTo, isSilent } = pending.data;
  const code = answer.get("code");
  if (code === null) {
    sessionStorage.removeItem(WAS_SIGNED_IN);
    const why = answer.get("error_description") ?? "The sign-in was refused.";
    return { refusal: isSilent ? undefined : new Error(why), returnTo };
  }
  try {
    const form = { grant_type: "authorization_code", code, redirect_uri: window.location.origin + CALLBACK, code_verifier: verifier };
    const tokens = await askForTokens(form);
    sessionStorage.setItem(WAS_SIGNED_IN, "yes");
    return { tokens, returnTo };
  } catch (error) {
    return { refusal: error instanceof Error ? error : new Error(String(error)), returnTo };
  }
}

/** True when this tab was signed in before it was loaded anew. */
export function wasSignedIn(): boolean {
  return sessionStorage.getItem(WAS_SIGNED_IN) !== null;
}

/** The next pair of tokens. @throws Error when the sign-in has ended */
export function renew({ refresh }: UserTokens): Promise<UserTokens> {
  return askForTokens({ grant_type: "refresh_token", refresh_token: refresh });
}

/** True when a token ends so soon that a request with it might come too late. */
export function isEnding({ expiresAt }: UserTokens): boolean {
  return expiresAt - Date.now() < RENEWED_BEFORE_MS;
}

/** Forgets that this tab was signed in. */
export function forgetSignIn(): void {
  sessionStorage.removeItem(WAS_SIGNED_IN);
}

/** Where signing out of the platform itself ends the browser's session, and comes back here. */
export function signOutAddress({ id }: UserTokens): string {
  const query = new URLSearchParams({ client_id: CLIENT, post_logout_redirect_uri: `${window.location.origin}${HOME}` });
  if (id !== undefined) query.set("id_token_hint", id);
  return `/oauth/end-session?${query}`;
}

async function askForTokens(form: Record<string, string>): Promise<UserTokens> {
  const answer = await fetch("/oauth/token", { method: "POST", body: new URLSearchParams({ ...form, client_id: CLIENT }) });
  if (!answer.ok) throw new Error("The sign-in has ended; sign in again.");
  const tokens = tokensSchema.parse(await answer.json());
  return {
    access: tokens.access_token,
    refresh: tokens.refresh_token,
    id: tokens.id_token,
    expiresAt: Date.now() + tokens.expires_in * 1_000,
  };
}

function randomText(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

async function challengeOf(verifier: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
