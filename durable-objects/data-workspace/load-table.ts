import { sha256Hex } from "../../workers/platform/crypto.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { CellReader } from "../../workers/tools/data/cell-reader.ts";
import { isMissing, TypeTally } from "../../workers/tools/data/cell-types.ts";
import { uniqueNames } from "../../workers/tools/data/delimited-records.ts";
import type { Cell, ColumnType } from "../../workers/tools/data/profile.ts";
import { readRecords, SNIFFED_BYTES, type SourceForm, sniff, WrongEncoding } from "../../workers/tools/data/records.ts";
import { MAX_COLUMNS } from "../../workers/tools/data/source-record.ts";
import { quoteIdentifier } from "../../workers/tools/data/sql-text.ts";

/** A table in an object may have 100 columns; one of them is the number of the row. */
const COLUMNS_A_RELATION = 99;
/** Rows that go in by one statement, as one JSON parameter. */
const ROWS_A_BATCH = 500;
/** The same, when rows are wide: a value in SQLite has 2 MB at most. */
const MAX_BATCH_CHARACTERS = 500_000;
/** Rows of one table: with the largest uploads these end together. */
export const MAX_ROWS = 5_000_000;
/** Records that are read before others get a turn: some tens of milliseconds of work. */
const RECORDS_A_TURN = 2_000;
const MAX_BAD_ROWS_KEPT = 20;
/** Lists of records in one JSON document, of which the largest is the table. */
const MAX_LISTS = 50;
const MAX_NOTES = 20;

export interface Source {
  readonly name: string;
  open(): Promise<ReadableStream<Uint8Array>>;
}

interface Column {
  /** The cell's name in the source. */
  readonly key: string;
  /** The name in SQL. */
  readonly name: string;
  readonly relation: string;
  readonly type: ColumnType;
  readonly reader: CellReader;
}

export interface LoadedTable {
  readonly form: SourceForm;
  readonly sha256: string;
  readonly rows: number;
  readonly columns: readonly { name: string; relation: string; type: ColumnType }[];
  readonly badRowCount: number;
  readonly badRows: readonly { line: number; reason: string }[];
  /** What a careful reader should know of how the source was read. */
  readonly notes: readonly string[];
}

const EXPECTED: Record<SourceForm["format"], string> = {
  csv: "Expected: a line of column names, then a line for each row.",
  tsv: "Expected: a line of column names, then a line for each row.",
  json: "Expected: a list of objects, or an object with such a list as a member.",
  ndjson: "Expected: one JSON object a line.",
};

/** Keeps the first faults and counts all of them. */
class BadRows {
  count = 0;
  readonly first: { line: number; reason: string }[] = [];

  add(line: number, reason: string): void {
    this.count += 1;
    if (this.first.length < MAX_BAD_ROWS_KEPT) this.first.push({ line, reason: reason.slice(0, 300) });
  }
}

/**
 * Streams a source into tables of `sql`, twice over the source: once to see every cell and decide what each column holds, once to
 * store. Neither pass holds more than a batch of it.
 * @throws Problem `invalid-data` when there is nothing in it that is a table
 */
export async function loadTable(sql: SqlStorage, source: Source, table: string): Promise<LoadedTable> {
  const { form, lists, sha256 } = await surveyed(source, sniff(source.name, await head(await source.open())));
  const [largest, ...others] = [...lists.values()].sort((a, b) => b.rows - a.rows);
  if (largest === undefined || largest.tallies.size === 0)
    throw new Problem(
      "invalid-data",
      `${source.name} holds no rows that could be read as ${form.format.toUpperCase()}. ${EXPECTED[form.format]}`,
    );
  const decimalComma = [...largest.tallies.values()].some((tally) => tally.hasDecimalComma());
  const names = uniqueNames([...largest.tallies.keys()]);
  const notes = formNotes(form, largest, others);
  const columns = [...largest.tallies].map(([key, tally], i): Column => {
    const part = Math.floor(i / COLUMNS_A_RELATION);
    const name = names[i] ?? key;
    const { reader, type, note } = tally.decide({ decimalComma });
    if (note !== undefined) notes.push(`${name} ${note}`);
    return { key, name, relation: part === 0 ? table : `${table}__${part + 1}`, reader, type };
  });
  createTables(sql, columns);
  const bad = new BadRows();
  const rows = await store(sql, { source, form, columns, list: largest.list, bad });
  return {
    form,
    sha256,
    rows,
    columns: columns.map(({ name, relation, type }) => ({ name, relation, type })),
    badRowCount: bad.count,
    badRows: bad.first,
    notes: notes.slice(0, MAX_NOTES),
  };
}

