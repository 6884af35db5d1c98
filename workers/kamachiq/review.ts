import { z } from "zod";
import { problemOf } from "../platform/problem.ts";
import type { Analysis, QueryEvidence } from "../tools/data/analysis.ts";
import { formatFigure, formatShare } from "../tools/data/figure.ts";
import type { Cell, DatasetProfile } from "../tools/data/profile.ts";
import type { Plan } from "./plan.ts";
import type { Report, ReportSection, TaskResult } from "./report.ts";

/** Below this a person decides. */
export const REVIEW_PASS_SCORE = 0.8;
/** What a report gets at most when something in it is wrong and not only thin. */
const FAILED_CAP = 0.79;
const MAX_DETAILS = 5;

export const reviewCheckSchema = z.object({ name: z.string(), passed: z.boolean(), weight: z.number(), detail: z.string() });
export const reviewSchema = z.object({ score: z.number(), passed: z.boolean(), checks: z.array(reviewCheckSchema), notes: z.string() });
export type Review = z.infer<typeof reviewSchema>;
type Check = z.infer<typeof reviewCheckSchema>;

export interface ReviewInput {
  readonly plan: Plan;
  readonly brief: string;
  readonly datasets: readonly DatasetProfile[];
  readonly results: readonly TaskResult[];
  readonly report: Report;
  /** Runs a query of the evidence again. */
  readonly requery: (sql: string) => Promise<{ columns: readonly string[]; rows: readonly (readonly Cell[])[] }>;
  readonly documentText: (name: string) => Promise<string>;
}

/**
 * Reviews a report by computing again: every query must give the same rows, every figure in the prose must be one of them, every
 * goal must have a finding, every chart must hold the data of its query, every quote must stand in its document. It reads the report
 * and the evidence, and trusts neither.
 */
export async function reviewReport(input: ReviewInput): Promise<Review> {
  const checks = [await evidenceCheck(input), figuresCheck(input), goalsCheck(input), chartsCheck(input), await quotesCheck(input)];
  const weights = checks.reduce((sum, check) => sum + check.weight, 0);
  const earned = checks.reduce((sum, check) => sum + (check.passed ? check.weight : 0), 0) / weights;
  const score = checks.every((check) => check.passed) ? 1 : Math.min(FAILED_CAP, Math.round(earned * 100) / 100);
  const failed = checks.filter((check) => !check.passed);
  return {
    score,
    passed: score >= REVIEW_PASS_SCORE,
    checks,
    notes:
      failed.length === 0
        ? "Everything in the report could be computed again."
        : failed.map((check) => `${check.name}: ${check.detail}`).join("\n"),
  };
}

async function evidenceCheck({ results, requery }: ReviewInput): Promise<Check> {
  const faults: string[] = [];
  let count = 0;
  for (const evidence of queriesOf(results.flatMap((result) => result.analyses))) {
    count += 1;
    try {
      const again = await requery(evidence.sql);
      if (!sameRows(evidence.rows, again.rows)) faults.push(`a query gives other rows now: ${evidence.sql.slice(0, 120)}`);
    } catch (error) {
      faults.push(`a query cannot be run again: ${refusalOf(error).slice(0, 120)}`);
    }
  }
  return check("Evidence computed again", 0.3, faults, `${count} queries gave the same rows`);
}

/** What the workspace says against it. An interruption says nothing about the report, and is thrown on. */
function refusalOf(error: unknown): string {
  const problem = problemOf(error);
  if (problem === undefined) throw error;
  return problem.detail;
}

function sameRows(a: readonly (readonly Cell[])[], b: readonly (readonly Cell[])[]): boolean {
  return (
    a.length === b.length && a.every((row, i) => row.length === b[i]?.length && row.every((cell, k) => sameCell(cell, b[i]?.[k] ?? null)))
  );
}

function sameCell(a: Cell, b: Cell): boolean {
  if (typeof a !== "number" || typeof b !== "number") return a === b;
  return a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}

