import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** What a Worker may weigh on the smallest plan, compressed. */
export const MAX_COMPRESSED_BYTES = 3 * 1024 * 1024;

/** The bytes of a build's modules, each compressed by itself: what Cloudflare counts. */
export function compressedBytes(folder: string): number {
  const modules = readdirSync(folder).filter((name) => !/\.map$|^README/.test(name));
  return modules.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).byteLength, 0);
}
