import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { ROOT } from "../clients/cli/platform/build.ts";
import { ask, attach, finishProject, makeSession, makeTenant, takeTurn } from "./platform-client.ts";
import { alone, type Result } from "./result.ts";
import { buildPlatform, newOperatorToken, platformWorker, serve } from "./serve.ts";

/** The last alarm that an action can cause comes a minute after it (a resend, if the audit had not answered); then all of it is counted. */
const SETTLE_MS = 65_000;
/** What an action leaves to be done at once (the outbox, the queues' consumers) is over after this. */
const SHORT_SETTLE_MS = 4_000;
/** Of a turn without tools; one that streams may write two more a second. */
const MOST_ROWS_A_TURN = 8;
const FEW_GOALS = 3;

const countsSchema = z.record(z.string(), z.number());
/** What was counted, by where (request, consumer, an object's class) and what. */
type Counts = z.infer<typeof countsSchema>;

/**
 * What is billed for one turn, and for one task of a project: counted at the bindings, and for rows by the numbers that storage and D1
 * give themselves. Three platforms are counted side by side, since each is mostly waited for.
 */
export async function countOperations(): Promise<Result[]> {
  const build = await buildPlatform("bench/workers/counted/index.ts");
  const goals = readFileSync(join(ROOT, "examples/penguins/brief.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("- "));
  const [turn, many, few] = await Promise.all([
    counted(build, prepareTurn),
    counted(build, prepareProject(goals)),
    counted(build, prepareProject(goals.slice(0, FEW_GOALS))),
  ]);
  return [
    ...toResults("one turn", turn, { rowsWritten: MOST_ROWS_A_TURN, d1: 0 }),
    ...toResults("one task", perTask(many, few, goals.length)),
  ];
}

/** Gets something ready and gives back what is to be counted. */
type Prepare = (url: string, key: string) => Promise<() => Promise<void>>;

async function counted(build: string, prepare: Prepare): Promise<Counts> {
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

/** A turn of a session that has had one. */
async function prepareTurn(url: string, key: string): Promise<() => Promise<void>> {
  const session = await makeSession(url, key);
  await takeTurn(url, key, session);
  return () => takeTurn(url, key, session);
}

function prepareProject(goals: readonly string[]): Prepare {
  return async (url, key) => {
    const artifact = await attach(url, key, "penguins.csv", readFileSync(join(ROOT, "examples/penguins/penguins.csv")));
    return () => finishProject(url, key, goals.join("\n"), [artifact]);
  };
}

/** What each further task of a project costs, in every object that takes part. */
function perTask(many: Counts, few: Counts, goals: number): Counts {
  const places = new Set([...Object.keys(many), ...Object.keys(few)]);
  return Object.fromEntries([...places].map((place) => [place, ((many[place] ?? 0) - (few[place] ?? 0)) / (goals - FEW_GOALS)]));
}

async function takeCounts(url: string): Promise<Counts> {
  return countsSchema.parse(await (await fetch(`${url}/bench/operations`)).json());
}

function toResults(what: string, counts: Counts, most: { rowsWritten?: number; d1?: number } = {}): Result[] {
  const sum = (operation: RegExp) =>
    Object.entries(counts).reduce((total, [place, times]) => (operation.test(place) ? total + times : total), 0);
  return [
    alone(`${what}: object requests, alarms among them`, sum(/: object requests$/), "requests"),
    alone(`${what}: rows written in objects`, sum(/: object rows written$/), "rows", most.rowsWritten),
    alone(`${what}: rows read in objects`, sum(/: object rows read$/), "rows"),
    alone(`${what}: queue operations`, sum(/: queue operations$/), "operations"),
    alone(`${what}: D1 calls on its way`, sum(/^(?!consumer).*: D1 calls$/), "calls", most.d1),
    alone(`${what}: D1 rows written by consumers`, sum(/^consumer: D1 rows written$/), "rows"),
    alone(`${what}: R2 operations`, sum(/: R2 (reads|writes)$/), "operations"),
  ];
}