function figuresCheck({ plan, brief, datasets, results, report }: ReviewInput): Check {
  const faults: string[] = [];
  let count = 0;
  const everywhere = new Set([...figuresIn(brief), ...figuresIn(plan.title), ...datasets.flatMap(profileFigures)]);
  const known = new Map(report.content.sections.map((section) => [section.goalId, knownFigures(section, results)]));
  const all = new Set([...known.values()].flatMap((figures) => [...figures]));
  const look = (text: string, allowed: ReadonlySet<string>) => {
    for (const figure of figuresIn(text)) {
      count += 1;
      if (!allowed.has(figure) && !everywhere.has(figure)) faults.push(`${figure} in “${text.slice(0, 120)}” comes from no query`);
    }
  };
  for (const line of report.content.summary) look(line, all);
  for (const section of report.content.sections) {
    const allowed = known.get(section.goalId) ?? new Set();
    for (const text of [
      ...(section.narrative === undefined ? [] : [section.narrative]),
      ...section.findings.map((finding) => finding.text),
      ...section.caveats,
    ])
      look(text, allowed);
  }
  return check("Every figure has a source", 0.3, faults, `${count} figures in the text were found in the results`);
}

/** The figures that a section may state: those of its queries as they are written, those in its texts of data, and changes between first and last. */
function knownFigures(section: ReportSection, results: readonly TaskResult[]): Set<string> {
  const known = new Set<string>(figuresIn(section.heading));
  const analyses = results.filter((result) => result.goalId === section.goalId).flatMap((result) => result.analyses);
  for (const analysis of analyses) {
    for (const figure of figuresIn(`${analysis.title} ${analysis.method}`)) known.add(figure);
    for (const evidence of analysis.evidence) {
      if (evidence.kind === "quote") for (const figure of figuresIn(`${evidence.text} ${evidence.document}`)) known.add(figure);
      else for (const figure of figuresOfQuery(evidence)) known.add(figure);
    }
    for (const quote of analysis.evidence)
      if (quote.kind === "quote")
        for (const figure of figuresIn(
          analysis.statements
            .filter((statement) => statement.sources.includes(quote.id))
            .map((statement) => /\(([^()]*)\)$/.exec(statement.text)?.[1] ?? "")
            .join(" "),
        ))
          known.add(figure);
  }
  return known;
}

function figuresOfQuery(evidence: QueryEvidence): string[] {
  const figures = [...figuresIn(evidence.columns.join(" ")), formatFigure(evidence.rows.length)];
  for (const cell of evidence.rows.flat()) {
    if (typeof cell === "number")
      figures.push(formatFigure(cell), formatFigure(Math.abs(cell)), formatShare(cell), formatShare(Math.abs(cell)), String(cell));
    else if (cell !== null) figures.push(...figuresIn(cell));
  }
  const place = evidence.columns.indexOf("value");
  const byGroup = new Map<string, number[]>();
  for (const row of evidence.rows) {
    const value = row[place];
    if (typeof value !== "number") continue;
    for (const group of ["", String(row[1])]) byGroup.set(group, [...(byGroup.get(group) ?? []), value]);
  }
  for (const values of byGroup.values()) {
    const [first, last] = [values[0], values.at(-1)];
    if (first !== undefined && last !== undefined && first !== 0) figures.push(...figuresIn(formatShare((last - first) / Math.abs(first))));
  }
  return figures.flatMap(figuresIn);
}

function profileFigures(dataset: DatasetProfile): string[] {
  const numbers = [dataset.rows, dataset.columns.length, dataset.badRowCount, ...dataset.columns.map((column) => column.missing)];
  return [
    ...numbers.map(formatFigure),
    ...figuresIn(`${dataset.source} ${dataset.columns.map((column) => column.name).join(" ")} ${dataset.notes.join(" ")}`),
  ];
}

/** The numbers in a text, as they are written but for their sign. */
export function figuresIn(text: string): string[] {
  return [...text.matchAll(/\d+(?:[.,]\d+)*(?:e[+-]?\d+)?%?/gi)].map((match) => match[0]);
}

