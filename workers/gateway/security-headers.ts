import type { MiddlewareHandler } from "hono";
import type { HttpEnv } from "../platform/route.ts";
import { setAnswerHeaders } from "./answer-headers.ts";

const ONE_YEAR_SECONDS = 31_536_000;
/** For everything that is no page of ours: nothing of an answer may run or be framed, and none of it is kept. */
const HEADERS: readonly (readonly [string, string])[] = [
  ["Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"],
  ["X-Content-Type-Options", "nosniff"],
  ["Referrer-Policy", "no-referrer"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
  ["Cache-Control", "no-store"],
  ["Vary", "Origin"],
];

/** Headers that keep a browser from doing more with an answer than reading it. A route that needs another policy sets its own. */
export const securityHeaders: MiddlewareHandler<HttpEnv> = async (context, next) => {
  await next();
  const isEncrypted = context.req.url.startsWith("https:");
  setAnswerHeaders(context, (headers) => {
    for (const [name, value] of HEADERS) if (!headers.has(name)) headers.set(name, value);
    if (isEncrypted) headers.set("Strict-Transport-Security", `max-age=${ONE_YEAR_SECONDS}`);
  });
};
