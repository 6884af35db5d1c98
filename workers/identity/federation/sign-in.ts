import type { Context } from "hono";
import { z } from "zod";
import type { Clock } from "../../platform/clock.ts";
import { digestsEqual, randomToken, sha256Hex } from "../../platform/crypto.ts";
import { parseId } from "../../platform/ids.ts";
import { wayOut } from "../../platform/outbound.ts";
import { Problem } from "../../platform/problem.ts";
import type { HttpEnv } from "../../platform/route.ts";
import { spend } from "../spent/spend.ts";
import type { Claims } from "./claim-rules.ts";
import { exchangeCode } from "./code-exchange.ts";
import type { IssuerSettings } from "./issuer.ts";
import { findIssuer, type KnownIssuer, readingFor, settingsOf } from "./known-issuers.ts";
import { redirectUri } from "./redirect-uri.ts";
import { keepState, SIGN_IN_LIFETIME_MS, type SignInState, takeState } from "./sign-in-state.ts";
import { findIssuerOfAnyTenant, type IssuerRow } from "./store.ts";
import { withUserinfo } from "./userinfo.ts";
import { tokenAddress, verifiedClaims } from "./verify.ts";

const RANDOM_BYTES = 32;
const MAX_ANSWER_CHARACTERS = 4_096;
const MAX_HINT_CHARACTERS = 254;

/** What an issuer sends the browser back with (RFC 6749 §4.1.2, RFC 9207). */
const answerSchema = z.object({
  code: z.string().min(1).max(MAX_ANSWER_CHARACTERS).optional(),
  state: z.string().max(100).optional(),
  iss: z.string().max(500).optional(),
  error: z.string().max(200).optional(),
});

/**
 * An issuer that people may sign in by.
 * @throws Problem `not-found` when there is none, or it is switched off
 */
export async function signInIssuer(env: Env, id: string): Promise<{ row: IssuerRow; settings: IssuerSettings }> {
  const row = await findIssuerOfAnyTenant(env, id);
  const settings = row === undefined ? undefined : settingsOf(row);
  if (row === undefined || settings?.isEnabled !== true)
    throw new Problem("not-found", "There is no such identity provider to sign in by.");
  return { row, settings };
}

/**
 * Where a browser is sent to sign in: the issuer, by authorization code with PKCE (RFC 7636), a state and a nonce.
 * @param returnTo where it goes afterwards: a path of this host, checked before
 * @throws Problem `not-found`, `unavailable`
 */
