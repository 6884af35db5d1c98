import { z } from "zod";
import { type FreshRange, freshRanges, gapWithout, type Range, type SeenRange } from "../../workers/audit/log/seen.ts";

interface SeenRow {
  readonly [column: string]: SqlStorageValue;
  readonly after: number;
  readonly through: number;
  readonly first_index: number;
  readonly seqs: string | null;
  readonly is_gap: number;
}

const seqsSchema = z.array(z.number().int());

/**
 * Which events of each object are in the log, and as which leaves: one row for what came in one message, so that a redelivery is
 * known, whatever its cut, and a leaf is found by its event.
 */
export class SeenTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  create(): void {
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS seen (object TEXT NOT NULL, through INTEGER NOT NULL, after INTEGER NOT NULL, first_index INTEGER NOT NULL, seqs TEXT, is_gap INTEGER NOT NULL, PRIMARY KEY (object, through)) WITHOUT ROWID",
    );
  }

  /** The number up to which an object's events were seen, or given up. */
  last(object: string): number {
    return this.#sql.exec<{ last: number }>("SELECT coalesce(max(through), 0) AS last FROM seen WHERE object = ?", object).one().last;
  }

  /** The parts of a range that are new. It begins no later than where what was seen ends. */
  fresh(object: string, told: Range): FreshRange[] {
    const rows = this.#sql
      .exec<SeenRow>("SELECT * FROM seen WHERE object = ? AND through > ? ORDER BY through", object, told.after)
      .toArray();
    const seen: SeenRange[] = rows.map((row) => ({ after: row.after, through: row.through, isGap: row.is_gap === 1 }));
    return freshRanges(seen, told);
  }

  /** Notes a range as taken; its events are the leaves from `firstIndex` on. */
  take(object: string, { after, through, isLate }: FreshRange, seqs: readonly number[], firstIndex: number): void {
    if (isLate) this.#fill(object, { after, through });
    const isWhole = seqs.length === through - after;
    this.#insert(object, { after, through }, firstIndex, isWhole ? null : JSON.stringify(seqs), 0);
  }

  /** Notes a range as given up, in the leaf of this index. */
  giveUp(object: string, range: Range, index: number): void {
    this.#insert(object, range, index, null, 1);
  }

  /** The index of an event's leaf; undefined when it is not in the log. */
  indexOf(object: string, seq: number): number | undefined {
    const [row] = this.#sql
      .exec<SeenRow>("SELECT * FROM seen WHERE object = ? AND through >= ? ORDER BY through LIMIT 1", object, seq)
      .toArray();
    if (row === undefined || row.is_gap === 1 || seq <= row.after) return undefined;
    const place = row.seqs === null ? seq - row.after - 1 : seqsSchema.parse(JSON.parse(row.seqs)).indexOf(seq);
    return place < 0 ? undefined : row.first_index + place;
  }

  #fill(object: string, filled: Range): void {
    const [row] = this.#sql
      .exec<SeenRow>("SELECT * FROM seen WHERE object = ? AND through >= ? ORDER BY through LIMIT 1", object, filled.through)
      .toArray();
    if (row === undefined) return;
    this.#sql.exec("DELETE FROM seen WHERE object = ? AND through = ?", object, row.through);
    for (const rest of gapWithout(row, filled)) this.#insert(object, rest, row.first_index, null, 1);
  }

  #insert(object: string, { after, through }: Range, firstIndex: number, seqs: string | null, isGap: number): void {
    this.#sql.exec(
      "INSERT INTO seen (object, through, after, first_index, seqs, is_gap) VALUES (?, ?, ?, ?, ?, ?)",
      object,
      through,
      after,
      firstIndex,
      seqs,
      isGap,
    );
  }
}
