import { SomaProblem } from "../../clients/sdk/problem.ts";

/** Tries of one request while the platform dies under it. */
const MAX_TRIES = 1_200;
const TRY_AGAIN_MS = 100;
/** Refusals that pass: what is asked for is not there yet, still in use, or asked for too often. */
const PASSING = new Set([404, 409, 425, 429]);

/** Asks again until it succeeds: what a client does while its server is away. @throws what the server refuses for good */
export async function insist<T>(request: () => Promise<T>): Promise<T> {
  let last: unknown;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    try {
      return await request();
    } catch (error) {
      if (error instanceof SomaProblem && error.status < 500 && !PASSING.has(error.status)) throw error;
      last = error;
      await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
    }
  }
  throw last;
}
