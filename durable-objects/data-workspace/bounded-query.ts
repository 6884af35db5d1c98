import { Problem } from "../../workers/platform/problem.ts";
import type { QueryResult } from "../../workers/tools/data/inquiry.ts";
import type { Cell } from "../../workers/tools/data/profile.ts";
import { workOf } from "../../workers/tools/data/query-work.ts";
import { checkedSelect } from "../../workers/tools/data/sql-gate.ts";
import { quoteIdentifier, sqlLiteral } from "../../workers/tools/data/sql-text.ts";

/** Rows a query may visit, as its plan says: a second or two of work. */
const MAX_ROW_VISITS = 50_000_000;
/** A table may be read this often in one query, however large it is. */
const MAX_PASSES = 40;
const MAX_RESULT_ROWS = 1_000;
const MAX_RESULT_CHARACTERS = 1_000_000;

/** A relation that queries may read: a loaded table, or a part of one that is wide. */
export interface Relation {
  readonly name: string;
  readonly rows: number;
}

class RollBack extends Error {}

/**
 * Answers one reading query within bounds: the tables it may read, the rows and size of its result, and the work its plan promises.
 * Whatever it might have written is rolled back.
 * @throws Problem `invalid-query`
 */
export function boundedQuery(
  storage: DurableObjectStorage,
  relations: readonly Relation[],
  statement: string,
  maxRows = MAX_RESULT_ROWS,
): QueryResult {
  const sql = checkedSelect(statement);
  let result: QueryResult | undefined;
  try {
    storage.transactionSync(() => {
      checkTables(storage.sql, relations, sql);
      checkWork(storage.sql, relations, sql);
      result = collect(storage.sql.exec(sql), Math.min(maxRows, MAX_RESULT_ROWS));
      throw new RollBack();
    });
  } catch (error) {
    if (!(error instanceof RollBack)) throw asProblem(error);
  }
  if (result === undefined) throw new Problem("invalid-query", "The query gave no result.");
  return result;
}

function collect(cursor: SqlStorageCursor<Record<string, SqlStorageValue>>, maxRows: number): QueryResult {
  const rows: Cell[][] = [];
  let characters = 0;
  for (const row of cursor.raw()) {
    if (rows.length >= maxRows) return { columns: cursor.columnNames, rows, truncated: true };
    const cells = row.map((value): Cell => (typeof value === "object" && value !== null ? "(binary)" : value));
    characters += JSON.stringify(cells).length;
    if (characters > MAX_RESULT_CHARACTERS)
      throw new Problem("invalid-query", `The result is larger than ${MAX_RESULT_CHARACTERS} characters; select fewer or shorter columns.`);
    rows.push(cells);
  }
  return { columns: cursor.columnNames, rows, truncated: false };
}

/**
 * Reads the program that SQLite made of the statement: whatever way a table is spelled, it is opened by the page it begins on, and only
 * pages of loaded tables may be.
 */
function checkTables(sql: SqlStorage, relations: readonly Relation[], statement: string): void {
  const names = new Set(relations.map((relation) => relation.name));
  const allowed = new Set(
    sql
      .exec<{ name: string; rootpage: number }>("SELECT name, rootpage FROM sqlite_master WHERE type = 'table'")
      .toArray()
      .filter(({ name }) => names.has(name))
      .map(({ rootpage }) => rootpage),
  );
  const program = sql.exec<{ opcode: string; p2: number }>(`EXPLAIN ${statement}`);
  for (const { opcode, p2 } of program) {
    const isOther = (opcode === "OpenRead" && !allowed.has(p2)) || opcode === "VOpen" || opcode === "OpenWrite";
    if (isOther) throw new Problem("invalid-query", "The query reads something that is no loaded table.");
  }
}

function checkWork(sql: SqlStorage, relations: readonly Relation[], statement: string): void {
  const plan = sql.exec<{ id: number; parent: number; detail: string }>(`EXPLAIN QUERY PLAN ${statement}`).toArray();
  const rows = new Map(relations.map((relation) => [relation.name.toLowerCase(), relation.rows]));
  const mostAlike = (table: string, column: string) => mostAlikeIn(sql, table, column);
  const work = workOf(statement, plan, { rows, mostAlike });
  if (work <= Math.max(MAX_ROW_VISITS, MAX_PASSES * Math.max(0, ...rows.values()))) return;
  const amount = Number.isFinite(work) ? `visits up to ${work.toExponential(1)} rows` : "does not say when it ends (it is recursive)";
  throw new Problem(
    "invalid-query",
    `The query ${amount}; ${MAX_ROW_VISITS} may be visited. Join by an equality that few rows share, or group before joining.`,
  );
}

/** How many rows share the most frequent value of a column. */
function mostAlikeIn(sql: SqlStorage, table: string, column: string): number | undefined {
  const name = sql
    .exec<{ name: string }>(`SELECT name FROM pragma_table_info(${sqlLiteral(table)}) WHERE lower(name) = ?`, column)
    .toArray()[0]?.name;
  if (name === undefined) return undefined;
  const most = `SELECT count(*) AS n FROM ${quoteIdentifier(table)} GROUP BY ${quoteIdentifier(name)} ORDER BY n DESC LIMIT 1`;
  return sql.exec<{ n: number }>(most).toArray()[0]?.n ?? 0;
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const message = error instanceof Error ? error.message.replace(/: SQLITE_ERROR.*$/, "") : "it failed";
  return new Problem("invalid-query", `The query failed: ${message.slice(0, 300)}.`);
}
