import { isRevoked } from "../../platform/governance.ts";
import { Problem } from "../../platform/problem.ts";
import { governanceOf } from "../../policy/governance-of.ts";
import { type VerifiedToken, verifyAccessToken } from "../tokens.ts";
import type { ClientHost } from "./authenticate-client.ts";
import type { OAuthClient } from "./client.ts";
import { findRefreshToken, revokeGrant, revokeTokensOf, standingGrant } from "./grants.ts";

/** What introspection tells of a token (RFC 7662 §2.2); of one that is not valid, or is another tenant's, that it is not active and nothing else. */
export async function introspect(host: ClientHost, client: OAuthClient, token: string): Promise<Record<string, unknown>> {
  const inactive = { active: false };
  const access = await standingToken(host, token);
  if (access !== undefined) {
    const { claims, audience } = access;
    if (!mayKnow(client, claims.tenant, claims.client_id)) return inactive;
    const { tenant, sub, client_id, scope, exp, nbf, iat, jti, act, auth_time, amr } = claims;
    return {
      active: true,
      iss: host.issuer,
      aud: audience,
      token_type: "Bearer",
      tenant,
      sub,
      client_id,
      scope,
      exp,
      nbf,
      iat,
      jti,
      act,
      auth_time,
      amr,
    };
  }
  const refresh = await findRefreshToken(host.env, token);
  const grant = refresh === undefined || refresh.isUsed ? undefined : await standingGrant(host.env, host.clock, refresh.grant);
  if (grant === undefined || grant.client !== client.id) return inactive;
  const { tenant, subject: sub, client: client_id, scopes, expiresAt } = grant;
  return { active: true, iss: host.issuer, tenant, sub, client_id, scope: scopes.join(" "), exp: Math.floor(expiresAt / 1_000) };
}

/**
 * Revokes a token of a client (RFC 7009): with a refresh token its whole grant, of an access token that token alone. What is no token of
 * this client is left as it is, and nobody is told.
 */
export async function revoke(host: ClientHost, client: OAuthClient, token: string): Promise<void> {
  const refresh = await findRefreshToken(host.env, token);
  const grant = refresh === undefined ? undefined : await standingGrant(host.env, host.clock, refresh.grant);
  if (grant?.client === client.id) return revokeGrant(host.env, host.clock, grant);
  const access = await standingToken(host, token);
  if (access?.claims.client_id === client.id) await revokeTokensOf(host.env, host.clock, access.claims.tenant, access.claims.jti);
}

/** A token that is ours, within its life and not revoked. */
export async function standingToken({ env, clock, issuer }: ClientHost, token: string): Promise<VerifiedToken | undefined> {
  if (token.split(".").length !== 3) return undefined;
  const verified = await verifyAccessToken(env, clock, issuer, token).catch((error: unknown) => {
    if (error instanceof Problem && error.type === "invalid-credential") return undefined;
    throw error;
  });
  if (verified === undefined) return undefined;
  const governance = await governanceOf(env, clock, verified.claims.tenant);
  return isRevoked(governance, verified.revocableIds, verified.issuedAt) ? undefined : verified;
}

function mayKnow(client: OAuthClient, tenant: string, issuedTo: string | undefined): boolean {
  return client.id === issuedTo || client.tenant === tenant;
}