/** What a careful reader should know of how the source was read. */
function formNotes(form: SourceForm, largest: ListSurvey, others: readonly ListSurvey[]): string[] {
  const encoding = form.encoding === "windows-1252" ? "is not UTF-8 and was read as Windows-1252 (Latin-1)" : "was read as UTF-16";
  const left = others.map(({ list, rows }) => `${list} (${rows} ${rows === 1 ? "record" : "records"})`);
  return [
    ...(form.encoding === "utf-8" ? [] : [`The file ${encoding}`]),
    ...(left.length === 0 ? [] : [`The table is the list ${largest.list} of the document; ${left.slice(0, 5).join(", ")} was left out`]),
  ];
}

async function head(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const reader = body.getReader();
  const chunks: number[] = [];
  while (chunks.length < SNIFFED_BYTES) {
    const read = await reader.read();
    if (read.done) break;
    for (const byte of read.value.subarray(0, SNIFFED_BYTES - chunks.length)) chunks.push(byte);
  }
  await reader.cancel();
  return Uint8Array.from(chunks);
}

/** What one list of records holds; a source that is no JSON document has one. */
interface ListSurvey {
  readonly list: string;
  readonly tallies: Map<string, TypeTally>;
  rows: number;
}

/** A source that turns out not to be UTF-8 is read again as what it then is most often. */
async function surveyed(source: Source, form: SourceForm) {
  try {
    return { form, ...(await survey(source, form)) };
  } catch (error) {
    if (!(error instanceof WrongEncoding)) throw error;
    const other = { ...form, encoding: "windows-1252" } as const;
    return { form: other, ...(await survey(source, other)) };
  }
}

async function survey(source: Source, form: SourceForm): Promise<{ lists: Map<string, ListSurvey>; sha256: string }> {
  const lists = new Map<string, ListSurvey>();
  const hash = new crypto.DigestStream("SHA-256");
  const [body, copy] = (await source.open()).tee();
  const hashed = copy.pipeTo(hash);
  hashed.catch(() => undefined);
  // Semicolons part cells where the comma parts decimals.
  const usesDecimalComma = form.delimiter === ";";
  for await (const record of sharingTime(readRecords(body, form))) {
    if ("fault" in record) continue;
    const surveyed = listOf(lists, record.list ?? "");
    surveyed.rows += 1;
    if (surveyed.rows > MAX_ROWS) throw new Problem("invalid-data", `${source.name} has more than ${MAX_ROWS} rows; split it.`);
    for (const [name, cell] of record.cells) {
      let tally = surveyed.tallies.get(name);
      if (tally === undefined) {
        if (surveyed.tallies.size >= MAX_COLUMNS) throw new Problem("invalid-data", `${source.name} has more than ${MAX_COLUMNS} columns.`);
        tally = new TypeTally(name, { usesDecimalComma });
        surveyed.tallies.set(name, tally);
      }
      if (!isMissing(cell)) tally.see(cell.trim());
    }
  }
  await hashed;
  return { lists, sha256: Array.from(new Uint8Array(await hash.digest), (byte) => byte.toString(16).padStart(2, "0")).join("") };
}

function listOf(lists: Map<string, ListSurvey>, list: string): ListSurvey {
  const known = lists.get(list);
  if (known !== undefined) return known;
  if (lists.size >= MAX_LISTS)
    throw new Problem("invalid-data", `The document holds more than ${MAX_LISTS} lists of records; make one of them a file.`);
  const made = { list, tallies: new Map<string, TypeTally>(), rows: 0 };
  lists.set(list, made);
  return made;
}

/**
 * Hands the records on and lets others run now and then: what is read from storage is there at once, so that a long file would hold the
 * isolate from its first record to its last.
 */
async function* sharingTime<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  let count = 0;
  for await (const item of items) {
    yield item;
    count += 1;
    if (count % RECORDS_A_TURN === 0) await scheduler.wait(0);
  }
}

