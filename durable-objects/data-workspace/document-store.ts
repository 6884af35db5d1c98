import { z } from "zod";
import { Problem } from "../../workers/platform/problem.ts";
import type { FoundPassage } from "../../workers/tools/documents/answer.ts";
import { contentWords, headingsOf, passagesOf, titleOf } from "../../workers/tools/documents/passages.ts";

const MAX_DOCUMENTS = 200;
/** A value in SQLite has 2 MB at most, a character up to three bytes: a text is kept in pieces of so many. */
const PIECE_CHARACTERS = 500_000;
const MAX_HEADINGS = 100;
/** Words of a question that are looked up. */
const MAX_WORDS = 30;

export interface DocumentSummary {
  readonly name: string;
  readonly title: string;
  readonly headings: string[];
  readonly characters: number;
}

/** The documents of a workspace in its SQLite: their texts, and an index of their passages. */
export function createDocumentTables(sql: SqlStorage): void {
  sql.exec(
    "CREATE TABLE IF NOT EXISTS _soma_documents (name TEXT PRIMARY KEY, source_key TEXT NOT NULL, title TEXT NOT NULL, headings TEXT NOT NULL, characters INTEGER NOT NULL)",
  );
  sql.exec(
    "CREATE TABLE IF NOT EXISTS _soma_document_texts (document TEXT NOT NULL, piece INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (document, piece))",
  );
  sql.exec(
    "CREATE VIRTUAL TABLE IF NOT EXISTS _soma_passages USING fts5(document UNINDEXED, heading, body, start UNINDEXED, tokenize = 'porter unicode61')",
  );
}

/**
 * Keeps a document's text and indexes its passages. The same file again gives the document that is there; another file of the same name
 * is a document of its own.
 * @throws Problem `limit-exceeded`
 */
export function keepDocument(storage: DurableObjectStorage, file: { key: string; name: string }, body: string): DocumentSummary {
  const { sql } = storage;
  const known = sql.exec<{ name: string; source_key: string }>("SELECT name, source_key FROM _soma_documents").toArray();
  const same = known.find((document) => document.source_key === file.key);
  if (same === undefined && known.length >= MAX_DOCUMENTS)
    throw new Problem("limit-exceeded", `${MAX_DOCUMENTS} documents are loaded, which is all a workspace takes.`);
  const name = same?.name ?? freeName(file.name, new Set(known.map((document) => document.name)));
  const passages = passagesOf(body);
  const headings = headingsOf(passages).slice(0, MAX_HEADINGS);
  const title = titleOf(body) ?? file.name;
  storage.transactionSync(() => {
    sql.exec("DELETE FROM _soma_passages WHERE document = ?", name);
    sql.exec("DELETE FROM _soma_document_texts WHERE document = ?", name);
    sql.exec(
      "INSERT OR REPLACE INTO _soma_documents (name, source_key, title, headings, characters) VALUES (?, ?, ?, ?, ?)",
      name,
      file.key,
      title,
      JSON.stringify(headings),
      body.length,
    );
    for (const [i, text] of piecesOf(body).entries())
      sql.exec("INSERT INTO _soma_document_texts (document, piece, text) VALUES (?, ?, ?)", name, i, text);
    for (const { heading, start, end } of passages) {
      const text = body.slice(start, end);
      sql.exec("INSERT INTO _soma_passages (document, heading, body, start) VALUES (?, ?, ?, ?)", name, heading, text, start);
    }
  });
  return { name, title, headings, characters: body.length };
}

/** What is kept of every document, in the order of their names. */
export function listDocuments(sql: SqlStorage): DocumentSummary[] {
  return sql
    .exec<{ name: string; title: string; headings: string; characters: number }>(
      "SELECT name, title, headings, characters FROM _soma_documents ORDER BY name",
    )
    .toArray()
    .map((row) => ({ ...row, headings: z.array(z.string()).parse(JSON.parse(row.headings)) }));
}

/** The whole text of a document, as the places of quotes count in it. @throws Problem `not-found` */
export function readDocument(sql: SqlStorage, name: string): string {
  const pieces = sql.exec<{ text: string }>("SELECT text FROM _soma_document_texts WHERE document = ? ORDER BY piece", name).toArray();
  if (pieces.length === 0) throw new Problem("not-found", `No document ${name} is loaded here.`);
  return pieces.map((piece) => piece.text).join("");
}

/** The passages that hold words of a question, the closest first. */
export function findPassages(sql: SqlStorage, question: string, limit: number): FoundPassage[] {
  const wanted = [...new Set(contentWords(question))].slice(0, MAX_WORDS);
  if (wanted.length === 0) return [];
  return sql
    .exec<{ document: string; heading: string; body: string; start: number }>(
      "SELECT document, heading, body, start FROM _soma_passages WHERE _soma_passages MATCH ? ORDER BY bm25(_soma_passages, 0, 2.0, 1.0, 0) LIMIT ?",
      wanted.map((word) => `"${word.replaceAll('"', "")}"*`).join(" OR "),
      limit,
    )
    .toArray()
    .map((row) => ({ document: row.document, heading: row.heading, start: Number(row.start), text: row.body }));
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const [, stem = wanted, ending = ""] = /^(.*?)(\.[A-Za-z0-9]+)?$/s.exec(wanted) ?? [];
  let name = wanted;
  for (let copy = 2; taken.has(name); copy += 1) name = `${stem} (${copy})${ending}`;
  return name;
}

/** A text in pieces that begin and end between characters: half of a surrogate pair would not be kept. An empty text is one piece. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length || pieces.length === 0; ) {
    const last = text.charCodeAt(at + PIECE_CHARACTERS - 1);
    const end = at + PIECE_CHARACTERS - (last >= 0xd800 && last <= 0xdbff ? 1 : 0);
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}
