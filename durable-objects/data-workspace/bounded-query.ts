import { Problem } from "../../workers/platform/problem.ts";
import type { QueryResult } from "../../workers/tools/data/inquiry.ts";
import type { Cell } from "../../workers/tools/data/profile.ts";
import { checkedSelect } from "../../workers/tools/data/sql-gate.ts";

/** Pairs of rows a query may visit, as its plan says: a second or two of work. */
const MAX_ROW_VISITS = 50_000_000;
const MAX_RESULT_ROWS = 1_000;
const MAX_RESULT_CHARACTERS = 1_000_000;

class RollBack extends Error {}

/**
 * Answers one reading query within bounds: rows and size of the result, and the work its plan promises. Whatever it might have
 * written is rolled back.
 * @throws Problem `invalid-query`
 */
export function boundedQuery(storage: DurableObjectStorage, statement: string, maxRows = MAX_RESULT_ROWS): QueryResult {
  const sql = checkedSelect(statement);
  let result: QueryResult | undefined;
  try {
    storage.transactionSync(() => {
      checkWork(storage.sql, sql);
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

/** Full scans of the plan that are nested in each other multiply; the product of their tables' rows is the work. */
function checkWork(sql: SqlStorage, statement: string): void {
  const plan = sql.exec<{ id: number; parent: number; detail: string }>(`EXPLAIN QUERY PLAN ${statement}`).toArray();
  const products = new Map<number, number>();
  for (const { parent, detail } of plan) {
    const scanned = /^SCAN (\S+|"[^"]+")/.exec(detail)?.[1];
    if (scanned === undefined) continue;
    const rows = largestTable(sql);
    const product = (products.get(parent) ?? 1) * rows;
    products.set(parent, product);
    if (products.size > 0 && product > Math.max(MAX_ROW_VISITS, rows)) {
      throw new Problem(
        "invalid-query",
        `The query joins every row with every row (${product} pairs); give the join a condition of equality.`,
      );
    }
  }
}

/** An alias does not tell which table is scanned, so each scan is taken as one of the largest. */
function largestTable(sql: SqlStorage): number {
  return Math.max(1, sql.exec<{ rows: number | null }>("SELECT max(rows) AS rows FROM _soma_datasets").one().rows ?? 1);
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const message = error instanceof Error ? error.message.replace(/: SQLITE_ERROR.*$/, "") : "it failed";
  return new Problem("invalid-query", `The query failed: ${message.slice(0, 300)}.`);
}
