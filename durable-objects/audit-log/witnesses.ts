import { noteText, parseVerifierKey, verifyCosignature } from "../../workers/audit/log/note.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { SignedCheckpoint } from "./publication.ts";

/** Cosignatures of one checkpoint: readers of notes take 16 signatures at least (C2SP signed-note), one of which is the log's. */
const MAX_COSIGNATURES = 15;

/** What witnesses have said of checkpoints. It is only kept: which witness counts is for whoever verifies to decide. */
export class Witnesses {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  create(): void {
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS cosignatures (size INTEGER NOT NULL, witness TEXT NOT NULL, line TEXT NOT NULL, PRIMARY KEY (size, witness)) WITHOUT ROWID",
    );
  }

  /** Lines over the checkpoint of a size. */
  linesOf(size: number): string[] {
    return this.#sql
      .exec<{ line: string }>("SELECT line FROM cosignatures WHERE size = ? ORDER BY witness", size)
      .toArray()
      .map(({ line }) => line);
  }

  /** Verifies a line and keeps it; the newest of a witness counts. @throws Problem `invalid-request`, `limit-exceeded` */
  async add({ size, note }: SignedCheckpoint, witness: string, line: string): Promise<void> {
    const key = parseVerifierKey(witness);
    const cosignature = key === undefined ? undefined : await verifyCosignature(noteText(note), line, key);
    if (cosignature === undefined)
      throw new Problem(
        "invalid-request",
        `The cosignature is not one of ${key?.name ?? "a witness"} over the checkpoint of ${size} leaves.`,
      );
    const { kept } = this.#sql
      .exec<{ kept: number }>("SELECT count(*) AS kept FROM cosignatures WHERE size = ? AND witness <> ?", size, witness)
      .one();
    if (kept >= MAX_COSIGNATURES)
      throw new Problem("limit-exceeded", `${MAX_COSIGNATURES} witnesses have cosigned this checkpoint, which is all it carries.`);
    this.#sql.exec("INSERT OR REPLACE INTO cosignatures (size, witness, line) VALUES (?, ?, ?)", size, witness, line);
    this.#sql.exec("DELETE FROM cosignatures WHERE size NOT IN (SELECT size FROM checkpoints)");
  }
}
