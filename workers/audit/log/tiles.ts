import { HASH_BYTES, rootOver } from "./merkle.ts";

/** Hashes of a full tile (C2SP tlog-tiles: height 8). */
export const TILE_WIDTH = 256;

/** A tile by its place: level 0 holds hashes of leaves, each level above the roots of full tiles below. */
export interface TilePlace {
  readonly level: number;
  readonly number: number;
}

/** A tile that is full, and so never changes. */
export interface FullTile extends TilePlace {
  readonly hashes: Uint8Array;
}

/** The right edge of a tree: of each level the hashes of its partial tile, from level 0 up. It is all that an append has to know. */
export type Edge = readonly (readonly Uint8Array[])[];

/** A tile's number as the path elements of C2SP tlog-tiles: 1234067 is `x001/x234/067`. */
export function numberPath(number: number): string {
  const groups: string[] = [];
  let rest = number;
  do {
    groups.unshift(String(rest % 1_000).padStart(3, "0"));
    rest = Math.floor(rest / 1_000);
  } while (rest > 0);
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join("/");
}

/** How many hashes a level has in a tree of `size` leaves. */
export function hashesAt(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** Hashes of a tile in a tree of `size` leaves: 256 when it is full, 0 when there is none of it. */
export function tileWidth({ level, number }: TilePlace, size: number): number {
  return Math.max(0, Math.min(TILE_WIDTH, hashesAt(level, size) - number * TILE_WIDTH));
}

/**
 * Appends hashes of leaves to a tree of `size` leaves: the edge after them, and the tiles that became full. The work grows with the
 * leaves that are appended and with the logarithm of those that are there. Levels that do not change are given back as they are.
 */
export function appendLeaves(edge: Edge, size: number, leaves: readonly Uint8Array[]): { edge: Edge; full: FullTile[] } {
  const levels: (readonly Uint8Array[])[] = [...edge];
  const grown: Uint8Array[][] = [];
  const full: FullTile[] = [];
  let leavesBefore = size;
  for (const leaf of leaves) {
    leavesBefore += 1;
    let rising: Uint8Array | undefined = leaf;
    for (let level = 0; rising !== undefined; level += 1) {
      const tile: Uint8Array[] = grown[level] ?? [...(levels[level] ?? [])];
      grown[level] = tile;
      levels[level] = tile;
      tile.push(rising);
      rising = undefined;
      if (tile.length < TILE_WIDTH) continue;
      full.push({ level, number: hashesAt(level, leavesBefore) / TILE_WIDTH - 1, hashes: joined(tile) });
      rising = rootOver(tile);
      const next: Uint8Array[] = [];
      grown[level] = next;
      levels[level] = next;
    }
  }
  return { edge: levels, full };
}

/** The root of the tree that ends at this edge; undefined for the empty tree. */
export function rootOfEdge(edge: Edge): Uint8Array | undefined {
  let below: Uint8Array | undefined;
  for (const hashes of edge) {
    const nodes = below === undefined ? hashes : [...hashes, below];
    if (nodes.length > 0) below = rootOver(nodes);
  }
  return below;
}

/** Hashes one behind another, as a tile is stored. */
export function joined(hashes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * HASH_BYTES);
  for (const [i, hash] of hashes.entries()) bytes.set(hash, i * HASH_BYTES);
  return bytes;
}

/** The hashes of a stored tile, as many as are whole. */
export function hashesOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.floor(bytes.byteLength / HASH_BYTES) }, (_, i) => bytes.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}
