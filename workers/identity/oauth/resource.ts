import type { OAuthClient } from "./client.ts";
import { OAuthError } from "./oauth-error.ts";

const MAX_RESOURCE_CHARACTERS = 1_024;

/**
 * The resource server that a token is asked for (RFC 8707): this platform, anything under its origin, or one that the client's tenant registered.
 * @throws OAuthError `invalid_target`
 */
export function checkedResource(resource: string | undefined, issuer: string, client: OAuthClient): string | undefined {
  if (resource === undefined) return undefined;
  const isWellFormed = resource.length <= MAX_RESOURCE_CHARACTERS && URL.canParse(resource) && !resource.includes("#");
  if (!isWellFormed) throw new OAuthError("invalid_target", "The resource must be an absolute URI without a fragment.");
  if (isOwnResource(resource, issuer) || client.resources.includes(resource)) return resource;
  throw new OAuthError("invalid_target", "Tokens for this resource are not made here, or not for this client.");
}

/** The `aud` of a token: the resource, and this platform when the resource is part of it or none was named. */
export function audienceOf(resource: string | undefined, issuer: string): string | string[] {
  if (resource === undefined || resource === issuer) return issuer;
  return isOwnResource(resource, issuer) ? [issuer, resource] : resource;
}

function isOwnResource(resource: string, issuer: string): boolean {
  return new URL(resource).origin === issuer;
}
