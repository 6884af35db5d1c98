import type { Analysis, QueryEvidence } from "../tools/data/analysis.ts";
import { formatFigure, formatShare } from "../tools/data/figure.ts";
import type { DatasetProfile } from "../tools/data/profile.ts";
import { evidenceReference, type TaskResult } from "./report.ts";
import type { Finding, ReviewInput } from "./review.ts";

/** Every figure in the prose is one of the evidence that its sentence cites, and every citation leads somewhere. */
export function figuresCheck({ plan, brief, datasets, results, report }: ReviewInput): Finding {
  const faults: string[] = [];
  let count = 0;
  const everywhere = new Set([...figuresIn(brief), ...figuresIn(plan.title), ...datasets.flatMap(profileFigures)]);
  const ofGoal = Map.groupBy(results, (result) => result.goalId);
  const known = new Map(
    report.content.sections.map(({ goalId, heading }) => [goalId, knownFigures(goalId, heading, ofGoal.get(goalId) ?? [])]),
  );
  const look = (text: string, isKnown: (figure: string) => boolean) => {
    for (const figure of figuresIn(text)) {
      count += 1;
      if (!isKnown(figure) && !everywhere.has(figure)) faults.push(`${figure} in “${text.slice(0, 120)}” comes from no query`);
    }
  };
  const inAny = (figure: string) => [...known.values()].some((section) => section.all.has(figure));
  for (const line of report.content.summary) look(line, inAny);
  for (const section of report.content.sections) {
    const own = known.get(section.goalId);
    for (const text of [section.narrative ?? "", ...section.caveats]) look(text, (figure) => own?.all.has(figure) === true);
    for (const finding of section.findings) {
      for (const source of finding.sources.filter((each) => own?.cited.has(each) !== true))
        faults.push(`“${finding.text.slice(0, 80)}” cites ${source}, which is not there`);
      look(
        finding.text,
        (figure) => own?.said.has(figure) === true || finding.sources.some((source) => own?.cited.get(source)?.has(figure) === true),
      );
    }
  }
  return { name: "Every figure has a source", weight: 0.2, count, faults, fine: `${count} figures in the text were found in the results` };
}

interface KnownFigures {
  /** By the reference under which the evidence is cited. */
  readonly cited: ReadonlyMap<string, ReadonlySet<string>>;
  /** In the question and in what the analyses say of themselves. */
  readonly said: ReadonlySet<string>;
  readonly all: ReadonlySet<string>;
}

/** The figures that a section may state: those of its queries as they are written, those in its texts, and changes between first and last. */
function knownFigures(goalId: string, heading: string, results: readonly TaskResult[]): KnownFigures {
  const analyses = results.filter((result) => result.goalId === goalId).flatMap((result) => result.analyses);
  const cited = new Map(
    analyses.flatMap((analysis, i) =>
      analysis.evidence.map((evidence) => [evidenceReference(goalId, i, evidence.id), evidenceFigures(analysis, evidence)] as const),
    ),
  );
  const said = new Set([...figuresIn(heading), ...analyses.flatMap((analysis) => figuresIn(`${analysis.title} ${analysis.method}`))]);
  return { cited, said, all: new Set([...said, ...[...cited.values()].flatMap((figures) => [...figures])]) };
}

function evidenceFigures(analysis: Analysis, evidence: Analysis["evidence"][number]): Set<string> {
  if (evidence.kind === "query") return new Set(figuresOfQuery(evidence));
  const places = analysis.statements
    .filter((statement) => statement.sources.includes(evidence.id))
    .map((statement) => /\(([^()]*)\)$/.exec(statement.text)?.[1] ?? "");
  return new Set(figuresIn([evidence.text, evidence.document, ...places].join(" ")));
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
function figuresIn(text: string): string[] {
  return [...text.matchAll(/\d+(?:[.,]\d+)*(?:e[+-]?\d+)?%?/gi)].map((match) => match[0]);
}
