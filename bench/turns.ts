import { makeSession, makeTenant, takeTurn } from "./platform-client.ts";
import { alone, type Result } from "./result.ts";
import { newOperatorToken, platformWorker, serve } from "./serve.ts";

const SESSIONS = 16;
const WARM_UP_MS = 3_000;
const MEASURED_MS = 15_000;

/** Turns a second with the embedded engine: each is sent over HTTP and its stream read to the end, one after another in each session. */
export async function measureTurns(): Promise<Result[]> {
  const operatorToken = newOperatorToken();
  const served = await serve([await platformWorker(operatorToken)]);
  try {
    const url = await served.url("platform");
    const key = await makeTenant(url, operatorToken);
    const sessions = await Promise.all(Array.from({ length: SESSIONS }, () => makeSession(url, key)));
    await turnsWithin(WARM_UP_MS, url, key, sessions);
    const startedAt = performance.now();
    const turns = await turnsWithin(MEASURED_MS, url, key, sessions);
    return [alone("turns with the embedded engine", turns / ((performance.now() - startedAt) / 1_000), "turns/s")];
  } finally {
    await served.stop();
  }
}

async function turnsWithin(limitMs: number, url: string, key: string, sessions: readonly string[]): Promise<number> {
  const until = performance.now() + limitMs;
  let turns = 0;
  await Promise.all(
    sessions.map(async (session) => {
      while (performance.now() < until) {
        await takeTurn(url, key, session);
        turns += 1;
      }
    }),
  );
  return turns;
}
