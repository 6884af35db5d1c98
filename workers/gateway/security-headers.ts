import type { MiddlewareHandler } from "hono";
import type { HttpEnv } from "../platform/route.ts";

/** For everything that is no page of ours: nothing of an answer may run or be framed. */
const API_POLICY = "default-src 'none'; frame-ancestors 'none'";
const ONE_YEAR_SECONDS = 31_536_000;

/** Headers that keep a browser from doing more with an answer than reading it. A route that needs another policy sets its own. */
export const securityHeaders: MiddlewareHandler<HttpEnv> = async (context, next) => {
  await next();
  const headers: readonly (readonly [string, string])[] = [
    ["Content-Security-Policy", API_POLICY],
    ["X-Content-Type-Options", "nosniff"],
    ["Referrer-Policy", "no-referrer"],
    ["Cross-Origin-Resource-Policy", "same-origin"],
    ["Cache-Control", "no-store"],
  ];
  for (const [name, value] of headers) {
    if (!context.res.headers.has(name)) context.header(name, value);
  }
  if (new URL(context.req.url).protocol === "https:") context.header("Strict-Transport-Security", `max-age=${ONE_YEAR_SECONDS}`);
};
