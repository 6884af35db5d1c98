import { APICallError } from "ai";
import { z } from "zod";
import { isPlatformReset } from "../platform/platform-reset.ts";
import { Problem, problemOf } from "../platform/problem.ts";
import { retryAfterSeconds } from "./retry-after.ts";

/** What the connection to a provider says when it broke, which says nothing about our own object. */
const BROKEN_CONNECTION = /network connection lost|terminated|econnreset|socket|closed|disconnected/i;
const SETTINGS = "SOMA_MODEL_BASE_URL, SOMA_MODEL_API_KEY and SOMA_MODEL_NAME";

/** The error's code in the published form, `{ error: { code } }`. Codes are words; anything else is not repeated. */
const bodySchema = z.object({ error: z.object({ code: z.string().regex(/^[a-z0-9_.-]{1,60}$/i) }) });

/**
 * What a provider's failure means here: tried again (`too-many-requests`, `model-failed`) or final (`model-refused`), with the wait the
 * provider asked for. The provider's own words are not repeated: they may hold parts of the key or of the request.
 * The platform's own resets are returned as they came.
 */
export function modelFailure(error: unknown, model: string): unknown {
  const known = problemOf(error);
  if (known !== undefined) return known;
  const isBroken = BROKEN_CONNECTION.test(messagesOf(error));
  if (isPlatformReset(error) && !isBroken) return error;
  if (APICallError.isInstance(error) && !isSuccess(error.statusCode)) return apiFailure(error, model);
  const what = isBroken ? "The connection to it broke off or was refused" : "What it sent is not the OpenAI chat API";
  return new Problem(
    "model-failed",
    `The model ${model} did not answer as expected. ${what}; when it stays so, check SOMA_MODEL_BASE_URL.`,
    { cause: error },
  );
}

/** The SDK calls it a failed call, too, when a call succeeded and its body did not come whole. */
function isSuccess(status: number | undefined): boolean {
  return status !== undefined && status < 300;
}

/** An error's message and its cause's. */
function messagesOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  return error.cause instanceof Error ? `${error.message} ${error.cause.message}` : error.message;
}

function apiFailure(error: APICallError, model: string): Problem {
  const { statusCode: status } = error;
  if (status === undefined)
    return new Problem("model-failed", `The model ${model} could not be reached; check SOMA_MODEL_BASE_URL.`, { cause: error });
  const code = codeOf(error.responseBody);
  const seconds = retryAfterSeconds(error.responseHeaders ?? {}, Date.now());
  const wait = seconds === undefined ? {} : { retryAfterSeconds: seconds };
  const told = code === undefined ? `status ${status}` : `status ${status} (${code})`;
  if (status === 429 && code === "insufficient_quota")
    return new Problem("model-refused", `The account of the model ${model} has no quota left; look at its plan with the provider.`);
  if (status === 429) return new Problem("too-many-requests", `The model ${model} takes no more requests for now.`, wait);
  if (status === 401 || status === 403)
    return new Problem("model-refused", `The model ${model} refused the credential with ${told}; check SOMA_MODEL_API_KEY.`);
  if (status >= 500 || status === 408 || status === 409)
    return new Problem("model-failed", `The model ${model} failed with ${told}.`, wait);
  return new Problem("model-refused", `The model ${model} refused the request with ${told}; check ${SETTINGS}.`);
}

function codeOf(body: string | undefined): string | undefined {
  try {
    return bodySchema.safeParse(JSON.parse(body ?? "")).data?.error.code;
  } catch {
    return undefined;
  }
}
