import type { ClientHost } from "./authenticate-client.ts";
import type { OAuthClient } from "./client.ts";
import { findRefreshToken, type OAuthGrant, revokeGrant, spendRefreshToken, standingGrant } from "./grants.ts";
import type { TokenAnswer } from "./issue.ts";
import { issueForGrant } from "./issue-for-grant.ts";
import { OAuthError } from "./oauth-error.ts";
import { checkedResource } from "./resource.ts";
import { requestedScopes, type Scope } from "./scopes.ts";

/**
 * Exchanges a refresh token for a new pair (RFC 6749 §6, RFC 9700 §4.14). Each is good once. One that comes a second time is in two hands,
 * and nobody can tell which is the thief's: the whole grant is revoked, with every token made from it.
 * @throws OAuthError `invalid_grant`, `invalid_request`, `invalid_scope`, `invalid_target`
 */
export async function refresh(host: ClientHost, client: OAuthClient, form: ReadonlyMap<string, string>): Promise<TokenAnswer> {
  const { env, clock, issuer } = host;
  const token = form.get("refresh_token");
  if (token === undefined) throw new OAuthError("invalid_request", "refresh_token is needed.");
  const refused = new OAuthError("invalid_grant", "The refresh token is not valid: it is used, revoked, too old, or another client's.");
  const known = await findRefreshToken(env, token);
  const grant = known === undefined ? undefined : await standingGrant(env, clock, known.grant);
  if (grant === undefined || grant.client !== client.id) throw refused;
  // What is wrong with the request costs the client nothing: the token is used only when it can be answered.
  const scopes = narrowed(form.get("scope"), grant);
  const resource = checkedResource(form.get("resource"), issuer, client);
  const used = await spendRefreshToken(env, clock, token);
  if (used.kind !== "good") {
    await revokeGrant(env, clock, grant);
    throw refused;
  }
  return issueForGrant(host, client, grant, { scopes, resource, nonce: undefined });
}

function narrowed(parameter: string | undefined, grant: OAuthGrant): readonly Scope[] | undefined {
  return parameter === undefined ? undefined : requestedScopes(parameter, grant.scopes);
}
