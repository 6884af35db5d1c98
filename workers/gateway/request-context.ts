import type { Context, MiddlewareHandler } from "hono";
import { systemClock } from "../platform/clock.ts";
import { newId } from "../platform/ids.ts";
import type { HttpEnv } from "../platform/route.ts";
import { log } from "../platform/telemetry.ts";
import { childTrace, formatTraceparent, parseTraceparent, ROOTS_A_SAMPLE } from "../platform/trace-context.ts";
import { setAnswerHeaders } from "./answer-headers.ts";
import { setSecurityHeaders } from "./security-headers.ts";

/** A request that took so long is told of, sampled or not. */
const SLOW_MS = 1_000;

/**
 * Gives each request its id and its place in a trace, answers with both, and writes the one line a request leaves in the log: for every
 * request that failed or was slow, and of the others for those whose trace is sampled, since the line would cost more than the rest.
 */
export const requestContext: MiddlewareHandler<HttpEnv> = async (context, next) => {
  const startedAt = systemClock.now();
  const requestId = newId("request", startedAt);
  const trace = childTrace(parseTraceparent(context.req.header("traceparent")));
  context.set("requestId", requestId);
  context.set("trace", trace);
  await next();
  setAnswerHeaders(context, (headers) => {
    setSecurityHeaders(headers, context.req.url);
    headers.set("X-Request-Id", requestId);
    headers.set("traceparent", formatTraceparent(trace));
  });
  writeLine(context, systemClock.now() - startedAt);
};

function writeLine(context: Context<HttpEnv>, durationMs: number): void {
  const { status } = context.res;
  const trace = context.get("trace");
  const isRemarkable = status >= 400 || durationMs >= SLOW_MS;
  if (!isRemarkable && !trace.sampled) return;
  log(
    status >= 500 ? "error" : "info",
    "http.request",
    { requestId: context.get("requestId"), trace },
    // `standsFor`: how many requests like it the line speaks for, so that whoever counts lines counts right.
    { method: context.req.method, route: context.req.routePath, status, durationMs, standsFor: isRemarkable ? 1 : ROOTS_A_SAMPLE },
  );
}
