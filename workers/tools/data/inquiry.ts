import type { QueryEvidence } from "./analysis.ts";
import type { Cell } from "./profile.ts";

export interface QueryResult {
  readonly columns: string[];
  readonly rows: Cell[][];
  readonly truncated: boolean;
}

/** Runs a query and keeps it with its result, so that whatever is said afterwards can be traced to it. */
export class Inquiry {
  readonly evidence: QueryEvidence[] = [];
  readonly #query: (sql: string) => QueryResult;

  constructor(query: (sql: string) => QueryResult) {
    this.#query = query;
  }

  /** Asks for one number that nothing is said from, so that it is no evidence. */
  count(sql: string): number {
    const value = this.#query(sql).rows[0]?.[0];
    return typeof value === "number" ? value : 0;
  }

  ask(sql: string): QueryEvidence {
    const { columns, rows, truncated } = this.#query(sql);
    const evidence: QueryEvidence = {
      kind: "query",
      id: `q${this.evidence.length + 1}`,
      sql,
      columns: [...columns],
      rows: rows.map((row) => [...row]),
      truncated,
    };
    this.evidence.push(evidence);
    return evidence;
  }
}

/** The value at a named column of a row; null when there is none. */
export function cell(evidence: QueryEvidence, row: readonly Cell[] | undefined, column: string): Cell {
  return row?.[evidence.columns.indexOf(column)] ?? null;
}

/** The same as a number; undefined when it is none. */
export function figure(evidence: QueryEvidence, row: readonly Cell[] | undefined, column: string): number | undefined {
  const value = cell(evidence, row, column);
  return typeof value === "number" ? value : undefined;
}
