import { inTurns, NONE } from "./load.ts";
import { comparedLoads, type Result } from "./result.ts";
import { scriptWorker, serve } from "./serve.ts";

/** At least this share of the runs a second that the bare writes reach. */
const LEAST_RATIO = 0.8;

/** Ten durable steps on the journal against the same ten rows written without it, in objects of the same worker. */
export async function measureJournal(): Promise<Result[]> {
  const worker = await scriptWorker("journal", "bench/workers/journal-object.ts", {
    r2Buckets: ["VALUES"],
    durableObjects: { JOURNALS: { className: "JournalObject", useSQLite: true } },
  });
  const served = await serve([worker]);
  try {
    const url = await served.url("journal");
    const [journal = NONE, bare = NONE] = await inTurns([
      { url, requests: [{ path: "/journal" }] },
      { url, requests: [{ path: "/bare" }] },
    ]);
    const peer = { name: "the same 10 rows without it", rounds: bare, leastRatio: LEAST_RATIO };
    return comparedLoads("journal of 10 steps", journal, "runs/s", peer);
  } finally {
    await served.stop();
  }
}
