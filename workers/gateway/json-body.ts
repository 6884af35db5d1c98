import type { MiddlewareHandler } from "hono";
import { readBounded } from "../platform/bounded-body.ts";
import { MAX_JSON_BODY_BYTES } from "../platform/limits.ts";
import { Problem } from "../platform/problem.ts";
import type { HttpEnv } from "../platform/route.ts";
import { checkedJson } from "./json-form.ts";

/**
 * Reads the JSON body of a request within its bounds before any handler or parser sees it: size, time, UTF-8, nesting, form. It runs on
 * the routes that take JSON, after the credential was verified: a stranger's body is not read at all.
 * @throws Problem `payload-too-large`, `request-timeout`, `malformed-json`, `unsupported-media-type`
 */
export const jsonBody: MiddlewareHandler<HttpEnv> = async (context, next) => {
  const bytes = await readBounded(context.req.raw, MAX_JSON_BODY_BYTES);
  context.set("jsonText", "");
  if (bytes.byteLength > 0) {
    const type = context.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
    if (type !== "application/json") {
      throw new Problem("unsupported-media-type", "This route takes application/json; set the Content-Type header.");
    }
    const text = checkedJson(bytes);
    context.set("jsonText", text);
    context.req.raw = new Request(context.req.raw.url, { method: context.req.method, headers: context.req.raw.headers, body: text });
  }
  await next();
};
