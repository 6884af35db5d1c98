import { z } from "zod";
import type { ClientHost } from "./authenticate-client.ts";
import type { OAuthClient } from "./client.ts";
import { MFA_ACR } from "./issue.ts";
import { OAuthError } from "./oauth-error.ts";
import { CODE_CHALLENGE } from "./pkce.ts";
import { isRegisteredRedirect } from "./redirect-uri.ts";
import { checkedResource } from "./resource.ts";
import { requestedScopes, type Scope } from "./scopes.ts";
import { keepTicket, seeTicket } from "./tickets.ts";

/** `state` and `nonce` are the client's to choose; they come back as they are, so they must fit an address. */
const MAX_ECHOED_CHARACTERS = 2_048;
const MAX_HINT_CHARACTERS = 320;
const PROMPTS = ["none", "login", "consent", "select_account"] as const;
type Prompt = (typeof PROMPTS)[number];

/** How long a request that was pushed, or that waits for a new sign-in, is kept: a person may have to look for a telephone. */
export const REQUEST_LIFE_SECONDS = 600;
const REQUEST_URI = "urn:ietf:params:oauth:request_uri:";

/** An authorization request that is right in itself (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1). */
export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly scopes: readonly Scope[];
  readonly codeChallenge: string;
  readonly nonce: string | undefined;
  readonly resource: string | undefined;
  readonly prompts: readonly Prompt[];
  /** How long ago the user may have signed in. */
  readonly maxAgeMs: number | undefined;
  readonly needsSecondFactor: boolean;
  readonly loginHint: string | undefined;
}

/** Where the answer to a request goes, right or wrong. */
export interface AnswerAddress {
  readonly redirectUri: string;
  readonly state: string | undefined;
}

/**
 * Where a request may be answered. Before this is known nothing is sent anywhere: an error is shown to the user alone (RFC 6749 §4.1.2.1).
 * @throws OAuthError `invalid_request`
 */
export function answerAddress(client: OAuthClient, parameters: ReadonlyMap<string, string>): AnswerAddress {
  const redirectUri = parameters.get("redirect_uri");
  if (redirectUri === undefined) throw new OAuthError("invalid_request", "redirect_uri is needed.");
  if (!isRegisteredRedirect(redirectUri, client.redirectUris))
    throw new OAuthError("invalid_request", "The redirect_uri is not one that this client registered, character by character.");
  const state = parameters.get("state");
  if (state !== undefined && state.length > MAX_ECHOED_CHARACTERS) throw new OAuthError("invalid_request", "The state is too long.");
  return { redirectUri, state };
}

/**
 * Reads the parameters of an authorization request.
 * @throws OAuthError which goes to the client by the address that `answerAddress` found
 */
export function parseAuthorizationRequest(
  { issuer }: Pick<ClientHost, "issuer">,
  client: OAuthClient,
  parameters: ReadonlyMap<string, string>,
): AuthorizationRequest {
  const { redirectUri, state } = answerAddress(client, parameters);
  checkKind(client, parameters);
  const nonce = parameters.get("nonce");
  if (nonce !== undefined && nonce.length > MAX_ECHOED_CHARACTERS) throw new OAuthError("invalid_request", "The nonce is too long.");
  const prompts = promptsOf(parameters.get("prompt"));
  const maxAgeMs = maxAgeOf(parameters.get("max_age"));
  const acr = parameters.get("acr_values")?.split(" ") ?? [];
  return {
    redirectUri,
    state,
    nonce,
    scopes: requestedScopes(parameters.get("scope"), client.scopes),
    codeChallenge: challengeOf(parameters),
    resource: checkedResource(parameters.get("resource"), issuer, client),
    // No sign-in is younger than nothing: asking for it is asking for a new one.
    prompts: maxAgeMs === 0 && !prompts.includes("login") ? [...prompts, "login"] : prompts,
    maxAgeMs: maxAgeMs === 0 ? undefined : maxAgeMs,
    needsSecondFactor: acr.includes(MFA_ACR),
    loginHint: parameters.get("login_hint")?.slice(0, MAX_HINT_CHARACTERS),
  };
}

