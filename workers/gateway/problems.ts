import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { Problem, problemDocument, problemOf } from "../platform/problem.ts";
import type { HttpEnv } from "../platform/route.ts";
import { describeError, log } from "../platform/telemetry.ts";

/**
 * What a refused credential is told by RFC 6750 §3.1, beside where its client finds who gives out better ones (RFC 9728 §5.1): nothing when there
 * was none, or else what was wrong with it. Undefined for what no other credential would mend.
 */
function challengeOf({ type, scope, challenge }: Problem, url: string): string | undefined {
  const metadata = `resource_metadata="${new URL(url).origin}/.well-known/oauth-protected-resource"`;
  switch (type) {
    case "missing-credential":
      return `Bearer realm="somaagent", ${metadata}`;
    case "invalid-credential":
      return `Bearer realm="somaagent", ${metadata}, error="invalid_token"`;
    case "forbidden":
      return scope === undefined ? undefined : `Bearer realm="somaagent", ${metadata}, error="insufficient_scope", scope="${scope}"`;
    case "step-up-required":
      return `Bearer realm="somaagent", ${metadata}, ${challenge ?? ""}`;
    default:
      return undefined;
  }
}

/** The one place where an error becomes an answer. What is no problem of the table is a fault of ours: it is logged whole and told as `internal`. */
export function answerError(error: unknown, context: Context<HttpEnv>): Response {
  const requestId = context.get("requestId");
  const problem = problemOf(error) ?? problemOfFramework(error);
  if (problem === undefined) {
    log(
      "error",
      "http.unhandled",
      { requestId },
      { error: describeError(error), stack: error instanceof Error ? (error.stack ?? "").slice(0, 4_000) : "" },
    );
  }
  return answerProblem(
    problem ?? new Problem("internal", "The platform failed to serve the request. Try again; if it stays so, report the request id."),
    context,
  );
}

/** A problem as `application/problem+json`, with the headers its kind asks for. */
export function answerProblem(problem: Problem, context: Context<HttpEnv>): Response {
  const headers = new Headers({ "Content-Type": "application/problem+json" });
  const challenge = challengeOf(problem, context.req.url);
  if (challenge !== undefined) headers.set("WWW-Authenticate", challenge);
  if (problem.retryAfterSeconds !== undefined) headers.set("Retry-After", String(Math.ceil(problem.retryAfterSeconds)));
  return new Response(JSON.stringify(problemDocument(problem, context.get("requestId"))), { status: problem.status, headers });
}

function problemOfFramework(error: unknown): Problem | undefined {
  if (error instanceof HTTPException && error.status === 400) return new Problem("malformed-json", "The body could not be read as JSON.");
  return undefined;
}
