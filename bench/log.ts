import { z } from "zod";
import { buildWorker } from "../clients/cli/platform/build.ts";
import { alone, median, type Result } from "./result.ts";
import { newOperatorToken, platformWorker, serve } from "./serve.ts";

/** The platform with its log open to the measurement. */
const ENTRY = "bench/workers/log/index.ts";
const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const PROOFS = 20;
const APPENDS = 5;
/** What a proof may take. */
const MOST_PROOF_MS = 50;

const grownSchema = z.object({ size: z.number(), published: z.number() });
const writtenSchema = z.object({ rows: z.number(), bytes: z.number() });

/**
 * What the transparency log costs as it grows, in workerd: rows and bytes that an append of one event writes, and how long a proof takes from
 * outside, over tiles that are in R2.
 */
export async function measureLog(): Promise<Result[]> {
  const served = await serve([await platformWorker(newOperatorToken(), await buildWorker(ENTRY))]);
  try {
    const url = await served.url("platform");
    const results: Result[] = [];
    for (const size of SIZES) {
      const startedAt = performance.now();
      await growTo(url, size);
      const name = `log of ${size.toLocaleString("en")} leaves`;
      results.push(alone(`${name}: grown to it in`, (performance.now() - startedAt) / 1_000, "s"));
      const written = await repeated(APPENDS, async () => writtenSchema.parse(await (await fetch(`${url}/append`)).json()));
      results.push(alone(`${name}: rows an append writes`, median(written.map(({ rows }) => rows)), "rows"));
      results.push(alone(`${name}: bytes an append writes`, median(written.map(({ bytes }) => bytes)), "bytes"));
      for (const kind of ["inclusion", "consistency"])
        results.push(alone(`${name}: ${kind} proof`, await proofMs(url, kind, size), "ms", MOST_PROOF_MS));
    }
    return results;
  } finally {
    await served.stop();
  }
}

async function growTo(url: string, size: number): Promise<void> {
  for (let grown = { size: 0, published: 0 }; grown.size < size || grown.published < size; )
    grown = grownSchema.parse(await (await fetch(`${url}/grow?to=${size}`, { method: "POST" })).json());
}

/** The median over proofs for leaves all over the log. */
async function proofMs(url: string, kind: string, size: number): Promise<number> {
  const times = await repeated(PROOFS, async (i) => {
    const startedAt = performance.now();
    const answer = await fetch(`${url}/${kind}?index=${Math.floor((i * size) / PROOFS)}`);
    await answer.text();
    if (!answer.ok) throw new Error(`A proof in a log of ${size} leaves answered ${answer.status}.`);
    return performance.now() - startedAt;
  });
  return median(times);
}

async function repeated<T>(count: number, work: (i: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let i = 0; i < count; i += 1) results.push(await work(i));
  return results;
}
