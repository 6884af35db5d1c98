import { fuseRanks } from "../../workers/memory/fuse.ts";
import type { Memory } from "../../workers/memory/memory.ts";
import { cosine, vectorOf } from "../../workers/memory/vector.ts";
import { sameness, tellingWordsOf, wordsOf } from "../../workers/memory/words.ts";

/** Words of a query that are looked for; the first ones of a longer query tell enough. */
const MAX_QUERY_WORDS = 64;
/** Candidates each index hands to the fusion. */
const CANDIDATES = 100;
/** How much likeness counts beside words; test/workers/recall-quality.test.ts measures what comes of it. */
const VECTOR_WEIGHT = 0.5;
/** Below this two texts share no more than chance: a query about nothing that is remembered finds nothing. */
const LEAST_SIMILARITY = 0.12;

interface MemoryRow {
  readonly [column: string]: SqlStorageValue;
  readonly number: number;
  readonly id: string;
  readonly text: string;
  readonly about: string | null;
  readonly created_at: number;
  readonly updated_at: number;
  readonly times_told: number;
}

const COLUMNS = "number, id, text, about, created_at, updated_at, times_told";

/** The memories of one namespace in an object's SQLite, with a full-text index and a vector of each. All of it is synchronous. */
export class MemoryTable {
  readonly #sql: SqlStorage;
  #exists: boolean;
  /** Every vector, by its memory's number; read when first needed. */
  #vectors: Map<number, Int8Array> | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#exists = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'memories'").toArray().length > 0;
  }

  count(): number {
    return this.#exists ? this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM memories").one().n : 0;
  }

  find(id: string): Memory | undefined {
    return this.#one("id = ?", id);
  }

  /** The memory that says the same in the same words. */
  findSame(text: string): Memory | undefined {
    return this.#one("sameness = ?", sameness(text));
  }

  /** The memory about this, by the same words. */
  findAbout(about: string): Memory | undefined {
    return this.#one("about_sameness = ?", sameness(about));
  }

  insert(memory: Memory): void {
    if (!this.#exists) this.#create();
    const { id, text, about, createdAt, updatedAt, timesTold } = memory;
    const indexed = about === undefined ? text : `${about}\n${text}`;
    const vector = vectorOf(indexed);
    const { number } = this.#sql
      .exec<{ number: number }>(
        "INSERT INTO memories (id, text, about, sameness, about_sameness, created_at, updated_at, times_told, vector) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number",
        id,
        text,
        about ?? null,
        sameness(text),
        about === undefined ? null : sameness(about),
        createdAt,
        updatedAt,
        timesTold,
        new Uint8Array(vector).buffer,
      )
      .one();
    this.#sql.exec("INSERT INTO memory_words (rowid, words) VALUES (?, ?)", number, wordsOf(indexed).join(" "));
    this.#vectors?.set(number, vector);
  }

  /** Counts a memory that was told again. */
  tellAgain(id: string, at: number): void {
    this.#sql.exec("UPDATE memories SET updated_at = ?, times_told = times_told + 1 WHERE id = ?", at, id);
  }

  /** Removes a memory, its words and its vector. @returns false when there is none */
  remove(id: string): boolean {
    const number = this.#numberOf(id);
    if (number === undefined) return false;
    this.#sql.exec("DELETE FROM memory_words WHERE rowid = ?", number);
    this.#sql.exec("DELETE FROM memories WHERE number = ?", number);
    this.#vectors?.delete(number);
    return true;
  }

  /** Whether anything is left of a memory that was removed: in the table, in the index of words, or in memory. */
  holds(id: string, number: number): boolean {
    const rows = this.#sql.exec("SELECT 1 FROM memories WHERE id = ?1 OR number = ?2", id, number).toArray();
    const words = this.#sql.exec("SELECT 1 FROM memory_words WHERE rowid = ?", number).toArray();
    return rows.length > 0 || words.length > 0 || this.#vectors?.has(number) === true;
  }

  numberOf(id: string): number | undefined {
    return this.#exists ? this.#numberOf(id) : undefined;
  }

  /** Memories, newest first, after the one with this id. */
  list(before: string | undefined, limit: number): Memory[] {
    if (!this.#exists) return [];
    const rows =
      before === undefined
        ? this.#sql.exec<MemoryRow>(`SELECT ${COLUMNS} FROM memories ORDER BY id DESC LIMIT ?`, limit)
        : this.#sql.exec<MemoryRow>(`SELECT ${COLUMNS} FROM memories WHERE id < ? ORDER BY id DESC LIMIT ?`, before, limit);
    return rows.toArray().map(toMemory);
  }

  read(number: number): Memory {
    return toMemory(this.#sql.exec<MemoryRow>(`SELECT ${COLUMNS} FROM memories WHERE number = ?`, number).one());
  }

  /** Numbers of the memories that fit the query, best first: both indexes fused by reciprocal rank. */
  search(query: string): { number: number; score: number }[] {
    const fused = fuseRanks([
      { keys: this.byWords(query), weight: 1 },
      { keys: this.byVector(query), weight: VECTOR_WEIGHT },
    ]);
    return fused.map(({ key, score }) => ({ number: key, score }));
  }

  /** Numbers of the memories that hold words of the query, best first by BM25. Whatever the query holds is words to look for, never syntax. */
  byWords(query: string): number[] {
    const words = [...new Set(tellingWordsOf(query))].filter((word) => /[\p{L}\p{N}]/u.test(word)).slice(0, MAX_QUERY_WORDS);
    if (!this.#exists || words.length === 0) return [];
    const match = words.map((word) => `"${word}"`).join(" OR ");
    return this.#sql
      .exec<{ rowid: number }>(
        "SELECT rowid FROM memory_words WHERE memory_words MATCH ? ORDER BY bm25(memory_words), rowid DESC LIMIT ?",
        match,
        CANDIDATES,
      )
      .toArray()
      .map((row) => row.rowid);
  }

  /** Numbers of the memories whose vectors are near the query's, nearest first. */
  byVector(query: string): number[] {
    const wanted = vectorOf(query);
    return [...this.#allVectors()]
      .map(([number, vector]) => ({ number, similarity: cosine(wanted, vector) }))
      .filter(({ similarity }) => similarity >= LEAST_SIMILARITY)
      .sort((a, b) => b.similarity - a.similarity || b.number - a.number)
      .slice(0, CANDIDATES)
      .map(({ number }) => number);
  }

  #allVectors(): Map<number, Int8Array> {
    if (!this.#exists) return new Map();
    this.#vectors ??= new Map(
      this.#sql
        .exec<{ number: number; vector: ArrayBuffer }>("SELECT number, vector FROM memories")
        .toArray()
        .map((row) => [row.number, new Int8Array(row.vector)]),
    );
    return this.#vectors;
  }

  #one(condition: string, value: string): Memory | undefined {
    if (!this.#exists) return undefined;
    const row = this.#sql.exec<MemoryRow>(`SELECT ${COLUMNS} FROM memories WHERE ${condition}`, value).toArray()[0];
    return row === undefined ? undefined : toMemory(row);
  }

  #numberOf(id: string): number | undefined {
    return this.#sql.exec<{ number: number }>("SELECT number FROM memories WHERE id = ?", id).toArray()[0]?.number;
  }

  /** An object that nothing was ever told to is not written to. Words that are deleted are overwritten in the index, not only marked as gone. */
  #create(): void {
    this.#sql.exec(
      "CREATE TABLE memories (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, about TEXT, sameness TEXT NOT NULL UNIQUE, about_sameness TEXT UNIQUE, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, times_told INTEGER NOT NULL, vector BLOB NOT NULL)",
    );
    this.#sql.exec("CREATE VIRTUAL TABLE memory_words USING fts5(words, tokenize = 'porter unicode61')");
    this.#sql.exec("INSERT INTO memory_words (memory_words, rank) VALUES ('secure-delete', 1)");
    this.#exists = true;
  }
}

function toMemory(row: MemoryRow): Memory {
  return {
    id: row.id,
    text: row.text,
    ...(row.about === null ? {} : { about: row.about }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    timesTold: row.times_told,
  };
}
