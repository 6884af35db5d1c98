import { z } from "zod";

/** Who holds a lock and until when. `token` counts its holders: a later one has the greater. */
export interface Lease {
  readonly token: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** What someone who asks for a lock is told: their lease, or that of its holder. */
export const lockAnswerSchema = z.object({ isGranted: z.boolean(), token: z.number().int(), expiresAt: z.number() });
export type LockAnswer = z.infer<typeof lockAnswerSchema>;

/** The next holder's lease; undefined while someone holds the lock. */
export function nextLease(lease: Lease, heldMs: number, now: number): Lease | undefined {
  return lease.expiresAt > now ? undefined : { token: lease.token + 1, expiresAt: now + heldMs };
}

/** The lease held longer; undefined when it has run out or another holds the lock by now. */
export function renewedLease(lease: Lease, token: number, heldMs: number, now: number): Lease | undefined {
  return lease.token === token && lease.expiresAt > now ? { token, expiresAt: now + heldMs } : undefined;
}

/** The lock as it is after a holder let go; nothing changes for one whose lease is no longer the lock's. */
export function releasedLease(lease: Lease, token: number): Lease {
  return { token: lease.token, expiresAt: lease.token === token ? 0 : lease.expiresAt };
}
