import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** The checkout this file belongs to. */
export const ROOT = join(import.meta.dirname, "../../..");

const SOURCES = [
  "workers/**/*",
  "durable-objects/**/*",
  "queues/**/*",
  "policies/**/*",
  "wrangler.toml",
  "package-lock.json",
  "package.json",
];

/** Builds kept besides the newest: going back and forth between two states of the sources builds nothing. */
const BUILDS_KEPT = 4;

/**
 * Builds the Worker as it is deployed, once for each state of its sources.
 * @param entry another entry than the one in wrangler.toml (`…/index.ts`): the same platform behind it, counting or with faults put in
 * @returns the folder of the build
 * @throws Error with what the build printed, when it fails
 */
export async function buildWorker(entry?: string): Promise<string> {
  const builds = join(ROOT, ".cache/worker");
  const folder = join(builds, fingerprint(entry === undefined ? SOURCES : [...SOURCES, `${dirname(entry)}/**/*`]));
  if (existsSync(folder)) return folder;
  mkdirSync(builds, { recursive: true });
  forgetOldBuilds(builds);
  // Built aside and renamed when whole: another process, or the next one after a kill, never sees half a build.
  const unfinished = mkdtempSync(join(builds, "unfinished-"));
  try {
    const wrangler = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
    await run(process.execPath, [wrangler, "deploy", ...(entry === undefined ? [] : [entry]), "--dry-run", "--outdir", unfinished]);
    if (!existsSync(folder)) renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** Makes room for one more build in a folder of builds: the oldest go. */
export function forgetOldBuilds(builds: string): void {
  const known = readdirSync(builds)
    .map((name) => ({ path: join(builds, name), at: statSync(join(builds, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.at - a.at);
  for (const { path } of known.slice(BUILDS_KEPT)) rmSync(path, { recursive: true, force: true });
}

/** Names one state of the files that match the patterns. */
export function fingerprint(sources: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of globSync(sources, { cwd: ROOT }).sort()) {
    const file = join(ROOT, path);
    try {
      hash.update(path).update(readFileSync(file));
    } catch {
      // A folder: its files are in the list.
    }
  }
  return hash.digest("hex").slice(0, 24);
}

/** Runs a program to its end, in the checkout unless another folder is told. @throws Error with its output when it fails */
export async function run(command: string, args: readonly string[], cwd = ROOT): Promise<void> {
  const child = spawn(command, args, {
    cwd,
    env: {
      ...process.env,
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_HIDE_BANNER: "true",
      WRANGLER_LOG_PATH: join(ROOT, ".cache/wrangler-logs"),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`${args[0] ?? command} ended with ${code}:\n${output.slice(-4_000)}`);
}
