import { buildWorker } from "../clients/cli/platform/build.ts";
import { compressedBytes, MAX_COMPRESSED_BYTES } from "../scripts/compressed-size.ts";
import { runtimeProcessorMs } from "./processor-time.ts";
import { alone, median, type Result } from "./result.ts";
import { emptyWorker, platformScript, type ServedWorker, serve } from "./serve.ts";

/** What Cloudflare allows a Worker to parse and to run its global scope (https://developers.cloudflare.com/workers/platform/limits/). */
const MOST_START_UP_MS = 1_000;
const ROUNDS = 5;

/**
 * What the Worker adds to the start of a cold process: up to its first answer, less the same of an empty Worker, started in turns. It
 * holds parsing, the global scope and the first request's own work, so it is more than what Cloudflare limits. By the processor's time
 * where the system tells it (Linux), since that does not depend on what else the machine does; and by the clock.
 */
export async function measureStartUp(): Promise<Result[]> {
  const worker = await platformScript();
  const clock: number[] = [];
  const processor: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const empty = await start(emptyWorker());
    const whole = await start(worker);
    clock.push(whole.clockMs - empty.clockMs);
    if (whole.processorMs !== undefined) processor.push(whole.processorMs - (empty.processorMs ?? 0));
  }
  return [
    ...(processor.length === 0 ? [] : [alone("start-up: processor time to the first answer", median(processor), "ms", MOST_START_UP_MS)]),
    alone("start-up: time to the first answer", median(clock), "ms", processor.length === 0 ? MOST_START_UP_MS : undefined),
    alone("start-up: bundle, compressed", compressedBytes(await buildWorker()) / 1024, "KiB", MAX_COMPRESSED_BYTES / 1024),
  ];
}

interface Start {
  readonly clockMs: number;
  readonly processorMs: number | undefined;
}

async function start(worker: ServedWorker): Promise<Start> {
  const startedAt = performance.now();
  const served = await serve([worker]);
  try {
    const response = await fetch(`${await served.url(worker.name)}/healthz`);
    await response.text();
    if (!response.ok) throw new Error(`The first answer of ${worker.name} was ${response.status}.`);
    return { clockMs: performance.now() - startedAt, processorMs: runtimeProcessorMs() };
  } finally {
    await served.stop();
  }
}
