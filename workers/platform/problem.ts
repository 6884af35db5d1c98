/**
 * Errors as values of the API: RFC 9457 problem details. This table is the only list of them; a type, once
 * published, keeps its meaning. They are thrown at the point that knows and turned into HTTP in one place, the gateway.
 */
const PROBLEMS = {
  "invalid-request": [400, "The request is not valid"],
  "malformed-json": [400, "The body is not well-formed JSON"],
  "missing-credential": [401, "A credential is required"],
  "invalid-credential": [401, "The credential is not valid"],
  "step-up-required": [401, "A second factor is required"],
  "wrong-factor": [403, "The second factor is not right"],
  forbidden: [403, "Policy does not allow this"],
  "not-found": [404, "There is no such thing here"],
  "method-not-allowed": [405, "This method is not allowed here"],
  conflict: [409, "The state of the resource does not allow this"],
  "turn-in-progress": [409, "The session is busy with another turn"],
  "session-closed": [409, "The session is closed"],
  "idempotency-in-progress": [409, "The first request with this Idempotency-Key is still running"],
  "events-compacted": [410, "The events asked for are no longer kept one by one"],
  "precondition-failed": [412, "The resource has changed since it was read"],
  "payload-too-large": [413, "The body is too large"],
  "unsupported-media-type": [415, "The body has a media type this route does not take"],
  "idempotency-mismatch": [422, "This Idempotency-Key was used for another request"],
  "invalid-graph": [422, "The graph is not valid"],
  "content-refused": [422, "Moderation refuses this text"],
  "invalid-constitution": [422, "The constitution is not valid"],
  "invalid-template": [422, "The files cannot be imported"],
  "invalid-policy": [422, "The policies cannot be taken"],
  "invalid-data": [422, "The data could not be read"],
  "invalid-query": [422, "The query is not allowed"],
  "limit-exceeded": [422, "A limit of this platform was reached"],
  "address-not-allowed": [422, "This address may not be fetched"],
  "tool-failed": [424, "A tool did not succeed"],
  "too-many-requests": [429, "Too many requests"],
  "budget-exhausted": [402, "The budget does not cover this"],
  "request-timeout": [408, "The request took too long to arrive"],
  internal: [500, "Something went wrong on our side"],
  "model-failed": [502, "The model provider did not answer as expected"],
  "model-refused": [502, "The model provider refused to answer"],
  "outcome-unknown": [502, "It is not known whether an effect outside happened"],
  unavailable: [503, "This part of the platform is not available"],
  timeout: [504, "The work took longer than its limit"],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemType = keyof typeof PROBLEMS;

/** One thing wrong with one place of the request: `pointer` is a JSON pointer (RFC 6901) into the body, or a parameter's name. */
export interface ProblemDetail {
  readonly pointer: string;
  readonly message: string;
  /** Where it stands, when the request held files that people wrote: line and column count from 1. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ProblemOptions {
  readonly errors?: readonly ProblemDetail[];
  /** Seconds after which a retry may succeed: sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** The scope that the credential lacks: told in `WWW-Authenticate` (RFC 6750 §3.1). */
  readonly scope?: string;
  /** What `WWW-Authenticate` of a 401 says beside the scheme: `error="…", max_age=900`. */
  readonly challenge?: string;
  readonly cause?: unknown;
}

const TYPE_PREFIX = "urn:soma:problem:";

/**
 * A problem with a stable type. `detail` says what happened, to what, and what to do next, for the person who reads it; it
 * never holds a secret or anything of another tenant.
 *
 * It crosses RPC between objects as an Error whose `message` is its JSON: `problemOf` brings it back.
 */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly type: ProblemType;
  readonly detail: string;
  readonly errors: readonly ProblemDetail[];
  readonly retryAfterSeconds: number | undefined;
  readonly scope: string | undefined;
  readonly challenge: string | undefined;

  constructor(type: ProblemType, detail: string, options: ProblemOptions = {}) {
    super(JSON.stringify({ problem: type, detail, errors: options.errors, retryAfterSeconds: options.retryAfterSeconds }), {
      cause: options.cause,
    });
    this.type = type;
    this.detail = detail;
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.scope = options.scope;
    this.challenge = options.challenge;
  }

  get status(): number {
    return PROBLEMS[this.type][0];
  }
}

/** The document of RFC 9457 for a problem, as sent in `application/problem+json`. */
export function problemDocument(problem: Problem, requestId: string): Record<string, unknown> {
  const [status, title] = PROBLEMS[problem.type];
  return {
    type: TYPE_PREFIX + problem.type,
    title,
    status,
    detail: problem.detail,
    requestId,
    ...(problem.errors.length > 0 ? { errors: problem.errors } : {}),
  };
}

/** True when `value` names a problem of the table. */
export function isProblemType(value: unknown): value is ProblemType {
  return typeof value === "string" && Object.hasOwn(PROBLEMS, value);
}

/**
 * The problem that `error` is, also after it crossed RPC (where an Error keeps its message and loses its class).
 * Returns undefined for any other error: that is a bug, or the platform's own trouble.
 */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (!(error instanceof Error)) return undefined;
  const start = error.message.indexOf('{"problem":');
  if (start < 0) return undefined;
  try {
    return parseProblem(JSON.parse(error.message.slice(start)));
  } catch {
    return undefined;
  }
}

function parseProblem(value: unknown): Problem | undefined {
  if (typeof value !== "object" || value === null || !("problem" in value) || !("detail" in value)) return undefined;
  if (!isProblemType(value.problem) || typeof value.detail !== "string") return undefined;
  const retry =
    "retryAfterSeconds" in value && typeof value.retryAfterSeconds === "number" ? { retryAfterSeconds: value.retryAfterSeconds } : {};
  const errors = "errors" in value && Array.isArray(value.errors) ? { errors: value.errors.filter(isDetail) } : {};
  return new Problem(value.problem, value.detail, { ...errors, ...retry });
}

function isDetail(value: unknown): value is ProblemDetail {
  return (
    typeof value === "object" &&
    value !== null &&
    "pointer" in value &&
    typeof value.pointer === "string" &&
    "message" in value &&
    typeof value.message === "string"
  );
}
