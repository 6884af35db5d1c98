import type { Context } from "hono";
import type { HttpEnv } from "../platform/route.ts";

/**
 * Sets headers on the answer as it stands, in place: the framework's own way copies a finished answer for each header, which cost a
 * request more than everything else the gateway does. An answer that came from elsewhere cannot be changed; that one is copied, once.
 */
export function setAnswerHeaders(context: Context<HttpEnv>, set: (headers: Headers) => void): void {
  try {
    set(context.res.headers);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    context.res = new Response(context.res.body, context.res);
    set(context.res.headers);
  }
}
