import { authenticateClient, type ClientCredentials, type ClientHost } from "./authenticate-client.ts";
import { GRANT_TYPES, type GrantType, type OAuthClient } from "./client.ts";
import { issueToService } from "./client-credentials-grant.ts";
import { redeemCode } from "./code-grant.ts";
import { redeemDeviceCode } from "./device-grant.ts";
import type { TokenAnswer } from "./issue.ts";
import { OAuthError } from "./oauth-error.ts";
import { refresh } from "./refresh-grant.ts";
import { exchangeToken } from "./token-exchange.ts";

type Grant = (host: ClientHost, client: OAuthClient, form: ReadonlyMap<string, string>) => Promise<TokenAnswer>;

const GRANTS: Readonly<Record<GrantType, Grant>> = {
  authorization_code: redeemCode,
  refresh_token: refresh,
  client_credentials: issueToService,
  "urn:ietf:params:oauth:grant-type:device_code": redeemDeviceCode,
  "urn:ietf:params:oauth:grant-type:token-exchange": exchangeToken,
};

/**
 * Answers the token endpoint (RFC 6749 §3.2): who asks, whether they may use this grant, and then the grant itself.
 * @throws OAuthError
 */
export async function answerTokenRequest(host: ClientHost, credentials: ClientCredentials): Promise<TokenAnswer> {
  const named = credentials.form.get("grant_type");
  if (named === undefined) throw new OAuthError("invalid_request", "grant_type is needed.");
  const type = GRANT_TYPES.find((candidate) => candidate === named);
  if (type === undefined) throw new OAuthError("unsupported_grant_type", "This grant is not offered; see the metadata for those that are.");
  const client = await authenticateClient(host, credentials);
  if (!client.grantTypes.includes(type)) throw new OAuthError("unauthorized_client", `This client may not use ${type}.`);
  return GRANTS[type](host, client, credentials.form);
}
