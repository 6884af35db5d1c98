import type { Capability } from "../../platform/capabilities.ts";
import { isRevoked } from "../../platform/governance.ts";
import { Problem } from "../../platform/problem.ts";
import { governanceOf } from "../../policy/governance-of.ts";
import { type Actor, type TokenClaims, type VerifiedToken, verifyAccessToken } from "../tokens.ts";
import type { ClientHost } from "./authenticate-client.ts";
import type { OAuthClient } from "./client.ts";
import { issueAccessToken, type TokenAnswer } from "./issue.ts";
import { OAuthError } from "./oauth-error.ts";
import { checkedResource } from "./resource.ts";
import { requestedScopes } from "./scopes.ts";

export const ACCESS_TOKEN_URN = "urn:ietf:params:oauth:token-type:access_token";
const JWT_URN = "urn:ietf:params:oauth:token-type:jwt";
/** An agent for an agent for an agent for a user: longer chains are loops. */
const MAX_ACTORS = 4;

/**
 * Exchanges an access token for a narrower one with which the client, or whom it names, acts for the token's subject (RFC 8693). The new
 * token never has a capability that the old one lacks or the client may not have, never lives longer, and is revoked with it.
 * @throws OAuthError `invalid_request`, `invalid_scope`, `invalid_target`, `invalid_grant`
 */
export async function exchangeToken(host: ClientHost, client: OAuthClient, form: ReadonlyMap<string, string>): Promise<TokenAnswer> {
  const requested = form.get("requested_token_type");
  if (requested !== undefined && requested !== ACCESS_TOKEN_URN && requested !== JWT_URN)
    throw new OAuthError("invalid_request", "Only access tokens are made by exchange.");
  const subject = await presentedToken(host, client, form, "subject");
  const actor = form.has("actor_token") ? await presentedToken(host, client, form, "actor") : undefined;
  const { claims } = subject;
  const most = claims.capabilities.filter((capability: Capability) => client.scopes.includes(capability));
  const answer = await issueAccessToken(host.env, host.clock, host.issuer, {
    tenant: claims.tenant,
    subject: claims.sub,
    kind: claims.kind,
    roles: claims.roles,
    groups: claims.groups ?? [],
    capabilities: most,
    scopes: requestedScopes(form.get("scope"), most),
    client: client.id,
    resource: checkedResource(form.get("resource") ?? form.get("audience"), host.issuer, client),
    grant: claims.sid,
    browserSession: claims.bsid,
    key: claims.key,
    signIn: signInOf(claims),
    actor: actedFor(claims.act, actor?.claims.sub ?? client.id),
    notAfter: Math.min(claims.exp, actor?.claims.exp ?? Number.POSITIVE_INFINITY),
    madeFrom: [...subject.revocableIds, ...(actor?.revocableIds ?? [])],
  });
  return { ...answer, issued_token_type: ACCESS_TOKEN_URN };
}

async function presentedToken(
  { env, clock, issuer }: ClientHost,
  client: OAuthClient,
  form: ReadonlyMap<string, string>,
  role: "subject" | "actor",
): Promise<VerifiedToken> {
  const token = form.get(`${role}_token`);
  const type = form.get(`${role}_token_type`);
  if (token === undefined || (type !== ACCESS_TOKEN_URN && type !== JWT_URN))
    throw new OAuthError("invalid_request", `${role}_token and ${role}_token_type are needed; the type is ${ACCESS_TOKEN_URN}.`);
  const refused = new OAuthError("invalid_grant", `The ${role}_token is not valid here.`);
  const verified = await verifyAccessToken(env, clock, issuer, token).catch((error: unknown) => {
    if (error instanceof Problem && error.type === "invalid-credential") throw refused;
    throw error;
  });
  const isOfTenant = client.tenant !== undefined && verified.claims.tenant === client.tenant;
  if (!isOfTenant || isRevoked(await governanceOf(env, clock, verified.claims.tenant), verified.revocableIds, verified.issuedAt))
    throw refused;
  return verified;
}

/** The chain of actors with a new one outermost (RFC 8693 §4.1). */
function actedFor(before: Actor | undefined, actor: string): Actor {
  let depth = 1;
  for (let link = before; link !== undefined; link = link.act) depth += 1;
  if (depth > MAX_ACTORS) throw new OAuthError("invalid_request", `More than ${MAX_ACTORS} actors stand between this token and its user.`);
  return { sub: actor, ...(before === undefined ? {} : { act: before }) };
}

function signInOf({ amr, auth_time, mfa_at }: TokenClaims) {
  if (amr === undefined || auth_time === undefined) return undefined;
  return { amr, authTime: auth_time * 1_000, ...(mfa_at === undefined ? {} : { mfaAt: mfa_at * 1_000 }) };
}
