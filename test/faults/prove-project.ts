import { setTimeout as sleep } from "node:timers/promises";
import { type Counts, isSound, noCounts } from "./counts.ts";
import { HeapWatch } from "./heap-watch.ts";
import { DEATHS, type Injected, MortalPlatform } from "./mortal-platform.ts";
import { projectUnderFire } from "./project-under-fire.ts";
import { seededRandom } from "./random.ts";
import { importLongRun, itemsUnderFire, longRunUnderFire } from "./run-under-fire.ts";
import { sessionUnderFire } from "./session-under-fire.ts";

/** How long a platform lives on once work goes on in it: longer, and the work would be finished before the kill. */
const LONGEST_LIFE_MS = 800;
/** Work that does not get on for so long is killed all the same. */
const PATIENCE_MS = 5_000;
/** The run that lives through the deploys waits a second in each of its rounds; a deploy takes less than so many. */
const ROUNDS_A_DEPLOY = 8;
/** What no object may hold: all of them together add less to the isolate. */
const MOST_MEGABYTES = 64;

export interface ProofOptions {
  readonly tasks: number;
  readonly items: number;
  readonly kills: number;
  readonly deploys: number;
  readonly sessions: number;
  readonly seed: number;
}

/** What was counted. */
export interface Proof extends ProofOptions, Omit<Counts, "progress" | "sessions"> {
  readonly killed: { total: number; both: number; host: number; runtime: number };
  readonly deployed: { total: number; seconds: number; isOutlivedByRun: boolean };
  readonly injectedTwice: Injected;
  /** Of projects and of `for_each` runs: hashes of what they delivered, those of the undisturbed first ones among them. */
  readonly differentResults: readonly number[];
  readonly heap: { idleMegabytes: number; peakMegabytes: number; looks: number };
  readonly isSound: boolean;
}

/**
 * Takes a project of many tasks and a `for_each` over many items to their ends, first undisturbed; then again and again, beside conversations, while
 * the runtime, its host or both are killed at random moments and the Worker is replaced by other versions. All the while alarms fire twice and
 * messages come twice. Clients hold every event stream and attach again with `Last-Event-ID`.
 * @param signal ends it early; the promise then rejects
 */
export async function proveProject(options: ProofOptions, signal: AbortSignal, tell: (words: string) => void): Promise<Proof> {
  const platform = await MortalPlatform.begin();
  const heap = new HeapWatch(platform.inspectorPort);
  const watching = heap.watch();
  const fire = new Fire(platform, options, tell);
  try {
    await Promise.race([heap.hasLooked(), ended(signal)]);
    return await Promise.race([fire.prove(heap), ended(signal)]);
  } catch (error) {
    tell(`until then: ${JSON.stringify(fire.proof(heap))}`);
    throw error;
  } finally {
    heap.stop();
    await watching;
    await platform.end();
  }
}

function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

/** One proof under way: its platform, what is counted, and whether there is still fire. */
class Fire {
  readonly #platform: MortalPlatform;
  readonly #options: ProofOptions;
  readonly #tell: (words: string) => void;
  readonly #random: () => number;
  readonly #counts = noCounts();
  readonly #killed = { total: 0, both: 0, host: 0, runtime: 0 };
  readonly #deployed = { total: 0, seconds: 0, isOutlivedByRun: false };
  readonly #projects = new Set<string>();
  readonly #items = new Set<string>();
  #isFiring = true;

  constructor(platform: MortalPlatform, options: ProofOptions, tell: (words: string) => void) {
    this.#platform = platform;
    this.#options = options;
    this.#tell = tell;
    this.#random = seededRandom(options.seed);
  }

  async prove(heap: HeapWatch): Promise<Proof> {
    const { tasks, items, sessions } = this.#options;
    const begun = Date.now();
    await Promise.all([this.#project(tasks), this.#itemRun(items)]);
    this.#tell(`undisturbed: ${tasks} tasks and ${items} items in ${seconds(begun)} s`);
    const isOver = () => !this.#isFiring;
    const talks = Array.from({ length: sessions }, () => sessionUnderFire(this.#platform, this.#counts, isOver));
    await Promise.all([
      this.#strike(),
      this.#whileFiring(() => this.#project(tasks)),
      this.#whileFiring(() => this.#itemRun(items)),
      ...talks,
    ]);
    return this.proof(heap);
  }

  /** Kills, and half-way through them the deploys. */
  async #strike(): Promise<void> {
    const { kills, deploys } = this.#options;
    const half = Math.floor(kills / 2);
    while (this.#killed.total < half) await this.#kill();
    if (deploys > 0) await this.#deployInOneRun(deploys);
    while (this.#killed.total < kills) await this.#kill();
    this.#isFiring = false;
  }

  async #kill(): Promise<void> {
    await this.#progressAndABit();
    const death = DEATHS[Math.floor(this.#random() * DEATHS.length)] ?? "both";
    this.#killed.total += 1;
    this.#killed[death] += 1;
    this.#tell(`kill ${this.#killed.total} of ${this.#options.kills}: ${death}, after ${this.#counts.progress} events`);
    await this.#platform.dieAndComeBack(death);
  }

  /** One version after another, of the Worker and of the template it came from, while one run goes on. */
  async #deployInOneRun(deploys: number): Promise<void> {
    let isRunning = true;
    const rounds = deploys * ROUNDS_A_DEPLOY;
    const template = await importLongRun(this.#platform, rounds, 1);
    const run = longRunUnderFire(this.#platform, template, rounds, this.#counts).then(() => {
      isRunning = false;
    });
    const begun = Date.now();
    while (this.#deployed.total < deploys) {
      await this.#progressAndABit();
      this.#deployed.total += 1;
      await importLongRun(this.#platform, rounds, this.#deployed.total + 1);
      this.#tell(`deploy ${this.#deployed.total} of ${deploys}, after ${this.#counts.progress} events`);
      await this.#platform.deploy();
    }
    this.#deployed.seconds = seconds(begun);
    this.#deployed.isOutlivedByRun = isRunning;
    await run;
  }

  async #progressAndABit(): Promise<void> {
    const before = this.#counts.progress;
    const patience = Date.now() + PATIENCE_MS;
    while (this.#counts.progress === before && Date.now() < patience) await sleep(5);
    await sleep(this.#random() * LONGEST_LIFE_MS);
  }

  /** Work after work while there is fire, the last of it to its end. */
  async #whileFiring(work: () => Promise<void>): Promise<void> {
    do await work();
    while (this.#isFiring);
  }

  async #project(tasks: number): Promise<void> {
    this.#projects.add(await projectUnderFire(this.#platform, tasks, this.#counts));
  }

  async #itemRun(items: number): Promise<void> {
    this.#items.add(await itemsUnderFire(this.#platform, items, this.#counts));
  }

  /** What was counted up to now. */
  proof(heap: HeapWatch): Proof {
    const { progress: _, sessions: __, ...counts } = this.#counts;
    const differentResults = [this.#projects.size, this.#items.size];
    const { idleMegabytes, peakMegabytes, looks } = heap;
    const isSame = differentResults.every((size) => size === 1);
    const isWell =
      isSame &&
      isSound(this.#counts) &&
      peakMegabytes - idleMegabytes < MOST_MEGABYTES &&
      this.#deployed.isOutlivedByRun === this.#options.deploys > 0;
    return {
      ...this.#options,
      ...counts,
      killed: this.#killed,
      deployed: this.#deployed,
      injectedTwice: this.#platform.injected(),
      differentResults,
      heap: { idleMegabytes, peakMegabytes, looks },
      isSound: isWell,
    };
  }
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 1_000);
}
