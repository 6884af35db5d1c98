import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";

/** The checkout. */
export const ROOT = join(import.meta.dirname, "../..");
const readySchema = z.object({ url: z.url(), console: z.url(), tenant: z.string(), apiKey: z.string() });

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartedPlatform {
  readonly host: ChildProcess;
  readonly ready: z.infer<typeof readySchema>;
}

/** Runs a program of the project as its own process, with what it reads from standard input, until it ends. */
export function run(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, input = "", folder = ROOT): Promise<Ended> {
  return runProgram(process.execPath, [join(ROOT, script), ...args], env, input, folder);
}

/** Runs any program in a folder, the checkout when none is named, until it ends. */
export function runProgram(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  input = "",
  folder = ROOT,
): Promise<Ended> {
  const child = spawn(program, args, { cwd: folder, env: { ...process.env, ...env } });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}

/** `npm start -- --json` over a state folder, once it has said where it is. */
export async function startOver(state: string, env: Record<string, string> = {}): Promise<StartedPlatform> {
  const host = spawn(process.execPath, [join(ROOT, "clients/cli/start.ts"), "--port", "0", "--state", state, "--json"], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<string>((resolve, reject) => {
    host.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString()));
    host.once("exit", (code) => reject(new Error(`the platform ended with ${code}`)));
  });
  return { host, ready: readySchema.parse(JSON.parse(line)) };
}

/** Sends a signal and waits for the end. @returns the exit code, null when the signal ended it */
export async function end(host: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (host.exitCode !== null || host.signalCode !== null) return host.exitCode;
  const ended = new Promise<number | null>((resolve) => host.once("exit", resolve));
  host.kill(signal);
  return ended;
}
