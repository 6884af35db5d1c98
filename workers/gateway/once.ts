import type { Context, MiddlewareHandler } from "hono";
import { type IdempotencyRecord, STILL_RUNS_EVERY_MS } from "../../durable-objects/idempotency-record/idempotency-record.ts";
import { sha256Hex } from "../platform/crypto.ts";
import { derivedId } from "../platform/ids.ts";
import { MAX_JSON_BODY_BYTES } from "../platform/limits.ts";
import { Problem } from "../platform/problem.ts";
import type { HttpEnv } from "../platform/route.ts";
import { open, type Place, seal } from "../secrets/envelope.ts";
import { checkMasterKey } from "../secrets/master-key.ts";

/** What the draft asks of a key, and long enough for a UUID with a prefix. */
const KEY_FORM = /^[\x21-\x7e]{1,255}$/;
/** Creating routes answer with what they made: little more than what they were sent. Sealed it must fit a row of 2 MB. */
const MAX_KEPT_CHARACTERS = MAX_JSON_BODY_BYTES + 65_536;

/**
 * Runs a creating request once per `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07): the same key and request get
 * the first answer again, another request under it is refused, and one that comes while the first still runs is told so. Keys belong to
 * one credential's subject and one route; they are kept for a day. Without the header the request simply runs.
 *
 * A request that was cut off between its effect and the record of its answer runs again, and what it makes has the same ids as the first
 * time, so it is made once. The same holds for a streamed answer, which is not kept: asking again follows the same stream.
 *
 * Answers are kept sealed under a key of the tenant: one that made an API key holds its secret, and what is stored must open nothing.
 */
export const once: MiddlewareHandler<HttpEnv> = async (context, next) => {
  const header = context.req.header("idempotency-key");
  if (header === undefined) return next();
  const key = header.replace(/^"(.*)"$/, "$1");
  if (!KEY_FORM.test(key)) throw new Problem("invalid-request", "Idempotency-Key must be 1 to 255 visible ASCII characters.");
  const { tenant, subject } = context.get("principal");
  const { pathname, search } = new URL(context.req.url);
  const fingerprint = sha256Hex(`${context.req.method} ${pathname}${search}\n${bodyIdentity(context)}`);
  const record = context.env.IDEMPOTENCY_RECORD.getByName(`${tenant}/${sha256Hex(`${subject}\n${pathname}\n${key}`)}`);
  // Before anything is made: an answer that could not be sealed could not be kept.
  await checkMasterKey(context.env);
  const begun = await record.begin(fingerprint);
  switch (begun.kind) {
    case "mismatch":
      throw new Problem("idempotency-mismatch", "This Idempotency-Key was used for another request; use a new key for a new request.");
    case "running":
      throw new Problem("idempotency-in-progress", "The first request with this key is still running; ask again in a moment.", {
        retryAfterSeconds: 1,
      });
    case "finished":
      context.res = new Response(await open(context.env, placeOf(context), begun.sealedBody), {
        status: begun.status,
        headers: { "Content-Type": "application/json", "Idempotency-Replayed": "true" },
      });
      return;
    case "first": {
      const { seed, at } = begun.origin;
      context.set("newId", (kind) => derivedId(kind, at, `${seed}/${kind}`));
      await stillRunning(record, begun.ticket, next);
      await keepAnswer(context, record, begun.ticket);
      return;
    }
    default:
      return begun satisfies never;
  }
};

/** Handles the request, and says now and then that it goes on: when the process dies that handles it, nobody does any more. */
async function stillRunning(record: DurableObjectStub<IdempotencyRecord>, ticket: string, handle: () => Promise<void>): Promise<void> {
  // A word that does not get through is made good by the next, or the request was replaced, which changes nothing of what it makes.
  const pulse = setInterval(() => void record.stillRuns(ticket).catch(() => undefined), STILL_RUNS_EVERY_MS);
  try {
    await handle();
  } finally {
    clearInterval(pulse);
  }
}

/**
 * What tells a body from another. A file's bytes are streamed and read once, so an upload is told by its length and its `Content-Digest`
 * (RFC 9530), beside the name that stands in its address.
 * @throws Problem `invalid-request` for an upload that has neither
 */
function bodyIdentity(context: Context<HttpEnv>): string {
  const json = context.get("jsonText");
  if (json !== undefined) return json;
  const length = context.req.header("content-length");
  const digest = context.req.header("content-digest");
  if (length === undefined && digest === undefined)
    throw new Problem(
      "invalid-request",
      "An upload with an Idempotency-Key needs Content-Length or Content-Digest, to be told from another.",
    );
  return `${length ?? ""}:${digest ?? ""}`;
}

/** Keeps a success. A refusal frees the key, so that the request can be mended; a failure of ours lets the same request run again. */
async function keepAnswer(context: Context<HttpEnv>, record: DurableObjectStub<IdempotencyRecord>, ticket: string): Promise<void> {
  const { res: response, error, env } = context;
  if (response.status >= 400 && response.status < 500) return record.forget(ticket);
  if (error !== undefined || !response.ok || response.headers.get("content-type")?.startsWith("application/json") !== true)
    return record.repeat(ticket);
  const body = await response.clone().text();
  if (body.length > MAX_KEPT_CHARACTERS)
    throw new Error(`an answer of ${body.length} characters is too large to be kept under its Idempotency-Key`);
  await record.finish(ticket, response.status, await seal(env, placeOf(context), body));
}

/** Where an answer is sealed: it opens for this tenant and route alone. */
function placeOf(context: Context<HttpEnv>): Place {
  return { tenant: context.get("principal").tenant, purpose: `idempotency/${new URL(context.req.url).pathname}` };
}
