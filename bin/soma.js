#!/usr/bin/env node
// The command line is TypeScript that Node 24 runs as it is; an older Node hands over to the one that came with the packages.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bundled = join(root, "node_modules/node/bin/node");
const major = Number(process.versions.node.split(".")[0]);
const node = major >= 24 || !existsSync(bundled) ? process.execPath : bundled;
const child = spawnSync(node, [join(root, "clients/cli/main.ts"), ...process.argv.slice(2)], { stdio: "inherit" });
process.exit(child.status ?? 1);
