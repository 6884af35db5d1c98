import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from "jose";
import { z } from "zod";
import { type Capability, capabilitySchema } from "../platform/capabilities.ts";
import type { Clock } from "../platform/clock.ts";
import { newId } from "../platform/ids.ts";
import { idSchema, type Principal, principalSchema } from "../platform/principal.ts";
import { Problem } from "../platform/problem.ts";
import { keysTrustedUntil, LONGEST_SIGNED_SECONDS, publicKeyOf, SIGNING_ALGORITHM, sign } from "./signing-keys.ts";
import type { Proof } from "./verified-credentials.ts";

/** The `typ` of an access token (RFC 9068 §2.1): an ID token or an assertion has another, and opens nothing here. */
export const ACCESS_TOKEN_TYPE = "at+jwt";
/** Of tokens made from API keys. Tokens of the OAuth endpoints name the platform's origin, or the resource they are for. */
const AUDIENCE = "somaagent";
/** A client's and our clock may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** Who acts for a token's subject, the present actor outermost (RFC 8693 §4.1). */
export interface Actor {
  readonly sub: string;
  readonly act?: Actor | undefined;
}
const actorSchema: z.ZodType<Actor> = z.object({
  sub: z.string().min(1).max(128),
  get act() {
    return actorSchema.optional();
  },
});

const claimsSchema = z
  .object({
    tenant: idSchema("tenant"),
    sub: z.string().min(1).max(128),
    kind: z.enum(["user", "service", "agent"]),
    roles: principalSchema.shape.roles,
    groups: z.array(z.string()).optional(),
    capabilities: z.array(capabilitySchema),
    jti: z.string(),
    iat: z.number().optional(),
    nbf: z.number(),
    exp: z.number(),
    /** The API key that the token, or the first of a chain of tokens, was made from. */
    key: idSchema("apiKey").optional(),
    /** The OAuth client that the token was issued to. */
    client_id: z.string().max(1_024).optional(),
    /** The grant that it belongs to, and the browser session that the grant ends with. */
    sid: z.string().max(64).optional(),
    bsid: z.string().max(64).optional(),
    /** Ids that it ends with besides: of tokens that it was exchanged for. */
    from: z.array(z.string().max(128)).max(64).optional(),
    scope: z.string().optional(),
    act: actorSchema.optional(),
    amr: z.array(z.string()).optional(),
    /** Seconds since 1970. */
    auth_time: z.number().optional(),
    mfa_at: z.number().optional(),
  })
  .refine(({ key, client_id }) => key !== undefined || client_id !== undefined, { message: "neither a key nor a client" });
export type TokenClaims = z.infer<typeof claimsSchema>;

/** A token that proves what it says, and what it is revoked by. */
export interface VerifiedToken {
  readonly claims: TokenClaims;
  readonly audience: readonly string[];
  readonly revocableIds: readonly string[];
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
}

/** What a token hands on to one made from it. */
interface ParentToken {
  /** Seconds since 1970. */
  readonly ends: number;
  readonly key: string;
}

export interface TokenGrant {
  readonly principal: Principal;
  /** What the token may do; all that the principal may, when undefined. */
  readonly capabilities: readonly Capability[] | undefined;
  /** The token that the new one is made from; undefined when it is made from an API key, which is then the principal's credential. */
  readonly parent: ParentToken | undefined;
}

/**
 * Signs a token for a principal (RFC 9068 `at+jwt`, ES256), with no more capabilities than it has and no longer a life than the
 * token it was made from: a chain of tokens cannot outlive the key it began with by more than one token's life.
 * @throws Problem `forbidden` when a capability is asked for that the principal lacks
 */
export async function issueToken(
  env: Env,
  clock: Clock,
  issuer: string,
  { principal, capabilities, parent }: TokenGrant,
): Promise<{ accessToken: string; expiresIn: number }> {
  const granted = capabilities ?? principal.capabilities;
  const beyond = granted.find((capability) => !principal.capabilities.includes(capability));
  if (beyond !== undefined) throw new Problem("forbidden", `The credential does not have ${beyond}, so a token made from it cannot.`);
  const seconds = Math.floor(clock.now() / 1_000);
  const expiresIn = Math.min(LONGEST_SIGNED_SECONDS, (parent?.ends ?? Number.POSITIVE_INFINITY) - seconds);
  const accessToken = await sign(env, clock, ACCESS_TOKEN_TYPE, {
    iss: issuer,
    aud: AUDIENCE,
    sub: principal.subject,
    jti: newId("request", clock.now()),
    iat: seconds,
    nbf: seconds,
    exp: seconds + expiresIn,
    tenant: principal.tenant,
    kind: principal.kind,
    roles: principal.roles,
    capabilities: [...granted],
    key: parent?.key ?? principal.credential,
  });
  return { accessToken, expiresIn };
}

