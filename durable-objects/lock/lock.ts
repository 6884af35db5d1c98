import { createDurable } from "itty-durable";
import { type Lease, type LockAnswer, nextLease, releasedLease, renewedLease } from "../../workers/operations/lease.ts";

/**
 * A named lock with a time to live, held by one at a time. Its token grows with each holder, so that what one of them writes late can be told from what
 * the next one wrote. On itty-durable: two numbers that are read, changed and kept; see docs/decisions/0703-itty-durable.md. The library calls methods
 * through a proxy, under which private ones do not exist.
 */
export class Lock extends createDurable() {
  token = 0;
  expiresAt = 0;

  acquire(heldMs: number): Promise<LockAnswer> {
    return this.keep(nextLease(this, heldMs, Date.now()));
  }

  renew(token: number, heldMs: number): Promise<LockAnswer> {
    return this.keep(renewedLease(this, token, heldMs, Date.now()));
  }

  release(token: number): Promise<LockAnswer> {
    return this.keep(releasedLease(this, token));
  }

  private async keep(lease: Lease | undefined): Promise<LockAnswer> {
    if (lease === undefined) return { isGranted: false, token: this.token, expiresAt: this.expiresAt };
    this.token = lease.token;
    this.expiresAt = lease.expiresAt;
    await this.persist();
    return { isGranted: true, ...lease };
  }
}
