import type { MiddlewareHandler } from "hono";
import { sha256Hex } from "../platform/crypto.ts";
import { Problem } from "../platform/problem.ts";
import type { HttpEnv } from "../platform/route.ts";

/** What the draft asks of a key, and long enough for a UUID with a prefix. */
const KEY_FORM = /^[\x21-\x7e]{1,255}$/;
/** An answer larger than this is not kept; creating routes answer with what they made, which is far smaller. */
const MAX_KEPT_CHARACTERS = 100_000;

/**
 * Runs a creating request once per `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07): the same key and request get
 * the first answer again, another request under it is refused, and one that comes while the first still runs is told so. Keys belong to
 * one credential's subject and one route; they are kept for a day. Without the header the request simply runs.
 */
export const once: MiddlewareHandler<HttpEnv> = async (context, next) => {
  const header = context.req.header("idempotency-key");
  if (header === undefined) return next();
  const key = header.replace(/^"(.*)"$/, "$1");
  if (!KEY_FORM.test(key)) throw new Problem("invalid-request", "Idempotency-Key must be 1 to 255 visible ASCII characters.");
  const principal = context.get("principal");
  const { pathname, search } = new URL(context.req.url);
  const isJson = context.req.header("content-type")?.startsWith("application/json") === true;
  const body = isJson
    ? await context.req.raw.clone().text()
    : `${context.req.header("content-length") ?? ""}:${context.req.header("content-digest") ?? ""}`;
  const fingerprint = sha256Hex(`${context.req.method} ${pathname}${search}\n${body}`);
  const record = context.env.IDEMPOTENCY_RECORD.getByName(`${principal.tenant}/${sha256Hex(`${principal.subject}\n${pathname}\n${key}`)}`);
  const begun = await record.begin(fingerprint);
  switch (begun.kind) {
    case "mismatch":
      throw new Problem(
        "idempotency-mismatch",
        "This Idempotency-Key was used for a request with another body; use a new key for a new request.",
      );
    case "running":
      throw new Problem("idempotency-in-progress", "The first request with this key is still running; ask again in a moment.", {
        retryAfterSeconds: 1,
      });
    case "finished":
      context.res = new Response(begun.body, {
        status: begun.status,
        headers: { "Content-Type": "application/json", "Idempotency-Replayed": "true" },
      });
      return;
    case "first":
      await next();
      await keepAnswer(record, begun.ticket, context.error === undefined ? context.res : undefined);
      return;
    default:
      return begun satisfies never;
  }
};

/** Keeps a success; anything else frees the key, so that the request can be made again. */
async function keepAnswer(
  record: DurableObjectStub<import("../../durable-objects/idempotency-record/idempotency-record.ts").IdempotencyRecord>,
  ticket: string,
  response: Response | undefined,
): Promise<void> {
  const body = response?.ok === true ? await response.clone().text() : undefined;
  if (response === undefined || body === undefined || body.length > MAX_KEPT_CHARACTERS) await record.forget(ticket);
  else await record.finish(ticket, response.status, body);
}
