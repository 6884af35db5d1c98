import type { Context } from "hono";
import { recordChange } from "../../audit/record.ts";
import { systemClock } from "../../platform/clock.ts";
import { fieldsOf, readForm } from "../../platform/form.ts";
import type { Principal } from "../../platform/principal.ts";
import { Problem } from "../../platform/problem.ts";
import { type HttpEnv, newRouter } from "../../platform/route.ts";
import { continuePage } from "../pages/page.ts";
import { type BrowserSession, browserSession } from "../sign-in/browser-session.ts";
import { checkedForm } from "../sign-in/form-guard.ts";
import { readUser } from "../users/store.ts";
import type { ClientHost } from "./authenticate-client.ts";
import { type AnswerAddress, answerAddress, keepRequest, keptRequest, parseAuthorizationRequest } from "./authorization-request.ts";
import { codeForConsent, nextStep, type PendingRequest, takeQuestion } from "./authorize.ts";
import type { OAuthClient } from "./client.ts";
import { findClient } from "./find-client.ts";
import { OAuthError } from "./oauth-error.ts";
import { consentPage, refusalPage } from "./pages.ts";

/** Where a browser is sent to sign in and to agree (RFC 6749 §3.1). It is driven by people; programs use the endpoints. */
export const authorizeRoutes = newRouter();

authorizeRoutes.get("/oauth/authorize", async (context) => {
  try {
    return await answerRequest(context, parametersOf(new URL(context.req.url).searchParams));
  } catch (error) {
    if (error instanceof OAuthError) return refusalPage(context, error);
    throw error;
  }
});

/** A request may come as a form (OpenID Connect Core §3.1.2.1): it goes on as one that the sign-in page can come back to. */
authorizeRoutes.post("/oauth/authorize", async (context) => {
  const form = await readForm(context.req.raw);
  return context.redirect(`/oauth/authorize?${new URLSearchParams([...form])}`, 303);
});

authorizeRoutes.post("/oauth/consent", async (context) => {
  const form = await checkedForm(context);
  const host = hostOf(context);
  const session = await browserSession(context);
  const question = session === undefined ? undefined : await takeQuestion(host, form.get("ticket") ?? "", session);
  if (session === undefined || question === undefined)
    return refusalPage(context, new OAuthError("invalid_request", "The page was open for too long, or was answered before. Begin again."));
  const client = await findClient(host.env, host.clock, host.issuer, question.client);
  const address = { redirectUri: question.redirectUri, state: question.state };
  if (form.get("answer") !== "allow")
    return continuePage(context, errorAddress(host, address, new OAuthError("access_denied", "The user refused.")), "You refused");
  const code = await codeForConsent(host, client, question, session);
  await recordChange(context.env, systemClock, principalOf(session, client), { action: "oauth.consent-given", resource: client.id });
  return continuePage(context, codeAddress(host, address, code), `You allowed ${client.name}`);
});

async function answerRequest(context: Context<HttpEnv>, parameters: ReadonlyMap<string, string>): Promise<Response> {
  const host = hostOf(context);
  const client = await findClient(host.env, host.clock, host.issuer, parameters.get("client_id"));
  const requestUri = parameters.get("request_uri");
  const kept = requestUri === undefined ? undefined : await keptRequest(host, requestUri, client.id);
  if (kept === undefined && client.requiresPushedRequests)
    throw new OAuthError("invalid_request", "This client has to push its requests before it sends its users here.");
  const asked = kept?.parameters ?? parameters;
  const address = answerAddress(client, asked);
  try {
    const request = parseAuthorizationRequest(host, client, asked);
    return await goOn(context, host, { client, request, requestUri, signedInAfter: kept?.signedInAfter }, asked);
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return context.redirect(errorAddress(host, address, error), 303);
  }
}

async function goOn(
  context: Context<HttpEnv>,
  host: ClientHost,
  pending: PendingRequest,
  parameters: ReadonlyMap<string, string>,
): Promise<Response> {
  const session = await browserSession(context);
  const next = await nextStep(host, pending, session);
  switch (next.step) {
    case "answer":
      return context.redirect(codeAddress(host, pending.request, next.code), 303);
    case "second-factor":
      return context.redirect(`/signin/factor?${new URLSearchParams({ return_to: ownAddress(context) })}`, 303);
    case "sign-in":
      return context.redirect(await signInAddress(context, host, pending, { parameters, isAgain: next.isAgain }), 303);
    case "ask": {
      const user = session === undefined ? undefined : await readUser(context.env, session.tenant, session.user);
      const { client, request } = pending;
      const { ticket, scopes } = next;
      return consentPage(context, { client, scopes, as: user?.email ?? "", ticket, redirectUri: request.redirectUri });
    }
    default:
      return next satisfies never;
  }
}

/** The sign-in page, which comes back here. A request that wants a new sign-in is kept with the time, so that the old one is not taken for it. */
async function signInAddress(
  context: Context<HttpEnv>,
  host: ClientHost,
  { client, request }: PendingRequest,
  { parameters, isAgain }: { readonly parameters: ReadonlyMap<string, string>; readonly isAgain: boolean },
): Promise<string> {
  const kept = { client: client.id, parameters, signedInAfter: host.clock.now() };
  const back =
    isAgain || request.prompts.includes("login")
      ? `/oauth/authorize?${new URLSearchParams({ client_id: client.id, request_uri: await keepRequest(host, kept) })}`
      : ownAddress(context);
  const query = new URLSearchParams({ return_to: back });
  if (isAgain) query.set("prompt", "login");
  if (client.tenant !== undefined) query.set("tenant", client.tenant);
  if (request.loginHint !== undefined) query.set("login_hint", request.loginHint);
  return `/signin?${query}`;
}

function ownAddress(context: Context<HttpEnv>): string {
  const { pathname, search } = new URL(context.req.url);
  return pathname + search;
}

/** Parameters of an address, each there once. @throws OAuthError */
export function parametersOf(search: URLSearchParams): ReadonlyMap<string, string> {
  try {
    return fieldsOf(search);
  } catch (error) {
    if (error instanceof Problem) throw new OAuthError("invalid_request", "A parameter is there twice, or there are too many.");
    throw error;
  }
}

/** The platform as the OAuth endpoints see it. */
export function hostOf(context: Context<HttpEnv>): ClientHost {
  return { env: context.env, clock: systemClock, issuer: new URL(context.req.url).origin };
}

/** Who a change made in a browser is recorded under. */
export function principalOf(session: BrowserSession, client: Pick<OAuthClient, "id">): Principal {
  return {
    tenant: session.tenant,
    subject: session.user,
    kind: "user",
    roles: [],
    capabilities: [],
    credential: session.id,
    client: client.id.slice(0, 512),
    session: session.id,
  };
}

function codeAddress(host: ClientHost, address: AnswerAddress, code: string): string {
  return answerTo(host, address, { code });
}

function errorAddress(host: ClientHost, address: AnswerAddress, error: OAuthError): string {
  return answerTo(host, address, { error: error.code, error_description: error.description });
}

/** Every answer names who gives it (RFC 9207): a client of two servers can tell them apart (mix-up). */
function answerTo({ issuer }: ClientHost, { redirectUri, state }: AnswerAddress, answer: Readonly<Record<string, string>>): string {
  const address = new URL(redirectUri);
  for (const [name, value] of Object.entries({ ...answer, ...(state === undefined ? {} : { state }), iss: issuer })) {
    address.searchParams.set(name, value);
  }
  return address.href;
}
