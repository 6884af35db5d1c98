import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import type { HttpEnv } from "../../platform/route.ts";
import { openCarried, sealFor } from "../sealed.ts";

/** `__Host-`: of this host alone. `Lax`: it comes along when the issuer sends the browser back. */
const COOKIE = "__Host-soma-federation";
const COOKIE_OPTIONS = { path: "/", secure: true, httpOnly: true, sameSite: "Lax" } as const;
const PURPOSE = "federation-sign-in";
/** As long as a person may take at their issuer: password, second factor, consent. */
export const SIGN_IN_LIFETIME_MS = 600_000;

const stateSchema = z.object({
  /** The issuer that the browser was sent to: an answer that comes in another one's name is not its own (mix-up, RFC 9700 §4.4). */
  issuer: z.string(),
  tenant: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
  expiresAt: z.number(),
});
/** What a sign-in at an issuer began with. */
export type SignInState = z.infer<typeof stateSchema>;

/** Gives the browser what its sign-in began with, sealed: the platform keeps nothing of sign-ins that nobody ends. */
export async function keepState(context: Context<HttpEnv>, state: SignInState): Promise<void> {
  const sealed = await sealFor(context.env, PURPOSE, JSON.stringify(state));
  setCookie(context, COOKIE, sealed, { ...COOKIE_OPTIONS, maxAge: SIGN_IN_LIFETIME_MS / 1_000 });
}

/** What the browser's sign-in began with; undefined when it began none, in this browser, not long ago. The browser forgets it by this. */
export async function takeState(context: Context<HttpEnv>, now: number): Promise<SignInState | undefined> {
  const sealed = getCookie(context, COOKIE);
  setCookie(context, COOKIE, "", { ...COOKIE_OPTIONS, maxAge: 0 });
  const opened = sealed === undefined ? undefined : await openCarried(context.env, PURPOSE, sealed);
  const state = opened === undefined ? undefined : stateSchema.parse(JSON.parse(opened));
  return state === undefined || state.expiresAt <= now ? undefined : state;
}
