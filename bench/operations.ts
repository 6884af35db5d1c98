import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildWorker, ROOT } from "../clients/cli/platform/build.ts";
import { type Counts, counted, type Prepare } from "./counted-operations.ts";
import { attach, finishProject, makeSession, takeTurn } from "./platform-client.ts";
import { alone, type Result } from "./result.ts";

/** Of a turn without tools; one that streams may write two more a second. */
const MOST_ROWS_A_TURN = 8;
const FEW_GOALS = 3;

/**
 * What is billed for one turn, and for one task of a project: counted at the bindings, and for rows by the numbers that storage and D1
 * give themselves. Three platforms are counted side by side, since each is mostly waited for.
 */
export async function countOperations(): Promise<Result[]> {
  const build = await buildWorker("bench/workers/counted/index.ts");
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
