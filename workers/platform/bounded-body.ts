import { Problem } from "./problem.ts";

/** A body that has not arrived whole after this is given up: a megabyte at 100 kB/s. */
export const BODY_TIMEOUT_MS = 10_000;

/**
 * The whole body of a request, if it is no larger than `most` bytes and arrives within BODY_TIMEOUT_MS.
 * @throws Problem `payload-too-large` or `request-timeout`
 */
export async function readBounded(request: Request, most: number): Promise<Uint8Array> {
  const tooLarge = () => new Problem("payload-too-large", `The body is larger than ${most} bytes; send large data as an artifact.`);
  if (Number(request.headers.get("content-length") ?? 0) > most) throw tooLarge();
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
      if (size > most) throw tooLarge();
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
