import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWTPayload, SignJWT } from "jose";
import { z } from "zod";
import type { Clock } from "../platform/clock.ts";
import { newId } from "../platform/ids.ts";
import { Problem } from "../platform/problem.ts";
import { openFor, sealFor } from "./sealed.ts";
import { listSigningKeys, rotateSigningKeys, type SigningKeyRow } from "./store.ts";

/** The one algorithm: what is signed otherwise is not ours, whatever its header says (RFC 8725 §3.1). */
export const SIGNING_ALGORITHM = "ES256";
/** Nothing that these keys sign lives longer. */
export const LONGEST_SIGNED_SECONDS = 900;
/** How long an isolate trusts its copy of the signing keys. A key that was removed is refused by all after this. */
const SIGNING_KEY_CACHE_MS = 30_000;
/** A token of a key that the copy lacks makes it be read again, but not more often than this, whatever strangers send. */
const MIN_KEY_REREAD_MS = 1_000;

interface KnownKeys {
  readonly rows: readonly SigningKeyRow[];
  readonly at: number;
  readonly database: D1Database;
  /** Public keys ready to verify with, by the id of their row. */
  readonly imported: Map<string, CryptoKey | Uint8Array>;
}

let cached: KnownKeys | undefined;

/** Signs claims with the current key. @param type the `typ` of the header, which keeps one kind of token from passing as another (RFC 8725 §3.11) */
export async function sign(env: Env, clock: Clock, type: string, claims: JWTPayload): Promise<string> {
  const key = (await knownKeys(env, clock)).rows.find((candidate) => candidate.retiredAt === null) ?? (await rotate(env, clock));
  const privateKey = await importJWK(JSON.parse(await openFor(env, signingPurpose(key.id), key.encryptedPrivateJwk)), SIGNING_ALGORITHM);
  return new SignJWT(claims).setProtectedHeader({ alg: SIGNING_ALGORITHM, kid: key.id, typ: type }).sign(privateKey);
}

/** Until when what was verified just now may be taken as said without asking for the keys again: milliseconds since 1970. */
export function keysTrustedUntil(): number {
  return (cached?.at ?? 0) + SIGNING_KEY_CACHE_MS;
}

/** The public keys (RFC 7517) that verify our tokens: the current one and those whose tokens may still live. */
export async function publicKeys(env: Env, clock: Clock): Promise<{ keys: Record<string, unknown>[] }> {
  const { rows } = await knownKeys(env, clock);
  return {
    keys: rows.map((key) => ({
      ...z.record(z.string(), z.unknown()).parse(JSON.parse(key.publicJwk)),
      kid: key.id,
      alg: SIGNING_ALGORITHM,
      use: "sig",
    })),
  };
}

/** What the private half of a signing key is sealed for. */
export function signingPurpose(id: string): string {
  return `signing-key/${id}`;
}

/** Makes a new signing key the current one. The old ones verify until their tokens have expired. */
export async function rotate(env: Env, clock: Clock): Promise<SigningKeyRow> {
  const { publicKey, privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  const now = clock.now();
  const id = newId("signingKey", now);
  const row: SigningKeyRow = {
    id,
    publicJwk: JSON.stringify(await exportJWK(publicKey)),
    encryptedPrivateJwk: await sealFor(env, signingPurpose(id), JSON.stringify(await exportJWK(privateKey))),
    createdAt: now,
    retiredAt: null,
  };
  await rotateSigningKeys(env, row, now - 2 * LONGEST_SIGNED_SECONDS * 1_000);
  cached = undefined;
  return row;
}

/**
 * The key that a token's `kid` names, looked up among ours and nowhere else: `jku`, `x5u` and `jwk` of a header are never read (RFC 8725 §3.10).
 * @throws Problem `invalid-credential` when no key of ours has this id
 */
export async function publicKeyOf(env: Env, clock: Clock, id: string | undefined): Promise<CryptoKey | Uint8Array> {
  const isThere = (keys: KnownKeys) => keys.rows.some((candidate) => candidate.id === id);
  let keys = await knownKeys(env, clock);
  // Another isolate may have rotated a moment ago.
  if (!isThere(keys) && clock.now() - keys.at >= MIN_KEY_REREAD_MS) keys = await readKeys(env, clock);
  const row = keys.rows.find((candidate) => candidate.id === id);
  if (row === undefined) throw new Problem("invalid-credential", "The token was not signed by a key of this platform.");
  const imported = keys.imported.get(row.id) ?? (await importJWK(JSON.parse(row.publicJwk), SIGNING_ALGORITHM));
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
