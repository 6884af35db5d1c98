import { env } from "cloudflare:test";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { planBrief } from "../../workers/kamachiq/planner.ts";
import { type Report, type ReportContent, type ReportSection, type TaskResult, writeReport } from "../../workers/kamachiq/report.ts";
import { reportHtml } from "../../workers/kamachiq/report-html.ts";
import { reportMarkdown } from "../../workers/kamachiq/report-markdown.ts";
import { type Review, type ReviewInput, reviewReport } from "../../workers/kamachiq/review.ts";
import type { Analysis } from "../../workers/tools/data/analysis.ts";
import penguins from "../data/penguins.csv?raw";

const BRIEF =
  "- How complete is the data?\n- Compare the mean body mass by species\n- Does flipper length relate to body mass?\n- What are the ten heaviest penguins?\n- What share of the penguins are Gentoo?\n- How many penguins per year and island?\n- How is bill length distributed?";
const HANDBOOK =
  "# Field work\n\nEvery bird is weighed twice and the mean of both is written down.\n\nA bird that was ringed 3 times is left alone.\n";
const KINDS: Readonly<Record<string, string>> = { "compare-groups": "compare", "trend-over-time": "trend" };
const kindSchema = z.enum(["describe", "compare", "trend", "rank", "correlate", "distribution", "aggregate"]);
const taskSchema = z.object({ capsule: z.string(), inputs: z.record(z.string(), z.json()) });

const workspace = env.DATA_WORKSPACE.getByName("ten_review/all");
const asked = new Map<string, Promise<{ columns: string[]; rows: (string | number | null)[][] }>>();
let whole: Omit<ReviewInput, "report">;

/** The project of which everything is in order: seven goals over a table, and one over a document. */
beforeAll(async () => {
  await env.ARTIFACTS.put("review/penguins", penguins);
  await env.ARTIFACTS.put("review/handbook", HANDBOOK);
  const datasets = [await workspace.load({ key: "review/penguins", name: "penguins.csv" })];
  const documents = [await workspace.addDocument({ key: "review/handbook", name: "handbook.md" })];
  const brief = `${BRIEF}\n- How often is every bird weighed?`;
  const outcome = planBrief({ brief, answers: [], notes: [], datasets, documents });
  if (outcome.kind === "questions") throw new Error(JSON.stringify(outcome.questions));
  const { plan } = outcome;
  const results: TaskResult[] = [];
  for (const goal of plan.goals) {
    for (const step of goal.steps) {
      const { capsule, inputs } = taskSchema.parse(plan.graph.steps[step]?.with);
      const name = capsule.split("@")[0] ?? "";
      const analysis: Analysis =
        name === "answer-from-documents"
          ? await workspace.answer(z.string().parse(inputs.question))
          : await workspace.analyze(kindSchema.parse(KINDS[name] ?? name), inputs);
      results.push({ step, goalId: goal.id, text: "", analyses: [analysis], engine: "embedded" });
    }
  }
  const requery = (sql: string) => {
    const known = asked.get(sql) ?? workspace.query(sql);
    asked.set(sql, known);
    return known;
  };
  whole = { plan, brief, datasets, documents, results, requery, documentText: async (name) => workspace.documentText(name) };
}, 60_000);

/** A report in both its forms, as a careful forger would write it. */
function forged(content: ReportContent): Report {
  return { title: content.title, content, markdown: reportMarkdown(content), html: reportHtml(content) };
}

const fromResults = (results: readonly TaskResult[]): Promise<Review> =>
  reviewReport({ ...whole, results, report: writeReport({ ...whole, results }) });
const ofContent = (change: (content: ReportContent) => ReportContent): Promise<Review> =>
  reviewReport({ ...whole, report: forged(change(writeReport(whole).content)) });

function failedChecks(review: Review): string[] {
  return review.checks.filter((check) => !check.passed).map((check) => check.name);
}

/** One of many, by a number that fast-check picks. */
function at<T>(items: readonly T[], pick: number): { item: T; place: number } {
  const place = pick % items.length;
  const item = items[place];
  if (item === undefined) throw new Error("nothing to pick from");
  return { item, place };
}

function replaced<T>(items: readonly T[], place: number, item: T): T[] {
  return items.map((old, i) => (i === place ? item : old));
}

/** Changes one section of which a property holds. */
function inSection(
  content: ReportContent,
  pick: number,
  has: (section: ReportSection) => boolean,
  change: (section: ReportSection) => ReportSection,
): ReportContent {
  const { item } = at(content.sections.filter(has), pick);
  return { ...content, sections: content.sections.map((section) => (section === item ? change(section) : section)) };
}

