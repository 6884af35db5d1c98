import { Problem } from "../platform/problem.ts";
import { settings } from "../platform/settings.ts";

const IV_BYTES = 12;

/** Encrypts a secret for the database: AES-256-GCM under the platform's master key; the result is `iv.ciphertext` in base64. */
export async function encryptSecret(env: Env, secret: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await masterKey(env), new TextEncoder().encode(secret));
  return `${toBase64(iv)}.${toBase64(new Uint8Array(sealed))}`;
}

/** @throws Problem `unavailable` when the master key is missing or another one than it was encrypted under */
export async function decryptSecret(env: Env, encrypted: string): Promise<string> {
  const [iv = "", sealed = ""] = encrypted.split(".");
  const key = await masterKey(env);
  try {
    return new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: fromBase64(iv) }, key, fromBase64(sealed)));
  } catch {
    throw new Problem("unavailable", "A stored secret cannot be opened: SOMA_MASTER_KEY is not the key it was sealed with.");
  }
}

/** @throws Problem `unavailable` when there is no master key to seal anything with */
export async function checkMasterKey(env: Env): Promise<void> {
  await masterKey(env);
}

async function masterKey(env: Env): Promise<CryptoKey> {
  const encoded = settings(env).SOMA_MASTER_KEY;
  if (encoded === undefined)
    throw new Problem(
      "unavailable",
      "Tokens and Idempotency-Key are switched off until the operator sets the secret SOMA_MASTER_KEY (32 random bytes in base64).",
    );
  return crypto.subtle.importKey("raw", fromBase64(encoded), "AES-GCM", false, ["encrypt", "decrypt"]);
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
