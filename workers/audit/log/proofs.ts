import { greatestPowerBelow, HASH_BYTES, nodeHash, rootOver } from "./merkle.ts";
import { TILE_WIDTH, type TilePlace, tileWidth } from "./tiles.ts";

/** Reads the bytes of a tile: those of at least `width` hashes. */
export type ReadTile = (place: TilePlace, width: number) => Promise<Uint8Array>;

/** Leaves `[start, end)` under one node of a tree. */
interface Span {
  readonly start: number;
  readonly end: number;
}

const TILE_HEIGHT = 8;

/**
 * The audit path of a leaf in a tree of `size` leaves (RFC 6962 §2.1.1), from its sibling up.
 * @throws RangeError when the tree has no such leaf
 */
export async function inclusionProof(index: number, size: number, read: ReadTile): Promise<Uint8Array[]> {
  if (!(index >= 0 && index < size)) throw new RangeError(`a tree of ${size} leaves has no leaf ${index}`);
  return hashesOfSpans(pathSpans(index, { start: 0, end: size }), size, read);
}

/**
 * What shows that a tree of `size` leaves begins with the one of `oldSize` (RFC 6962 §2.1.2).
 * @throws RangeError when the old tree is empty or the larger one
 */
export async function consistencyProof(oldSize: number, size: number, read: ReadTile): Promise<Uint8Array[]> {
  if (!(oldSize > 0 && oldSize <= size)) throw new RangeError(`there is no proof from ${oldSize} to ${size} leaves`);
  return hashesOfSpans(subproofSpans(oldSize, { start: 0, end: size }, "known"), size, read);
}

/** The root of the first `size` leaves, from tiles. @throws RangeError for the empty tree */
export async function rootOfTiles(size: number, read: ReadTile): Promise<Uint8Array> {
  const [root] = await hashesOfSpans([{ start: 0, end: size }], size, read);
  if (root === undefined) throw new RangeError("the empty tree has no tiles");
  return root;
}

function pathSpans(index: number, { start, end }: Span): Span[] {
  if (end - start === 1) return [];
  const split = start + greatestPowerBelow(end - start);
  return index < split
    ? [...pathSpans(index, { start, end: split }), { start: split, end }]
    : [...pathSpans(index, { start: split, end }), { start, end: split }];
}

/** SUBPROOF(m, D[n], b) of RFC 6962 §2.1.2; `known` is its b: whether whoever asks has the old root as it is. */
function subproofSpans(oldEnd: number, { start, end }: Span, old: "known" | "unknown"): Span[] {
  if (oldEnd === end) return old === "known" ? [] : [{ start, end }];
  const split = start + greatestPowerBelow(end - start);
  return oldEnd <= split
    ? [...subproofSpans(oldEnd, { start, end: split }, old), { start: split, end }]
    : [...subproofSpans(oldEnd, { start: split, end }, "unknown"), { start, end: split }];
}

/** Hashes of nodes, each tile read once and all of them at the same time. */
async function hashesOfSpans(spans: readonly Span[], size: number, read: ReadTile): Promise<Uint8Array[]> {
  const tiles = new Map<string, Promise<Uint8Array>>();
  const readOnce = (place: TilePlace) => {
    const key = `${place.level}/${place.number}`;
    const tile = tiles.get(key) ?? read(place, tileWidth(place, size));
    tiles.set(key, tile);
    return tile;
  };
  return Promise.all(spans.map((span) => hashOfSpan(span, readOnce)));
}

/** The hash of one node: its whole subtrees, largest first, folded from the right. */
async function hashOfSpan({ start, end }: Span, read: (place: TilePlace) => Promise<Uint8Array>): Promise<Uint8Array> {
  const subtrees: Promise<Uint8Array>[] = [];
  for (let from = start; from < end; ) {
    let leaves = 1;
    let height = 0;
    while (leaves * 2 <= end - from) {
      leaves *= 2;
      height += 1;
    }
    subtrees.push(hashOfSubtree(from, height, read));
    from += leaves;
  }
  return (await Promise.all(subtrees)).reduceRight((right, left) => nodeHash(left, right));
}

/** The hash of a whole subtree of 2^height leaves, which begins at a multiple of so many: it lies under hashes of one tile. */
async function hashOfSubtree(start: number, height: number, read: (place: TilePlace) => Promise<Uint8Array>): Promise<Uint8Array> {
  const level = Math.floor(height / TILE_HEIGHT);
  const first = start / TILE_WIDTH ** level;
  const place = { level, number: Math.floor(first / TILE_WIDTH) };
  const tile = await read(place);
  const offset = first % TILE_WIDTH;
  const hashes = Array.from({ length: 2 ** (height % TILE_HEIGHT) }, (_, i) =>
    tile.subarray((offset + i) * HASH_BYTES, (offset + i + 1) * HASH_BYTES),
  );
  return rootOver(hashes);
}
