import type { Clock } from "../platform/clock.ts";
import { changeGovernance } from "../policy/governance-of.ts";

/** What is withdrawn is remembered as long as a token made before could live, and a little more for clocks that differ. */
const REMEMBERED_MS = 20 * 60_000;
/** As good as for ever: a tenant that is suspended stays so until it is let in again. */
const UNTIL_RELEASED_MS = 100 * 366 * 86_400_000;

/**
 * Makes every location read anew what something may do: what was issued before now to this subject, to members of this group, or to those
 * with this role (`role:<name>`) is refused within a second or two, and whoever still has a right to one gets a new one.
 */
export async function withdrawIssuedBefore(env: Env, clock: Clock, tenant: string, id: string): Promise<void> {
  const now = clock.now();
  await changeGovernance(env, tenant, { change: "revoke", revocation: { id, before: now, until: now + REMEMBERED_MS } });
}

/** Makes every location refuse a key, a sign-in, or what was made from them, within a second or two. */
export async function withdraw(env: Env, clock: Clock, tenant: string, id: string): Promise<void> {
  await changeGovernance(env, tenant, { change: "revoke", revocation: { id, until: clock.now() + REMEMBERED_MS } });
}

/** Shuts a tenant out, whatever its people and programs hold. */
export async function shutOut(env: Env, clock: Clock, tenant: string): Promise<void> {
  await changeGovernance(env, tenant, { change: "revoke", revocation: { id: tenant, until: clock.now() + UNTIL_RELEASED_MS } });
}

/** Lets a tenant in again: nothing was issued before 1970. */
export async function letIn(env: Env, clock: Clock, tenant: string): Promise<void> {
  await changeGovernance(env, tenant, { change: "revoke", revocation: { id: tenant, before: 0, until: clock.now() } });
}
