import autocannon from "autocannon";
import { runtimeProcessorMs } from "./processor-time.ts";

/** Requests in flight: enough to keep workerd busy, few enough that none waits long. */
const CONNECTIONS = 16;
const WARM_UP_SECONDS = 2;
/** Many short rounds rather than few long ones: whatever else the machine does then meets all subjects alike. */
const ROUNDS = 5;
const SECONDS = 2;

/** What is asked, over and over. */
export interface Load {
  readonly url: string;
  readonly requests: readonly {
    readonly path: string;
    readonly method?: "GET" | "POST";
    readonly headers?: Record<string, string>;
    readonly body?: string;
  }[];
}

/** What was measured of one subject, round by round. */
export interface Rounds {
  /** Requests a second. */
  readonly rates: number[];
  /** Microseconds of the runtime's processor time that a request took; empty where the system does not tell. */
  readonly processorUs: number[];
}

export const NONE: Rounds = { rates: [], processorUs: [] };

/**
 * Measures several subjects in turns.
 * @throws Error when any answer is not a success: a fast refusal is no throughput
 */
export async function inTurns(subjects: readonly Load[]): Promise<Rounds[]> {
  for (const subject of subjects) await rate(subject, WARM_UP_SECONDS);
  const all = subjects.map((): Rounds => ({ rates: [], processorUs: [] }));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [i, subject] of subjects.entries()) {
      const before = runtimeProcessorMs();
      const perSecond = await rate(subject, SECONDS);
      const after = runtimeProcessorMs();
      all[i]?.rates.push(perSecond);
      if (before !== undefined && after !== undefined) all[i]?.processorUs.push(((after - before) * 1_000) / (perSecond * SECONDS));
    }
  }
  return all;
}

async function rate(load: Load, seconds: number): Promise<number> {
  const requests = load.requests.map((request) => ({ method: "GET" as const, ...request }));
  const result = await autocannon({ url: load.url, connections: CONNECTIONS, duration: seconds, requests });
  if (result.non2xx > 0 || result.errors > 0 || result["2xx"] === 0)
    throw new Error(
      `${load.url}: of ${result.requests.total} requests ${result.non2xx} were refused (${JSON.stringify(result.statusCodeStats)}) and ${result.errors} failed; the figure would say nothing.`,
    );
  return result["2xx"] / result.duration;
}
