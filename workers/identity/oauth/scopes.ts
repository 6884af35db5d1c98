import { type Capability, capabilitySchema } from "../../platform/capabilities.ts";
import { OAuthError } from "./oauth-error.ts";

/** Scopes of OpenID Connect: who the user is, and whether the client may go on when the user has left. */
const IDENTITY_SCOPES = ["openid", "profile", "email", "offline_access"] as const;
export type IdentityScope = (typeof IDENTITY_SCOPES)[number];
export type Scope = IdentityScope | Capability;

/** All there are: those of OpenID Connect, and every capability. */
export const ALL_SCOPES: readonly Scope[] = [...IDENTITY_SCOPES, ...capabilitySchema.options];
/** More cannot be meant: there are not as many. */
const MAX_SCOPE_CHARACTERS = 8_192;

/** True when it names a scope of this platform. */
export function isScope(name: string): name is Scope {
  return isIdentityScope(name) || capabilitySchema.safeParse(name).success;
}

function isIdentityScope(name: string): name is IdentityScope {
  return IDENTITY_SCOPES.some((scope) => scope === name);
}

/**
 * The scopes that a `scope` parameter names (RFC 6749 §3.3); those that a client may have at most when there is none.
 * @throws OAuthError `invalid_scope` for a name that is no scope or beyond the client's
 */
export function requestedScopes(parameter: string | undefined, most: readonly Scope[]): Scope[] {
  if (parameter === undefined || parameter.trim() === "") return most.filter((scope) => scope !== "offline_access");
  if (parameter.length > MAX_SCOPE_CHARACTERS) throw new OAuthError("invalid_scope", "The scope is too long.");
  const names = [...new Set(parameter.split(" ").filter((name) => name !== ""))];
  const unknown = names.findIndex((name) => !isScope(name));
  if (unknown >= 0) throw new OAuthError("invalid_scope", `Scope number ${unknown + 1} is none of this platform.`);
  const scopes = names.filter(isScope);
  const beyond = scopes.find((scope) => !most.includes(scope));
  if (beyond !== undefined) throw new OAuthError("invalid_scope", `This client may not have the scope ${beyond}.`);
  return scopes;
}

/** The capabilities among scopes that the user has too: a token never gets what its user lacks. */
export function grantedCapabilities(scopes: readonly Scope[], has: readonly Capability[]): Capability[] {
  return has.filter((capability) => scopes.includes(capability));
}

/** The `scope` of a token: what was asked for, less the capabilities that its user lacks. */
export function grantedScopes(scopes: readonly Scope[], has: readonly Capability[]): Scope[] {
  return scopes.filter((scope) => isIdentityScope(scope) || has.includes(scope));
}

/** A stored or signed `scope` as the list it was made from; what is no scope any more is left out. */
export function parseScope(text: string): Scope[] {
  return text.split(" ").filter(isScope);
}
