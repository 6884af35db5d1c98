import { z } from "zod";
import { barChart } from "../chart/specs.ts";
import type { QueryEvidence } from "./analysis.ts";
import { type AnalysisDraft, say } from "./draft.ts";
import { formatFigure, formatShare } from "./figure.ts";
import { cell, figure, type Inquiry } from "./inquiry.ts";
import { aggregateSql, columnKey, type Key, measurementSchema, missingSql, periodKey, periodSchema } from "./measurement.ts";
import type { Cell, DatasetProfile } from "./profile.ts";
import { keyText, listText, measureNoun, sentence, whereText, words } from "./wording.ts";

/** Groups shown; the query keeps to these so that its result can be kept whole. */
const MAX_GROUPS = 200;

export const compareInputSchema = measurementSchema.extend({
  /** Columns whose values make the groups. */
  groups: z.array(z.string().max(300)).max(3).default([]),
  /** Groups by time instead, or as well: the column and how it is cut. */
  time: z.string().max(300).optional(),
  period: periodSchema.optional(),
  order: z.enum(["desc", "asc"]).default("desc"),
});
export type CompareInput = z.output<typeof compareInputSchema>;

/** Compares a measure, a count or a share between groups: who is highest and lowest, by how much, and over how many values. */
export function compareGroups(inquiry: Inquiry, dataset: DatasetProfile, input: CompareInput): AnalysisDraft {
  const keys: Key[] = input.groups.map((group) => columnKey(dataset, group));
  if (input.time !== undefined) keys.push(periodKey(dataset, input.time, input.period ?? "year"));
  const noun = measureNoun(input);
  const byText = listText(keys.map((key) => words(key.label)));
  const isCycle = input.period === "month_of_year" || input.period === "day_of_week" || input.period === "hour_of_day";
  const result = inquiry.ask(
    aggregateSql({ dataset, measurement: input, keys, orderBy: input.order === "desc" ? "value desc" : "value asc", limit: MAX_GROUPS }),
  );
  const title = sentence(`${noun} by ${byText}${whereText(input.filters)}`);
  const name = (row: readonly Cell[]) =>
    keys.map((key) => keyText(cell(result, row, key.name), key.name === input.period ? input.period : undefined)).join(", ");
  const show = (value: number) => (input.statistic === "share" ? formatShare(value) : formatFigure(value));
  const known = result.rows.filter(
    (row) => figure(result, row, "value") !== undefined && keys.every((key) => cell(result, row, key.name) !== null),
  );
  return {
    title,
    method: methodText(input, byText),
    statements: statements({
      result,
      rows: known,
      otherEnd: result.rows.length < MAX_GROUPS ? undefined : otherEnd(inquiry, dataset, input, keys),
      noun,
      name,
      show,
      hasMeasure: input.measure !== undefined && input.statistic !== "count" && input.statistic !== "share",
    }),
    evidence: inquiry.evidence,
    charts:
      known.length === 0
        ? []
        : [
            barChart(
              result,
              keys.slice(0, 2),
              "value",
              { title: sentence(noun), alt: `Bar chart of ${noun} by ${byText}; ${name(known[0] ?? [])} comes first.` },
              (value) => keyText(value, isCycle ? input.period : undefined),
            ),
          ],
    caveats: caveats(inquiry, dataset, input, result),
  };
}

interface Told {
  readonly result: QueryEvidence;
  readonly rows: readonly (readonly Cell[])[];
  /** The group at the other end of the order, when there are more groups than are kept. */
  readonly otherEnd: QueryEvidence | undefined;
  readonly noun: string;
  readonly name: (row: readonly Cell[]) => string;
  readonly show: (value: number) => string;
  readonly hasMeasure: boolean;
}

/** The last group of the order, which a cut list does not hold. */
function otherEnd(inquiry: Inquiry, dataset: DatasetProfile, input: CompareInput, keys: readonly Key[]): QueryEvidence {
  const present = keys.flatMap((key) => key.columns.map((column) => ({ column: column.name, op: "present" as const })));
  const measurement = { ...input, filters: [...input.filters, ...present] };
  return inquiry.ask(aggregateSql({ dataset, measurement, keys, orderBy: input.order === "desc" ? "value asc" : "value desc", limit: 1 }));
}

function statements({ result, rows, otherEnd, noun, name, show, hasMeasure }: Told) {
  const shown = (row: readonly Cell[]) => figure(result, row, "value") ?? 0;
  const sorted = [...rows, ...(otherEnd?.rows ?? [])].sort((a, b) => shown(b) - shown(a));
  const [top, bottom] = [sorted[0], sorted.at(-1)];
  if (top === undefined || bottom === undefined) return [say("No rows match, so there is nothing to compare.", result.id)];
  if (sorted.length === 1) return [say(`There is one group: ${name(top)}, with a ${noun} of ${show(shown(top))}.`, result.id)];
  const told = [
    say(
      `The ${noun} is highest for ${name(top)} (${show(shown(top))}) and lowest for ${name(bottom)} (${show(shown(bottom))}).`,
      result.id,
      ...(otherEnd === undefined ? [] : [otherEnd.id]),
    ),
  ];
  const details = sorted.slice(0, 6).map((row) => {
    const sd = figure(result, row, "sd");
    const n = figure(result, row, "n") ?? 0;
    const spread = hasMeasure
      ? `, median ${formatFigure(figure(result, row, "median") ?? 0)}${sd === undefined ? "" : `, standard deviation ${formatFigure(sd)}`}`
      : "";
    const share = figure(result, row, "share");
    return `${name(row)}: ${show(shown(row))} (${share === undefined ? `n = ${formatFigure(n)}${spread}` : formatShare(share)})`;
  });
  told.push(
    say(
      `${sorted.length > 6 ? "The six highest: " : ""}${details.join("; ")}.`,
      result.id,
      ...(otherEnd === undefined ? [] : [otherEnd.id]),
    ),
  );
  return told;
}

function caveats(inquiry: Inquiry, dataset: DatasetProfile, input: CompareInput, result: QueryEvidence): string[] {
  const keyCount = input.groups.length + (input.time === undefined ? 0 : 1);
  const notes: string[] = [];
  const measure = dataset.columns.find((column) => column.name === input.measure);
  if (measure !== undefined && measure.missing > 0 && input.statistic !== "count") {
    const missing = inquiry.ask(missingSql(dataset, measure, input.filters));
    const count = figure(missing, missing.rows[0], "missing") ?? 0;
    if (count > 0)
      notes.push(`${formatFigure(count)} ${count === 1 ? "row has" : "rows have"} no ${words(measure.name)}; they are left out.`);
  }
  if (result.rows.some((row) => row.slice(0, keyCount).includes(null)))
    notes.push("Rows whose group is missing are counted under (missing) in the table and not compared.");
  const small = result.rows.filter((row) => (figure(result, row, "n") ?? 0) < 5).length;
  if (small > 0 && input.statistic !== "count") notes.push("Some groups have fewer than five values; their figures say little.");
  if (result.rows.length >= MAX_GROUPS) notes.push(`Only the first ${MAX_GROUPS} groups are shown.`);
  return notes;
}

function methodText(input: CompareInput, by: string): string {
  const missing = input.measure === undefined ? "" : ` Rows without a value of ${words(input.measure)} are left out.`;
  return `Rows${whereText(input.filters).replace(/^,/, "")} grouped by ${by}; the ${measureNoun(input)} of each group.${missing}${input.measure === undefined ? "" : " Standard deviations are of the sample (n − 1)."}`;
}