/** Changes one analysis of which a property holds. */
function inAnalysis(pick: number, has: (analysis: Analysis) => boolean, change: (analysis: Analysis) => Analysis): TaskResult[] {
  const { item } = at(
    whole.results.filter((result) => result.analyses.some(has)),
    pick,
  );
  return whole.results.map((result) => (result === item ? { ...result, analyses: result.analyses.map(change) } : result));
}

const picks = fc.nat({ max: 10_000 });
const RUNS = { numRuns: 12 };
/** A figure that stands nowhere in the data. */
const FIGURE = "98,765,432.1";

describe("the review", () => {
  it("passes a report in which everything is in order, with the whole score", async () => {
    const review = await reviewReport({ ...whole, report: writeReport(whole) });
    expect(failedChecks(review)).toEqual([]);
    expect(review).toMatchObject({ score: 1, passed: true });
    expect(review.checks.reduce((sum, check) => sum + check.weight, 0)).toBeCloseTo(1, 9);
  });

  it.each<[string, string, (pick: number) => Promise<Review>]>([
    [
      "a figure of a finding is changed",
      "Every figure has a source",
      (pick) =>
        ofContent((content) =>
          inSection(content, pick, hasFigure, (section) => ({
            ...section,
            findings: section.findings.map((finding, i) =>
              i === firstWithFigure(section) ? { ...finding, text: otherFigure(finding.text) } : finding,
            ),
          })),
        ),
    ],
    [
      "a figure of the summary is changed",
      "Every figure has a source",
      (pick) =>
        ofContent((content) => {
          const { item, place } = at(content.summary, pick);
          return { ...content, summary: replaced(content.summary, place, `${item} ${FIGURE}`) };
        }),
    ],
    [
      "two figures of a finding change places",
      "The report says what was found",
      (pick) =>
        ofContent((content) =>
          inSection(
            content,
            pick,
            ({ findings }) => findings.some(({ text }) => swapped(text) !== text),
            (section) => ({
              ...section,
              findings: section.findings.map((finding) => ({ ...finding, text: swapped(finding.text) })),
            }),
          ),
        ),
    ],
    [
      "a cell of a table is changed",
      "The report says what was found",
      (pick) =>
        ofContent((content) =>
          inSection(
            content,
            pick,
            ({ tables }) => tables.length > 0,
            (section) => ({
              ...section,
              tables: section.tables.map((table) => ({
                ...table,
                rows: table.rows.map((row, i) => (i === 0 ? replaced(row, row.length - 1, FIGURE) : row)),
              })),
            }),
          ),
        ),
    ],
    [
      "a section is left out",
      "Every goal is covered",
      (pick) => ofContent((content) => ({ ...content, sections: content.sections.filter((_, i) => i !== pick % content.sections.length) })),
    ],
    [
      "a goal has no result",
      "Every goal is covered",
      (pick) => fromResults(whole.results.filter((_, i) => i !== pick % whole.results.length)),
    ],
    [
      "a sentence cites what is not there",
      "Every figure has a source",
      (pick) =>
        ofContent((content) =>
          inSection(content, pick, hasFigure, (section) => ({
            ...section,
            findings: section.findings.map((finding) => ({ ...finding, sources: [`${section.goalId}.q99`] })),
          })),
        ),
    ],
    [
      "a source has another hash",
      "The report says what was found",
      () => ofContent((content) => ({ ...content, datasets: content.datasets.map((dataset) => ({ ...dataset, sha256: "0".repeat(64) })) })),
    ],
    [
      "a row of the evidence is changed",
      "Evidence computed again",
      (pick) =>
        fromResults(
          inAnalysis(pick, hasRows, (analysis) => ({
            ...analysis,
            evidence: analysis.evidence.map((evidence) =>
              evidence.kind === "query"
                ? { ...evidence, rows: replaced(evidence.rows, 0, [...(evidence.rows[0] ?? []).slice(0, -1), 98_765_432.1]) }
                : evidence,
            ),
          })),
        ),
    ],
    [
      "a figure of an agent's own sentence is changed",
      "Every figure has a source",
      (pick) =>
        fromResults(
          inAnalysis(
            pick,
            ({ statements }) => statements.length > 0,
            (analysis) => ({
              ...analysis,
              statements: analysis.statements.map((statement) => ({ ...statement, text: `${statement.text} ${FIGURE}` })),
            }),
          ),
        ),
    ],
    [
      "an agent writes a figure of its own over the findings",
      "Every figure has a source",
      (pick) =>
        fromResults(
          whole.results.map((result, i) =>
            i === pick % whole.results.length ? { ...result, engine: "other", text: `It is ${FIGURE}.` } : result,
          ),
        ),
    ],
    [
      "two rows of a chart change places",
      "Charts hold their data",
      (pick) =>
        fromResults(
          inAnalysis(pick, canSwap, (analysis) => ({
            ...analysis,
            charts: analysis.charts.map((chart) => ({ ...chart, spec: swappedData(chart.spec) })),
          })),
        ),
    ],
    [
      "a chart draws nothing",
      "Charts hold their data",
      (pick) =>
        fromResults(
          inAnalysis(
            pick,
            ({ charts }) => charts.length > 0,
            (analysis) => ({ ...analysis, charts: analysis.charts.map((chart) => ({ ...chart, marks: 0 })) }),
          ),
        ),
    ],
    [
      "a section shows the chart of another",
      "The report says what was found",
      (pick) =>
        ofContent((content) =>
          inSection(
            content,
            pick,
            ({ charts }) => charts.length > 0,
            (section) => ({
              ...section,
              charts: content.sections
                .filter((other) => other !== section)
                .flatMap(({ charts }) => charts)
                .slice(0, 1),
            }),
          ),
        ),
    ],
    [
      "a quote is not word for word",
      "Quotes are word for word",
      (pick) =>
        fromResults(
          inAnalysis(
            pick,
            ({ evidence }) => evidence.some(({ kind }) => kind === "quote"),
            (analysis) => ({
              ...analysis,
              evidence: analysis.evidence.map((evidence) =>
                evidence.kind === "quote" ? { ...evidence, text: `${evidence.text} not` } : evidence,
              ),
            }),
          ),
        ),
    ],
    [
      "only the page that people open says something else",
      "The report says what was found",
      async () => {
        const report = writeReport(whole);
        return reviewReport({ ...whole, report: { ...report, html: report.html.replace("<h1", "<h1 id=x") } });
      },
    ],
  ])(
    "fails when %s",
    async (_, name, mutated) => {
      await fc.assert(
        fc.asyncProperty(picks, async (pick) => {
          const review = await mutated(pick);
          expect(failedChecks(review)).toContain(name);
          expect(review.passed).toBe(false);
          expect(review.score).toBeLessThan(0.8);
          expect(review.notes).toContain(name);
        }),
        RUNS,
      );
    },
    60_000,
  );

  it("gives less the more is wrong", async () => {
    const one = await fromResults(whole.results.slice(1));
    const most = await fromResults(whole.results.slice(-1));
    expect(one.score).toBeGreaterThan(most.score);
    expect(most.score).toBeGreaterThan(0);
  });

  it("fails a share of rows that all meet its condition", async () => {
    const gentoo = { column: "species", op: "eq", value: "Gentoo" };
    const goal = whole.plan.goals.find(({ text }) => text.includes("share"));
    const step = goal?.steps[0] ?? "";
    const known = whole.plan.graph.steps[step];
    if (known === undefined) throw new Error("no share is planned");
    const inputs = { table: "penguins", statistic: "share", of: [gentoo], filters: [gentoo] };
    const plan = {
      ...whole.plan,
      graph: { ...whole.plan.graph, steps: { ...whole.plan.graph.steps, [step]: { ...known, with: { ...known.with, inputs } } } },
    };
    const input = { ...whole, plan };
    expect(failedChecks(await reviewReport({ ...input, report: writeReport(input) }))).toEqual(["Shares are of more than themselves"]);
  });
});

