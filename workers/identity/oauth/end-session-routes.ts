import type { Context } from "hono";
import { decodeProtectedHeader, errors, jwtVerify } from "jose";
import { recordChange } from "../../audit/record.ts";
import { systemClock } from "../../platform/clock.ts";
import { fieldsOf, readForm } from "../../platform/form.ts";
import { Problem } from "../../platform/problem.ts";
import { type HttpEnv, newRouter } from "../../platform/route.ts";
import { continuePage } from "../pages/page.ts";
import { browserSession, endBrowserSession } from "../sign-in/browser-session.ts";
import { checkedForm, FORM_TOKEN_FIELD } from "../sign-in/form-guard.ts";
import { publicKeyOf, SIGNING_ALGORITHM } from "../signing-keys.ts";
import type { ClientHost } from "./authenticate-client.ts";
import { hostOf, parametersOf, principalOf } from "./authorize-routes.ts";
import type { OAuthClient } from "./client.ts";
import { findClient } from "./find-client.ts";
import { revokeTokensOf } from "./grants.ts";
import { OAuthError } from "./oauth-error.ts";
import { donePage, refusalPage, signOutPage } from "./pages.ts";

/** OpenID Connect RP-Initiated Logout 1.0. */
export const endSessionRoutes = newRouter();

/** An ID token proves which client its user signed in to long after it has ended; a year is longer than any session. */
const HINT_TOLERANCE_SECONDS = 31_536_000;

endSessionRoutes.get("/oauth/end-session", (context) =>
  refused(context, () => endSession(context, parametersOf(new URL(context.req.url).searchParams), "link")),
);

endSessionRoutes.post("/oauth/end-session", (context) =>
  refused(context, async () => {
    const copy = context.req.raw.clone();
    const form = await readForm(copy);
    // With the token of our own page's form it is the user's answer; without, a client's request like any link.
    if (!form.has(FORM_TOKEN_FIELD)) return endSession(context, fieldsOf(new URLSearchParams([...form])), "link");
    return endSession(context, await checkedForm(context), "answer");
  }),
);

/**
 * Signs the user out and sends them on, if the client may be sent to there. Who comes by a link without an ID token of theirs is asked
 * first: any page could have such a link.
 */
async function endSession(context: Context<HttpEnv>, parameters: ReadonlyMap<string, string>, by: "link" | "answer"): Promise<Response> {
  const host = hostOf(context);
  const hint = parameters.get("id_token_hint");
  const told = hint === undefined ? undefined : await hintOf(host, hint);
  const clientId = told?.client ?? parameters.get("client_id");
  if (told !== undefined && parameters.has("client_id") && parameters.get("client_id") !== told.client)
    throw new OAuthError("invalid_request", "The ID token is another client's.");
  const client = clientId === undefined ? undefined : await findClient(host.env, host.clock, host.issuer, clientId);
  const next = nextAddress(client, parameters);
  const session = await browserSession(context);
  if (session !== undefined && by === "link" && told?.subject !== session.user) return signOutPage(context, parameters);
  const ended = await endBrowserSession(context);
  if (ended !== undefined) {
    await revokeTokensOf(context.env, systemClock, ended.tenant, ended.id);
    const principal = principalOf(ended, client ?? { id: "browser" });
    await recordChange(context.env, systemClock, principal, { action: "sign-in.ended", resource: ended.id });
  }
  if (next === undefined) return donePage(context, "Signed out", "You are signed out of SomaAgent in this browser.");
  return by === "link" ? context.redirect(next, 303) : continuePage(context, next, "Signed out");
}

/** Where a client may have its users sent after they signed out: an address that it registered, character by character. */
function nextAddress(client: OAuthClient | undefined, parameters: ReadonlyMap<string, string>): string | undefined {
  const wanted = parameters.get("post_logout_redirect_uri");
  if (wanted === undefined) return undefined;
  if (client?.postLogoutRedirectUris.includes(wanted) !== true)
    throw new OAuthError("invalid_request", "The post_logout_redirect_uri is not one that this client registered.");
  const address = new URL(wanted);
  const state = parameters.get("state");
  if (state !== undefined) address.searchParams.set("state", state);
  return address.href;
}

/** The user and the client of an ID token of ours, also of one that has ended. @throws OAuthError when it is none of ours */
async function hintOf({ env, clock, issuer }: ClientHost, token: string): Promise<{ subject: string; client: string }> {
  try {
    const { payload } = await jwtVerify(token, await publicKeyOf(env, clock, decodeProtectedHeader(token).kid), {
      issuer,
      algorithms: [SIGNING_ALGORITHM],
      typ: "JWT",
      clockTolerance: HINT_TOLERANCE_SECONDS,
      currentDate: new Date(clock.now()),
    });
    if (payload.sub !== undefined && typeof payload.aud === "string") return { subject: payload.sub, client: payload.aud };
  } catch (error) {
    const isOurs = !(error instanceof errors.JOSEError || error instanceof Problem || error instanceof TypeError);
    if (isOurs) throw error;
  }
  throw new OAuthError("invalid_request", "The ID token was not made here, or so long ago that its key is gone.");
}

async function refused(context: Context<HttpEnv>, answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof OAuthError) return refusalPage(context, error);
    throw error;
  }
}
