import type { Analysis } from "../tools/data/analysis.ts";
import { formatFigure } from "../tools/data/figure.ts";
import type { DatasetProfile } from "../tools/data/profile.ts";
import { words } from "../tools/data/wording.ts";
import { isSafeSvg } from "./escape.ts";
import type { Goal, Plan } from "./plan.ts";
import type { DocumentSummary } from "./planner.ts";
import { reportHtml } from "./report-html.ts";
import { reportMarkdown } from "./report-markdown.ts";
import { type ReportTable, type TaskInputs, tablesOf, taskInputs } from "./report-tables.ts";

/** Answers in the summary; a reader of more reads the sections. */
const MAX_SUMMARY_LINES = 20;
/** Of one goal: several analyses have an answer each. */
const MAX_SUMMARY_LINES_OF_GOAL = 3;

/** What one task of a project brought. */
export interface TaskResult {
  readonly step: string;
  readonly goalId: string;
  /** What the agent wrote. */
  readonly text: string;
  readonly analyses: readonly Analysis[];
  readonly engine: string;
  /** The capsule in the version that ran. */
  readonly capsule?: string | undefined;
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
  /** What was asked, word for word. */
  readonly brief: string;
  readonly summary: readonly string[];
  /** What a reader must know of how the brief was taken: wishes left out, notes followed or not. */
  readonly remarks: readonly string[];
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
  /** The first is the answer in one sentence. */
  readonly findings: readonly { text: string; sources: readonly string[] }[];
  readonly tables: readonly ReportTable[];
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
  const ofGoal = Map.groupBy(input.results, (result) => result.goalId);
  const sections = input.plan.goals.map((goal) => sectionOf(goal, input, ofGoal.get(goal.id) ?? []));
  const answers = sections.flatMap((section) => leadsOf(section));
  const rest = answers.length > MAX_SUMMARY_LINES ? ["The other answers are in the sections below."] : [];
  const content: ReportContent = {
    title: input.plan.title,
    audience: input.plan.audience,
    brief: input.brief,
    summary: [...answers.slice(0, MAX_SUMMARY_LINES), ...rest],
    remarks: input.plan.remarks ?? [],
    sections,
    datasets: input.datasets,
    documents: input.documents,
    engines: [...new Set(input.results.map((result) => result.engine))].sort(),
  };
  return { title: content.title, content, markdown: reportMarkdown(content), html: reportHtml(content) };
}

/** The answers of a section: the first sentence of each of its analyses. */
function leadsOf(section: ReportSection): string[] {
  const first = section.findings.filter(
    (finding, i) => i === 0 || analysisOf(finding.sources) !== analysisOf(section.findings[i - 1]?.sources ?? []),
  );
  return first.slice(0, MAX_SUMMARY_LINES_OF_GOAL).map(({ text }) => text);
}

function analysisOf(sources: readonly string[]): string {
  return (sources[0] ?? "").split(".").slice(0, -1).join(".");
}

/** The reference under which a piece of evidence is cited: the goal and the evidence's own id. */
export function evidenceReference(goalId: string, analysis: number, evidence: string): string {
  return analysis === 0 ? `${goalId}.${evidence}` : `${goalId}.${analysis + 1}.${evidence}`;
}

function sectionOf(goal: Goal, input: ReportInput, results: readonly TaskResult[]): ReportSection {
  const { id: goalId, text: heading, notUnderstood = [] } = goal;
  const analyses = results.flatMap((result) => result.analyses);
  const narrative = results
    .filter((result) => result.engine !== "embedded")
    .map((result) => result.text.trim())
    .join("\n\n");
  const passedOver =
    notUnderstood.length === 0 ? [] : [`Of the question, ${notUnderstood.map((word) => `“${word}”`).join(", ")} played no part.`];
  const inputs = goal.steps.map((step) => taskInputs(input.plan, step));
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
    tables: results.flatMap((result) => result.analyses.flatMap((analysis) => tablesOf(analysis, taskInputs(input.plan, result.step)))),
    charts: analyses.flatMap((analysis, i) =>
      analysis.charts
        .filter((chart) => isSafeSvg(chart.svg))
        .map((chart, k) => ({ name: `${goalId}-${i + 1}-${k + 1}`, alt: chart.alt, svg: chart.svg })),
    ),
    methods: analyses.map((analysis) => analysis.method),
    caveats: [
      ...new Set([
        ...analyses.flatMap((analysis) => analysis.caveats),
        ...inputs.flatMap((given) => unknownShare(given, input.datasets)),
        ...passedOver,
      ]),
    ],
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

/** A share counts rows that do not say whether they belong; a reader must know how many. */
function unknownShare(given: TaskInputs, datasets: readonly DatasetProfile[]): string[] {
  const dataset = datasets.find((candidate) => candidate.table === given.table);
  return (given.of ?? []).flatMap(({ column: name }) => {
    const column = dataset?.columns.find((candidate) => candidate.name === name);
    if (column === undefined || column.missing === 0) return [];
    return [
      `${formatFigure(column.missing)} rows of the table do not say their ${words(name)}; they count among all rows, and not among those that meet the condition.`,
    ];
  });
}
