import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { buildWorker, ROOT } from "../../clients/cli/platform/build.ts";
import { choosePort, obstacleOn } from "../../clients/cli/platform/port.ts";

const readySchema = z.object({ url: z.url(), tenant: z.string(), apiKey: z.string() });
/** The platform behind another entry, with doubled alarms and messages in it. */
const HOSTILE_ENTRY = "bench/workers/hostile/index.ts";
/** A platform that does not answer for so long after a kill does not come back. */
const COMES_BACK_MS = 120_000;
/** A runtime whose host was killed, and which is still there after this, would work on the state of the next. */
const OUTLIVES_MS = 20_000;
const LOOK_EVERY_MS = 100;

/** What a kill takes: the runtime and its host, the host (whose runtime must not outlive it), or the runtime (which the host must start again). */
export const DEATHS = ["both", "host", "runtime"] as const;
export type Death = (typeof DEATHS)[number];

/** Things that a platform's world did twice. */
export interface Injected {
  alarms: number;
  messages: number;
}

interface Address {
  readonly port: number;
  readonly inspectorPort: number;
}

/** A platform that is killed, or replaced by another version, and started again over the same state, at the same address. */
export class MortalPlatform {
  readonly url: string;
  readonly apiKey: string;
  readonly inspectorPort: number;
  readonly #folder: string;
  readonly #build: string;
  readonly #address: Address;
  readonly #settings: NodeJS.ProcessEnv;
  #host: ChildProcess;
  #version = 0;

  private constructor(
    place: { folder: string; build: string; address: Address; settings: NodeJS.ProcessEnv },
    host: ChildProcess,
    apiKey: string,
  ) {
    const { folder, build, address, settings } = place;
    this.#settings = settings;
    this.#folder = folder;
    this.#build = build;
    this.#address = address;
    this.#host = host;
    this.url = `http://127.0.0.1:${address.port}`;
    this.inspectorPort = address.inspectorPort;
    this.apiKey = apiKey;
  }

  /** @param settings what the Worker is set to, by environment variables, in every one of its lives */
  static async begin(settings: NodeJS.ProcessEnv = {}): Promise<MortalPlatform> {
    const build = await buildWorker(HOSTILE_ENTRY);
    const folder = mkdtempSync(join(tmpdir(), "soma-faults-"));
    try {
      mkdirSync(join(folder, "tmp"));
      const address = { port: await choosePort(0), inspectorPort: await choosePort(0) };
      const { host, ready } = await start(folder, build, address, settings);
      return new MortalPlatform({ folder, build, address, settings }, host, ready.apiKey);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Kills with SIGKILL, so that nobody gets to say anything, and waits until the platform answers again. */
  async dieAndComeBack(death: Death): Promise<void> {
    await this.#kill(death);
    if (death !== "runtime") await this.#startAgain(`something outlived the death of ${death}`);
    await until(() => answers(this.url), COMES_BACK_MS, `the platform did not come back after the death of ${death}`);
  }

  /** Replaces the running version by the next, in the middle of whatever it does. @throws Error when another than the next version answers then */
  async deploy(): Promise<void> {
    this.#version += 1;
    const gone = new Promise((resolve) => this.#host.once("exit", resolve));
    this.#host.kill("SIGTERM");
    await gone;
    await this.#startAgain("something outlived the version before");
    await until(() => answers(this.url), COMES_BACK_MS, "the next version does not answer");
  }

  /** What was injected so far, by the platform's own log. */
  injected(): Injected {
    const logs = ["platform.log.1", "platform.log"].map((name) => join(this.#folder, "state", name)).filter((path) => existsSync(path));
    const text = logs.map((path) => readFileSync(path, "utf8")).join("\n");
    const count = (what: string) => text.split(`"event":"fault.injected","twice":"${what}"`).length - 1;
    return { alarms: count("alarm"), messages: count("message") };
  }

  /** Ends it for good and removes what it kept. @throws Error when something of it is still there */
  async end(): Promise<void> {
    await this.#kill("both");
    const isLeft = await answers(this.url);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
    if (isLeft) throw new Error(`something still answers at ${this.url}`);
  }

  async #startAgain(otherwise: string): Promise<void> {
    await until(async () => (await obstacleOn(this.#address.port)) === undefined, OUTLIVES_MS, otherwise);
    const build = this.#version === 0 ? this.#build : versionOf(this.#build, this.#folder, this.#version);
    this.#host = (await start(this.#folder, build, this.#address, this.#settings)).host;
  }

  async #kill(death: Death): Promise<void> {
    const host = this.#host;
    const isHostAlive = host.exitCode === null && host.signalCode === null;
    const runtimes = isHostAlive && death !== "host" ? childrenOf(host, "workerd") : [];
    const gone = new Promise((resolve) => (isHostAlive && death !== "runtime" ? host.once("exit", resolve) : resolve(undefined)));
    for (const pid of runtimes) process.kill(pid, "SIGKILL");
    if (isHostAlive && death !== "runtime") host.kill("SIGKILL");
    await gone;
  }
}

/** The same build under another version: other bytes, as after any deploy. @returns its folder */
function versionOf(build: string, folder: string, version: number): string {
  const next = join(folder, `worker-${version}`);
  if (existsSync(next)) return next;
  cpSync(build, next, { recursive: true });
  const script = join(next, "index.js");
  const text = readFileSync(script, "utf8");
  const stated = /^( *version: ")([^"]+)(",)$/m;
  if (!stated.test(text)) throw new Error("the bundle states no version that could be changed");
  writeFileSync(script, text.replace(stated, `$1$2-deploy.${version}$3`));
  return next;
}

async function until(isSo: () => Promise<boolean>, longestMs: number, otherwise: string): Promise<void> {
  const deadline = Date.now() + longestMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(otherwise);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function start(
  folder: string,
  worker: string,
  address: Address,
  settings: NodeJS.ProcessEnv,
): Promise<{ host: ChildProcess; ready: z.infer<typeof readySchema> }> {
  const { port, inspectorPort } = address;
  const places = ["--port", String(port), "--inspect", String(inspectorPort), "--state", join(folder, "state"), "--worker", worker];
  // The folders that a killed runtime leaves behind go with ours.
  const env = { ...process.env, ...settings, TMPDIR: join(folder, "tmp") };
  const host = spawn(process.execPath, [join(ROOT, "clients/cli/start.ts"), ...places, "--json"], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const line = await new Promise<string>((resolve, reject) => {
    let errors = "";
    host.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString()));
    host.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    host.once("exit", (code) => reject(new Error(`the platform ended with ${code}: ${errors}`)));
  });
  return { host, ready: readySchema.parse(JSON.parse(line)) };
}

function childrenOf(host: ChildProcess, name: string): number[] {
  return execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="])
    .toString()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, command]) => parent === String(host.pid) && command === name)
    .map(([pid]) => Number(pid));
}

function answers(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );
}
