import type { Capability } from "../../platform/capabilities.ts";
import type { Clock } from "../../platform/clock.ts";
import { newId } from "../../platform/ids.ts";
import { LONGEST_SIGNED_SECONDS, sign } from "../signing-keys.ts";
import { ACCESS_TOKEN_TYPE, type Actor } from "../tokens.ts";
import type { SignIn } from "./grants.ts";
import { audienceOf } from "./resource.ts";
import { grantedCapabilities, grantedScopes, type Scope } from "./scopes.ts";

/** Second factors and what proves a person's presence twice (RFC 8176). */
export const MFA_ACR = "urn:soma:acr:mfa";
export const PASSWORD_ACR = "urn:soma:acr:single-factor";

/** The answer of the token endpoint (RFC 6749 §5.1). */
export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: "Bearer";
  readonly expires_in: number;
  readonly scope: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly issued_token_type?: string;
}

/** Who an access token speaks for, what for, and what it was made from. */
export interface AccessTokenOf {
  readonly tenant: string;
  readonly subject: string;
  readonly kind: "user" | "service" | "agent";
  readonly roles: readonly string[];
  readonly groups: readonly string[];
  /** All that the subject may: the token gets what of it the scopes name. */
  readonly capabilities: readonly Capability[];
  readonly scopes: readonly Scope[];
  readonly client: string;
  readonly resource: string | undefined;
  readonly grant?: string | undefined;
  readonly browserSession?: string | undefined;
  /** The API key that it was made from, by way of another token. */
  readonly key?: string | undefined;
  /** What it ends with besides: ids of the tokens that it was exchanged for. */
  readonly madeFrom?: readonly string[] | undefined;
  readonly signIn?: SignIn | undefined;
  /** The chain of who acts for the subject, the present actor outermost (RFC 8693 §4.1). */
  readonly actor?: Actor | undefined;
  /** Seconds since 1970 after which it must not live: the end of what it was made from. */
  readonly notAfter?: number | undefined;
}

/** Signs an access token (RFC 9068) that is good for what its scopes name and its subject may, and no longer than fifteen minutes. */
export async function issueAccessToken(env: Env, clock: Clock, issuer: string, of: AccessTokenOf): Promise<TokenAnswer> {
  const seconds = Math.floor(clock.now() / 1_000);
  const expiresIn = Math.min(LONGEST_SIGNED_SECONDS, (of.notAfter ?? Number.POSITIVE_INFINITY) - seconds);
  const scope = grantedScopes(of.scopes, of.capabilities).join(" ");
  const accessToken = await sign(env, clock, ACCESS_TOKEN_TYPE, {
    iss: issuer,
    aud: audienceOf(of.resource, issuer),
    sub: of.subject,
    client_id: of.client,
    jti: newId("request", clock.now()),
    iat: seconds,
    nbf: seconds,
    exp: seconds + expiresIn,
    scope,
    tenant: of.tenant,
    kind: of.kind,
    roles: [...of.roles],
    ...(of.groups.length === 0 ? {} : { groups: [...of.groups] }),
    capabilities: grantedCapabilities(of.scopes, of.capabilities),
    ...(of.grant === undefined ? {} : { sid: of.grant }),
    ...(of.browserSession === undefined ? {} : { bsid: of.browserSession }),
    ...(of.key === undefined ? {} : { key: of.key }),
    ...(of.madeFrom === undefined ? {} : { from: [...new Set(of.madeFrom)] }),
    ...(of.signIn === undefined ? {} : signInClaims(of.signIn)),
    ...(of.actor === undefined ? {} : { act: of.actor }),
  });
  return { access_token: accessToken, token_type: "Bearer", expires_in: expiresIn, scope };
}

/** What a token tells of the sign-in (OpenID Connect Core §2, RFC 8176, RFC 9470 §6). */
export function signInClaims({ amr, authTime, mfaAt }: SignIn): Record<string, unknown> {
  return {
    auth_time: Math.floor(authTime / 1_000),
    amr,
    acr: mfaAt === undefined ? PASSWORD_ACR : MFA_ACR,
    ...(mfaAt === undefined ? {} : { mfa_at: Math.floor(mfaAt / 1_000) }),
  };
}
