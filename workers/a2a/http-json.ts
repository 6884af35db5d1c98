import { A2aError, errorHeaders, rpcStatusOf } from "./errors.ts";
import type { OperationName } from "./json-rpc.ts";
import { A2A_MEDIA_TYPE } from "./protocol.ts";

/** Which operation a method and a path below an agent's address are, and what of its parameters the path holds (§11.3). */
export interface HttpOperation {
  readonly operation: OperationName;
  readonly named: Readonly<Record<string, string>>;
  /** Where the other parameters are. */
  readonly from: "body" | "query";
}

interface Pattern {
  readonly method: string;
  readonly path: RegExp;
  readonly operation: OperationName;
  readonly from: "body" | "query";
}

const PATTERNS: readonly Pattern[] = [
  { method: "POST", path: /^\/message:send$/, operation: "SendMessage", from: "body" },
  { method: "POST", path: /^\/message:stream$/, operation: "SendStreamingMessage", from: "body" },
  { method: "GET", path: /^\/tasks$/, operation: "ListTasks", from: "query" },
  { method: "GET", path: /^\/tasks\/(?<id>[^/:]+)$/, operation: "GetTask", from: "query" },
  { method: "POST", path: /^\/tasks\/(?<id>[^/:]+):cancel$/, operation: "CancelTask", from: "body" },
  // The text of the specification says POST (§11.3.2), its normative proto GET: both are taken.
  { method: "POST", path: /^\/tasks\/(?<id>[^/:]+):subscribe$/, operation: "SubscribeToTask", from: "body" },
  { method: "GET", path: /^\/tasks\/(?<id>[^/:]+):subscribe$/, operation: "SubscribeToTask", from: "query" },
  {
    method: "POST",
    path: /^\/tasks\/(?<taskId>[^/:]+)\/pushNotificationConfigs$/,
    operation: "CreateTaskPushNotificationConfig",
    from: "body",
  },
  {
    method: "GET",
    path: /^\/tasks\/(?<taskId>[^/:]+)\/pushNotificationConfigs$/,
    operation: "ListTaskPushNotificationConfigs",
    from: "query",
  },
  {
    method: "GET",
    path: /^\/tasks\/(?<taskId>[^/:]+)\/pushNotificationConfigs\/(?<id>[^/:]+)$/,
    operation: "GetTaskPushNotificationConfig",
    from: "query",
  },
  {
    method: "DELETE",
    path: /^\/tasks\/(?<taskId>[^/:]+)\/pushNotificationConfigs\/(?<id>[^/:]+)$/,
    operation: "DeleteTaskPushNotificationConfig",
    from: "query",
  },
  { method: "GET", path: /^\/extendedAgentCard$/, operation: "GetExtendedAgentCard", from: "query" },
];

/** @throws A2aError `METHOD_NOT_FOUND` (404, or 405 when the path is there for other methods) */
export function httpOperation(method: string, path: string): HttpOperation {
  const matching = PATTERNS.filter((pattern) => pattern.path.test(path));
  const found = matching.find((pattern) => pattern.method === method);
  if (found === undefined) {
    const allowed = matching.map((pattern) => pattern.method).join(", ");
    if (allowed === "") throw new A2aError("METHOD_NOT_FOUND", `There is no operation of A2A at ${method} ${path.slice(0, 200)}.`);
    throw new A2aError("METHOD_NOT_FOUND", `${method} is not allowed on ${path.slice(0, 200)}; ${allowed} is.`, { httpStatus: 405 });
  }
  const groups = found.path.exec(path)?.groups ?? {};
  const named = Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decoded(value)]));
  return { operation: found.operation, named, from: found.from };
}

/** A segment that is not well encoded names nothing of ours. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const NUMBERS = new Set(["historyLength", "pageSize"]);
const BOOLEANS = new Set(["includeArtifacts"]);

/** Query parameters as the members that they stand for (§11.5); what is no number or boolean stays text, and is refused as one. */
export function queryParams(query: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries(
    [...query].map(([name, value]) => {
      if (NUMBERS.has(name) && /^-?\d{1,10}$/.test(value)) return [name, Number(value)];
      if (BOOLEANS.has(name) && (value === "true" || value === "false")) return [name, value === "true"];
      return [name, value];
    }),
  );
}

/**
 * The media type to answer in: the protocol's own (§11.1) to whoever sends it or asks for it, plain JSON to everyone else, whose parsers
 * may know no other.
 */
function answerType(request: Request): string {
  const speaks = [request.headers.get("accept"), request.headers.get("content-type")].some(
    (header) => header?.includes(A2A_MEDIA_TYPE) === true,
  );
  return speaks ? A2A_MEDIA_TYPE : "application/json";
}

export function httpResult(request: Request, value: unknown): Response {
  return new Response(JSON.stringify(value), { headers: { "Content-Type": answerType(request) } });
}

/** An error as google.rpc.Status (§11.6). */
export function httpError(request: Request, error: A2aError): Response {
  const headers = { "Content-Type": answerType(request), ...errorHeaders(error) };
  return new Response(JSON.stringify(rpcStatusOf(error)), { status: error.httpStatus, headers });
}
