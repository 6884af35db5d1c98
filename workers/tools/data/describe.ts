import { z } from "zod";
import { barChart } from "../chart/specs.ts";
import { type AnalysisDraft, say } from "./draft.ts";
import { formatFigure, formatShare } from "./figure.ts";
import { cell, figure, type Inquiry } from "./inquiry.ts";
import { isNumeric } from "./measurement.ts";
import type { DatasetProfile } from "./profile.ts";
import { fromClause, quoteIdentifier, sqlLiteral } from "./sql-text.ts";
import { listText, sentence, words } from "./wording.ts";

/** Columns described one by one; a wider table is described by its first. */
const MAX_COLUMNS_DESCRIBED = 90;
/** Numeric columns whose spread is told in a sentence. */
const MAX_TOLD = 8;

export const describeInputSchema = z.strictObject({ table: z.string().max(100) });

/** What a table holds: rows, columns, how complete it is, and the range of its numbers. */
export function describe(inquiry: Inquiry, dataset: DatasetProfile): AnalysisDraft {
  const columns = dataset.columns.slice(0, MAX_COLUMNS_DESCRIBED);
  const from = fromClause(dataset, columns);
  const present = inquiry.ask(
    `SELECT count(*) AS rows, ${columns.map((column) => `count(${quoteIdentifier(column.name)}) AS ${quoteIdentifier(column.name)}`).join(", ")} FROM ${from}`,
  );
  const rows = figure(present, present.rows[0], "rows") ?? 0;
  const gaps = columns.flatMap((column, i) => {
    // By place: a column of the data may be called as another of the result.
    const missing = rows - Number(present.rows[0]?.[i + 1] ?? 0);
    return missing > 0 ? [{ name: column.name, missing }] : [];
  });
  const completeness = inquiry.ask(
    missingSql(
      dataset,
      gaps.map((gap) => gap.name),
    ),
  );
  const numeric = columns
    .filter((column) => isNumeric(column) && column.type !== "boolean" && !/\byear\b/i.test(words(column.name)))
    .slice(0, MAX_TOLD);
  const ranges = numeric.map((column) => {
    const x = quoteIdentifier(column.name);
    const evidence = inquiry.ask(
      `SELECT count(${x}) AS n, avg(${x}) AS mean, min(${x}) AS smallest, max(${x}) AS largest FROM ${quoteIdentifier(column.relation)}`,
    );
    const told = (name: string) => formatFigure(figure(evidence, evidence.rows[0], name) ?? 0);
    return say(
      `${sentence(words(column.name))} ranges from ${told("smallest")} to ${told("largest")}, with a mean of ${told("mean")} (n = ${told("n")}).`,
      evidence.id,
    );
  });
  return {
    title: `What ${dataset.source} holds`,
    method: "Every row was read; a cell counts as missing when it is empty or says so (NA, null, n/a and the like).",
    statements: [
      say(`The table has ${formatFigure(rows)} rows and ${formatFigure(dataset.columns.length)} columns.`, present.id),
      completenessStatement(completeness, rows),
      ...ranges,
    ],
    evidence: inquiry.evidence,
    charts:
      gaps.length === 0
        ? []
        : [
            barChart(completeness, [{ name: "column", label: "column" }], "missing", {
              title: "Missing values",
              alt: "Bar chart of missing values by column.",
            }),
          ],
    caveats: [
      ...dataset.notes.map((note) => `${note}.`),
      ...(dataset.badRowCount > 0
        ? [`${formatFigure(dataset.badRowCount)} rows or cells of the source could not be taken as they were.`]
        : []),
      ...(dataset.columns.length > columns.length
        ? [`The first ${columns.length} of ${formatFigure(dataset.columns.length)} columns are described.`]
        : []),
    ],
  };
}

/** One row for each column with gaps, the largest first; made of VALUES so that the number of gaps is no limit on the query. */
function missingSql(dataset: DatasetProfile, names: readonly string[]): string {
  if (names.length === 0) return "SELECT NULL AS column, 0 AS missing, 0.0 AS share WHERE 0";
  const columns = dataset.columns.filter((column) => names.includes(column.name));
  const counted = columns.map((column, i) => `count(*) - count(${quoteIdentifier(column.name)}) AS _c${i}`);
  const cases = columns.map((column, i) => `(${i}, ${sqlLiteral(column.name)})`);
  const pick = columns.map((_, i) => `WHEN ${i} THEN _c${i}`);
  return (
    `WITH _t AS (SELECT count(*) AS _n, ${counted.join(", ")} FROM ${fromClause(dataset, columns)}), _l(_i, _name) AS (VALUES ${cases.join(", ")}) ` +
    `SELECT _name AS column, CASE _i ${pick.join(" ")} END AS missing, 1.0 * CASE _i ${pick.join(" ")} END / _n AS share FROM _t, _l ORDER BY missing DESC, column`
  );
}

function completenessStatement(evidence: ReturnType<Inquiry["ask"]>, rows: number) {
  if (evidence.rows.length === 0) return say("No value is missing.", evidence.id);
  const parts = evidence.rows.slice(0, 6).map((row) => {
    const missing = figure(evidence, row, "missing") ?? 0;
    return `${words(String(cell(evidence, row, "column")))} (${formatFigure(missing)}, ${formatShare(rows === 0 ? 0 : missing / rows)})`;
  });
  const more = evidence.rows.length > 6 ? " and others" : "";
  return say(
    `Values are missing in ${evidence.rows.length === 1 ? "one column" : `${formatFigure(evidence.rows.length)} columns`}: ${listText(parts)}${more}.`,
    evidence.id,
  );
}