function hasFigure(section: ReportSection): boolean {
  return firstWithFigure(section) >= 0;
}

function firstWithFigure(section: ReportSection): number {
  return section.findings.findIndex(({ text }) => /\d/.test(text));
}

function otherFigure(text: string): string {
  return text.replace(/\d[\d,.]*/, FIGURE);
}

/** The first two figures in brackets, each in the other's place. */
function swapped(text: string): string {
  const [first, second] = [...text.matchAll(/\((\d[\d,.]*)\)/g)].map((match) => match[1] ?? "");
  if (first === undefined || second === undefined || first === second) return text;
  return text.replace(`(${first})`, "(\u0000)").replace(`(${second})`, `(${first})`).replace("(\u0000)", `(${second})`);
}

function hasRows(analysis: Analysis): boolean {
  return analysis.evidence.some((evidence) => evidence.kind === "query" && evidence.rows.length > 0);
}

const specSchema = z.looseObject({ data: z.object({ values: z.array(z.record(z.string(), z.unknown())) }) });

function canSwap(analysis: Analysis): boolean {
  return analysis.charts.some((chart) => swappedData(chart.spec) !== chart.spec);
}

/** The last number of two rows of a chart's data, each in the other's row. */
function swappedData(text: string): string {
  const spec = specSchema.parse(JSON.parse(text));
  const { values } = spec.data;
  const [a, b] = [values[0], values.at(-1)];
  const key = Object.keys(a ?? {}).findLast((name) => typeof a?.[name] === "number" && a[name] !== b?.[name]);
  if (a === undefined || b === undefined || key === undefined) return text;
  const changed = values.map((row) => (row === a ? { ...a, [key]: b[key] } : row === b ? { ...b, [key]: a[key] } : row));
  return JSON.stringify({ ...spec, data: { values: changed } });
}
