/** Errors of RFC 6749 §4.1.2.1 and §5.2, RFC 8628 §3.5, RFC 8707 §2, RFC 8693 §2.2.2, OpenID Connect Core §3.1.2.6, with the status of the token endpoint. */
const ERRORS = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  unsupported_response_type: 400,
  invalid_scope: 400,
  invalid_target: 400,
  access_denied: 400,
  server_error: 500,
  temporarily_unavailable: 503,
  authorization_pending: 400,
  slow_down: 400,
  expired_token: 400,
  login_required: 400,
  consent_required: 400,
  request_not_supported: 400,
  request_uri_not_supported: 400,
  invalid_request_uri: 400,
  unmet_authentication_requirements: 400,
} as const satisfies Record<string, number>;

export type OAuthErrorCode = keyof typeof ERRORS;

/**
 * A refusal in the words of OAuth, which its clients read in place of problem documents. `description` is plain ASCII without quotes or
 * backslashes, as RFC 6749 §5.2 wants, and never holds what was presented.
 */
export class OAuthError extends Error {
  override readonly name = "OAuthError";
  readonly code: OAuthErrorCode;
  readonly description: string;

  constructor(code: OAuthErrorCode, description: string, options?: ErrorOptions) {
    super(`${code}: ${description}`, options);
    this.code = code;
    this.description = description;
  }
}

/** The answer of the token endpoint and its like to a refused request (RFC 6749 §5.2). */
export function oauthErrorAnswer(error: OAuthError): Response {
  const headers = new Headers({ "Content-Type": "application/json", "Cache-Control": "no-store" });
  if (error.code === "invalid_client") headers.set("WWW-Authenticate", 'Basic realm="somaagent"');
  return new Response(JSON.stringify({ error: error.code, error_description: error.description }), { status: ERRORS[error.code], headers });
}
