import type { Json } from "../platform/canonical-json.ts";
import type { Problem, ProblemDetail, ProblemType } from "../platform/problem.ts";

/** The protocol's errors (§3.3.2) with their JSON-RPC code, HTTP status and status of google.rpc (§5.4), and those of JSON-RPC (§9.5). */
const ERRORS = {
  TASK_NOT_FOUND: [-32001, 404, "NOT_FOUND"],
  TASK_NOT_CANCELABLE: [-32002, 400, "FAILED_PRECONDITION"],
  PUSH_NOTIFICATION_NOT_SUPPORTED: [-32003, 400, "FAILED_PRECONDITION"],
  UNSUPPORTED_OPERATION: [-32004, 400, "FAILED_PRECONDITION"],
  CONTENT_TYPE_NOT_SUPPORTED: [-32005, 400, "INVALID_ARGUMENT"],
  INVALID_AGENT_RESPONSE: [-32006, 500, "INTERNAL"],
  EXTENDED_AGENT_CARD_NOT_CONFIGURED: [-32007, 400, "FAILED_PRECONDITION"],
  EXTENSION_SUPPORT_REQUIRED: [-32008, 400, "FAILED_PRECONDITION"],
  VERSION_NOT_SUPPORTED: [-32009, 400, "FAILED_PRECONDITION"],
  PARSE_ERROR: [-32700, 400, "INVALID_ARGUMENT"],
  INVALID_REQUEST: [-32600, 400, "INVALID_ARGUMENT"],
  METHOD_NOT_FOUND: [-32601, 404, "NOT_FOUND"],
  INVALID_PARAMS: [-32602, 400, "INVALID_ARGUMENT"],
  INTERNAL: [-32603, 500, "INTERNAL"],
  UNAVAILABLE: [-32603, 503, "UNAVAILABLE"],
  /** Of the custom codes that §3.3.2 leaves to the server. */
  UNAUTHENTICATED: [-32051, 401, "UNAUTHENTICATED"],
  PERMISSION_DENIED: [-32052, 403, "PERMISSION_DENIED"],
  RESOURCE_EXHAUSTED: [-32053, 429, "RESOURCE_EXHAUSTED"],
  CONFLICT: [-32054, 409, "ABORTED"],
} as const satisfies Record<string, readonly [number, number, string]>;

export type A2aReason = keyof typeof ERRORS;

/** What of the protocol's own errors is told with an `ErrorInfo` of its domain (§9.5, §11.6). */
const PROTOCOL_DOMAIN = "a2a-protocol.org";
const PLATFORM_DOMAIN = "somaagent";
const LAST_PROTOCOL_CODE = -32009;

interface A2aErrorOptions {
  readonly violations?: readonly ProblemDetail[];
  /** Told with the error: ids, versions. Never a secret. */
  readonly about?: Readonly<Record<string, string>>;
  /** Another HTTP status than the table's, where HTTP itself has a word for what is wrong with the request. */
  readonly httpStatus?: number;
  readonly retryAfterSeconds?: number | undefined;
}

/** An error as A2A clients are told of it, in either binding. */
export class A2aError extends Error {
  override readonly name = "A2aError";
  readonly reason: A2aReason;
  readonly options: A2aErrorOptions;

  constructor(reason: A2aReason, message: string, options: A2aErrorOptions = {}) {
    super(message);
    this.reason = reason;
    this.options = options;
  }

  get httpStatus(): number {
    return this.options.httpStatus ?? ERRORS[this.reason][1];
  }
}

/** The error that a problem of this platform is to an A2A client. What is no problem is a fault of ours, and told as that. */
export function toA2aError(problem: Problem | undefined): A2aError {
  if (problem === undefined) return new A2aError("INTERNAL", "The platform failed to serve the request; try again.");
  const options = { violations: problem.errors, retryAfterSeconds: problem.retryAfterSeconds };
  const own = HTTP_OF_PROBLEMS[problem.type];
  return new A2aError(reasonOf(problem), problem.detail, own === undefined ? options : { ...options, httpStatus: own });
}

const HTTP_OF_PROBLEMS: Partial<Record<ProblemType, number>> = {
  "payload-too-large": 413,
  "request-timeout": 408,
  "unsupported-media-type": 415,
  "budget-exhausted": 402,
};

function reasonOf(problem: Problem): A2aReason {
  switch (problem.type) {
    case "not-found":
      return "TASK_NOT_FOUND";
    case "malformed-json":
      return "PARSE_ERROR";
    case "unsupported-media-type":
      return "CONTENT_TYPE_NOT_SUPPORTED";
    case "missing-credential":
    case "invalid-credential":
      return "UNAUTHENTICATED";
    case "forbidden":
      return "PERMISSION_DENIED";
    case "too-many-requests":
    case "budget-exhausted":
      return "RESOURCE_EXHAUSTED";
    case "conflict":
    case "idempotency-in-progress":
      return "CONFLICT";
    case "unavailable":
      return "UNAVAILABLE";
    default:
      return problem.status < 500 ? "INVALID_PARAMS" : "INTERNAL";
  }
}

/** The details of an error as ProtoJSON `Any`s (§3.3.2): what kind it is, and which places of the request are wrong. */
function detailsOf({ reason, options }: A2aError): Json[] {
  const code = ERRORS[reason][0];
  const isOfProtocol = code <= -32001 && code >= LAST_PROTOCOL_CODE;
  const info: Json = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    reason,
    domain: isOfProtocol ? PROTOCOL_DOMAIN : PLATFORM_DOMAIN,
    ...(options.about === undefined ? {} : { metadata: { ...options.about } }),
  };
  const violations = options.violations ?? [];
  if (violations.length === 0) return [info];
  const fieldViolations = violations.map(({ pointer, message }) => ({ field: pointer, description: message }));
  return [info, { "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations }];
}

/** The error object of JSON-RPC 2.0 (§9.5). */
export function jsonRpcErrorOf(error: A2aError): Json {
  return { code: ERRORS[error.reason][0], message: error.message, data: detailsOf(error) };
}

/** The google.rpc.Status of the HTTP+JSON binding (§11.6). */
export function rpcStatusOf(error: A2aError): Json {
  const status = ERRORS[error.reason][2];
  return { error: { code: error.httpStatus, status, message: error.message, details: detailsOf(error) } };
}

/** The headers an error asks for: the challenge of RFC 6750, and when to come again. */
export function errorHeaders(error: A2aError): Record<string, string> {
  const { retryAfterSeconds } = error.options;
  return {
    ...(error.reason === "UNAUTHENTICATED" ? { "WWW-Authenticate": 'Bearer realm="somaagent"' } : {}),
    ...(retryAfterSeconds === undefined ? {} : { "Retry-After": String(Math.ceil(retryAfterSeconds)) }),
  };
}
