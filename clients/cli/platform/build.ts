import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";

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

/**
 * Builds the Worker as it is deployed, once for each state of its sources.
 * @returns the folder of the build
 * @throws Error with what the build printed, when it fails
 */
export async function buildWorker(): Promise<string> {
  const folder = join(ROOT, ".cache/worker", fingerprint());
  if (existsSync(join(folder, "index.js"))) return folder;
  await run(process.execPath, [join(ROOT, "node_modules/wrangler/bin/wrangler.js"), "deploy", "--dry-run", "--outdir", folder]);
  return folder;
}

function fingerprint(): string {
  const hash = createHash("sha256");
  for (const path of globSync(SOURCES, { cwd: ROOT }).sort()) {
    const file = join(ROOT, path);
    try {
      hash.update(path).update(readFileSync(file));
    } catch {
      // A folder: its files are in the list.
    }
  }
  return hash.digest("hex").slice(0, 24);
}

/** Runs a program to its end in the checkout. @throws Error with its output when it fails */
export async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, WRANGLER_SEND_METRICS: "false" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`${args[0] ?? command} ended with ${code}:\n${output.slice(-4_000)}`);
}
