import { inTurns, NONE } from "./load.ts";
import { makeTenant, makeToken } from "./platform-client.ts";
import { comparedLoads, type Result } from "./result.ts";
import { newOperatorToken, platformWorker, scriptWorker, serve } from "./serve.ts";

/** A route that asks for a credential and a decision, and then does next to nothing. */
const PATH = "/v1/capsules/describe/versions/1.0.0";
/** Tenants that take turns: one alone would meet its rate limit within seconds. */
const TENANTS = 32;
/** At least this share of bare Hono's requests a second. */
const LEAST_RATIO = 0.5;

/**
 * The gateway (credential, rate, guard, security headers, trace context, log line) against bare Hono with the same answer: once with API
 * keys, once with tokens.
 */
export async function measureGateway(): Promise<Result[]> {
  const operatorToken = newOperatorToken();
  const served = await serve([await platformWorker(operatorToken), await scriptWorker("bare-hono", "bench/workers/bare-hono.ts")]);
  try {
    const platform = await served.url("platform");
    const bare = await served.url("bare-hono");
    const keys = await Promise.all(Array.from({ length: TENANTS }, () => makeTenant(platform, operatorToken)));
    const tokens = await Promise.all(keys.map((key) => makeToken(platform, key)));
    await teachAnswer(platform, bare, keys[0] ?? "");
    const [byKey = NONE, byToken = NONE, peer = NONE] = await inTurns([
      { url: platform, requests: keys.map(asking) },
      { url: platform, requests: tokens.map(asking) },
      { url: bare, requests: keys.map(asking) },
    ]);
    const bareHono = { name: "bare Hono", rounds: peer, leastRatio: LEAST_RATIO };
    return [
      ...comparedLoads("gateway with API key, rate and guard", byKey, "requests/s", bareHono),
      ...comparedLoads("gateway with token, rate and guard", byToken, "requests/s", bareHono),
    ];
  } finally {
    await served.stop();
  }
}

function asking(credential: string) {
  return { path: PATH, headers: { authorization: `Bearer ${credential}` } };
}

/** The comparison holds only if both send the same body: the peer is told what ours answers. @throws Error when they differ */
async function teachAnswer(platform: string, bare: string, key: string): Promise<void> {
  const answer = async (url: string) => (await fetch(`${url}${PATH}`, { headers: { authorization: `Bearer ${key}` } })).text();
  const ours = await answer(platform);
  await fetch(`${bare}${PATH}`, { method: "PUT", body: ours });
  if ((await answer(bare)) !== ours) throw new Error(`The peer does not answer ${PATH} as the platform does.`);
}
