import type { Clock } from "../../platform/clock.ts";
import type { TenantId } from "../../platform/ids.ts";
import { type Grants, grantsOf } from "../roles/grants.ts";
import { findSession, touchSession } from "../sign-in/store.ts";
import { readTenant } from "../store.ts";
import { readUser } from "../users/store.ts";
import type { Scope } from "./scopes.ts";

/** A user who is active now, and what they may do now. */
export interface Person extends Grants {
  readonly id: string;
  readonly email: string;
  readonly isEmailVerified: boolean;
  readonly name: string;
  readonly givenName: string | undefined;
  readonly familyName: string | undefined;
  readonly updatedAt: number;
}

interface WhoseTokens {
  readonly tenant: TenantId;
  readonly subject: string;
  readonly browserSession: string | undefined;
}

/**
 * The user for whom tokens are asked. Asked at every renewal, so that nobody goes on for longer than an access token lives.
 * @returns undefined when the user or the tenant is no longer active, or the browser session that the tokens end with has ended
 */
export async function personOf(env: Env, clock: Clock, { tenant, subject, browserSession }: WhoseTokens): Promise<Person | undefined> {
  const [user, home] = await Promise.all([readUser(env, tenant, subject), readTenant(env, tenant)]);
  if (user?.active !== true || home?.status !== "active") return undefined;
  if (browserSession !== undefined && !(await isInUse(env, clock, browserSession))) return undefined;
  return {
    ...(await grantsOf(env, tenant, subject)),
    id: user.id,
    email: user.email,
    isEmailVerified: user.emailVerifiedAt !== null,
    name: user.displayName,
    givenName: user.givenName ?? undefined,
    familyName: user.familyName ?? undefined,
    updatedAt: user.updatedAt,
  };
}

/** True while a browser session stands. Renewing a token for a page is using the session that the page was opened in. */
async function isInUse(env: Env, clock: Clock, id: string): Promise<boolean> {
  const now = clock.now();
  const session = await findSession(env, id);
  if (session === undefined || session.pending !== null || now >= session.endsAt || now - session.lastSeenAt >= session.idleMs)
    return false;
  await touchSession(env, id, now);
  return true;
}

/** What the scopes `profile` and `email` tell of a person (OpenID Connect Core §5.4). */
export function identityClaims(person: Person, scopes: readonly Scope[]): Record<string, unknown> {
  const profile = {
    name: person.name,
    ...(person.givenName === undefined ? {} : { given_name: person.givenName }),
    ...(person.familyName === undefined ? {} : { family_name: person.familyName }),
    updated_at: Math.floor(person.updatedAt / 1_000),
  };
  return {
    ...(scopes.includes("profile") ? profile : {}),
    ...(scopes.includes("email") ? { email: person.email, email_verified: person.isEmailVerified } : {}),
  };
}
