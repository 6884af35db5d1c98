import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from "jose";
import { z } from "zod";
import type { Clock } from "../../platform/clock.ts";
import { digestsEqual, sha256Hex } from "../../platform/crypto.ts";
import { spend } from "../spent/spend.ts";
import type { AuthMethod, OAuthClient } from "./client.ts";
import { clientKeys } from "./client-keys.ts";
import { findClient } from "./find-client.ts";
import { OAuthError } from "./oauth-error.ts";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** Asymmetric ones alone: a symmetric one could be keyed with what is public (RFC 8725 §3.1). */
export const ASSERTION_ALGORITHMS = ["ES256", "ES384", "PS256", "RS256", "EdDSA"] as const;
const CLOCK_TOLERANCE_SECONDS = 10;
/** An assertion is made for one request; a longer life only gives a thief more time (RFC 7523 §3, point 4). */
const MAX_ASSERTION_LIFE_SECONDS = 600;
const MAX_ASSERTION_CHARACTERS = 8_192;

/** What of a request tells which client sends it. */
export interface ClientCredentials {
  readonly authorization: string | undefined;
  readonly form: ReadonlyMap<string, string>;
}

export interface ClientHost {
  readonly env: Env;
  readonly clock: Clock;
  /** The platform's origin. */
  readonly issuer: string;
}

/** One presented proof; more than one in a request is refused (RFC 6749 §2.3). */
type Proof =
  | { readonly method: "none"; readonly id: string | undefined }
  | { readonly method: "client_secret_basic" | "client_secret_post"; readonly id: string | undefined; readonly secret: string }
  | { readonly method: "private_key_jwt"; readonly id: string | undefined; readonly assertion: string };

/**
 * The client that sends a request to the token endpoint or its like, proven in the one way that it is registered with. A public client
 * only names itself: what it presents is bound to it otherwise (PKCE, rotation of refresh tokens).
 * @throws OAuthError `invalid_client`, in the same words whatever was wrong; `invalid_request` for more than one proof
 */
export async function authenticateClient(host: ClientHost, credentials: ClientCredentials): Promise<OAuthClient> {
  const proof = presentedProof(credentials);
  const client = await findClient(host.env, host.clock, host.issuer, proof.id);
  if (proof.method !== client.authMethod) throw notProven(client.authMethod);
  if (proof.method === "private_key_jwt") await checkAssertion(host, client, proof.assertion);
  else if (proof.method !== "none" && !hasSecret(client, proof.secret, host.clock.now())) throw notProven(client.authMethod);
  return client;
}

function presentedProof({ authorization, form }: ClientCredentials): Proof {
  const id = form.get("client_id");
  const secret = form.get("client_secret");
  const assertion = form.get("client_assertion");
  const basic = authorization === undefined ? undefined : parseBasic(authorization);
  if ([secret, assertion, basic].filter((given) => given !== undefined).length > 1)
    throw new OAuthError("invalid_request", "The client proves itself in more than one way; one is enough.");
  if (basic !== undefined) {
    if (id !== undefined && id !== basic.id) throw new OAuthError("invalid_request", "The request names two clients.");
    return { method: "client_secret_basic", ...basic };
  }
  if (assertion !== undefined) return { method: "private_key_jwt", id: clientOfAssertion(form, assertion), assertion };
  return secret === undefined ? { method: "none", id } : { method: "client_secret_post", id, secret };
}

/** RFC 6749 §2.3.1: both parts are form-encoded before they are joined. */
function parseBasic(authorization: string): { id: string; secret: string } {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)?.[1];
  if (encoded === undefined || encoded.length > MAX_ASSERTION_CHARACTERS || encoded.length % 4 !== 0)
    throw new OAuthError("invalid_client", "The Authorization header is no Basic credential of a client.");
  const text = atob(encoded);
  const colon = text.indexOf(":");
  if (colon < 0) throw new OAuthError("invalid_client", "The Authorization header is no Basic credential of a client.");
  return { id: formDecoded(text.slice(0, colon)), secret: formDecoded(text.slice(colon + 1)) };
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new OAuthError("invalid_client", "The Basic credential is not form-encoded.");
  }
}

function clientOfAssertion(form: ReadonlyMap<string, string>, assertion: string): string | undefined {
  if (form.get("client_assertion_type") !== ASSERTION_TYPE)
    throw new OAuthError("invalid_request", `client_assertion_type must be ${ASSERTION_TYPE}.`);
  if (assertion.length > MAX_ASSERTION_CHARACTERS) throw notProven("private_key_jwt");
  const subject = unverifiedSubject(assertion);
  const id = form.get("client_id");
  if (id !== undefined && id !== subject) throw new OAuthError("invalid_request", "The assertion is of another client than client_id.");
  return subject;
}

/** Who an assertion says it is of: only a name to look the keys up by. */
function unverifiedSubject(assertion: string): string | undefined {
  try {
    return decodeJwt(assertion).sub;
  } catch {
    throw notProven("private_key_jwt");
  }
}

const assertionSchema = z.object({ jti: z.string().min(8).max(256), exp: z.number(), iat: z.number().optional() });

async function checkAssertion({ env, clock, issuer }: ClientHost, client: OAuthClient, assertion: string): Promise<void> {
  try {
    const keys = await clientKeys(env, clock, client, decodeProtectedHeader(assertion).kid);
    const { payload } = await jwtVerify(assertion, keys, {
      algorithms: [...ASSERTION_ALGORITHMS],
      issuer: client.id,
      subject: client.id,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(clock.now()),
      requiredClaims: ["exp", "jti", "aud"],
    });
    // One audience, the issuer or its token endpoint: an assertion that another server may take too could be replayed between them.
    const isForUs = payload.aud === issuer || payload.aud === `${issuer}/oauth/token`;
    const { jti, exp } = assertionSchema.parse(payload);
    const isShort = exp <= clock.now() / 1_000 + MAX_ASSERTION_LIFE_SECONDS + CLOCK_TOLERANCE_SECONDS;
    if (!isForUs || !isShort) throw notProven("private_key_jwt");
    const isFirst = await spend(env, `assertion\n${client.id}\n${jti}`, (exp + CLOCK_TOLERANCE_SECONDS) * 1_000, clock.now());
    if (!isFirst) throw notProven("private_key_jwt");
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof z.ZodError || error instanceof TypeError)
      throw notProven("private_key_jwt", error);
    throw error;
  }
}

function hasSecret(client: OAuthClient, secret: string, now: number): boolean {
  const presented = sha256Hex(secret);
  return client.secrets.some(({ hash, endsAt }) => digestsEqual(hash, presented) && (endsAt === null || endsAt > now));
}

function notProven(method: AuthMethod, cause?: unknown): OAuthError {
  const how =
    method === "none" ? "This client is public and proves itself with nothing." : `This client proves itself by ${method}, and did not.`;
  return new OAuthError("invalid_client", how, cause === undefined ? undefined : { cause });
}
