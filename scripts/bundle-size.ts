import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildWorker } from "../clients/cli/platform/build.ts";

/** What a Worker may weigh on the smallest plan, compressed. */
const MAX_COMPRESSED_BYTES = 3 * 1024 * 1024;

/** Builds the Worker as it is deployed and fails when it is larger, compressed, than it may be. */
const folder = await buildWorker();
const modules = readdirSync(folder).filter((name) => !/\.map$|^README/.test(name));
const bytes = modules.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).byteLength, 0);
console.log(`The deployed bundle has ${Math.round(bytes / 1024)} KiB compressed; ${MAX_COMPRESSED_BYTES / 1024} KiB are allowed.`);
process.exitCode = bytes <= MAX_COMPRESSED_BYTES ? 0 : 1;