export async function beginSignIn(
  context: Context<HttpEnv>,
  clock: Clock,
  issuerId: string,
  { returnTo, hint }: { readonly returnTo: string; readonly hint: string | undefined },
): Promise<string> {
  const { env } = context;
  const { row, settings } = await signInIssuer(env, issuerId);
  const { metadata } = await readingFor(env, clock, { row, settings, readAt: clock.now() }, undefined);
  const [state, nonce, verifier] = [randomToken(RANDOM_BYTES), randomToken(RANDOM_BYTES), randomToken(RANDOM_BYTES)];
  const expiresAt = clock.now() + SIGN_IN_LIFETIME_MS;
  await keepState(context, { issuer: row.id, tenant: row.tenant, state, nonce, verifier, returnTo, expiresAt });
  const url = new URL(metadata.authorizationEndpoint);
  const parameters = {
    response_type: "code",
    client_id: settings.clientId,
    redirect_uri: redirectUri(new URL(context.req.url).origin, row.id),
    scope: [...new Set(["openid", ...settings.scopes])].join(" "),
    state,
    nonce,
    code_challenge: Buffer.from(sha256Hex(verifier), "hex").toString("base64url"),
    code_challenge_method: "S256",
    ...(hint === undefined || hint.length > MAX_HINT_CHARACTERS ? {} : { login_hint: hint }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** A sign-in that the issuer has answered and that was proved to be its answer to this browser. */
export interface FinishedSignIn {
  readonly row: IssuerRow;
  readonly settings: IssuerSettings;
  readonly claims: Claims;
  readonly returnTo: string;
}

/**
 * Takes an issuer's answer to a sign-in that began in this browser: the state is the browser's, the issuer the one it was sent to and the one
 * that answers, the code exchanged with the verifier, and the ID token its word for this client with the browser's nonce. Each answer counts once.
 * @throws Problem `invalid-request` for an answer that is none to this browser, `forbidden` when the issuer refused, and those of the exchange
 */
export async function finishSignIn(context: Context<HttpEnv>, clock: Clock, issuerId: string): Promise<FinishedSignIn> {
  const { env } = context;
  const began = await takeState(context, clock.now());
  const url = new URL(context.req.url);
  const answer = answerOf(url);
  if (began === undefined || began.issuer !== issuerId || !digestsEqual(sha256Hex(answer.state ?? ""), sha256Hex(began.state)))
    throw notThisBrowser();
  const { row } = await signInIssuer(env, issuerId);
  const known = await findIssuer(env, clock, parseId("tenant", row.tenant), row.issuer);
  if (known === undefined) throw notThisBrowser();
  const { metadata } = await readingFor(env, clock, known, undefined);
  if (answer.iss === undefined ? metadata.namesItself : answer.iss !== row.issuer) throw notThisBrowser();
  if (answer.code === undefined) throw refusedBy(known.settings.name, answer.error);
  if (!(await spend(env, `federation/${began.state}`, began.expiresAt, clock.now()))) throw notThisBrowser();
  const { idToken, accessToken } = await exchangeCode(env, clock, {
    client: {
      issuerId: row.id,
      clientId: known.settings.clientId,
      method: known.settings.clientAuthentication,
      sealedCredential: known.row.sealedCredential,
    },
    issuer: row.issuer,
    tokenEndpoint: metadata.tokenEndpoint,
    code: answer.code,
    verifier: began.verifier,
    redirectUri: redirectUri(url.origin, row.id),
  });
  const proved = await idTokenClaims(env, clock, known, idToken, began);
  const { userinfoEndpoint } = metadata;
  const lacksAddress = proved.email === undefined && userinfoEndpoint !== undefined && accessToken !== undefined;
  const claims = lacksAddress ? await withUserinfo(wayOut(env), userinfoEndpoint, accessToken, proved) : proved;
  return { row: known.row, settings: known.settings, claims, returnTo: began.returnTo };
}

/** What an ID token says (OpenID Connect Core 1.0 §3.1.3.7). @throws Problem `invalid-credential` */
async function idTokenClaims(env: Env, clock: Clock, known: KnownIssuer, token: string, { nonce }: SignInState): Promise<Claims> {
  const { clientId, issuer } = known.settings;
  const { keys } = await readingFor(env, clock, known, tokenAddress(token)?.keyId);
  const claims = await verifiedClaims(token, { issuer, audiences: [clientId], keys }, clock.now());
  const isForOthersToo = Array.isArray(claims.aud) && claims.aud.length > 1;
  const isAuthorized = claims.azp === undefined ? !isForOthersToo : claims.azp === clientId;
  if (claims.nonce !== nonce || !isAuthorized) throw new Problem("invalid-credential", "The identity provider's token is not valid here.");
  return claims;
}

/** @throws Problem `invalid-request` when a parameter stands there twice or is absurdly long */
function answerOf({ searchParams }: URL): z.infer<typeof answerSchema> {
  const names = [...searchParams.keys()];
  const parsed = answerSchema.safeParse(Object.fromEntries(searchParams));
  if (!parsed.success || new Set(names).size !== names.length) throw notThisBrowser();
  return parsed.data;
}

function notThisBrowser(): Problem {
  return new Problem("invalid-request", "This answer does not belong to a sign-in of this browser, or came too late; sign in again.");
}

function refusedBy(name: string, error: string | undefined): Problem {
  const code = error !== undefined && /^[\w.-]{1,100}$/.test(error) ? ` (${error})` : "";
  return new Problem("forbidden", `${name} did not sign you in${code}; try again, or ask an administrator.`);
}
