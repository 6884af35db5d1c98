import { z } from "zod";
import type { Analysis, QueryEvidence } from "../tools/data/analysis.ts";
import { formatFigure, formatShare } from "../tools/data/figure.ts";
import { statisticSchema } from "../tools/data/measurement.ts";
import type { Cell } from "../tools/data/profile.ts";
import { filterSchema } from "../tools/data/sql-text.ts";
import { measureNoun } from "../tools/data/wording.ts";
import type { Plan } from "./plan.ts";

/** Rows of a piece of evidence shown in a report; the evidence file has all of them. */
const MAX_TABLE_ROWS = 20;
const MAX_TABLE_COLUMNS = 10;
const MAX_CELL_CHARACTERS = 200;

/** A table as a reader sees it. */
export interface ReportTable {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows that the evidence file has besides. */
  readonly omitted: number;
}

const taskInputsSchema = z.object({
  table: z.string().optional(),
  measure: z.string().optional(),
  statistic: statisticSchema.optional(),
  of: z.array(filterSchema).optional(),
});
export type TaskInputs = z.infer<typeof taskInputsSchema>;

/** What a step of a plan measures, as far as a report needs it to name things. */
export function taskInputs(plan: Plan, step: string): TaskInputs {
  return taskInputsSchema.safeParse(plan.graph.steps[step]?.with.inputs).data ?? {};
}

/** What the columns of a query are called for readers. */
const HEADINGS: Readonly<Record<string, string>> = {
  n: "values",
  sd: "standard deviation",
  pearson: "Pearson's r",
  spearman: "Spearman's rho",
  matching: "rows that meet it",
  q1: "lower quartile",
  q3: "upper quartile",
};

/** The first query of an analysis is what it is about; what it was asked besides is in the evidence file. */
export function tablesOf(analysis: Analysis, inputs: TaskInputs): ReportTable[] {
  const main = analysis.evidence.find((evidence): evidence is QueryEvidence => evidence.kind === "query" && evidence.rows.length > 0);
  if (main === undefined) return [];
  const places = main.columns
    .map((_, i) => i)
    .filter((i) => !repeatsValue(main, i))
    .slice(0, MAX_TABLE_COLUMNS);
  return [
    {
      caption: analysis.title,
      columns: places.map((i) => headingOf(main.columns[i] ?? "", inputs)),
      rows: main.rows.slice(0, MAX_TABLE_ROWS).map((row) => places.map((i) => cellText(row[i] ?? null, main.columns[i] ?? "", inputs))),
      omitted: Math.max(0, main.rows.length - MAX_TABLE_ROWS),
    },
  ];
}

function headingOf(column: string, inputs: TaskInputs): string {
  if (column !== "value") return HEADINGS[column] ?? column;
  if (inputs.statistic === undefined) return inputs.measure ?? column;
  if (inputs.statistic === "share") return "share";
  return measureNoun({
    table: "",
    filters: [],
    statistic: inputs.statistic,
    ...(inputs.measure === undefined ? {} : { measure: inputs.measure }),
  });
}

/** The statistic that was asked for is in `value`; beside it, the same figures under their own name say nothing. */
function repeatsValue(evidence: QueryEvidence, column: number): boolean {
  const value = evidence.columns.indexOf("value");
  return (
    value >= 0 &&
    column !== value &&
    /^(mean|median|total|smallest|largest|n)$/.test(evidence.columns[column] ?? "") &&
    evidence.rows.every((row) => row[column] === row[value])
  );
}

function cellText(value: Cell, column: string, inputs: TaskInputs): string {
  if (value === null) return "–";
  if (typeof value !== "number") return value.slice(0, MAX_CELL_CHARACTERS);
  if (/^year$/i.test(column)) return String(value);
  const isShare = column === "share" || (column === "value" && inputs.statistic === "share");
  return isShare && value >= 0 && value <= 1 ? formatShare(value) : formatFigure(value);
}
