import { Problem } from "../../platform/problem.ts";
import { auditLogName, logIdOf, logKeys } from "./log-name.ts";
import { HASH_BYTES } from "./merkle.ts";
import type { ReadTile } from "./proofs.ts";
import { TILE_WIDTH } from "./tiles.ts";

/** Records of one page: so many lines of a few hundred characters. */
export const MAX_RECORDS_A_PAGE = 1_024;

/** Reads a log's tiles from R2; of a tile that has grown since, the front is what it was. @throws Problem `internal` when one is not there */
export function tileReader(bucket: R2Bucket, logId: string): ReadTile {
  return async (place, width) => {
    for (const asked of width < TILE_WIDTH ? [width, TILE_WIDTH] : [TILE_WIDTH]) {
      const stored = await bucket.get(logKeys.tile(logId, place, asked));
      const bytes = stored === null ? new Uint8Array() : new Uint8Array(await stored.arrayBuffer());
      if (bytes.byteLength >= width * HASH_BYTES) return bytes;
    }
    throw new Problem("internal", `Tile ${place.level}/${place.number} of the log is not stored as it should be; tell the operator.`);
  };
}

/** The records of the leaves `[from, to)` as they were hashed, a line each: from full bundles in R2, and the newest from the log itself. */
export async function readRecords(env: Env, tenant: string, from: number, to: number): Promise<string[]> {
  const logId = logIdOf(tenant);
  const lines: string[] = [];
  while (lines.length < to - from) {
    const next = from + lines.length;
    const bundle = Math.floor(next / TILE_WIDTH);
    const stored = await env.ARTIFACTS.get(logKeys.records(logId, bundle));
    const end = Math.min(to, (bundle + 1) * TILE_WIDTH);
    const found =
      stored === null
        ? await env.AUDIT_LOG.getByName(auditLogName(tenant)).newestRecords(next, end)
        : (await stored.text()).split("\n").slice(next - bundle * TILE_WIDTH, end - bundle * TILE_WIDTH);
    if (found.length === 0) break;
    lines.push(...found);
  }
  return lines;
}