function checkKind(client: OAuthClient, parameters: ReadonlyMap<string, string>): void {
  if (parameters.has("request")) throw new OAuthError("request_not_supported", "Signed requests are not taken; push the request instead.");
  if (parameters.has("request_uri")) throw new OAuthError("request_uri_not_supported", "Only request URIs of this platform are taken.");
  if (parameters.get("response_type") !== "code") throw new OAuthError("unsupported_response_type", "response_type must be code.");
  const mode = parameters.get("response_mode");
  if (mode !== undefined && mode !== "query") throw new OAuthError("invalid_request", "response_mode must be query.");
  if (!client.grantTypes.includes("authorization_code"))
    throw new OAuthError("unauthorized_client", "This client was not registered for authorization codes.");
}

/** PKCE by S256 is asked of every client, so that no request can be brought down to less (RFC 9700 §2.1.1). */
function challengeOf(parameters: ReadonlyMap<string, string>): string {
  const challenge = parameters.get("code_challenge");
  if (challenge === undefined) throw new OAuthError("invalid_request", "code_challenge is needed (PKCE).");
  if (parameters.get("code_challenge_method") !== "S256") throw new OAuthError("invalid_request", "code_challenge_method must be S256.");
  if (!CODE_CHALLENGE.test(challenge)) throw new OAuthError("invalid_request", "code_challenge is not the base64url of 32 bytes.");
  return challenge;
}

function promptsOf(parameter: string | undefined): Prompt[] {
  const names = parameter?.split(" ").filter((name) => name !== "") ?? [];
  const prompts = PROMPTS.filter((prompt) => names.includes(prompt));
  if (prompts.length !== new Set(names).size) throw new OAuthError("invalid_request", "prompt holds a value that is not known.");
  if (prompts.includes("none") && prompts.length > 1) throw new OAuthError("invalid_request", "prompt=none stands alone.");
  return prompts;
}

function maxAgeOf(parameter: string | undefined): number | undefined {
  if (parameter === undefined) return undefined;
  if (!/^\d{1,9}$/.test(parameter)) throw new OAuthError("invalid_request", "max_age must be a number of seconds.");
  return Number(parameter) * 1_000;
}

const keptSchema = z.object({
  client: z.string(),
  parameters: z.array(z.tuple([z.string(), z.string()])),
  /** Milliseconds since 1970: a sign-in before it does not count. */
  signedInAfter: z.number().optional(),
});

/** A request that is kept here while its user is elsewhere. */
export interface KeptRequest {
  readonly client: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly signedInAfter: number | undefined;
}

/** Keeps the parameters of a request. @returns the `request_uri` that stands for them (RFC 9126 §2.2) */
export async function keepRequest({ env, clock }: ClientHost, request: KeptRequest): Promise<string> {
  const document = { client: request.client, parameters: [...request.parameters], signedInAfter: request.signedInAfter };
  return `${REQUEST_URI}${await keepTicket(env, clock, "request", document, REQUEST_LIFE_SECONDS)}`;
}

/**
 * The request that a `request_uri` of ours stands for. It may be opened again until a code was made for it.
 * @throws OAuthError `invalid_request_uri` when it is none, too old, used, or was kept for another client
 */
export async function keptRequest({ env, clock }: ClientHost, requestUri: string, clientId: string | undefined): Promise<KeptRequest> {
  const kept = await seeTicket(env, clock, "request", requestTicket(requestUri));
  const request = kept === undefined || kept.isUsed ? undefined : keptSchema.parse(kept.document);
  if (request === undefined || request.client !== clientId)
    throw new OAuthError("invalid_request_uri", "The request_uri is not valid: it is too old, used, or another client's.");
  return { client: request.client, parameters: new Map(request.parameters), signedInAfter: request.signedInAfter };
}

/** The secret in a `request_uri`. */
export function requestTicket(requestUri: string): string {
  return requestUri.startsWith(REQUEST_URI) ? requestUri.slice(REQUEST_URI.length) : "";
}

/** The parameters that a client may push or send: proofs of the client itself are no part of the request. */
export function withoutClientProof(form: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const proofs = ["client_secret", "client_assertion", "client_assertion_type"];
  return new Map([...form].filter(([name]) => !proofs.includes(name)));
}
