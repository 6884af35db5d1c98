import { z } from "zod";
import { Problem } from "../../platform/problem.ts";
import { barChart } from "../chart/specs.ts";
import type { QueryEvidence } from "./analysis.ts";
import { type AnalysisDraft, say } from "./draft.ts";
import { formatFigure, formatShare } from "./figure.ts";
import { cell, figure, type Inquiry } from "./inquiry.ts";
import { aggregateSql, columnKey, type Key, measurementSchema, periodKey, periodSchema } from "./measurement.ts";
import type { Cell, ColumnProfile, DatasetProfile } from "./profile.ts";
import { columnOf, filterColumns, fromClause, quoteIdentifier, whereClause } from "./sql-text.ts";
import { keyText, listText, measureNoun, sentence, whereText, words } from "./wording.ts";

/** Columns shown beside a row's measure, so that a reader knows which row it is. */
const MAX_LABELS = 4;

export const rankInputSchema = measurementSchema.extend({
  /** What is ranked: the values of these columns. None: single rows. */
  entities: z.array(z.string().max(300)).max(2).default([]),
  time: z.string().max(300).optional(),
  period: periodSchema.optional(),
  order: z.enum(["desc", "asc"]).default("desc"),
  n: z.number().int().min(1).max(100).default(10),
});
export type RankInput = z.output<typeof rankInputSchema>;

/** The first or last by a measure: entities by an aggregate, or single rows by their own value. */
export function rank(inquiry: Inquiry, dataset: DatasetProfile, input: RankInput): AnalysisDraft {
  const byRows = input.entities.length === 0 && input.time === undefined;
  const keys = byRows
    ? []
    : [
        ...input.entities.map((entity) => columnKey(dataset, entity)),
        ...(input.time === undefined ? [] : [periodKey(dataset, input.time, input.period ?? "year")]),
      ];
  const shown = byRows ? labelKeys(dataset, input) : keys;
  const labels = shown.map((key) => key.name);
  const present = keys.flatMap((key) => key.columns.map((column) => ({ column: column.name, op: "present" as const })));
  const measurement = { ...input, filters: [...input.filters, ...present] };
  const sql = byRows
    ? rowsSql(dataset, input, shown)
    : aggregateSql({ dataset, measurement, keys, orderBy: input.order === "desc" ? "value desc" : "value asc", limit: input.n });
  const result = inquiry.ask(sql);
  const noun = byRows ? words(input.measure ?? "") : measureNoun(input);
  const end = input.order === "desc" ? "highest" : "lowest";
  const what = byRows ? "rows" : listText(keys.map((key) => words(key.label)));
  return {
    title: sentence(`The ${input.n} ${what} with the ${end} ${noun}${whereText(input.filters)}`),
    method: `${byRows ? "Rows" : `Groups by ${what}`}${whereText(input.filters)}, ordered by ${noun}, the ${end} first. Ties are ordered by name.`,
    statements: statements(result, input, labels, noun, end),
    evidence: inquiry.evidence,
    charts:
      result.rows.length === 0
        ? []
        : [
            barChart(result, shown, "value", { title: sentence(noun), alt: `Bar chart of the ${end} ${noun}.` }, (value) =>
              keyText(value, input.period),
            ),
          ],
    caveats: [],
  };
}

function statements(result: QueryEvidence, input: RankInput, labels: readonly string[], noun: string, end: string) {
  const show = (value: number) => (input.statistic === "share" ? formatShare(value) : formatFigure(value));
  const name = (row: readonly Cell[]) => labels.map((label) => keyText(cell(result, row, label), input.period)).join(", ");
  const told = result.rows.map((row) => ({ name: name(row), value: figure(result, row, "value") }));
  const [first, ...others] = told;
  if (first?.value === undefined) return [say("No rows match, so there is nothing to rank.", result.id)];
  const lead = say(`The ${end} ${noun} is ${show(first.value)}: ${first.name}.`, result.id);
  const next = others.slice(0, 9).flatMap(({ name: who, value }) => (value === undefined ? [] : [`${who} (${show(value)})`]));
  return next.length === 0 ? [lead] : [lead, say(`Then follow ${listText(next)}.`, result.id)];
}

function rowsSql(dataset: DatasetProfile, input: RankInput, labels: readonly Key[]): string {
  if (input.measure === undefined) throw new Problem("invalid-query", "Single rows are ranked by a measure; name a numeric column.");
  const measure = columnOf(dataset, input.measure);
  const columns = labels.flatMap((label) => label.columns);
  const value = quoteIdentifier(measure.name);
  const from = fromClause(dataset, [...columns, measure, ...filterColumns(dataset, input.filters)]);
  const where = whereClause(dataset, input.filters, [`${value} IS NOT NULL`]);
  const shown = labels.map((label) => `${label.expression} AS ${quoteIdentifier(label.name)}`);
  return `SELECT ${[...shown, `${value} AS value`].join(", ")} FROM ${from}${where} ORDER BY value ${input.order === "desc" ? "DESC" : "ASC"}, ${quoteIdentifier(measure.relation)}._row LIMIT ${input.n}`;
}

/** The columns that tell rows apart best: dates and texts with many values, first come first. */
function labelKeys(dataset: DatasetProfile, input: RankInput): Key[] {
  const isLabel = (column: ColumnProfile) =>
    column.name !== input.measure && (column.type === "text" || column.type === "date" || column.type === "datetime");
  const candidates = dataset.columns.filter(isLabel);
  const byDistinct = [...candidates].sort((a, b) => b.distinct - a.distinct).slice(0, MAX_LABELS);
  const labels = byDistinct.length > 0 ? byDistinct : dataset.columns.filter((column) => column.name !== input.measure).slice(0, 2);
  return labels.map((column) => columnKey(dataset, column.name));
}
