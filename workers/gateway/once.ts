import type { MiddlewareHandler } from "hono";
import { checkMasterKey, decryptSecret, encryptSecret } from "../identity/master-key.ts";
import { sha256Hex } from "../platform/crypto.ts";
import { MAX_JSON_BODY_BYTES } from "../platform/limits.ts";
import { Problem } from "../platform/problem.ts";
import type { HttpEnv } from "../platform/route.ts";

/** What the draft asks of a key, and long enough for a UUID with a prefix. */
const KEY_FORM = /^[\x21-\x7e]{1,255}$/;
/** Creating routes answer with what they made: little more than what they were sent. Sealed it must fit a row of 2 MB. */
const MAX_KEPT_CHARACTERS = MAX_JSON_BODY_BYTES + 65_536;

/**
 * Runs a creating request once per `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07): the same key and request get
 * the first answer again, another request under it is refused, and one that comes while the first still runs is told so. Keys belong to
 * one credential's subject and one route; they are kept for a day. An upload is told from another by its name, its length and its
 * `Content-Digest`, since its bytes are streamed and read once. Without the header the request simply runs.
 *
 * Answers are kept sealed under the platform's master key: one that made an API key holds its secret, and what is stored must open nothing.
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
  // Before anything is made: an answer that could not be sealed could not be kept.
  await checkMasterKey(context.env);
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
      context.res = new Response(await decryptSecret(context.env, begun.sealedBody), {
        status: begun.status,
        headers: { "Content-Type": "application/json", "Idempotency-Replayed": "true" },
      });
      return;
    case "first":
      await next();
      await keepAnswer(context.env, record, begun.ticket, context.error === undefined ? context.res : undefined);
      return;
    default:
      return begun satisfies never;
  }
};

/** Keeps a success; anything else frees the key, so that the request can be made again. */
async function keepAnswer(
  env: Env,
  record: DurableObjectStub<import("../../durable-objects/idempotency-record/idempotency-record.ts").IdempotencyRecord>,
  ticket: string,
  response: Response | undefined,
): Promise<void> {
  const body = response?.ok === true ? await response.clone().text() : undefined;
  if (response === undefined || body === undefined) return record.forget(ticket);
  if (body.length > MAX_KEPT_CHARACTERS)
    throw new Error(`an answer of ${body.length} characters is too large to be kept under its Idempotency-Key`);
  await record.finish(ticket, response.status, await encryptSecret(env, body));
}
