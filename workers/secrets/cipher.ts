/** NIST SP 800-38D §8.2.2: a random 96-bit value for each message. */
const IV_BYTES = 12;

/** AES-256-GCM under one key. What is closed under some words about it (its additional data) opens under the same words alone. */
export interface Cipher {
  /** @returns `iv.ciphertext` in base64 */
  close(plain: Uint8Array<ArrayBuffer>, about: string): Promise<string>;
  /** @throws Error when it was closed under another key or other words, or was changed */
  open(closed: string, about: string): Promise<Uint8Array<ArrayBuffer>>;
}

export async function cipherOf(key: Uint8Array<ArrayBuffer>): Promise<Cipher> {
  const imported = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
  const terms = (iv: Uint8Array<ArrayBuffer>, about: string) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(about) });
  return {
    async close(plain, about) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      return `${toBase64(iv)}.${toBase64(new Uint8Array(await crypto.subtle.encrypt(terms(iv, about), imported, plain)))}`;
    },
    async open(closed, about) {
      const [iv = "", sealed = ""] = closed.split(".");
      return new Uint8Array(await crypto.subtle.decrypt(terms(fromBase64(iv), about), imported, fromBase64(sealed)));
    },
  };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

/** @throws Error when it is not base64 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
