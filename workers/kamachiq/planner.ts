import type { DatasetProfile } from "../tools/data/profile.ts";
import { stem } from "../tools/documents/passages.ts";
import { type Grounding, groundGoal } from "./ground-goal.ts";
import { wordsOf } from "./mentions.ts";
import type { PlanningOutcome, Question } from "./plan.ts";
import { type PlannedGoal, toPlan } from "./planned-goal.ts";
import { type BriefPart, splitBrief } from "./split-brief.ts";

/** Tasks of one plan: what a graph may hold, less what the project itself adds. */
const MAX_GOALS = 200;

export interface DocumentSummary {
  readonly name: string;
  readonly title: string;
  readonly headings: readonly string[];
  readonly characters: number;
}

export interface PlanningInput {
  readonly brief: string;
  readonly title?: string | undefined;
  /** What a person answered to the planner's questions. */
  readonly answers: readonly string[];
  /** What a person asked for when sending a report back. */
  readonly notes: readonly string[];
  readonly datasets: readonly DatasetProfile[];
  readonly documents: readonly DocumentSummary[];
}

/**
 * Plans a brief without a language model: each thing it asks for is matched to a capsule, and the capsule's inputs to the data's
 * own columns and values. What cannot be matched becomes a question, and while there is one there is no plan: a report must cover
 * everything that was asked.
 */
export function planBrief(input: PlanningInput): PlanningOutcome {
  const { title, parts } = splitBrief(input.brief);
  const requests = [...parts, ...input.notes.flatMap((note) => splitBrief(note).parts)].filter((part) => part.kind === "request");
  const dropped = input.answers.some((answer) => /^\s*(skip|drop|leave) (it|that|this|them|out)/i.test(answer));
  const questions: Question[] = [];
  const goals: PlannedGoal[] = [];
  const rowNouns = rowNounsOf(input.brief, input.datasets);
  if (input.datasets.length === 0 && input.documents.length === 0)
    questions.push({
      about: "the brief",
      question: "There is nothing to work on. Which data or documents should be used? Attach them.",
      choices: [],
    });
  else if (requests.length === 0) goals.push(...overview(input));
  else {
    for (const request of requests.slice(0, MAX_GOALS)) {
      const grounded = ground(request, input, rowNouns);
      if (grounded.kind === "task") goals.push({ text: request.text, capsule: grounded.capsule, inputs: grounded.inputs });
      else if (!dropped) questions.push(grounded.question);
    }
    if (requests.length > MAX_GOALS)
      questions.push({
        about: "the brief",
        question: `The brief asks for ${requests.length} things; ${MAX_GOALS} fit in one project. Which of them should be left for another?`,
        choices: [],
      });
  }
  if (questions.length > 0 || goals.length === 0) {
    const asked = questions.length > 0 ? questions : [{ about: "the brief", question: "What should be found out?", choices: [] }];
    return { kind: "questions", questions: asked, engine: "embedded" };
  }
  return { kind: "plan", plan: toPlan(input.title ?? title ?? titleOf(input), goals), engine: "embedded" };
}

/** The best match over all tables, or the documents when no table fits; answers help where the words alone do not. */
function ground(request: BriefPart, input: PlanningInput, rowNouns: ReadonlySet<string>): Grounding {
  if (isOverview(request.text) && input.datasets.length === 1 && input.datasets[0] !== undefined) {
    return { kind: "task", capsule: "describe@^1", inputs: { table: input.datasets[0].table }, score: 1 };
  }
  const attempts = input.datasets.map((dataset) => groundGoal(request.text, dataset, rowNouns));
  const best = bestOf(attempts);
  if (best?.kind === "task") return best;
  const helped = bestOf(
    input.answers.flatMap((answer) =>
      input.datasets.map((dataset) =>
        groundGoal(`${request.text} (${answer.replace(/^.*\b(?:mean|means|is|use)\b/i, "")})`, dataset, rowNouns),
      ),
    ),
  );
  if (helped?.kind === "task") return helped;
  if (input.documents.length > 0 && (best === undefined || best.score === 0)) {
    return { kind: "task", capsule: "answer-from-documents@^1", inputs: { question: request.text }, score: 0 };
  }
  return best ?? { kind: "question", question: { about: request.text, question: "Which data is this about?", choices: [] }, score: 0 };
}

function bestOf(attempts: readonly Grounding[]): Grounding | undefined {
  return [...attempts].sort((a, b) => Number(b.kind === "task") - Number(a.kind === "task") || b.score - a.score)[0];
}

function isOverview(text: string): boolean {
  return /\b(overview|describe the data|summari[sz]e the data|what (is|does) (in )?the data|explore the data|analy[sz]e (the|this) (data|file|dataset|table))\b/i.test(
    text,
  );
}

/** What a brief without wishes gets: what the data holds, and its main numbers by its main groups and over time. */
function overview(input: PlanningInput): PlannedGoal[] {
  const goals = input.datasets.flatMap((dataset): PlannedGoal[] => {
    const measure =
      dataset.columns.find((column) => column.type === "real") ??
      dataset.columns.find((column) => column.type === "integer" && column.distinct > 12);
    const group = dataset.columns.find((column) => column.type === "text" && column.distinct >= 2 && column.distinct <= 30);
    const time = dataset.columns.find((column) => column.type === "date" || column.type === "datetime");
    const { table } = dataset;
    return [
      { text: `What ${dataset.source} holds`, capsule: "describe@^1", inputs: { table } },
      ...(measure === undefined
        ? []
        : [{ text: `How ${measure.name} spreads`, capsule: "distribution@^1", inputs: { table, column: measure.name } }]),
      ...(measure === undefined || group === undefined
        ? []
        : [
            {
              text: `${measure.name} by ${group.name}`,
              capsule: "compare-groups@^1",
              inputs: { table, measure: measure.name, statistic: "mean", groups: [group.name] },
            },
          ]),
      ...(measure === undefined || time === undefined
        ? []
        : [
            {
              text: `${measure.name} over time`,
              capsule: "trend-over-time@^1",
              inputs: { table, time: time.name, measure: measure.name, statistic: "mean" },
            },
          ]),
    ];
  });
  return goals.length > 0
    ? goals
    : input.documents.slice(0, 5).map((document) => ({
        text: `What is ${document.title} about?`,
        capsule: "answer-from-documents@^1",
        inputs: { question: document.title },
      }));
}

/** Nouns that stand for a row: words in the table's name, and what the brief says a row is. */
function rowNounsOf(brief: string, datasets: readonly DatasetProfile[]): ReadonlySet<string> {
  const names = datasets.flatMap((dataset) => wordsOf(dataset.table.replaceAll("_", " ")).map((word) => word.text));
  const told = [
    ...brief.matchAll(
      /\b(?:each|every|one|a) (?:row|line|record|entry) (?:is|stands for|describes|per|holds) (?:an? |one )?([a-z]+(?: [a-z]+)?)/gi,
    ),
  ].flatMap((match) => wordsOf(match[1] ?? "").map((word) => word.text));
  const said = wordsOf(brief)
    .map((word) => word.text)
    .filter((word) => word.length >= 4 && names.some((name) => name.endsWith(word) || name.startsWith(stem(word))));
  return new Set([...names, ...told, ...said].map(stem));
}

function titleOf(input: PlanningInput): string {
  const sources = [...input.datasets.map((dataset) => dataset.source), ...input.documents.map((document) => document.title)];
  return `Report on ${sources.slice(0, 3).join(", ")}`;
}
