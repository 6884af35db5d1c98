import { createHash, timingSafeEqual } from "node:crypto";

/** SHA-256 of text (as UTF-8) or bytes, in lower-case hexadecimal. Synchronous: it sits on the path of every request. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** SHA-256 of text (as UTF-8) in base64, the form that a Content-Security-Policy names a hash in. */
export function sha256Base64(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

/** Compares two hexadecimal digests in a time that does not depend on where they differ. */
export function digestsEqual(a: string, b: string): boolean {
  const left = new TextEncoder().encode(a);
  const right = new TextEncoder().encode(b);
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}

/** `bytes` random bytes in base64url without padding. */
export function randomToken(bytes: number): string {
  const raw = crypto.getRandomValues(new Uint8Array(bytes));
  return btoa(String.fromCharCode(...raw))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

const POOL_BYTES = 4_096;
let pool = new Uint8Array();
let taken = 0;

/**
 * `count` random bytes (256 at most) for names and ids, drawn from a pool: each question to the system costs a request more than the
 * bytes do. No byte is given twice. Secrets do not come from here.
 */
export function randomBytes(count: number): Uint8Array {
  if (taken + count > pool.byteLength) {
    pool = crypto.getRandomValues(new Uint8Array(POOL_BYTES));
    taken = 0;
  }
  taken += count;
  return pool.subarray(taken - count, taken);
}
