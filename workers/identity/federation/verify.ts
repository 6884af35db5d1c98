import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors, jwtVerify, type LocalJWKSet } from "jose";
import { z } from "zod";
import { jsonSchema } from "../../platform/canonical-json.ts";
import { Problem } from "../../platform/problem.ts";
import type { Claims } from "./claim-rules.ts";
import type { IssuerKey } from "./key-set.ts";

/** An issuer's clock and ours may differ by this much. */
export const CLOCK_TOLERANCE_SECONDS = 60;
/** A token that was made longer ago is not taken, however long its maker lets it live: it cannot be taken back here. */
const MAX_AGE_SECONDS = 86_400;
/** Signatures that only the holder of a private key can make: neither `none` nor a shared secret (RFC 8725 §3.1, §3.2). */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"];
/** Longer tokens are refused before they are read; the largest of real issuers, with 200 groups, have 10,000. */
export const MAX_TOKEN_CHARACTERS = 16_384;

const headSchema = z.object({ alg: z.string(), kid: z.string().max(200).optional() });
const addressSchema = z.object({
  iss: z.string().max(500),
  aud: z.union([z.string().max(500), z.array(z.string().max(500)).max(20)]),
});
const claimsSchema = z.record(z.string(), jsonSchema);

/** What an unverified token says of where it comes from and for whom: to find the keys to verify it with, and for nothing else. */
export interface TokenAddress {
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly keyId: string | undefined;
}

/** Reads a token's address; undefined when it has not the form of one, or is signed in a way that is never taken. */
export function tokenAddress(token: string): TokenAddress | undefined {
  if (token.length > MAX_TOKEN_CHARACTERS) return undefined;
  try {
    const { alg, kid } = headSchema.parse(decodeProtectedHeader(token));
    const { iss, aud } = addressSchema.parse(decodeJwt(token));
    return ALGORITHMS.includes(alg) ? { issuer: iss, audiences: [aud].flat(), keyId: kid } : undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

/** What a token must be, to be an issuer's word. */
export interface Expected {
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly keys: readonly IssuerKey[];
}

/** Key sets ready to verify with, for as long as the keys they are of are remembered. */
const ready = new WeakMap<readonly IssuerKey[], LocalJWKSet>();

/**
 * What a token of an issuer says, once it is proved to be its word, for one of the audiences, and of this time. Keys are the issuer's own
 * alone: what the token's header brings or points to (`jwk`, `jku`, `x5c`, `x5u`) is not looked at (RFC 8725 §3.5, §3.10).
 * @param now milliseconds since the epoch
 * @throws Problem `invalid-credential`
 */
export async function verifiedClaims(token: string, expected: Expected, now: number): Promise<Claims> {
  try {
    const { payload } = await jwtVerify(token, keySet(expected.keys), {
      issuer: expected.issuer,
      audience: [...expected.audiences],
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      maxTokenAge: MAX_AGE_SECONDS,
      currentDate: new Date(now),
      requiredClaims: ["exp", "iat", "sub"],
    });
    return claimsSchema.parse(payload);
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new Problem("invalid-credential", "The identity provider's token has expired.");
    if (error instanceof errors.JOSEError || error instanceof z.ZodError || error instanceof TypeError)
      throw new Problem("invalid-credential", "The identity provider's token is not valid here.");
    throw error;
  }
}

function keySet(keys: readonly IssuerKey[]): LocalJWKSet {
  const known = ready.get(keys);
  if (known !== undefined) return known;
  const made = createLocalJWKSet({ keys: keys.map((key) => ({ ...key })) });
  ready.set(keys, made);
  return made;
}
