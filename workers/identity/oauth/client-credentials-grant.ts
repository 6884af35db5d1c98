import { capabilitySchema } from "../../platform/capabilities.ts";
import type { ClientHost } from "./authenticate-client.ts";
import type { OAuthClient } from "./client.ts";
import { issueAccessToken, type TokenAnswer } from "./issue.ts";
import { OAuthError } from "./oauth-error.ts";
import { checkedResource } from "./resource.ts";
import { requestedScopes } from "./scopes.ts";

/**
 * A token for a program in its own name (RFC 6749 §4.4): for what its tenant registered it for, without a refresh token, since it can ask again.
 * @throws OAuthError `invalid_scope`, `invalid_target`
 */
export async function issueToService(host: ClientHost, client: OAuthClient, form: ReadonlyMap<string, string>): Promise<TokenAnswer> {
  if (client.tenant === undefined)
    throw new OAuthError("unauthorized_client", "Only clients that a tenant registered act in their own name.");
  const capabilities = client.scopes.flatMap((scope) => capabilitySchema.safeParse(scope).data ?? []);
  return issueAccessToken(host.env, host.clock, host.issuer, {
    tenant: client.tenant,
    subject: client.id,
    kind: "service",
    roles: [],
    groups: [],
    capabilities,
    scopes: requestedScopes(form.get("scope"), capabilities),
    client: client.id,
    resource: checkedResource(form.get("resource"), host.issuer, client),
  });
}
