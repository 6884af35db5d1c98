import { buildWorker } from "../clients/cli/platform/build.ts";
import { compressedBytes, MAX_COMPRESSED_BYTES } from "./compressed-size.ts";

/** Builds the Worker as it is deployed and fails when it is larger, compressed, than it may be. */
const bytes = compressedBytes(await buildWorker());
console.log(`The deployed bundle has ${Math.round(bytes / 1024)} KiB compressed; ${MAX_COMPRESSED_BYTES / 1024} KiB are allowed.`);
process.exitCode = bytes <= MAX_COMPRESSED_BYTES ? 0 : 1;