const SQL_TYPES: Record<ColumnType, string> = {
  integer: "INTEGER",
  real: "REAL",
  boolean: "INTEGER",
  text: "TEXT",
  date: "TEXT",
  datetime: "TEXT",
};

function createTables(sql: SqlStorage, columns: readonly Column[]): void {
  for (const [relation, group] of byRelation(columns)) {
    const definitions = group.map((column) => `${quoteIdentifier(column.name)} ${SQL_TYPES[column.type]}`);
    sql.exec(`DROP TABLE IF EXISTS ${quoteIdentifier(relation)}`);
    sql.exec(`CREATE TABLE ${quoteIdentifier(relation)} (_row INTEGER PRIMARY KEY, ${definitions.join(", ")})`);
  }
}

function byRelation(columns: readonly Column[]): Map<string, Column[]> {
  const groups = new Map<string, Column[]>();
  for (const column of columns) groups.set(column.relation, [...(groups.get(column.relation) ?? []), column]);
  return groups;
}

interface Storing {
  readonly source: Source;
  readonly form: SourceForm;
  readonly columns: readonly Column[];
  /** The list of records that is stored. */
  readonly list: string;
  readonly bad: BadRows;
}

async function store(sql: SqlStorage, { source, form, columns, list, bad }: Storing): Promise<number> {
  const relations = [...byRelation(columns)].map(([relation, group]) => ({ insert: insertStatement(relation, group), group }));
  let batch: (Cell[] | undefined)[][] = [];
  let characters = 0;
  let rows = 0;
  const write = () => {
    for (const [part, { insert }] of relations.entries()) sql.exec(insert, JSON.stringify(batch.map((row) => row[part])));
    batch = [];
    characters = 0;
  };
  for await (const record of sharingTime(readRecords(await source.open(), form))) {
    if ("fault" in record) {
      bad.add(record.line, record.fault);
      continue;
    }
    if ((record.list ?? "") !== list) continue;
    rows += 1;
    const row = relations.map(({ group }) => [
      rows,
      ...group.map((column) => storedCell(column, record.cells.get(column.key), record.line, bad)),
    ]);
    batch.push(row);
    for (const cell of record.cells.values()) characters += cell.length + 4;
    if (batch.length >= ROWS_A_BATCH || characters > MAX_BATCH_CHARACTERS) write();
  }
  if (batch.length > 0) write();
  return rows;
}

function insertStatement(relation: string, group: readonly Column[]): string {
  const names = group.map((column) => quoteIdentifier(column.name));
  const values = Array.from({ length: group.length + 1 }, (_, i) => `value ->> ${i}`);
  return `INSERT INTO ${quoteIdentifier(relation)} (_row, ${names.join(", ")}) SELECT ${values.join(", ")} FROM json_each(?)`;
}

function storedCell(column: Column, cell: string | undefined, line: number, bad: BadRows): Cell {
  const text = cell?.trim() ?? "";
  if (cell === undefined || isMissing(text)) return null;
  const value = column.reader.read(text);
  if (value === undefined) {
    bad.add(line, `${column.name} holds ${JSON.stringify(text.slice(0, 60))}, which is no ${column.type}; it was taken as missing`);
    return null;
  }
  if (column.type === "text") return cell;
  return column.type === "datetime" && typeof value === "string" && value.length === 10 ? `${value}T00:00:00` : value;
}

/** Files that are often called so; unquoted, such a table could not be asked for in SQL. */
const SQL_WORDS = new Set(
  "all as by case check column cross default delete distinct exists from group having in index insert join key left limit not null on or order primary replace right select set table then to transaction union unique update using values view when where with".split(
    " ",
  ),
);

/** A name for a table made from a file's: what remains of it in letters, digits and underscores. */
export function tableName(fileName: string): string {
  const stem = fileName
    .replace(/\.[A-Za-z0-9]+$/, "")
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase()
    .slice(0, 40);
  if (stem === "") return `table_${sha256Hex(fileName).slice(0, 8)}`;
  return /^\d|^(sqlite|json|pragma|generate)_/.test(stem) || SQL_WORDS.has(stem) ? `t_${stem}` : stem;
}