/**
 * The token in an `Authorization` header that has been verified before; undefined when it holds no token.
 * @throws Problem `forbidden` when no API key stands behind it: tokens of OAuth are renewed and narrowed at the token endpoint
 */
export function parentToken(authorization: string | undefined): ParentToken | undefined {
  const token = authorization?.split(" ").at(-1) ?? "";
  if (token.split(".").length !== 3) return undefined;
  const { exp, key, client_id } = claimsSchema.parse(decodeJwt(token));
  if (key === undefined || client_id !== undefined)
    throw new Problem("forbidden", "This token was made by OAuth: refresh it, or exchange it for a narrower one, at /oauth/token.");
  return { ends: exp, key };
}

/**
 * The principal a token proves to the API, and until when: to the end of its life, and no longer than the signing keys were trusted when it was verified.
 * @throws Problem `invalid-credential` when it is expired, not ours, not for us, signed otherwise than by ES256 with a key of ours, or malformed
 */
export async function verifyToken(env: Env, clock: Clock, issuer: string, token: string): Promise<Proof> {
  const { claims, audience, revocableIds, issuedAt } = await verifyAccessToken(env, clock, issuer, token);
  if (!audience.includes(AUDIENCE) && !audience.includes(issuer))
    throw new Problem("invalid-credential", "The token is for another resource than this API; ask for one without `resource`.");
  return {
    principal: principalOf(claims),
    key: claims.key,
    revocableIds,
    issuedAt,
    until: Math.min(claims.exp * 1_000, keysTrustedUntil()),
  };
}

/**
 * Checks an access token of ours, for whichever resource it was made.
 * @throws Problem `invalid-credential`
 */
export async function verifyAccessToken(env: Env, clock: Clock, issuer: string, token: string): Promise<VerifiedToken> {
  try {
    const { kid } = decodeProtectedHeader(token);
    const { payload } = await jwtVerify(token, await publicKeyOf(env, clock, kid), {
      issuer,
      algorithms: [SIGNING_ALGORITHM],
      typ: ACCESS_TOKEN_TYPE,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(clock.now()),
      requiredClaims: ["exp", "nbf", "jti", "sub", "aud"],
    });
    const claims = claimsSchema.parse(payload);
    const audience = typeof payload.aud === "string" ? [payload.aud] : (payload.aud ?? []);
    const { jti, sid, bsid, client_id, key, sub, from = [] } = claims;
    const ids = [jti, sid, bsid, client_id, key, sub, ...from].filter((id) => id !== undefined);
    return { claims, audience, revocableIds: ids, issuedAt: (claims.iat ?? claims.nbf) * 1_000 };
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new Problem("invalid-credential", "The token has expired; ask for a new one.");
    if (error instanceof errors.JOSEError || error instanceof z.ZodError || error instanceof TypeError) {
      throw new Problem("invalid-credential", "The token is not valid here; ask for a new one.");
    }
    throw error;
  }
}

function principalOf(claims: TokenClaims): Principal {
  const { groups, amr, auth_time, mfa_at, act, client_id, sid } = claims;
  return {
    tenant: claims.tenant,
    subject: claims.sub,
    kind: claims.kind,
    roles: claims.roles,
    capabilities: claims.capabilities,
    credential: claims.jti,
    ...(groups === undefined ? {} : { groups }),
    ...(amr === undefined ? {} : { amr }),
    ...(auth_time === undefined ? {} : { authTime: auth_time * 1_000 }),
    ...(mfa_at === undefined ? {} : { mfaAt: mfa_at * 1_000 }),
    ...(act === undefined ? {} : { actor: act.sub }),
    ...(client_id === undefined ? {} : { client: client_id }),
    ...(sid === undefined ? {} : { session: sid }),
  };
}
