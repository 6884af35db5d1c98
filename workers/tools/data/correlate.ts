import { z } from "zod";
import { Problem } from "../../platform/problem.ts";
import { scatterChart } from "../chart/specs.ts";
import { type AnalysisDraft, say } from "./draft.ts";
import { formatFigure } from "./figure.ts";
import { figure, type Inquiry } from "./inquiry.ts";
import { isNumeric } from "./measurement.ts";
import type { ColumnProfile, DatasetProfile } from "./profile.ts";
import { columnOf, filterColumns, filtersSchema, fromClause, quoteIdentifier, whereClause } from "./sql-text.ts";
import { listText, sentence, whereText, words } from "./wording.ts";

/** Every pair of these is computed; more would be a table nobody reads. */
const MAX_MEASURES = 6;
/** Points of the scatter chart: rows spread evenly over the data. */
const MAX_POINTS = 500;

export const correlateInputSchema = z.strictObject({
  table: z.string().max(100),
  measures: z.array(z.string().max(300)).min(2).max(MAX_MEASURES),
  filters: filtersSchema,
});
export type CorrelateInput = z.output<typeof correlateInputSchema>;

/** How closely numeric columns go together: Pearson's r and Spearman's rho of every pair, over rows that have both values. */
export function correlate(inquiry: Inquiry, dataset: DatasetProfile, input: CorrelateInput): AnalysisDraft {
  const columns = [...new Set(input.measures.map((measure) => columnOf(dataset, measure)))];
  if (columns.length < 2) throw new Problem("invalid-query", "A correlation needs two different columns.");
  const text = columns.find((column) => !isNumeric(column));
  if (text !== undefined) throw new Problem("invalid-query", `${text.name} holds ${text.type}; a correlation needs numbers.`);
  const pairs = columns.flatMap((x, i) => columns.slice(i + 1).map((y) => [x, y] as const));
  const results = pairs.map(([x, y]) => {
    const evidence = inquiry.ask(pairSql(dataset, input, x.name, y.name));
    const row = evidence.rows[0];
    return {
      x,
      y,
      evidence,
      n: figure(evidence, row, "n") ?? 0,
      pearson: figure(evidence, row, "pearson"),
      spearman: figure(evidence, row, "spearman"),
    };
  });
  const ranked = [...results].sort((a, b) => Math.abs(b.pearson ?? 0) - Math.abs(a.pearson ?? 0));
  const statements = ranked.map(({ x, y, evidence, n, pearson, spearman }) =>
    pearson === undefined
      ? say(
          `Whether ${words(x.name)} and ${words(y.name)} go together cannot be said: one of them does not vary, or fewer than two rows have both.`,
          evidence.id,
        )
      : say(
          `${sentence(words(x.name))} and ${words(y.name)} show a ${strength(pearson)} correlation: Pearson's r = ${formatFigure(pearson)}, Spearman's rho = ${formatFigure(spearman ?? 0)} (n = ${formatFigure(n)}).`,
          evidence.id,
        ),
  );
  const strongest = ranked[0];
  const scatter =
    strongest === undefined ? undefined : inquiry.ask(pointsSql(dataset, input, strongest.x.name, strongest.y.name, strongest.n));
  return {
    title: sentence(`correlation of ${listText(columns.map((column) => words(column.name)))}${whereText(input.filters)}`),
    method: "Pearson's r and Spearman's rho (mean ranks for ties) over the rows that have both values.",
    statements,
    evidence: inquiry.evidence,
    charts:
      strongest === undefined || scatter === undefined || scatter.rows.length === 0
        ? []
        : [
            scatterChart(scatter, asField(strongest.x), asField(strongest.y), {
              title: `${words(strongest.x.name)} and ${words(strongest.y.name)}`,
              alt: `Scatter chart of ${words(strongest.x.name)} against ${words(strongest.y.name)}.`,
            }),
          ],
    caveats: [
      "A correlation does not say what causes what.",
      ...(scatter !== undefined && (strongest?.n ?? 0) > MAX_POINTS
        ? [`The chart shows ${scatter.rows.length} rows spread evenly over the data.`]
        : []),
    ],
  };
}

function pairSql(dataset: DatasetProfile, input: CorrelateInput, x: string, y: string): string {
  const pairs = pairsSql(dataset, input, x, y);
  return (
    `WITH _v AS (${pairs}), _r AS (SELECT _x, _y, rank() OVER (ORDER BY _x) + (count(*) OVER (PARTITION BY _x) - 1) / 2.0 AS _rx, rank() OVER (ORDER BY _y) + (count(*) OVER (PARTITION BY _y) - 1) / 2.0 AS _ry FROM _v), ` +
    "_m AS (SELECT avg(_x) AS _mx, avg(_y) AS _my, avg(_rx) AS _mrx, avg(_ry) AS _mry FROM _r) " +
    "SELECT count(*) AS n, sum((_x - _mx) * (_y - _my)) / nullif(sqrt(sum((_x - _mx) * (_x - _mx)) * sum((_y - _my) * (_y - _my))), 0) AS pearson, " +
    "sum((_rx - _mrx) * (_ry - _mry)) / nullif(sqrt(sum((_rx - _mrx) * (_rx - _mrx)) * sum((_ry - _mry) * (_ry - _mry))), 0) AS spearman FROM _r, _m"
  );
}

function pairsSql(dataset: DatasetProfile, input: CorrelateInput, x: string, y: string): string {
  const [first, second] = [columnOf(dataset, x), columnOf(dataset, y)];
  const [a, b] = [quoteIdentifier(first.name), quoteIdentifier(second.name)];
  const from = fromClause(dataset, [first, second, ...filterColumns(dataset, input.filters)]);
  return `SELECT ${a} AS _x, ${b} AS _y FROM ${from}${whereClause(dataset, input.filters, [`${a} IS NOT NULL`, `${b} IS NOT NULL`])}`;
}

function pointsSql(dataset: DatasetProfile, input: CorrelateInput, x: string, y: string, n: number): string {
  const every = Math.max(1, Math.ceil(n / MAX_POINTS));
  return `WITH _v AS (${pairsSql(dataset, input, x, y)}), _o AS (SELECT _x, _y, row_number() OVER (ORDER BY _x, _y) AS _i FROM _v) SELECT _x AS ${quoteIdentifier(x)}, _y AS ${quoteIdentifier(y)} FROM _o WHERE _i % ${every} = 0 OR ${every} = 1`;
}

function asField(column: ColumnProfile) {
  return { name: column.name, label: words(column.name) };
}

function strength(r: number): string {
  const size = Math.abs(r);
  const direction = r < 0 ? "negative" : "positive";
  if (size < 0.1) return "negligible";
  if (size < 0.3) return `weak ${direction}`;
  if (size < 0.5) return `moderate ${direction}`;
  if (size < 0.7) return `substantial ${direction}`;
  return `strong ${direction}`;
}
