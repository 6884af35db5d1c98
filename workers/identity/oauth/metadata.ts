import { CAPABILITIES } from "../../platform/capabilities.ts";
import { SIGNING_ALGORITHM } from "../signing-keys.ts";
import { ASSERTION_ALGORITHMS } from "./authenticate-client.ts";
import { AUTH_METHODS, GRANT_TYPES } from "./client.ts";
import { MFA_ACR, PASSWORD_ACR } from "./issue.ts";
import { ALL_SCOPES } from "./scopes.ts";

/** What this authorization server is and does: RFC 8414, with the members of OpenID Connect Discovery 1.0, at both their addresses. */
export function serverMetadata(issuer: string): Record<string, unknown> {
  const authMethods = { auth_methods_supported: [...AUTH_METHODS], auth_signing_alg_values_supported: [...ASSERTION_ALGORITHMS] };
  const forEndpoint = (endpoint: string) =>
    Object.fromEntries(Object.entries(authMethods).map(([name, values]) => [`${endpoint}_endpoint_${name}`, values]));
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    pushed_authorization_request_endpoint: `${issuer}/oauth/par`,
    device_authorization_endpoint: `${issuer}/oauth/device_authorization`,
    revocation_endpoint: `${issuer}/oauth/revoke`,
    introspection_endpoint: `${issuer}/oauth/introspect`,
    userinfo_endpoint: `${issuer}/oauth/userinfo`,
    end_session_endpoint: `${issuer}/oauth/end-session`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    scopes_supported: [...ALL_SCOPES],
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: [...GRANT_TYPES],
    code_challenge_methods_supported: ["S256"],
    ...forEndpoint("token"),
    ...forEndpoint("revocation"),
    ...forEndpoint("introspection"),
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    require_pushed_authorization_requests: false,
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [SIGNING_ALGORITHM],
    claims_supported: ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", ...PERSON_CLAIMS],
    prompt_values_supported: ["none", "login", "consent", "select_account"],
    acr_values_supported: [PASSWORD_ACR, MFA_ACR],
    ui_locales_supported: ["en"],
  };
}

const PERSON_CLAIMS = ["name", "given_name", "family_name", "updated_at", "email", "email_verified"];

/** What the API is as a resource server (RFC 9728): where its tokens come from. */
export function resourceMetadata(issuer: string): Record<string, unknown> {
  return {
    resource: issuer,
    authorization_servers: [issuer],
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    scopes_supported: [...CAPABILITIES],
    bearer_methods_supported: ["header"],
    resource_name: "SomaAgent",
    resource_documentation: `${issuer}/docs`,
  };
}
