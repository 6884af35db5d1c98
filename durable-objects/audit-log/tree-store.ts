import { entryOf } from "../../workers/audit/log/leaf-record.ts";
import { leafHash } from "../../workers/audit/log/merkle.ts";
import { appendLeaves, type Edge, type FullTile, hashesOf, joined, TILE_WIDTH } from "../../workers/audit/log/tiles.ts";

/** 256 records whose entries make a full bundle. */
export interface FullBundle {
  readonly number: number;
  readonly lines: readonly string[];
}

/**
 * The tree as far as it must be known to append: its right edge, and what is full and not in R2 yet. An append writes a row of
 * records and one for each level that changed.
 */
export class TreeStore {
  readonly #sql: SqlStorage;
  #size = 0;
  #edge: Edge = [];

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Leaves of the tree. */
  get size(): number {
    return this.#size;
  }

  get edge(): Edge {
    return this.#edge;
  }

  create(): void {
    this.#sql.exec("CREATE TABLE IF NOT EXISTS tree (level INTEGER PRIMARY KEY, hashes BLOB NOT NULL)");
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS full_tiles (level INTEGER NOT NULL, number INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (level, number)) WITHOUT ROWID",
    );
    this.#sql.exec("CREATE TABLE IF NOT EXISTS records (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, lines TEXT NOT NULL)");
  }

  /** Reads the tree back. Its size is what its edge spans: a hash of a level stands for 256 of the one below. */
  open(): void {
    const edge: Uint8Array[][] = [];
    for (const row of this.#sql.exec<{ level: number; hashes: ArrayBuffer }>("SELECT level, hashes FROM tree ORDER BY level"))
      edge[row.level] = hashesOf(new Uint8Array(row.hashes));
    this.#edge = Array.from(edge, (hashes) => hashes ?? []);
    this.#size = this.#edge.reduce((size, hashes, level) => size + hashes.length * TILE_WIDTH ** level, 0);
  }

  /**
   * Appends records as leaves, within the caller's transaction.
   * @returns how the tree stands then, for `commit` once the transaction is through
   */
  append(lines: readonly string[]): { size: number; edge: Edge } {
    const { edge, full } = appendLeaves(
      this.#edge,
      this.#size,
      lines.map((line) => leafHash(entryOf(line))),
    );
    edge.forEach((hashes, level) => {
      if (hashes !== this.#edge[level]) this.#writeLevel(level, hashes);
    });
    for (const tile of full)
      this.#sql.exec("INSERT INTO full_tiles (level, number, hashes) VALUES (?, ?, ?)", tile.level, tile.number, tile.hashes);
    for (let from = 0; from < lines.length; ) {
      const first = this.#size + from;
      const count = Math.min(lines.length - from, TILE_WIDTH - (first % TILE_WIDTH));
      const text = lines.slice(from, from + count).join("\n");
      this.#sql.exec("INSERT INTO records (first, count, lines) VALUES (?, ?, ?)", first, count, text);
      from += count;
    }
    return { size: this.#size + lines.length, edge };
  }

  /** What an append gave is what stands from now on. */
  commit({ size, edge }: { size: number; edge: Edge }): void {
    this.#size = size;
    this.#edge = edge;
  }

  /** Full tiles that are not in R2 yet, oldest first. */
  fullTiles(limit: number): FullTile[] {
    return this.#sql
      .exec<{ level: number; number: number; hashes: ArrayBuffer }>(
        "SELECT level, number, hashes FROM full_tiles ORDER BY level, number LIMIT ?",
        limit,
      )
      .toArray()
      .map(({ level, number, hashes }) => ({ level, number, hashes: new Uint8Array(hashes) }));
  }

  /** R2 has the tile. */
  forgetTile({ level, number }: FullTile): void {
    this.#sql.exec("DELETE FROM full_tiles WHERE level = ? AND number = ?", level, number);
  }

  /** Full bundles of records that are not in R2 yet, oldest first. */
  fullBundles(limit: number): FullBundle[] {
    const [oldest] = this.#sql.exec<{ first: number }>("SELECT first FROM records ORDER BY first LIMIT 1").toArray();
    const from = Math.floor((oldest?.first ?? this.#size) / TILE_WIDTH);
    const through = Math.min(from + limit, Math.floor(this.#size / TILE_WIDTH));
    return Array.from({ length: through - from }, (_, i) => ({
      number: from + i,
      lines: this.lines((from + i) * TILE_WIDTH, (from + i + 1) * TILE_WIDTH),
    }));
  }

  /** R2 has the bundle. */
  forgetBundle({ number }: FullBundle): void {
    this.#sql.exec("DELETE FROM records WHERE first >= ? AND first < ?", number * TILE_WIDTH, (number + 1) * TILE_WIDTH);
  }

  /** The records `[from, to)` that are still here; both at bounds of what came together, or inside the unfinished bundle. */
  lines(from: number, to: number): string[] {
    const bundle = Math.floor(from / TILE_WIDTH) * TILE_WIDTH;
    const rows = this.#sql
      .exec<{ first: number; lines: string }>("SELECT first, lines FROM records WHERE first >= ? AND first < ? ORDER BY first", bundle, to)
      .toArray();
    const start = rows[0]?.first ?? to;
    return rows.flatMap((row) => row.lines.split("\n")).slice(Math.max(0, from - start), Math.max(0, to - start));
  }

  #writeLevel(level: number, hashes: readonly Uint8Array[]): void {
    this.#sql.exec("INSERT OR REPLACE INTO tree (level, hashes) VALUES (?, ?)", level, joined(hashes));
  }
}
