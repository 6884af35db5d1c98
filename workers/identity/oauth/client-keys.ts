import { createLocalJWKSet, type JWTVerifyGetKey } from "jose";
import { putBounded } from "../../platform/bounded-map.ts";
import type { Clock } from "../../platform/clock.ts";
import { outboundFetch, wayOut } from "../../platform/outbound.ts";
import { type KeySet, keySetSchema, type OAuthClient } from "./client.ts";
import { OAuthError } from "./oauth-error.ts";

/** A set of sixteen RSA keys with certificates is a tenth of it. */
const MAX_KEY_SET_BYTES = 131_072;
const KEY_SET_TIMEOUT_MS = 5_000;
const KEY_SET_CACHE_MS = 300_000;
/** A key that the copy lacks makes it be read again, but not more often than this, whatever a stranger signs with. */
const MIN_REREAD_MS = 30_000;
const MAX_KEY_SETS = 500;

interface KnownKeySet {
  readonly keys: KeySet;
  readonly at: number;
}

const known = new Map<string, KnownKeySet>();

/**
 * Where `jose` finds the key that a client's assertion names: among those the client registered, or at the address it registered, never
 * at one that the assertion names.
 * @throws OAuthError `invalid_client` when the client has none, or its address does not answer with a key set
 */
export async function clientKeys(env: Env, clock: Clock, client: OAuthClient, keyId: string | undefined): Promise<JWTVerifyGetKey> {
  if (client.keys !== undefined) return createLocalJWKSet(client.keys);
  if (client.keysUri === undefined) throw new OAuthError("invalid_client", "The client has no keys.");
  return createLocalJWKSet(await keySetAt(env, clock, client.keysUri, keyId));
}

async function keySetAt(env: Env, clock: Clock, url: string, keyId: string | undefined): Promise<KeySet> {
  const copy = known.get(url);
  const now = clock.now();
  const isFresh = copy !== undefined && now - copy.at < KEY_SET_CACHE_MS;
  const holdsKey = copy !== undefined && (keyId === undefined || copy.keys.keys.some((key) => key.kid === keyId));
  if (copy !== undefined && isFresh && (holdsKey || now - copy.at < MIN_REREAD_MS)) return copy.keys;
  const keys = await readKeySet(env, url);
  putBounded(known, url, { keys, at: now }, MAX_KEY_SETS);
  return keys;
}

async function readKeySet(env: Env, url: string): Promise<KeySet> {
  try {
    const answer = await outboundFetch(wayOut(env), {
      url,
      maxBytes: MAX_KEY_SET_BYTES,
      timeoutMs: KEY_SET_TIMEOUT_MS,
      mediaTypes: ["application/json", "application/jwk-set+json"],
      headers: { Accept: "application/jwk-set+json, application/json" },
    });
    if (answer.status !== 200) throw new OAuthError("invalid_client", "The address of the client's keys does not answer with 200.");
    return keySetSchema.parse(JSON.parse(new TextDecoder().decode(answer.body)));
  } catch (error) {
    if (error instanceof OAuthError) throw error;
    throw new OAuthError("invalid_client", "The keys of the client cannot be read from its address.", { cause: error });
  }
}
