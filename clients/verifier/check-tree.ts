import type { Findings } from "./finding.ts";
import { GrowingTree, hashLeaf, rootOf } from "./hashing.ts";
import type { Source } from "./source.ts";
import { entryBundles, levelsOf, type TileFile, tilesOfLevel, WIDTH } from "./tile-paths.ts";

const HASH_BYTES = 32;
const LENGTH_BYTES = 2;

/** The entries of a log, in order, and the hashes of its leaves as its own tiles state them. */
export interface CheckedTree {
  readonly entries: readonly (Buffer | undefined)[];
  readonly leaves: readonly Buffer[];
}

/**
 * Checks that entries hash to leaves, leaves to tiles, tiles to the tiles above, and all of them to the root.
 * @param head the tree that a checkpoint states
 */
export async function checkTree(source: Source, head: { size: number; root: Buffer }, findings: Findings): Promise<CheckedTree> {
  const entries = await readEntries(source, head.size, findings);
  const leaves = await checkLevels(source, head.size, findings);
  leaves.forEach((leaf, i) => {
    const entry = entries[i];
    if (entry === undefined || hashLeaf(entry).equals(leaf)) return;
    const tile = tilesOfLevel(0, head.size)[Math.floor(i / WIDTH)];
    findings.add(`entry ${i}`, `it does not hash to leaf ${i % WIDTH} of ${tile?.path ?? "its tile"}`);
  });
  const tree = new GrowingTree();
  for (const leaf of leaves) tree.add(leaf);
  if (leaves.length !== head.size) findings.add("checkpoint", `it covers ${head.size} leaves, and the tiles have ${leaves.length}`);
  else if (!tree.root().equals(head.root))
    findings.add(
      "checkpoint",
      `its root is ${head.root.toString("base64")}, and the ${head.size} leaves hash to ${tree.root().toString("base64")}`,
    );
  return { entries, leaves };
}

/** The root of the first `size` leaves. */
export function rootOfFirst(leaves: readonly Buffer[], size: number): Buffer {
  return rootOf(leaves.slice(0, size));
}

async function readEntries(source: Source, size: number, findings: Findings): Promise<(Buffer | undefined)[]> {
  const entries: (Buffer | undefined)[] = [];
  for (const bundle of entryBundles(size)) {
    const bytes = await readFile(source, bundle, findings);
    const found = bytes === undefined ? [] : split(bytes);
    if (bytes !== undefined && (found === undefined || found.length !== bundle.width))
      findings.add(
        bundle.path,
        `it should hold ${bundle.width} entries, each behind its length, and holds ${found?.length ?? "something else"}`,
      );
    for (let i = 0; i < bundle.width; i += 1) entries.push(found?.[i]);
  }
  return entries;
}

/** Entries behind their lengths as big-endian uint16; undefined when the lengths do not come out even. */
function split(bytes: Buffer): Buffer[] | undefined {
  const entries: Buffer[] = [];
  let at = 0;
  while (at + LENGTH_BYTES <= bytes.length) {
    const end = at + LENGTH_BYTES + bytes.readUInt16BE(at);
    if (end > bytes.length) return undefined;
    entries.push(bytes.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  return at === bytes.length ? entries : undefined;
}

/** Checks each level against the one below. @returns the hashes of leaves, of level 0 */
async function checkLevels(source: Source, size: number, findings: Findings): Promise<Buffer[]> {
  let leaves: Buffer[] = [];
  let below: Buffer[] = [];
  for (const level of levelsOf(size)) {
    const hashes: Buffer[] = [];
    for (const tile of tilesOfLevel(level, size)) hashes.push(...(await readTile(source, tile, findings)));
    if (level === 0) leaves = hashes;
    else checkAgainst(below, hashes, level, findings);
    below = hashes;
  }
  return leaves;
}

function checkAgainst(below: readonly Buffer[], hashes: readonly Buffer[], level: number, findings: Findings): void {
  hashes.forEach((hash, i) => {
    const tile = below.slice(i * WIDTH, (i + 1) * WIDTH);
    if (tile.length === WIDTH && !rootOf(tile).equals(hash))
      findings.add(`tile of level ${level}, hash ${i}`, `it is not the root of tile ${i} of level ${level - 1}`);
  });
}

async function readTile(source: Source, tile: TileFile, findings: Findings): Promise<Buffer[]> {
  const bytes = await readFile(source, tile, findings);
  if (bytes === undefined) return [];
  if (bytes.length !== tile.width * HASH_BYTES)
    findings.add(tile.path, `it should hold ${tile.width} hashes, which are ${tile.width * HASH_BYTES} bytes, and has ${bytes.length}`);
  return Array.from({ length: Math.min(tile.width, Math.floor(bytes.length / HASH_BYTES)) }, (_, i) =>
    bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
}

async function readFile(source: Source, { path }: TileFile, findings: Findings): Promise<Buffer | undefined> {
  const bytes = await source.read(path);
  if (bytes === undefined) findings.add(path, "it is missing, and the checkpoint needs it");
  return bytes;
}
