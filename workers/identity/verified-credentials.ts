import { putBounded } from "../platform/bounded-map.ts";
import type { ApiKeyId } from "../platform/ids.ts";
import type { Principal } from "../platform/principal.ts";

/** Credentials remembered in one isolate: with their principals they fit into a few megabytes. */
const MAX_VERIFIED = 5_000;

/** What a verified credential proves, and how long that may be taken as said: milliseconds since the epoch. */
export interface Proof {
  readonly principal: Principal;
  /** The API key behind it, if there is one: the credential itself, or what the token was made from. */
  readonly key?: ApiKeyId | undefined;
  /** What it can be revoked by: the ids of the credential, of the grant, session, client and key behind it, and of its subject. */
  readonly revocableIds: readonly string[];
  /** When it was issued, or read from where it is kept: a revocation of what was before does not touch what came after. */
  readonly issuedAt: number;
  readonly until: number;
}

interface Verified extends Proof {
  /** The origin it was presented to: a token is good for the one it was issued by. */
  readonly issuer: string;
}

interface Entry extends Verified {
  /** From then on it is verified again, by one request while the others go on: none of them waits, and D1 is asked once and not by all. */
  renewAt: number;
}

/** Part of the time for which a proof holds after which it is renewed, if it is still in use. */
export const RENEWED_AFTER = 2 / 3;

/**
 * Credentials that this isolate verified a moment ago, as they were presented: hashing a key or checking a signature again for each
 * request of a busy client would cost more than the request. Nothing is trusted here longer than what it was verified against.
 */
export class VerifiedCredentials {
  readonly #verified = new Map<string, Entry>();

  /** What it proves, when exactly this was verified for this issuer and still holds; undefined also for the one request that is to renew it. */
  find(presented: string, issuer: string, now: number): Proof | undefined {
    const known = this.#verified.get(presented);
    if (known === undefined || known.issuer !== issuer || now >= known.until) return undefined;
    if (now < known.renewAt) return known;
    known.renewAt = Number.POSITIVE_INFINITY;
    return undefined;
  }

  keep(presented: string, verified: Verified, now: number): void {
    const renewAt = now + (verified.until - now) * RENEWED_AFTER;
    putBounded(this.#verified, presented, { ...verified, renewAt }, MAX_VERIFIED);
  }

  /** Forgets the key and every token made from it. */
  forget(key: ApiKeyId): void {
    for (const [presented, verified] of this.#verified) if (verified.key === key) this.#verified.delete(presented);
  }
}
