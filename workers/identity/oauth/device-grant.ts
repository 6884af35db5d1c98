import type { ClientHost } from "./authenticate-client.ts";
import type { OAuthClient } from "./client.ts";
import { DEVICE_CODE_LIFE_SECONDS, newDeviceCode, POLL_SECONDS, pollDevice } from "./device-codes.ts";
import { standingGrant } from "./grants.ts";
import type { TokenAnswer } from "./issue.ts";
import { issueForGrant } from "./issue-for-grant.ts";
import { OAuthError } from "./oauth-error.ts";
import { checkedResource } from "./resource.ts";
import { requestedScopes } from "./scopes.ts";

/** The answer of the device authorization endpoint (RFC 8628 §3.2). */
export interface DeviceAnswer {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string;
  readonly expires_in: number;
  readonly interval: number;
}

/** @throws OAuthError `unauthorized_client`, `invalid_scope`, `invalid_target` */
export async function beginDevice(host: ClientHost, client: OAuthClient, form: ReadonlyMap<string, string>): Promise<DeviceAnswer> {
  if (!client.grantTypes.includes("urn:ietf:params:oauth:grant-type:device_code"))
    throw new OAuthError("unauthorized_client", "This client was not registered for device codes.");
  const scopes = requestedScopes(form.get("scope"), client.scopes);
  const resource = checkedResource(form.get("resource"), host.issuer, client);
  const { deviceCode, userCode } = await newDeviceCode(host.env, host.clock, { client: client.id, scopes, resource });
  return {
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: `${host.issuer}/oauth/device`,
    verification_uri_complete: `${host.issuer}/oauth/device?user_code=${userCode}`,
    expires_in: DEVICE_CODE_LIFE_SECONDS,
    interval: POLL_SECONDS,
  };
}

/**
 * Redeems a device code once its user has allowed it (RFC 8628 §3.4).
 * @throws OAuthError `authorization_pending`, `slow_down`, `access_denied`, `expired_token`, `invalid_grant`
 */
export async function redeemDeviceCode(host: ClientHost, client: OAuthClient, form: ReadonlyMap<string, string>): Promise<TokenAnswer> {
  const code = form.get("device_code");
  if (code === undefined) throw new OAuthError("invalid_request", "device_code is needed.");
  const state = await pollDevice(host.env, host.clock, code, client.id);
  switch (state.kind) {
    case "pending":
      throw new OAuthError("authorization_pending", "The user has not answered yet.");
    case "too-early":
      throw new OAuthError("slow_down", "Wait longer between two questions.");
    case "denied":
      throw new OAuthError("access_denied", "The user refused.");
    case "expired":
      throw new OAuthError("expired_token", "The code is too old; begin again.");
    case "unknown":
      throw new OAuthError("invalid_grant", "The device code is not valid: it is used, or another client's.");
    case "approved": {
      const grant = await standingGrant(host.env, host.clock, state.grant);
      if (grant === undefined) throw new OAuthError("invalid_grant", "What the user allowed was revoked.");
      return issueForGrant(host, client, grant, { scopes: undefined, resource: undefined, nonce: undefined });
    }
    default:
      return state satisfies never;
  }
}
