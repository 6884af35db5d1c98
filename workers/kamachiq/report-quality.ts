import { formatFigure, formatShare } from "../tools/data/figure.ts";
import type { DatasetProfile } from "../tools/data/profile.ts";

/** Columns with gaps that are named; a table of hundreds would not be read. */
const MAX_COLUMNS_NAMED = 40;

/** What a reader must know of a source before believing what was made of it. */
export interface Quality {
  readonly size: string;
  /** Column, missing cells, share of the rows; the fullest of gaps first. */
  readonly missing: readonly (readonly [column: string, cells: string, share: string])[];
  /** How many rows or cells could not be taken; empty when all could. */
  readonly bad: string;
  readonly badRows: readonly string[];
}

/** The quality of one table in words, the same for every form of a report. */
export function qualityOf(data: DatasetProfile): Quality {
  const gaps = data.columns.filter((column) => column.missing > 0).sort((a, b) => b.missing - a.missing);
  return {
    size: `${formatFigure(data.rows)} ${data.rows === 1 ? "row" : "rows"} and ${formatFigure(data.columns.length)} ${data.columns.length === 1 ? "column" : "columns"}, read from ${data.format.toUpperCase()}.`,
    missing: gaps
      .slice(0, MAX_COLUMNS_NAMED)
      .map(({ name, missing }) => [name, formatFigure(missing), formatShare(missing / Math.max(1, data.rows))]),
    bad:
      data.badRowCount === 0
        ? ""
        : `${formatFigure(data.badRowCount)} rows or cells could not be taken as they were${data.badRows.length < data.badRowCount ? "; the first of them" : ""}:`,
    badRows: data.badRows.map((row) => `line ${row.line}: ${row.reason}`),
  };
}
