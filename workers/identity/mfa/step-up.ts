import type { Principal } from "../../platform/principal.ts";
import { Problem } from "../../platform/problem.ts";

/** The authentication context of a token whose person proved a second factor (`acr`, OpenID Connect Core 1.0 §2). */
export const STEPPED_UP = "urn:soma:acr:mfa";

/**
 * Demands a second factor that was proved not long ago (RFC 9470, OAuth step-up authentication).
 * @param maxAgeMs how long ago it may have been
 * @param now milliseconds since the epoch
 * @throws Problem `step-up-required`, which says what to ask for
 */
export function demandMfa(principal: Pick<Principal, "mfaAt">, maxAgeMs: number, now: number): void {
  if (principal.mfaAt !== undefined && now - principal.mfaAt <= maxAgeMs) return;
  const maxAgeSeconds = Math.floor(maxAgeMs / 1_000);
  throw new Problem(
    "step-up-required",
    `This needs a second factor that was proved in the last ${maxAgeSeconds} seconds: POST /v1/auth/mfa/verify, or sign in again with acr_values=${STEPPED_UP} and max_age=${maxAgeSeconds}.`,
    { challenge: `error="insufficient_user_authentication", acr_values="${STEPPED_UP}", max_age=${maxAgeSeconds}` },
  );
}

/** How long ago a second factor may have been proved by whoever changes their own: NIST SP 800-63B-4 §4.1.2 wants it with each change; a visit to the page is one. */
export const SELF_SERVICE_MFA_AGE_MS = 600_000;
