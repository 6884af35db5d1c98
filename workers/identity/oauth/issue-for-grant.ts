import { sign } from "../signing-keys.ts";
import type { ClientHost } from "./authenticate-client.ts";
import type { OAuthClient } from "./client.ts";
import { newRefreshToken, noteGrantUse, type OAuthGrant } from "./grants.ts";
import { issueAccessToken, signInClaims, type TokenAnswer } from "./issue.ts";
import { OAuthError } from "./oauth-error.ts";
import { identityClaims, type Person, personOf } from "./person.ts";
import { grantedScopes, type Scope } from "./scopes.ts";

/** An ID token is read once, when it comes. */
const ID_TOKEN_SECONDS = 300;

interface Wanted {
  /** Fewer scopes than the grant has (RFC 6749 §6); all of them when undefined. */
  readonly scopes: readonly Scope[] | undefined;
  readonly resource: string | undefined;
  readonly nonce: string | undefined;
}

/**
 * The tokens of a grant: an access token for what its user may now, an ID token when `openid` was granted, and the next refresh token
 * when the client uses them.
 * @throws OAuthError `invalid_grant` when the user is no longer active, or the browser session that the grant ends with has ended
 */
export async function issueForGrant(host: ClientHost, client: OAuthClient, grant: OAuthGrant, wanted: Wanted): Promise<TokenAnswer> {
  const { env, clock, issuer } = host;
  const person = await personOf(env, clock, grant);
  if (person === undefined) throw new OAuthError("invalid_grant", "The user or the session behind this grant is no longer active.");
  const scopes = wanted.scopes ?? grant.scopes;
  const answer = await issueAccessToken(env, clock, issuer, {
    tenant: grant.tenant,
    subject: grant.subject,
    kind: "user",
    roles: person.roles,
    groups: person.groups,
    capabilities: person.capabilities,
    scopes,
    client: client.id,
    resource: wanted.resource ?? grant.resource,
    grant: grant.id,
    browserSession: grant.browserSession,
    signIn: grant.signIn,
    notAfter: Math.floor(grant.expiresAt / 1_000),
  });
  await noteGrantUse(env, clock, grant.id);
  return {
    ...answer,
    ...(client.grantTypes.includes("refresh_token") ? { refresh_token: await newRefreshToken(env, grant) } : {}),
    ...(scopes.includes("openid") ? { id_token: await idToken(host, client, grant, { person, scopes, nonce: wanted.nonce }) } : {}),
  };
}

/** An ID token (OpenID Connect Core §2), for the client and nobody else: its `typ` and audience keep it from opening the API. */
async function idToken(
  { env, clock, issuer }: ClientHost,
  client: OAuthClient,
  grant: OAuthGrant,
  { person, scopes, nonce }: { readonly person: Person; readonly scopes: readonly Scope[]; readonly nonce: string | undefined },
): Promise<string> {
  const seconds = Math.floor(clock.now() / 1_000);
  return sign(env, clock, "JWT", {
    iss: issuer,
    aud: client.id,
    sub: grant.subject,
    iat: seconds,
    exp: seconds + ID_TOKEN_SECONDS,
    sid: grant.id,
    ...signInClaims(grant.signIn),
    ...(nonce === undefined ? {} : { nonce }),
    ...identityClaims(person, grantedScopes(scopes, person.capabilities)),
  });
}
