import { z } from "zod";

/** The types a column can have after loading. Dates and times are stored as ISO 8601 text, booleans as 0 and 1. */
export const columnTypeSchema = z.enum(["integer", "real", "text", "boolean", "date", "datetime"]);
export type ColumnType = z.infer<typeof columnTypeSchema>;

/** A value of a cell as it comes back from a query. */
export const cellSchema = z.union([z.string(), z.number(), z.null()]);
export type Cell = z.infer<typeof cellSchema>;

/** What is known of one column after the whole of it was read. */
export const columnProfileSchema = z.object({
  /** The name in SQL: the header as it was, trimmed, made unique; quote it with double quotes. */
  name: z.string(),
  type: columnTypeSchema,
  /** The SQL table that holds the column: a table of more than 99 columns is kept in several, joined by `_row`. */
  relation: z.string(),
  /** Cells that hold no value (empty, NA, null …). */
  missing: z.number().int().nonnegative(),
  /** Distinct values, exact up to 1,000 and `1000` for "1,000 or more". */
  distinct: z.number().int().nonnegative(),
  min: cellSchema,
  max: cellSchema,
  /** Numbers only. */
  mean: z.number().nullable(),
  /** The most frequent values, at most 25, the most frequent first; empty for a column of mostly unique numbers. */
  top: z.array(z.object({ value: cellSchema, count: z.number().int() })),
});
export type ColumnProfile = z.infer<typeof columnProfileSchema>;

/** A row or cell of the source that could not be taken as it was. */
export const badRowSchema = z.object({ line: z.number().int().positive(), reason: z.string() });

/** One loaded table: what a planner and a report need to know of it without reading its rows. */
export const datasetProfileSchema = z.object({
  /** The table's name in SQL. */
  table: z.string(),
  /** The file it came from, for people. */
  source: z.string(),
  /** SHA-256 of the bytes read. */
  sha256: z.string(),
  format: z.enum(["csv", "tsv", "json", "ndjson"]),
  rows: z.number().int().nonnegative(),
  columns: z.array(columnProfileSchema),
  /** How many rows or cells could not be taken, and the first of them. */
  badRowCount: z.number().int().nonnegative(),
  badRows: z.array(badRowSchema),
  /** How the source was read where that was a choice: its encoding, whether days or months come first, a list that was left out. */
  notes: z.array(z.string()).default([]),
});
export type DatasetProfile = z.infer<typeof datasetProfileSchema>;
