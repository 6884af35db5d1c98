import { sha256Hex } from "../platform/crypto.ts";
import { Problem } from "../platform/problem.ts";
import { type SecretBinding, settings } from "../platform/settings.ts";
import { type Cipher, cipherOf, fromBase64 } from "./cipher.ts";

/** How long a key that was read is used: after this a new one in the Secrets Store is found. */
const MASTER_KEY_CACHE_MS = 60_000;
const KEY_BYTES = 32;
/** Of a key's hash: enough to tell the few keys of one platform apart, and nothing to find a key by. */
const ID_CHARACTERS = 16;

/** A key that opens and closes data keys. */
export interface MasterKey {
  readonly id: string;
  readonly cipher: Cipher;
}

interface MasterKeys {
  /** Closes what is closed from now on. */
  readonly current: MasterKey;
  /** All that open: the current one and those before it. */
  readonly byId: ReadonlyMap<string, MasterKey>;
}

const known = new WeakMap<object, { readonly keys: MasterKeys; readonly readAt: number }>();

/**
 * The platform's master keys: SOMA_MASTER_KEY, a secret of the Worker or a binding to the Secrets Store, and the earlier ones of SOMA_MASTER_KEYS_BEFORE, by which
 * what was closed before a change still opens.
 * @throws Problem `unavailable` when there is none, or it cannot be read
 */
export async function masterKeys(env: Env): Promise<MasterKeys> {
  const cached = known.get(env);
  if (cached !== undefined && Date.now() - cached.readAt < MASTER_KEY_CACHE_MS) return cached.keys;
  const { SOMA_MASTER_KEY, SOMA_MASTER_KEYS_BEFORE } = settings(env);
  if (SOMA_MASTER_KEY === undefined)
    throw new Problem(
      "unavailable",
      "Secrets, tokens and Idempotency-Key are switched off until the operator sets the secret SOMA_MASTER_KEY (32 random bytes in base64).",
    );
  const current = await masterKeyOf(await textOf(SOMA_MASTER_KEY));
  const before = await Promise.all(SOMA_MASTER_KEYS_BEFORE.split(",").filter(Boolean).map(masterKeyOf));
  const keys = { current, byId: new Map([...before, current].map((key) => [key.id, key])) };
  known.set(env, { keys, readAt: Date.now() });
  return keys;
}

/** @throws Problem `unavailable` when there is no master key to seal anything with */
export async function checkMasterKey(env: Env): Promise<void> {
  await masterKeys(env);
}

async function textOf(key: string | SecretBinding): Promise<string> {
  if (typeof key === "string") return key;
  try {
    return await key.get();
  } catch (error) {
    throw new Problem("unavailable", "The master key cannot be read from the Secrets Store; see its binding SOMA_MASTER_KEY.", {
      cause: error,
    });
  }
}

async function masterKeyOf(encoded: string): Promise<MasterKey> {
  const bytes = decoded(encoded.trim());
  if (bytes?.byteLength !== KEY_BYTES)
    throw new Problem("unavailable", "A master key is not 32 random bytes in base64: make one with `openssl rand -base64 32`.");
  return { id: sha256Hex(bytes).slice(0, ID_CHARACTERS), cipher: await cipherOf(bytes) };
}

function decoded(encoded: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return fromBase64(encoded);
  } catch {
    return undefined;
  }
}
