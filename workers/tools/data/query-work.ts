import { type DerivedTables, derivedTables } from "./derived-tables.ts";
import { tokenize } from "./sql-tokens.ts";

/** One row of SQLite's EXPLAIN QUERY PLAN. */
export interface PlanRow {
  readonly id: number;
  readonly parent: number;
  readonly detail: string;
}

/** What is known of the tables that a query can read. */
export interface TableSizes {
  /** Rows by the table's name in lower case. */
  readonly rows: ReadonlyMap<string, number>;
  /** How many rows at most share one value of a column of a table; undefined when the table has no such column. */
  mostAlike(table: string, column: string): number | undefined;
}

interface Extent {
  /** At most so many rows come out. */
  readonly rows: number;
  /** So many rows are visited for it. */
  readonly work: number;
}

/**
 * The number of rows that a query visits at most, read from its plan: loops within loops multiply. A table counts with its rows, a
 * derived table with the rows that can come out of it, a search by equality with the rows that share one value. Infinite when the query
 * is recursive.
 */
export function workOf(sql: string, plan: readonly PlanRow[], sizes: TableSizes): number {
  const children = new Map<number, PlanRow[]>();
  for (const row of plan) children.set(row.parent, [...(children.get(row.parent) ?? []), row]);
  const derived = derivedTables(tokenize(sql), new Set(sizes.rows.keys()));
  return new Plan(children, new Sources(derived, sizes)).extentOf(0).work;
}

/** How many rows the tables and derived tables of one statement give. */
class Sources {
  readonly #derived: DerivedTables;
  readonly #sizes: TableSizes;
  readonly #largest: number;
  /** Rows that come out of a derived table, as its own part of the plan says. */
  readonly #extents = new Map<string, number>();

  constructor(derived: DerivedTables, sizes: TableSizes) {
    this.#derived = derived;
    this.#sizes = sizes;
    this.#largest = Math.max(1, ...sizes.rows.values());
  }

  addDerived(name: string, rows: number): void {
    this.#extents.set(name, Math.max(this.#extents.get(name) ?? 0, rows));
  }

  /** Rows of what a name stands for; those of the largest table when that is not known. */
  rowsOf(name: string): number {
    const known = this.#derived.sources(name).map((source) => this.#sizes.rows.get(source) ?? this.#derivedRows(source));
    return known.length === 0 ? this.#largest : Math.max(...known);
  }

  /** Rows that a search by equality of these columns finds at most. */
  foundBy(name: string, columns: readonly string[]): number {
    if (columns.includes("rowid") || columns.includes("_row")) return 1;
    const all = this.rowsOf(name);
    const found = this.#derived.sources(name).map((source) => Math.min(all, this.#alike(source, columns)));
    return found.length === 0 ? all : Math.max(1, ...found);
  }

  #derivedRows(source: string): number {
    const fromPlan = this.#extents.get(source) ?? Number.POSITIVE_INFINITY;
    return Math.min(fromPlan, this.#derived.limit(source) ?? this.#largest ** 4);
  }

  #alike(source: string, columns: readonly string[]): number {
    if (this.#derived.isGroupedBy(source, columns)) return 1;
    const isTable = this.#sizes.rows.has(source);
    const tables = isTable ? [source] : [...this.#sizes.rows.keys()];
    const counts = columns
      .filter((column) => isTable || !this.#derived.isRenamed(column))
      .map((column) => tables.flatMap((table) => this.#sizes.mostAlike(table, column) ?? []))
      .filter((found) => found.length > 0);
    return Math.min(...counts.map((found) => Math.max(...found)));
  }
}

/** The tree of a plan: nodes beside each other are loops within loops, nodes below are derived tables and alternatives. */
class Plan {
  readonly #children: ReadonlyMap<number, readonly PlanRow[]>;
  readonly #sources: Sources;

  constructor(children: ReadonlyMap<number, readonly PlanRow[]>, sources: Sources) {
    this.#children = children;
    this.#sources = sources;
  }

  extentOf(parent: number): Extent {
    const nodes = this.#children.get(parent) ?? [];
    if (nodes.length === 0) return { rows: 0, work: 0 };
    let loops = 1;
    let alternatives = 0;
    let work = 0;
    let everyTime = 0;
    for (const { id, detail } of nodes) {
      const inner = this.extentOf(id);
      const isCorrelated = detail.startsWith("CORRELATED ");
      if (isCorrelated) everyTime += inner.work;
      else work += inner.work;
      const isDerived = /^(CO-ROUTINE|MATERIALIZE) /.test(detail);
      if (detail === "RECURSIVE STEP") work = Number.POSITIVE_INFINITY;
      if (isDerived) this.#sources.addDerived(nameIn(detail), inner.rows);
      else if (!/SUBQUERY \d+$/.test(detail) && !detail.startsWith("MULTI-INDEX OR")) alternatives += inner.rows;
      loops *= this.#turns(detail, inner);
      work += loops;
    }
    return { rows: loops === 1 && alternatives > 0 ? alternatives : loops + alternatives, work: work + everyTime * loops };
  }

  /** How often one node makes what stands after it run. */
  #turns(detail: string, inner: Extent): number {
    const constant = /^SCAN (\d+)? ?CONSTANT ROWS?/.exec(detail);
    if (constant !== null) return Number(constant[1] ?? 1);
    if (detail.startsWith("SCAN ")) return this.#sources.rowsOf(nameIn(detail));
    if (detail.startsWith("SEARCH ")) return this.#sources.foundBy(nameIn(detail), equalities(detail));
    return detail.startsWith("MULTI-INDEX OR") ? inner.rows : 1;
  }
}

/** The table of `SCAN t`, `SEARCH t USING …`, `MATERIALIZE t`. */
function nameIn(detail: string): string {
  const behind = / (USING .*|VIRTUAL TABLE.*|LEFT-JOIN|EXISTS)$/;
  return detail
    .replace(/^[A-Z-]+ /, "")
    .replace(behind, "")
    .replace(behind, "")
    .toLowerCase();
}

/** The columns of `(a=? AND b=?)`. */
function equalities(detail: string): string[] {
  const terms = /\(([^()]*)\)(?: LEFT-JOIN| EXISTS)*$/.exec(detail)?.[1]?.split(" AND ") ?? [];
  return terms.flatMap((term) => (term.endsWith("=?") ? [term.slice(0, -2).toLowerCase()] : []));
}
