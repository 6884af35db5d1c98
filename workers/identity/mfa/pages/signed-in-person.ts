import type { Context } from "hono";
import { recordChange } from "../../../audit/record.ts";
import { systemClock } from "../../../platform/clock.ts";
import type { HttpEnv } from "../../../platform/route.ts";
import { grantsOf } from "../../roles/grants.ts";
import { type BrowserSession, browserSession, pendingSession } from "../../sign-in/browser-session.ts";
import { SELF_SERVICE_MFA_AGE_MS } from "../step-up.ts";

/** Who is signed in with this browser, or whose first factor was right. */
export interface PageVisitor {
  readonly session: BrowserSession;
  /** The second factor is still to come. */
  readonly isPending: boolean;
}

export async function visitorOf(context: Context<HttpEnv>): Promise<PageVisitor | undefined> {
  const signedIn = await browserSession(context);
  if (signedIn !== undefined) return { session: signedIn, isPending: false };
  const pending = await pendingSession(context);
  return pending === undefined ? undefined : { session: pending, isPending: true };
}

/** True when a second factor was proved in this session a moment ago. */
export function isStepUpFresh({ mfaAt }: BrowserSession): boolean {
  return mfaAt !== undefined && systemClock.now() - mfaAt <= SELF_SERVICE_MFA_AGE_MS;
}

/** Records what a person did on a page of ours. */
export async function recordVisit(
  context: Context<HttpEnv>,
  { tenant, user, id }: BrowserSession,
  action: string,
  resource: string,
): Promise<void> {
  const { roles, capabilities } = await grantsOf(context.env, tenant, user);
  const principal = { tenant, subject: user, kind: "user" as const, roles: [...roles], capabilities: [...capabilities], credential: id };
  await recordChange(context.env, systemClock, principal, { action, resource });
}
