import { Problem } from "../platform/problem.ts";
import { describeError, log } from "../platform/telemetry.ts";
import { lockNamed } from "./lock-named.ts";

/** A lock that is held. */
export interface HeldLock {
  /** Greater than that of everyone who held it before: written beside what is done under the lock, it tells late writers. */
  readonly token: number;
  /** Holds it for the whole time again. @throws Problem `conflict` when it was lost: whoever holds it now does the rest */
  renew(): Promise<void>;
}

/**
 * Does something that only one may do at a time in a tenant. A holder that dies is let go of after `heldMs`.
 * @param name the tenant (or `platform`) and what is done, as `ten_…/redrive`
 * @throws Problem `conflict` while another does it
 */
export async function underLock<T>(env: Env, name: string, heldMs: number, work: (lock: HeldLock) => Promise<T>): Promise<T> {
  const lock = lockNamed(env, name);
  const { isGranted, token, expiresAt } = await lock("acquire", heldMs);
  if (!isGranted) {
    const seconds = Math.max(1, Math.ceil((expiresAt - Date.now()) / 1_000));
    throw new Problem("conflict", "The same is being done for this tenant by another request; try again in a moment.", {
      retryAfterSeconds: seconds,
    });
  }
  const renew = async () => {
    if (!(await lock("renew", token, heldMs)).isGranted) throw new Problem("conflict", "This took too long, and another goes on with it.");
  };
  try {
    return await work({ token, renew });
  } finally {
    // A lock that cannot be released now is let go of when its time is over.
    await lock("release", token).catch((error: unknown) => log("warn", "lock.not-released", {}, { error: describeError(error) }));
  }
}
