import type { Analysis, QueryEvidence } from "../tools/data/analysis.ts";
import { formatFigure } from "../tools/data/figure.ts";
import type { Cell, DatasetProfile } from "../tools/data/profile.ts";
import { isSafeSvg } from "./escape.ts";
import type { Plan } from "./plan.ts";
import type { DocumentSummary } from "./planner.ts";
import { reportHtml } from "./report-html.ts";
import { reportMarkdown } from "./report-markdown.ts";

/** Rows of a piece of evidence shown in a report; the evidence file has all of them. */
const MAX_TABLE_ROWS = 20;
const MAX_TABLE_COLUMNS = 10;
const MAX_SUMMARY_LINES = 8;

/** What one task of a project brought. */
export interface TaskResult {
  readonly step: string;
  readonly goalId: string;
  /** What the agent wrote. */
  readonly text: string;
  readonly analyses: readonly Analysis[];
  readonly engine: string;
}

export interface ReportInput {
  readonly plan: Plan;
  readonly brief: string;
  readonly datasets: readonly DatasetProfile[];
  readonly documents: readonly DocumentSummary[];
  readonly results: readonly TaskResult[];
}

/** A report before it has a form: what every form of it says. */
export interface ReportContent {
  readonly title: string;
  readonly audience: string | undefined;
  readonly summary: readonly string[];
  readonly sections: readonly ReportSection[];
  readonly datasets: readonly DatasetProfile[];
  readonly documents: readonly DocumentSummary[];
  readonly engines: readonly string[];
}

export interface ReportSection {
  readonly goalId: string;
  readonly heading: string;
  /** What a language model wrote over the findings; absent when the findings speak for themselves. */
  readonly narrative: string | undefined;
  readonly findings: readonly { text: string; sources: readonly string[] }[];
  readonly tables: readonly { caption: string; columns: readonly string[]; rows: readonly (readonly string[])[]; omitted: number }[];
  readonly charts: readonly { name: string; alt: string; svg: string }[];
  readonly methods: readonly string[];
  readonly caveats: readonly string[];
  readonly evidence: readonly { reference: string; sql?: string; quote?: string; document?: string }[];
}

export interface Report {
  readonly title: string;
  readonly content: ReportContent;
  readonly markdown: string;
  readonly html: string;
}

/**
 * Writes the report of a project. It is a function of its inputs alone: the same results give the same bytes, whatever happened on
 * the way to them.
 */
export function writeReport(input: ReportInput): Report {
  const sections = input.plan.goals.map((goal) =>
    sectionOf(
      goal.id,
      goal.text,
      input.results.filter((result) => result.goalId === goal.id),
    ),
  );
  const content: ReportContent = {
    title: input.plan.title,
    audience: input.plan.audience,
    summary: sections.flatMap((section) => section.findings.slice(0, 1).map((finding) => finding.text)).slice(0, MAX_SUMMARY_LINES),
    sections,
    datasets: input.datasets,
    documents: input.documents,
    engines: [...new Set(input.results.map((result) => result.engine))].sort(),
  };
  return { title: content.title, content, markdown: reportMarkdown(content), html: reportHtml(content) };
}

/** The reference under which a piece of evidence is cited: the goal and the evidence's own id. */
export function evidenceReference(goalId: string, analysis: number, evidence: string): string {
  return analysis === 0 ? `${goalId}.${evidence}` : `${goalId}.${analysis + 1}.${evidence}`;
}

function sectionOf(goalId: string, heading: string, results: readonly TaskResult[]): ReportSection {
  const analyses = results.flatMap((result) => result.analyses);
  const narrative = results
    .filter((result) => result.engine !== "embedded")
    .map((result) => result.text.trim())
    .join("\n\n");
  return {
    goalId,
    heading,
    narrative: narrative === "" ? undefined : narrative,
    findings: analyses.flatMap((analysis, i) =>
      analysis.statements.map((statement) => ({
        text: statement.text,
        sources: statement.sources.map((source) => evidenceReference(goalId, i, source)),
      })),
    ),
    tables: analyses.flatMap(tablesOf),
    charts: analyses.flatMap((analysis, i) =>
      analysis.charts
        .filter((chart) => isSafeSvg(chart.svg))
        .map((chart, k) => ({ name: `${goalId}-${i + 1}-${k + 1}`, alt: chart.alt, svg: chart.svg })),
    ),
    methods: analyses.map((analysis) => analysis.method),
    caveats: [...new Set(analyses.flatMap((analysis) => analysis.caveats))],
    evidence: analyses.flatMap((analysis, i) =>
      analysis.evidence.map((evidence) => {
        const reference = evidenceReference(goalId, i, evidence.id);
        return evidence.kind === "query"
          ? { reference, sql: evidence.sql }
          : { reference, quote: evidence.text, document: `${evidence.document} [${evidence.start}–${evidence.end}]` };
      }),
    ),
  };
}

/** The first query of an analysis is what it is about; what it was asked besides is in the evidence file. */
function tablesOf(analysis: Analysis): ReportSection["tables"] {
  const main = analysis.evidence.find((evidence): evidence is QueryEvidence => evidence.kind === "query" && evidence.rows.length > 0);
  if (main === undefined) return [];
  const places = main.columns
    .map((_, i) => i)
    .filter((i) => !repeatsValue(main, i))
    .slice(0, MAX_TABLE_COLUMNS);
  const columns = places.map((i) => main.columns[i] ?? "");
  return [
    {
      caption: analysis.title,
      columns,
      rows: main.rows.slice(0, MAX_TABLE_ROWS).map((row) => places.map((i) => cellText(row[i] ?? null, main.columns[i] ?? ""))),
      omitted: Math.max(0, main.rows.length - MAX_TABLE_ROWS),
    },
  ];
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

function cellText(value: Cell, column: string): string {
  if (value === null) return "–";
  if (/^year$/i.test(column)) return String(value);
  return typeof value === "number" ? formatFigure(value) : value.slice(0, 200);
}
