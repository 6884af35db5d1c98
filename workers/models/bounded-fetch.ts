import { Problem } from "../platform/problem.ts";

/** Bytes of one answer of a provider: 4,096 tokens in chunks of the wordiest servers are a tenth of this. An object has 128 MB. */
export const MAX_ANSWER_BYTES = 16_777_216;

/**
 * `fetch` for a provider whose answers are not trusted to be small, and whose redirects are not followed: the key goes nowhere but
 * where the operator sent it.
 */
export const boundedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, redirect: "manual" });
  if (response.body === null) return response;
  let bytes = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > MAX_ANSWER_BYTES)
        controller.error(new Problem("limit-exceeded", `The model's answer is larger than ${MAX_ANSWER_BYTES} bytes.`));
      else controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counted), response);
};
