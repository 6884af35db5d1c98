import { and, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Clock } from "../../platform/clock.ts";
import type { AuthorizationRequest } from "./authorization-request.ts";
import { CONSOLE_CLIENT, type OAuthClient } from "./client.ts";
import { parseScope, type Scope } from "./scopes.ts";
import { oauthConsents } from "./tables.ts";

interface Whose {
  readonly tenant: string;
  readonly subject: string;
}

/**
 * True when the user must be asked. The console is part of the platform and comes back to its own address, which nobody else can be at.
 * What answers on a laptop's port or an app's scheme could be any program there, so its users are asked each time (RFC 8252 §8.6).
 */
export async function needsConsent(env: Env, whose: Whose, client: OAuthClient, request: AuthorizationRequest): Promise<boolean> {
  if (request.prompts.includes("consent")) return true;
  if (client.id === CONSOLE_CLIENT && client.redirectUris.includes(request.redirectUri)) return false;
  if (!request.redirectUri.startsWith("https:")) return true;
  const agreed = await agreedScopes(env, whose, client.id);
  return request.scopes.some((scope) => !agreed.includes(scope));
}

/** Keeps what a user agreed to, beside what they agreed to before. */
export async function keepConsent(env: Env, clock: Clock, whose: Whose, client: string, scopes: readonly Scope[]): Promise<void> {
  const scope = [...new Set([...(await agreedScopes(env, whose, client)), ...scopes])].join(" ");
  const grantedAt = clock.now();
  await drizzle(env.DB)
    .insert(oauthConsents)
    .values({ ...whose, client, scope, grantedAt })
    .onConflictDoUpdate({ target: [oauthConsents.tenant, oauthConsents.subject, oauthConsents.client], set: { scope, grantedAt } });
}

async function agreedScopes(env: Env, { tenant, subject }: Whose, client: string): Promise<Scope[]> {
  const row = await drizzle(env.DB)
    .select({ scope: oauthConsents.scope })
    .from(oauthConsents)
    .where(and(eq(oauthConsents.tenant, tenant), eq(oauthConsents.subject, subject), eq(oauthConsents.client, client)))
    .get();
  return row === undefined ? [] : parseScope(row.scope);
}