function goalsCheck({ plan, results, report }: ReviewInput): Check {
  const faults = plan.goals.flatMap((goal) => {
    const found = results.filter((result) => result.goalId === goal.id).flatMap((result) => result.analyses);
    const section = report.content.sections.find((candidate) => candidate.goalId === goal.id);
    const isAnswered = found.some((analysis) =>
      analysis.evidence.some((evidence) => (evidence.kind === "quote" ? evidence.text !== "" : evidence.rows.length > 0)),
    );
    if (section === undefined || section.findings.length === 0 || !report.markdown.includes(section.goalId))
      return [`nothing in the report is about “${goal.text.slice(0, 100)}”`];
    return isAnswered ? [] : [`“${goal.text.slice(0, 100)}” has no result behind it`];
  });
  return check("Every goal is covered", 0.2, faults, `${plan.goals.length} goals have findings`);
}

const chartDataSchema = z.object({ data: z.object({ values: z.array(z.record(z.string(), z.unknown())) }) });

function chartsCheck({ results, report }: ReviewInput): Check {
  const faults: string[] = [];
  let count = 0;
  for (const analysis of results.flatMap((result) => result.analyses)) {
    for (const chart of analysis.charts) {
      count += 1;
      const evidence = analysis.evidence.find((candidate) => candidate.id === chart.evidence);
      const spec = chartDataSchema.safeParse(JSON.parse(chart.spec));
      if (chart.marks === 0) faults.push(`the chart “${chart.title}” shows nothing`);
      else if (!spec.success || evidence?.kind !== "query" || !holdsSameNumbers(spec.data.data.values, evidence))
        faults.push(`the chart “${chart.title}” shows other data than its query`);
      else if (!report.html.includes(chart.svg.slice(chart.svg.indexOf(">"), chart.svg.indexOf(">") + 200)))
        faults.push(`the chart “${chart.title}” is not in the report`);
    }
  }
  return check("Charts hold their data", 0.1, faults, `${count} charts hold the data of their queries`);
}

/** Every number a chart shows is a number of its query. */
function holdsSameNumbers(values: readonly Record<string, unknown>[], evidence: QueryEvidence): boolean {
  const numbers = new Set(evidence.rows.flat().filter((cell) => typeof cell === "number"));
  return values.length > 0 && values.every((row) => Object.values(row).every((value) => typeof value !== "number" || numbers.has(value)));
}

async function quotesCheck({ results, documentText }: ReviewInput): Promise<Check> {
  const faults: string[] = [];
  let count = 0;
  for (const analysis of results.flatMap((result) => result.analyses)) {
    for (const evidence of analysis.evidence) {
      if (evidence.kind !== "quote") continue;
      count += 1;
      const text = await documentText(evidence.document).catch((error: unknown) => {
        refusalOf(error);
        return "";
      });
      const isTold = analysis.statements.some(
        (statement) => statement.sources.includes(evidence.id) && statement.text.includes(evidence.text.replace(/\s+/g, " ").trim()),
      );
      if (text.slice(evidence.start, evidence.end) !== evidence.text || !isTold)
        faults.push(`a quote does not stand in ${evidence.document}: “${evidence.text.slice(0, 80)}”`);
    }
  }
  return check("Quotes are word for word", 0.1, faults, `${count} quotes stand in their documents`);
}

function queriesOf(analyses: readonly Analysis[]): QueryEvidence[] {
  return analyses.flatMap((analysis) => analysis.evidence.filter((evidence): evidence is QueryEvidence => evidence.kind === "query"));
}

function check(name: string, weight: number, faults: readonly string[], fine: string): Check {
  const more = faults.length > MAX_DETAILS ? ` (and ${faults.length - MAX_DETAILS} more)` : "";
  return {
    name,
    weight,
    passed: faults.length === 0,
    detail: faults.length === 0 ? `${fine}.` : `${faults.slice(0, MAX_DETAILS).join("; ")}${more}.`,
  };
}
