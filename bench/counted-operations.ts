import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { ask, makeTenant } from "./platform-client.ts";
import { newOperatorToken, platformWorker, serve } from "./serve.ts";

/** The last alarm that an action can cause comes a minute after it (a resend, if the audit had not answered); then all of it is counted. */
const SETTLE_MS = 65_000;
/** What an action leaves to be done at once (the outbox, the queues' consumers) is over after this. */
const SHORT_SETTLE_MS = 4_000;

const countsSchema = z.record(z.string(), z.number());
/** What was counted, by where (request, consumer, an object's class) and what. */
export type Counts = z.infer<typeof countsSchema>;

/** Gets something ready and gives back what is to be counted. */
export type Prepare = (url: string, key: string) => Promise<() => Promise<void>>;

/** What is billed for an action, in a platform of its own. @param build the platform behind the entry that counts */
export async function counted(build: string, prepare: Prepare): Promise<Counts> {
  const operatorToken = newOperatorToken();
  const served = await serve([await platformWorker(operatorToken, build)]);
  try {
    const url = await served.url("platform");
    const key = await makeTenant(url, operatorToken);
    const act = await prepare(url, key);
    await sleep(SHORT_SETTLE_MS);
    await ask(url, key, "GET", "/v1/capsules"); // The key is known, as it is in any conversation: the hot path is counted, not its first step.
    await takeCounts(url);
    await act();
    await sleep(SETTLE_MS);
    return await takeCounts(url);
  } finally {
    await served.stop();
  }
}

async function takeCounts(url: string): Promise<Counts> {
  return countsSchema.parse(await (await fetch(`${url}/bench/operations`)).json());
}
