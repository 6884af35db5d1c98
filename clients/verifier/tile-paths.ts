/** Hashes of a full tile, entries of a full bundle. */
export const WIDTH = 256;

/** A file of the published form, and how much of it there is. */
export interface TileFile {
  readonly path: string;
  readonly level: number;
  readonly number: number;
  readonly width: number;
}

/** `x001/x234/067` for 1234067 (C2SP tlog-tiles). */
export function indexPath(number: number): string {
  const digits = String(number);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const groups = padded.match(/\d{3}/g) ?? [];
  return groups.map((group, i) => (i === groups.length - 1 ? group : `x${group}`)).join("/");
}

/** The tiles of one level in a tree of `size` leaves; none where the level has no hash. */
export function tilesOfLevel(level: number, size: number): TileFile[] {
  return filesOver(Math.floor(size / WIDTH ** level), (path, number, width) => ({ path: `tile/${level}/${path}`, level, number, width }));
}

/** All levels of a tree of `size` leaves that have tiles. */
export function levelsOf(size: number): number[] {
  const levels: number[] = [];
  for (let level = 0; size >= WIDTH ** level; level += 1) levels.push(level);
  return levels;
}

/** The bundles of entries of a tree of `size` leaves. */
export function entryBundles(size: number): TileFile[] {
  return filesOver(size, (path, number, width) => ({ path: `tile/entries/${path}`, level: 0, number, width }));
}

/** The files that hold a line for each leaf: records, payloads, proofs. */
export function lineFiles(folder: "records" | "payloads" | "proofs", size: number): { path: string; first: number; count: number }[] {
  return Array.from({ length: Math.ceil(size / WIDTH) }, (_, number) => ({
    path: `${folder}/${indexPath(number)}.jsonl`,
    first: number * WIDTH,
    count: Math.min(WIDTH, size - number * WIDTH),
  }));
}

function filesOver(count: number, make: (path: string, number: number, width: number) => TileFile): TileFile[] {
  return Array.from({ length: Math.ceil(count / WIDTH) }, (_, number) => {
    const width = Math.min(WIDTH, count - number * WIDTH);
    return make(`${indexPath(number)}${width < WIDTH ? `.p/${width}` : ""}`, number, width);
  });
}
