import { entryOf } from "../../workers/audit/log/leaf-record.ts";
import { logKeys } from "../../workers/audit/log/log-name.ts";
import { type Edge, joined, TILE_WIDTH } from "../../workers/audit/log/tiles.ts";
import type { FullBundle, TreeStore } from "./tree-store.ts";

/** Full tiles and bundles put at the same time. */
const PUTS_AT_ONCE = 16;
/** Puts of one publication: an invocation may ask other services so often, and no more. What is left comes with the next. */
const MAX_ROUNDS = 20;
/** An entry is a SHA-256; a bundle puts its length before each, as a big-endian uint16 (C2SP tlog-tiles). */
const ENTRY_PREFIX = Uint8Array.of(0, 32);

/** A tree as it stood at one instant: what a checkpoint over it needs to have in R2 first. */
export interface Snapshot {
  readonly size: number;
  readonly edge: Edge;
  /** Records of the bundle that is not full. */
  readonly tail: readonly string[];
}

/**
 * Puts what is full into R2 and forgets it here, in rounds.
 * @returns false when more is left than one publication may put
 */
export async function putFull(bucket: R2Bucket, logId: string, tree: TreeStore): Promise<boolean> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const tiles = tree.fullTiles(PUTS_AT_ONCE);
    const bundles = tree.fullBundles(PUTS_AT_ONCE);
    if (tiles.length === 0 && bundles.length === 0) return true;
    await Promise.all([
      ...tiles.map((tile) => bucket.put(logKeys.tile(logId, tile, TILE_WIDTH), tile.hashes)),
      ...bundles.map((bundle) => putBundle(bucket, logId, bundle)),
    ]);
    // The partial ones they grew out of are not asked for any more: a reader takes their hashes from the front of the full ones.
    const outgrown = [
      ...tiles.map((tile) => logKeys.tile(logId, tile, 1)),
      ...bundles.map(({ number }) => logKeys.entries(logId, number, 1)),
    ];
    await bucket.delete(outgrown);
    for (const tile of tiles) tree.forgetTile(tile);
    for (const bundle of bundles) tree.forgetBundle(bundle);
  }
  return false;
}

/** Puts the partial tiles of a snapshot, and its partial bundle. Each grows in place: what was there before is the front of it. */
export async function putPartial(bucket: R2Bucket, logId: string, { size, edge, tail }: Snapshot): Promise<void> {
  const tiles = edge.flatMap((hashes, level) => (hashes.length === 0 ? [] : [{ level, hashes }]));
  await Promise.all(
    tiles.map(({ level, hashes }) => {
      const number = Math.floor(size / TILE_WIDTH ** (level + 1));
      return bucket.put(logKeys.tile(logId, { level, number }, hashes.length), joined(hashes));
    }),
  );
  if (tail.length > 0) await bucket.put(logKeys.entries(logId, Math.floor(size / TILE_WIDTH), tail.length), bundleOf(tail));
}

async function putBundle(bucket: R2Bucket, logId: string, { number, lines }: FullBundle): Promise<void> {
  await Promise.all([
    bucket.put(logKeys.entries(logId, number, TILE_WIDTH), bundleOf(lines)),
    bucket.put(logKeys.records(logId, number), `${lines.join("\n")}\n`),
  ]);
}

/** The entries of records as a bundle. */
function bundleOf(lines: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(lines.length * (ENTRY_PREFIX.byteLength + 32));
  lines.forEach((line, i) => {
    bytes.set(ENTRY_PREFIX, i * 34);
    bytes.set(entryOf(line), i * 34 + ENTRY_PREFIX.byteLength);
  });
  return bytes;
}
