import { putBounded } from "../platform/bounded-map.ts";
import type { ApiKeyId } from "../platform/ids.ts";
import type { Principal } from "../platform/principal.ts";

/** Credentials remembered in one isolate: with their principals they fit into a few megabytes. */
const MAX_VERIFIED = 5_000;

/** What a verified credential proves, and how long that may be taken as said: milliseconds since the epoch. */
export interface Proof {
  readonly principal: Principal;
  /** The API key behind it: the credential itself, or what the token was made from. */
  readonly key: ApiKeyId;
  readonly until: number;
}

interface Verified extends Proof {
  /** The origin it was presented to: a token is good for the one it was issued by. */
  readonly issuer: string;
}

/**
 * Credentials that this isolate verified a moment ago, as they were presented: hashing a key or checking a signature again for each
 * request of a busy client would cost more than the request. Nothing is trusted here longer than what it was verified against.
 */
export class VerifiedCredentials {
  readonly #verified = new Map<string, Verified>();

  /** The principal, when exactly this was verified for this issuer and still holds. */
  find(presented: string, issuer: string, now: number): Principal | undefined {
    const known = this.#verified.get(presented);
    return known !== undefined && known.issuer === issuer && now < known.until ? known.principal : undefined;
  }

  keep(presented: string, verified: Verified): void {
    putBounded(this.#verified, presented, verified, MAX_VERIFIED);
  }

  /** Forgets the key and every token made from it. */
  forget(key: ApiKeyId): void {
    for (const [presented, verified] of this.#verified) if (verified.key === key) this.#verified.delete(presented);
  }
}
