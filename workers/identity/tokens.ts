import { type CryptoKey, decodeJwt, decodeProtectedHeader, errors, exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { type Capability, capabilitySchema } from "../platform/capabilities.ts";
import type { Clock } from "../platform/clock.ts";
import { newId } from "../platform/ids.ts";
import { idSchema, type Principal, roleNameSchema } from "../platform/principal.ts";
import { Problem } from "../platform/problem.ts";
import { decryptSecret, encryptSecret } from "./master-key.ts";
import { listSigningKeys, rotateSigningKeys, type SigningKeyRow } from "./store.ts";
import type { Proof } from "./verified-credentials.ts";

/** An access token's life: short, since it cannot be taken back before it ends. */
export const TOKEN_LIFETIME_SECONDS = 900;
/** How long an isolate trusts its copy of the signing keys. A key that was removed is refused by all after this. */
const SIGNING_KEY_CACHE_MS = 30_000;
/** A token of a key that the copy lacks makes it be read again, but not more often than this, whatever strangers send. */
const MIN_KEY_REREAD_MS = 1_000;
const ALGORITHM = "ES256";
const AUDIENCE = "somaagent";
/** A client's and our clock may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 5;

const claimsSchema = z.object({
  tenant: idSchema("tenant"),
  sub: z.string(),
  kind: z.enum(["user", "service", "agent"]),
  roles: z.array(roleNameSchema).max(16),
  capabilities: z.array(capabilitySchema),
  jti: z.string(),
  exp: z.number(),
  /** The API key that the token, or the first of a chain of tokens, was made from. */
  key: idSchema("apiKey"),
});

interface KnownKeys {
  readonly rows: readonly SigningKeyRow[];
  readonly at: number;
  readonly database: D1Database;
  /** Public keys ready to verify with, by the id of their row. */
  readonly imported: Map<string, CryptoKey | Uint8Array>;
}

let cached: KnownKeys | undefined;

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
  const key = (await knownKeys(env, clock)).rows.find((candidate) => candidate.retiredAt === null) ?? (await rotate(env, clock));
  const privateKey = await importJWK(JSON.parse(await decryptSecret(env, key.encryptedPrivateJwk)), ALGORITHM);
  const seconds = Math.floor(clock.now() / 1_000);
  const expiresIn = Math.min(TOKEN_LIFETIME_SECONDS, (parent?.ends ?? Number.POSITIVE_INFINITY) - seconds);
  const accessToken = await new SignJWT({
    tenant: principal.tenant,
    kind: principal.kind,
    roles: principal.roles,
    capabilities: [...granted],
    key: parent?.key ?? principal.credential,
  })
    .setProtectedHeader({ alg: ALGORITHM, kid: key.id, typ: "at+jwt" })
    .setIssuer(issuer)
    .setAudience(AUDIENCE)
    .setSubject(principal.subject)
    .setJti(newId("request", clock.now()))
    .setIssuedAt(seconds)
    .setNotBefore(seconds)
    .setExpirationTime(seconds + expiresIn)
    .sign(privateKey);
  return { accessToken, expiresIn };
}

/** The token in an `Authorization` header that has been verified before; undefined when it holds no token. */
export function parentToken(authorization: string | undefined): ParentToken | undefined {
  const token = authorization?.split(" ").at(-1) ?? "";
  if (token.split(".").length !== 3) return undefined;
  const { exp, key } = claimsSchema.parse(decodeJwt(token));
  return { ends: exp, key };
}

/**
 * The principal a token proves, and until when: to the end of its life, and no longer than the signing keys were trusted when it was verified.
 * @throws Problem `invalid-credential` when it is expired, not ours, not for us, signed otherwise than by ES256 with a key of ours, or malformed
 */
export async function verifyToken(env: Env, clock: Clock, issuer: string, token: string): Promise<Proof> {
  try {
    const { kid } = decodeProtectedHeader(token);
    const { payload } = await jwtVerify(token, await publicKeyOf(env, clock, kid), {
      issuer,
      audience: AUDIENCE,
      algorithms: [ALGORITHM],
      typ: "at+jwt",
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(clock.now()),
      requiredClaims: ["exp", "nbf", "jti", "sub"],
    });
    const claims = claimsSchema.parse(payload);
    const principal = {
      tenant: claims.tenant,
      subject: claims.sub,
      kind: claims.kind,
      roles: claims.roles,
      capabilities: claims.capabilities,
      credential: claims.jti,
    };
    return { principal, key: claims.key, until: Math.min(claims.exp * 1_000, (cached?.at ?? 0) + SIGNING_KEY_CACHE_MS) };
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new Problem("invalid-credential", "The token has expired; ask for a new one.");
    if (error instanceof errors.JOSEError || error instanceof z.ZodError || error instanceof TypeError) {
      throw new Problem("invalid-credential", "The token is not valid here; ask for a new one.");
    }
    throw error;
  }
}

/** The public keys (RFC 7517) that verify our tokens: the current one and those whose tokens may still live. */
export async function publicKeys(env: Env, clock: Clock): Promise<{ keys: Record<string, unknown>[] }> {
  const { rows } = await knownKeys(env, clock);
  return {
    keys: rows.map((key) => ({
      ...z.record(z.string(), z.unknown()).parse(JSON.parse(key.publicJwk)),
      kid: key.id,
      alg: ALGORITHM,
      use: "sig",
    })),
  };
}

/** Makes a new signing key the current one. The old ones verify until their tokens have expired. */
export async function rotate(env: Env, clock: Clock): Promise<SigningKeyRow> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const now = clock.now();
  const row: SigningKeyRow = {
    id: newId("signingKey", now),
    publicJwk: JSON.stringify(await exportJWK(publicKey)),
    encryptedPrivateJwk: await encryptSecret(env, JSON.stringify(await exportJWK(privateKey))),
    createdAt: now,
    retiredAt: null,
  };
  await rotateSigningKeys(env, row, now - 2 * TOKEN_LIFETIME_SECONDS * 1_000);
  cached = undefined;
  return row;
}

/** @throws Problem `invalid-credential` when no key of ours has this id */
async function publicKeyOf(env: Env, clock: Clock, id: string | undefined): Promise<CryptoKey | Uint8Array> {
  const isThere = (keys: KnownKeys) => keys.rows.some((candidate) => candidate.id === id);
  let keys = await knownKeys(env, clock);
  // Another isolate may have rotated a moment ago.
  if (!isThere(keys) && clock.now() - keys.at >= MIN_KEY_REREAD_MS) keys = await readKeys(env, clock);
  const row = keys.rows.find((candidate) => candidate.id === id);
  if (row === undefined) throw new Problem("invalid-credential", "The token was not signed by a key of this platform.");
  const imported = keys.imported.get(row.id) ?? (await importJWK(JSON.parse(row.publicJwk), ALGORITHM));
  keys.imported.set(row.id, imported);
  return imported;
}

async function knownKeys(env: Env, clock: Clock): Promise<KnownKeys> {
  if (cached !== undefined && cached.database === env.DB && clock.now() - cached.at <= SIGNING_KEY_CACHE_MS) return cached;
  return readKeys(env, clock);
}

async function readKeys(env: Env, clock: Clock): Promise<KnownKeys> {
  cached = { rows: await listSigningKeys(env), at: clock.now(), database: env.DB, imported: new Map() };
  return cached;
}
