/** How the platform is reached: `fetch`, or what stands in for it (a service binding of a Worker, a test). */
export type Send = (request: Request) => Promise<Response>;

/** Tries of one request. */
const MAX_TRIES = 5;
/** Longest wait that is waited out; a server that asks for more gets its answer passed on at once. */
const LONGEST_WAIT_MS = 30_000;
/** Tries when the connection is lost: a server that is just starting again is met, one that is not there is soon told of. */
const MAX_CONNECTIONS = 3;
const RECONNECT_MS = 200;

/** The server could not be reached at all. */
export class SomaUnreachable extends Error {
  override readonly name = "SomaUnreachable";
  readonly url: string;

  constructor(url: string, cause: unknown) {
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    const code = reason instanceof Error && "code" in reason ? ` (${String(reason.code)})` : "";
    super(`Nothing answers at ${new URL(url).origin}${code}. Check the address, or start a platform with \`npm start\`.`, { cause });
    this.url = url;
  }
}

/**
 * Sends a request, again when the connection is lost or the server asks for it: 429, 503, or 409 with `Retry-After`, which is how a
 * server says that the first request with the same Idempotency-Key is still running. What is sent must be safe to repeat.
 * @param make the request; it is made anew for each try, so that its body can be read again. Its signal ends the waiting too
 * @throws SomaUnreachable when no connection could be made; the signal's reason when it aborts
 */
export async function sendPatiently(send: Send, make: () => Request): Promise<Response> {
  let lost = 0;
  for (let tries = 1; ; tries += 1) {
    const request = make();
    let waitMs: number;
    try {
      const response = await send(request);
      const asked = retryAfterMs(response);
      if (asked === undefined || asked > LONGEST_WAIT_MS || tries >= MAX_TRIES) return response;
      await response.body?.cancel();
      waitMs = asked;
    } catch (error) {
      lost += 1;
      if (request.signal.aborted) throw error;
      if (lost >= MAX_CONNECTIONS) throw new SomaUnreachable(request.url, error);
      waitMs = RECONNECT_MS * lost;
    }
    await pause(waitMs, request.signal);
  }
}

/** What the server asks to wait before the request is sent again; undefined when it does not ask for that. */
export function retryAfterMs(response: Response): number | undefined {
  const text = response.headers.get("Retry-After");
  const isPutOff = response.status === 429 || response.status === 503 || (response.status === 409 && text !== null);
  if (!isPutOff) return undefined;
  // Seconds or a date (RFC 9110 §10.2.3); a second when there is neither.
  const ms = text !== null && /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text ?? "") - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 1_000;
}

/** Waits. @throws the signal's reason as soon as it aborts */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
