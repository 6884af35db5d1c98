import type { MiddlewareHandler } from "hono";
import { MAX_JSON_BODY_BYTES } from "../platform/limits.ts";
import { Problem } from "../platform/problem.ts";
import type { HttpEnv } from "../platform/route.ts";
import { checkedJson } from "./json-form.ts";

/** A body that has not arrived whole after this is given up: a megabyte at 100 kB/s. */
export const BODY_TIMEOUT_MS = 10_000;

/**
 * Reads the JSON body of a request within its bounds before any handler or parser sees it: size, time, UTF-8, nesting, form. It runs on
 * the routes that take JSON, after the credential was verified: a stranger's body is not read at all.
 * @throws Problem `payload-too-large`, `request-timeout`, `malformed-json`, `unsupported-media-type`
 */
export const jsonBody: MiddlewareHandler<HttpEnv> = async (context, next) => {
  const bytes = await readBounded(context.req.raw);
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

/**
 * The whole body of a request, if it is no larger than MAX_JSON_BODY_BYTES and arrives within BODY_TIMEOUT_MS.
 * @throws Problem `payload-too-large` or `request-timeout`
 */
export async function readBounded(request: Request): Promise<Uint8Array> {
  const tooLarge = () =>
    new Problem("payload-too-large", `The body is larger than ${MAX_JSON_BODY_BYTES} bytes; send large data as an artifact.`);
  if (Number(request.headers.get("content-length") ?? 0) > MAX_JSON_BODY_BYTES) throw tooLarge();
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      deadline.reject(new Problem("request-timeout", `The body did not arrive within ${BODY_TIMEOUT_MS / 1_000} seconds; send it again.`)),
    BODY_TIMEOUT_MS,
  );
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const read = await Promise.race([reader.read(), deadline.promise]);
      if (read.done) break;
      size += read.value.byteLength;
      if (size > MAX_JSON_BODY_BYTES) throw tooLarge();
      chunks.push(read.value);
    }
  } catch (error) {
    // What is still to come is not waited for: whoever sends it may never stop.
    reader.cancel().catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
