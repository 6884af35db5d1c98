import { z } from "zod";
import type { BrowserSession } from "../sign-in/browser-session.ts";
import type { ClientHost } from "./authenticate-client.ts";
import { type AuthorizationRequest, requestTicket } from "./authorization-request.ts";
import type { OAuthClient } from "./client.ts";
import { newCode } from "./code-grant.ts";
import { keepConsent, needsConsent } from "./consents.ts";
import { OAuthError } from "./oauth-error.ts";
import { personOf } from "./person.ts";
import { grantedScopes, parseScope, type Scope } from "./scopes.ts";
import { keepTicket, takeTicket } from "./tickets.ts";

/** How long a page that asks for consent may stand open. */
const CONSENT_LIFE_SECONDS = 600;

/** What has to happen next for a request to be answered. */
export type NextStep =
  | { readonly step: "sign-in"; readonly isAgain: boolean }
  | { readonly step: "second-factor" }
  | { readonly step: "ask"; readonly ticket: string; readonly scopes: readonly Scope[] }
  | { readonly step: "answer"; readonly code: string };

/** A request on its way through the pages: what it was kept under when it was, and from when on a sign-in counts. */
export interface PendingRequest {
  readonly client: OAuthClient;
  readonly request: AuthorizationRequest;
  readonly requestUri: string | undefined;
  readonly signedInAfter: number | undefined;
}

/**
 * What stands between an authorization request and its code: somebody signed in, lately and strongly enough, of the client's tenant, who agrees.
 * @throws OAuthError `login_required`, `consent_required`, `access_denied`, for the client
 */
export async function nextStep(host: ClientHost, pending: PendingRequest, session: BrowserSession | undefined): Promise<NextStep> {
  const { client, request } = pending;
  const mayAsk = !request.prompts.includes("none");
  const needed = session === undefined ? "sign-in" : signInNeeded(host.clock.now(), pending, session);
  if (session === undefined || needed !== undefined) {
    if (!mayAsk) throw new OAuthError("login_required", "The user has to sign in, which prompt=none does not allow.");
    return needed === "second-factor" ? { step: "second-factor" } : { step: "sign-in", isAgain: session !== undefined };
  }
  if (client.tenant !== undefined && client.tenant !== session.tenant)
    throw new OAuthError("access_denied", "The user belongs to another organisation than this client.");
  const person = await personOf(host.env, host.clock, { tenant: session.tenant, subject: session.user, browserSession: session.id });
  if (person === undefined) throw new OAuthError("access_denied", "The user is not active.");
  const scopes = grantedScopes(request.scopes, person.capabilities);
  if (!(await needsConsent(host.env, { tenant: session.tenant, subject: session.user }, client, request)))
    return { step: "answer", code: await codeFor(host, pending, session, scopes) };
  if (!mayAsk) throw new OAuthError("consent_required", "The user has to agree, which prompt=none does not allow.");
  return { step: "ask", scopes, ticket: await keepQuestion(host, pending, session, scopes) };
}

function signInNeeded(
  now: number,
  { request, signedInAfter }: PendingRequest,
  session: BrowserSession,
): "sign-in" | "second-factor" | undefined {
  const isNewOneAsked = request.prompts.includes("login") || request.prompts.includes("select_account");
  // A page that sent its user to sign in keeps from when on it counts, so that it does not send them there for ever.
  if (signedInAfter === undefined ? isNewOneAsked : session.authTime < signedInAfter) return "sign-in";
  if (request.maxAgeMs !== undefined && now - session.authTime > request.maxAgeMs) return "sign-in";
  return request.needsSecondFactor && session.mfaAt === undefined ? "second-factor" : undefined;
}

const questionSchema = z.object({
  session: z.string(),
  client: z.string(),
  scopes: z.string(),
  redirectUri: z.string(),
  state: z.string().optional(),
  codeChallenge: z.string(),
  nonce: z.string().optional(),
  resource: z.string().optional(),
  requestUri: z.string().optional(),
});

/** What was asked of a user, as it was shown to them: their answer is about this and nothing that comes with it. */
export type Question = z.infer<typeof questionSchema>;

function keepQuestion(host: ClientHost, pending: PendingRequest, session: BrowserSession, scopes: readonly Scope[]): Promise<string> {
  const { redirectUri, state, codeChallenge, nonce, resource } = pending.request;
  const question = { session: session.id, client: pending.client.id, scopes: scopes.join(" "), requestUri: pending.requestUri };
  const kept = { ...question, redirectUri, state, codeChallenge, nonce, resource };
  return keepTicket(host.env, host.clock, "consent", kept, CONSENT_LIFE_SECONDS);
}

/** The question that a page of this browser's session asked; it can be answered once. Undefined when it is none, too old, or another's. */
export async function takeQuestion(host: ClientHost, ticket: string, session: BrowserSession): Promise<Question | undefined> {
  const taken = await takeTicket(host.env, host.clock, "consent", ticket);
  const question = taken === undefined ? undefined : questionSchema.parse(taken);
  return question?.session === session.id ? question : undefined;
}

/** The code for a question that its user has answered with yes. @throws OAuthError */
export async function codeForConsent(host: ClientHost, client: OAuthClient, question: Question, session: BrowserSession): Promise<string> {
  const scopes = parseScope(question.scopes);
  await keepConsent(host.env, host.clock, { tenant: session.tenant, subject: session.user }, client.id, scopes);
  return makeCode(host, { ...question, client: client.id }, session, scopes);
}

function codeFor(host: ClientHost, { client, request, requestUri }: PendingRequest, session: BrowserSession, scopes: readonly Scope[]) {
  return makeCode(host, { ...request, client: client.id, requestUri }, session, scopes);
}

interface CodeOf {
  readonly client: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly nonce?: string | undefined;
  readonly resource?: string | undefined;
  readonly requestUri?: string | undefined;
}

async function makeCode(host: ClientHost, of: CodeOf, session: BrowserSession, scopes: readonly Scope[]): Promise<string> {
  // One request, one code: a pushed request is used up by the code that is made for it (RFC 9126 §7.3).
  if (of.requestUri !== undefined && (await takeTicket(host.env, host.clock, "request", requestTicket(of.requestUri))) === undefined)
    throw new OAuthError("invalid_request", "This request was answered before; begin again.");
  const { amr, authTime, mfaAt } = session;
  return newCode(
    host.env,
    host.clock,
    {
      tenant: session.tenant,
      subject: session.user,
      client: of.client,
      scopes,
      resource: of.resource,
      signIn: { amr: [...amr], authTime, ...(mfaAt === undefined ? {} : { mfaAt }) },
      browserSession: session.id,
    },
    { redirectUri: of.redirectUri, codeChallenge: of.codeChallenge, nonce: of.nonce },
  );
}
