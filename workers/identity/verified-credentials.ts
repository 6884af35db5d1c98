import type { Principal } from "../platform/principal.ts";

/** Credentials remembered in one isolate: with their principals they fit into a few megabytes. */
const MAX_VERIFIED = 5_000;

/** What a verified credential proves, and how long that may be taken as said: milliseconds since the epoch. */
export interface Proof {
  readonly principal: Principal;
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
    this.#verified.delete(presented);
    const oldest = this.#verified.keys().next();
    if (this.#verified.size >= MAX_VERIFIED && oldest.done === false) this.#verified.delete(oldest.value);
    this.#verified.set(presented, verified);
  }

  /** Forgets whatever a key or token of this id proved. */
  forget(credential: string): void {
    for (const [presented, { principal }] of this.#verified) if (principal.credential === credential) this.#verified.delete(presented);
  }
}
