import { makeSession, makeTenant, takeTurn } from "./platform-client.ts";
import { compared, type Result } from "./result.ts";
import { newOperatorToken, platformWorker, scriptWorker, serve } from "./serve.ts";

const SESSIONS = 16;
const WARM_UP_MS = 2_000;
const ROUND_MS = 2_000;
const ROUNDS = 5;

/**
 * Turns a second with the embedded engine, beside an object that writes the same rows and streams them: each is sent over HTTP and its
 * stream read to the end, one after another in each session.
 */
export async function measureTurns(): Promise<Result[]> {
  const operatorToken = newOperatorToken();
  const bareObjects = { durableObjects: { TURNS: { className: "BareTurns", useSQLite: true } } };
  const served = await serve([
    await platformWorker(operatorToken),
    await scriptWorker("bare-turns", "bench/workers/bare-turns.ts", bareObjects),
  ]);
  try {
    const [platform, bare] = [await served.url("platform"), await served.url("bare-turns")];
    const key = await makeTenant(platform, operatorToken);
    const sessions = await Promise.all(Array.from({ length: SESSIONS }, () => makeSession(platform, key)));
    const turns = () => perSecond(sessions, (session) => takeTurn(platform, key, session));
    const peers = () => perSecond(sessions, (session) => takeTurn(bare, key, session));
    await perSecond(sessions, (session) => takeTurn(platform, key, session), WARM_UP_MS);
    const rounds = { turns: [] as number[], peers: [] as number[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.turns.push(await turns());
      rounds.peers.push(await peers());
    }
    return [
      compared("turns with the embedded engine", rounds.turns, "turns/s", {
        name: "an object writing the same rows",
        rounds: rounds.peers,
      }),
    ];
  } finally {
    await served.stop();
  }
}

/** How often a second something can be done for the sessions side by side. */
async function perSecond(sessions: readonly string[], act: (session: string) => Promise<void>, limitMs = ROUND_MS): Promise<number> {
  const startedAt = performance.now();
  let times = 0;
  await Promise.all(
    sessions.map(async (session) => {
      while (performance.now() - startedAt < limitMs) {
        await act(session);
        times += 1;
      }
    }),
  );
  return times / ((performance.now() - startedAt) / 1_000);
}
