import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { choosePort, obstacleOn } from "../../clients/cli/platform/port.ts";

const ROOT = join(import.meta.dirname, "../..");
const readySchema = z.object({ url: z.url(), tenant: z.string(), apiKey: z.string() });
/** A platform that does not answer for so long after a kill does not come back. */
const COMES_BACK_MS = 120_000;
/** A runtime whose host was killed, and which is still there after this, would work on the state of the next. */
const OUTLIVES_MS = 20_000;
const LOOK_EVERY_MS = 100;

/** What a kill takes: the runtime and its host, the host (whose runtime must not outlive it), or the runtime (which the host must start again). */
export const DEATHS = ["both", "host", "runtime"] as const;
export type Death = (typeof DEATHS)[number];

/** A platform that is killed and started again over the same state, at the same address. */
export class MortalPlatform {
  readonly url: string;
  readonly apiKey: string;
  readonly #folder: string;
  readonly #port: number;
  #host: ChildProcess;

  private constructor(folder: string, port: number, host: ChildProcess, apiKey: string) {
    this.#folder = folder;
    this.#port = port;
    this.#host = host;
    this.url = `http://127.0.0.1:${port}`;
    this.apiKey = apiKey;
  }

  static async begin(): Promise<MortalPlatform> {
    const folder = mkdtempSync(join(tmpdir(), "soma-faults-"));
    try {
      mkdirSync(join(folder, "tmp"));
      const port = (await choosePort(0)) ?? 0;
      const { host, ready } = await start(folder, port);
      return new MortalPlatform(folder, port, host, ready.apiKey);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Kills with SIGKILL, so that nobody gets to say anything, and waits until the platform answers again. */
  async dieAndComeBack(death: Death): Promise<void> {
    await this.#kill(death);
    if (death !== "runtime") {
      await until(async () => (await obstacleOn(this.#port)) === undefined, OUTLIVES_MS, `something outlived the death of ${death}`);
      this.#host = (await start(this.#folder, this.#port)).host;
    }
    await until(() => answers(this.url), COMES_BACK_MS, `the platform did not come back after the death of ${death}`);
  }

  /** Ends it for good and removes what it kept. @throws Error when something of it is still there */
  async end(): Promise<void> {
    await this.#kill("both");
    const isLeft = await answers(this.url);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
    if (isLeft) throw new Error(`something still answers at ${this.url}`);
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

async function until(isSo: () => Promise<boolean>, longestMs: number, otherwise: string): Promise<void> {
  const deadline = Date.now() + longestMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(otherwise);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function start(folder: string, port: number): Promise<{ host: ChildProcess; ready: z.infer<typeof readySchema> }> {
  const args = [join(ROOT, "clients/cli/start.ts"), "--port", String(port), "--state", join(folder, "state"), "--json"];
  // The folders that a killed runtime leaves behind go with ours.
  const env = { ...process.env, TMPDIR: join(folder, "tmp") };
  const host = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
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
