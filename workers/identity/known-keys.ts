import { putBounded } from "../platform/bounded-map.ts";
import type { Clock } from "../platform/clock.ts";
import type { ApiKeyId } from "../platform/ids.ts";
import type { Principal } from "../platform/principal.ts";
import { principalOfKey } from "./api-keys/key-principal.ts";
import { type ApiKeyRow, findApiKey, noteApiKeyUse } from "./store.ts";
import { RENEWED_AFTER, VerifiedCredentials } from "./verified-credentials.ts";

/** How long an isolate trusts what it knows of a key: a revocation reaches everywhere after this. */
export const KEY_CACHE_MS = 15_000;
/** The last use of a key is kept to the hour, so that it costs a row an hour and not one a request. */
export const LAST_USE_GRAIN_MS = 3_600_000;
const MAX_FOUND = 5_000;
/** Ids that no key has are remembered apart, so that made-up ones cannot push the real ones out of memory. */
const MAX_UNKNOWN = 1_000;

/** A key as an isolate knows it, and when it was read. */
export interface KnownKey {
  readonly row: ApiKeyRow;
  /** Who it acts as, with the rights it had when it was read; undefined when its tenant or account lets nobody in. */
  readonly principal: Principal | undefined;
  readonly readAt: number;
}

/** What an isolate knows of the keys of one database. */
interface KnownKeys {
  readonly found: Map<ApiKeyId, KnownKey>;
  /** When an id was looked for and not found. */
  readonly unknown: Map<ApiKeyId, number>;
  readonly verified: VerifiedCredentials;
}

const byDatabase = new WeakMap<D1Database, KnownKeys>();

/** A key by its id, from memory, or from D1 when it is time to renew it; undefined when there is none. Being asked for counts as being used. */
export async function findKey(env: Env, clock: Clock, id: ApiKeyId): Promise<KnownKey | undefined> {
  const { found, unknown } = knownKeys(env);
  const now = clock.now();
  const known = found.get(id);
  if (known !== undefined && now - known.readAt < KEY_CACHE_MS * RENEWED_AFTER) return known;
  const missedAt = unknown.get(id);
  if (missedAt !== undefined && now - missedAt <= KEY_CACHE_MS) return undefined;
  const row = await findApiKey(env, id);
  if (row === undefined) {
    found.delete(id);
    putBounded(unknown, id, now, MAX_UNKNOWN);
    return undefined;
  }
  const key = { row, principal: await principalOfKey(env, row), readAt: now };
  // One whose tenant or account lets nobody in is not kept: it opens again as soon as they do.
  if (key.principal === undefined) found.delete(id);
  else putBounded(found, id, key, MAX_FOUND);
  return key;
}

/** Keeps the hour of a key's last use. Called when a credential of it was verified, which an isolate does once in KEY_CACHE_MS. */
export async function noteUse(env: Env, clock: Clock, id: ApiKeyId, known: KnownKey): Promise<void> {
  const { row } = known;
  const hour = Math.floor(clock.now() / LAST_USE_GRAIN_MS) * LAST_USE_GRAIN_MS;
  if ((row.lastUsedAt ?? 0) >= hour) return;
  knownKeys(env).found.set(id, { ...known, row: { ...row, lastUsedAt: hour } });
  await noteApiKeyUse(env, id, hour);
}

/** The credentials that this isolate has verified a moment ago. */
export function verifiedCredentials(env: Env): VerifiedCredentials {
  return knownKeys(env).verified;
}

/** Forgets what this isolate knows of a key, so that its making and its revocation are felt here at once. */
export function forgetKey(env: Env, id: ApiKeyId): void {
  const { found, unknown, verified } = knownKeys(env);
  found.delete(id);
  unknown.delete(id);
  verified.forget(id);
}

function knownKeys(env: Env): KnownKeys {
  const known = byDatabase.get(env.DB);
  if (known !== undefined) return known;
  const fresh = { found: new Map<ApiKeyId, KnownKey>(), unknown: new Map<ApiKeyId, number>(), verified: new VerifiedCredentials() };
  byDatabase.set(env.DB, fresh);
  return fresh;
}
