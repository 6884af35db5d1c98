import { type AnalysisDraft, say } from "./draft.ts";
import { formatFigure, formatShare } from "./figure.ts";
import { figure, type Inquiry } from "./inquiry.ts";
import { aggregateSql, type Measurement } from "./measurement.ts";
import type { DatasetProfile } from "./profile.ts";
import { measureNoun, sentence, whereText } from "./wording.ts";

/** One figure over the rows that match: a count, sum, mean, median, extreme, share or number of different values. */
export function aggregate(inquiry: Inquiry, dataset: DatasetProfile, input: Measurement): AnalysisDraft {
  const result = inquiry.ask(aggregateSql({ dataset, measurement: input, keys: [], orderBy: "keys" }));
  const noun = measureNoun(input);
  const value = figure(result, result.rows[0], "value");
  const n = figure(result, result.rows[0], "n") ?? 0;
  const shown = value === undefined ? undefined : input.statistic === "share" ? formatShare(value) : formatFigure(value);
  const over = input.statistic === "count" ? "" : ` over ${formatFigure(n)} ${n === 1 ? "row" : "rows"}`;
  return {
    title: sentence(`${noun}${whereText(input.filters)}`),
    method: `The ${noun}${whereText(input.filters)}.${input.measure === undefined ? "" : " Rows without a value are left out."}`,
    statements: [
      say(
        shown === undefined
          ? `No rows match${whereText(input.filters)}, so there is no ${noun}.`
          : `The ${noun}${whereText(input.filters)} is ${shown}${over}.`,
        result.id,
      ),
    ],
    evidence: inquiry.evidence,
    charts: [],
    caveats: [],
  };
}
