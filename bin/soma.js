#!/usr/bin/env node
// The command line is TypeScript that Node 24 runs as it is; an older Node hands over to the one that came with the packages.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const FIRST_THAT_RUNS_TYPESCRIPT = 24;
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const main = join(root, "clients/cli/main.ts");

if (Number.parseInt(process.versions.node, 10) >= FIRST_THAT_RUNS_TYPESCRIPT) await import(pathToFileURL(main).href);
else handOver();

function handOver() {
  const bundled = ["node", "node.exe"].map((name) => join(root, "node_modules/node/bin", name)).find((path) => existsSync(path));
  if (bundled === undefined) {
    console.error(
      `soma needs Node ${FIRST_THAT_RUNS_TYPESCRIPT}, and this is ${process.version}. Run npm ci in ${root}, which brings it, or install it.`,
    );
    process.exitCode = 2;
    return;
  }
  const child = spawn(bundled, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal sends Ctrl-C to both; what the system sends reaches this process alone. The child decides when it is over.
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("close", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
  child.on("error", (error) => {
    console.error(`soma could not start ${bundled}: ${error.message}`);
    process.exitCode = 1;
  });
}
