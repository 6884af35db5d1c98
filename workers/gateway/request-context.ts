import type { MiddlewareHandler } from "hono";
import { systemClock } from "../platform/clock.ts";
import { newId } from "../platform/ids.ts";
import type { HttpEnv } from "../platform/route.ts";
import { log } from "../platform/telemetry.ts";
import { childTrace, formatTraceparent, parseTraceparent } from "../platform/trace-context.ts";
import { setAnswerHeaders } from "./answer-headers.ts";

/** Gives each request its id and its place in a trace, answers with both, and writes the one line a request leaves in the log. */
export const requestContext: MiddlewareHandler<HttpEnv> = async (context, next) => {
  const startedAt = systemClock.now();
  const requestId = newId("request", startedAt);
  const trace = childTrace(parseTraceparent(context.req.header("traceparent")));
  context.set("requestId", requestId);
  context.set("trace", trace);
  await next();
  setAnswerHeaders(context, (headers) => {
    headers.set("X-Request-Id", requestId);
    headers.set("traceparent", formatTraceparent(trace));
  });
  const { status } = context.res;
  log(
    status >= 500 ? "error" : "info",
    "http.request",
    { requestId, trace },
    {
      method: context.req.method,
      route: context.req.routePath,
      status,
      durationMs: systemClock.now() - startedAt,
    },
  );
};
