import { OPERATOR_TENANT } from "../../platform/principal.ts";
import { open, seal } from "../../secrets/envelope.ts";

/** Keys of logs are the platform's: a tenant must not be able to sign for its own log. */
const PLACE = { tenant: OPERATOR_TENANT, purpose: "log-key" } as const;

/** A log's signing key as it is stored: the private half sealed, the public half as it is. */
export interface SealedKey {
  readonly sealedPrivateKey: string;
  readonly publicKey: Uint8Array<ArrayBuffer>;
}

/** Makes an Ed25519 key for a log. @throws Problem `unavailable` when there is no master key to seal it with */
export async function newLogKey(env: Env): Promise<SealedKey> {
  const pair = await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new TypeError("Ed25519 keys come in pairs");
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", pair.privateKey);
  const raw = await crypto.subtle.exportKey("raw", pair.publicKey);
  if (!(pkcs8 instanceof ArrayBuffer) || !(raw instanceof ArrayBuffer)) throw new TypeError("a key was not exported as bytes");
  return { sealedPrivateKey: await seal(env, PLACE, Buffer.from(pkcs8).toString("base64")), publicKey: new Uint8Array(raw) };
}

/** Opens a log's private key. @throws Problem `unavailable` when it was sealed under another master key */
export async function openLogKey(env: Env, { sealedPrivateKey }: SealedKey): Promise<CryptoKey> {
  const pkcs8 = Uint8Array.from(Buffer.from(await open(env, PLACE, sealedPrivateKey), "base64"));
  return crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", false, ["sign"]);
}
