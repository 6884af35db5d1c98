import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { HttpEnv } from "../platform/route.ts";
import { settings } from "../platform/settings.ts";

const allowed = cors({
  origin: (origin, context) => (settings(context.env).SOMA_CORS_ORIGINS.split(",").includes(origin) ? origin : null),
  allowHeaders: ["Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID", "traceparent"],
  exposeHeaders: ["X-Request-Id", "traceparent", "RateLimit", "RateLimit-Policy", "Retry-After", "Idempotency-Replayed"],
  maxAge: 600,
});

/** Lets pages of the origins that an operator has named call the platform (Fetch standard, CORS). A request of no page passes by. */
export const crossOrigin: MiddlewareHandler<HttpEnv> = (context, next) =>
  context.req.header("origin") === undefined && context.req.method !== "OPTIONS" ? next() : allowed(context, next);
