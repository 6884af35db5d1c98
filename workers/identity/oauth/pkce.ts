import { createHash } from "node:crypto";
import { digestsEqual } from "../../platform/crypto.ts";

/** A challenge of S256: the base64url of 32 bytes (RFC 7636 §4.2). */
export const CODE_CHALLENGE = /^[A-Za-z0-9_-]{43}$/;
const CODE_VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

/** True when the verifier is the one that the challenge was made from (RFC 7636 §4.6, S256; `plain` is not offered). */
export function provesChallenge(verifier: string, challenge: string): boolean {
  if (!CODE_VERIFIER.test(verifier)) return false;
  return digestsEqual(createHash("sha256").update(verifier).digest("base64url"), challenge);
}
