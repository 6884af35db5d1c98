import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { interruption } from "../../clients/cli/interruption.ts";
import { DEATHS, MortalPlatform } from "./mortal-platform.ts";
import { seededRandom } from "./random.ts";
import { noCounts, projectUnderFire, sessionUnderFire } from "./work-under-fire.ts";

/**
 * Kills the runtime, its host or both with SIGKILL at random moments of projects and conversations, starts them again over the same
 * state, and counts what came of it. Clients hold the event streams all the while and attach again with `Last-Event-ID`.
 * Prints the counts; fails when a project or a turn does not finish, an effect was recorded twice, or an event is missing, doubled or
 * out of order at a client.
 *
 *   npm run faults -- --kills 50 --tasks 60 --sessions 2 --seed 1 --minutes 30
 */
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "50" },
    tasks: { type: "string", default: "60" },
    sessions: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
    minutes: { type: "string", default: "30" },
  },
});
const KILLS = Number(values.kills);
const TASKS = Number(values.tasks);
const SESSIONS = Number(values.sessions);
/** How long a platform lives on once work goes on in it: longer, and the work would be finished before the kill. */
const LONGEST_LIFE_MS = 800;
/** Work that does not get on for so long is killed all the same. */
const PATIENCE_MS = 5_000;

const random = seededRandom(Number(values.seed));
const counts = noCounts();
const kills = { total: 0, both: 0, host: 0, runtime: 0 };
const results = new Set<string>();
const interrupted = interruption();
let isFiring = true;

const platform = await MortalPlatform.begin();
const tooLong = setTimeout(() => giveUp(`it took more than ${values.minutes} minutes`), Number(values.minutes) * 60_000);
interrupted.addEventListener("abort", () => giveUp("it was interrupted"));

try {
  await Promise.all([
    fire(),
    projects(),
    ...Array.from({ length: SESSIONS }, () => sessionUnderFire(platform, TASKS, counts, () => !isFiring)),
  ]);
} finally {
  clearTimeout(tooLong);
  isFiring = false;
  await platform.end();
}

const { progress: _, ...result } = counts;
console.log(JSON.stringify({ seed: Number(values.seed), tasks: TASKS, kills, ...result, differentResults: results.size }));
const { missingEvents, disorderedEvents, eventsOnlyAtOneClient, repeatedEffects, failedTasks } = counts;
const isSound =
  counts.delivered === counts.projects &&
  counts.completedTurns === counts.turns &&
  results.size === 1 &&
  [missingEvents, disorderedEvents, eventsOnlyAtOneClient, repeatedEffects, failedTasks].every((count) => count === 0);
process.exit(isSound ? 0 : 1);

/** Kills a random while after work has gone on since the last kill, each time something else. */
async function fire(): Promise<void> {
  while (kills.total < KILLS) {
    const before = counts.progress;
    const patience = Date.now() + PATIENCE_MS;
    while (counts.progress === before && Date.now() < patience) await sleep(5);
    await sleep(random() * LONGEST_LIFE_MS);
    const death = DEATHS[Math.floor(random() * DEATHS.length)] ?? "both";
    kills.total += 1;
    kills[death] += 1;
    console.error(`kill ${kills.total} of ${KILLS}: ${death}, in project ${counts.projects}, ${counts.progress} events`);
    await platform.dieAndComeBack(death);
  }
  isFiring = false;
}

/** Project after project while there is fire, the last of them to its end. */
async function projects(): Promise<void> {
  do results.add(await projectUnderFire(platform, TASKS, counts));
  while (isFiring);
}

/** Ends with what was counted so far, leaving nothing behind. */
function giveUp(why: string): void {
  console.error(`Given up: ${why}.\n${JSON.stringify({ kills, ...counts })}`);
  void platform.end().finally(() => process.exit(1));
}
