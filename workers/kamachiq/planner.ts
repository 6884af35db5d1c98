import type { DatasetProfile } from "../tools/data/profile.ts";
import type { Filter } from "../tools/data/sql-text.ts";
import { answered, type OpenWish } from "./answers.ts";
import type { Grounding } from "./ground-goal.ts";
import { revised } from "./notes.ts";
import { MAX_GOALS, type Plan, type PlanningOutcome, type Question } from "./plan.ts";
import { type PlannedGoal, toPlan } from "./planned-goal.ts";
import { readGoal } from "./reading.ts";
import type { TaskFailure } from "./replan.ts";
import { isScope, scopeOf } from "./scope.ts";
import { type BriefPart, splitBrief } from "./split-brief.ts";
import { groundWish, type Wish, wish } from "./wishes.ts";
import { wordsOf } from "./words.ts";

/** A brief of so few words without a wish asks for whatever there is to see. */
const MAX_WORDS_OF_NO_WISH = 8;
/** A longer phrase is more than a title or a greeting. */
const MAX_WORDS_OF_ASIDE = 5;
/** What hangs on a noun states nothing by itself. */
const CLAUSE = /\b(?:where|that|which|who|whose|when|if|with)\b.*$/i;
/** Words by which a sentence states something. */
const STATING =
  /\b(is|are|was|were|has|have|had|holds?|contains?|comes?|came|covers?|lists?|measured|collected|recorded|runs?|works?|sells?|wants?|knows?|belongs?|will|can|did|does|do|must|should|need|believe|think|expect|suspect|decided|met|plan)\b/i;

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
  /** Tasks of the plan before that failed for good, and that plan. */
  readonly failures?: readonly TaskFailure[] | undefined;
  readonly former?: Plan | undefined;
}

/**
 * Plans a brief without a language model: each thing it asks for is matched to capsules, and their inputs to the data's own columns and
 * values. What cannot be matched becomes a question, and while there is one there is no plan: a report must cover everything that was
 * asked. Nothing is passed over: what is neither planned nor asked about stands in the plan's remarks.
 */
export function planBrief(input: PlanningInput): PlanningOutcome {
  if (input.datasets.length === 0 && input.documents.length === 0)
    return questions([
      { about: "the brief", question: "There is nothing to work on. Which data or documents should be used? Attach them.", choices: [] },
    ]);
  const { title } = splitBrief(input.brief);
  const asked = wishesOf(input);
  if (asked.wishes.length > MAX_GOALS) return questions([tooMany(asked.wishes.length)]);
  const changed = revised(asked.wishes, input.notes, input);
  const wishes = input.answers.reduce<readonly Wish[]>(
    (before, answer) => answered(before, openOf(before, input), answer, input),
    changed.wishes.map((each) => withFilters(each, changed.filters)),
  );
  const wanted = wishes.filter((each) => each.leftOut === undefined);
  const grounded = wanted.map((each) => groundWish(each, input));
  const open = [...asked.questions, ...grounded.flatMap((each) => (each.kind === "question" ? [each.question] : []))];
  if (open.length > 0) return questions(open);
  const goals = wanted.flatMap((each, i) => goalOf(each, grounded[i]));
  if (goals.length === 0 && !(asked.isOverview && wishes.length === 0))
    return questions([{ about: "the brief", question: "What should be found out?", choices: ["an overview of the data"] }]);
  const left = wishes.flatMap((each) => (each.leftOut === undefined ? [] : [`“${each.text}” was left out, ${each.leftOut}.`]));
  const planned = goals.length > 0 ? goals : overview(input);
  return {
    kind: "plan",
    plan: toPlan(input.title ?? title ?? titleOf(input), planned, [...asked.remarks, ...changed.remarks, ...left]),
    engine: "embedded",
  };
}

function questions(asked: readonly Question[]): PlanningOutcome {
  return { kind: "questions", questions: [...asked], engine: "embedded" };
}

function tooMany(count: number): Question {
  return {
    about: "the brief",
    question: `The brief asks for ${count} things; ${MAX_GOALS} fit in one project. Which of them should be left for another?`,
    choices: [],
  };
}

function goalOf(wanted: Wish, grounding: Grounding | undefined): PlannedGoal[] {
  if (grounding?.kind !== "tasks") return [];
  return [{ text: wanted.text, tasks: grounding.tasks, notUnderstood: grounding.notUnderstood }];
}

function withFilters(wanted: Wish, filters: readonly Filter[]): Wish {
  return { ...wanted, hints: { ...wanted.hints, filters: [...wanted.hints.filters, ...filters] } };
}

function openOf(wishes: readonly Wish[], input: PlanningInput): OpenWish[] {
  return wishes.flatMap((each, place) => {
    if (each.leftOut !== undefined) return [];
    const grounding = groundWish(each, input);
    return grounding.kind === "question" ? [{ place, question: grounding.question, unread: grounding.unread }] : [];
  });
}

/** What a brief came down to: wishes, the rows that all of them are about, and what only tells. */
interface Asked {
  readonly wishes: readonly Wish[];
  readonly questions: readonly Question[];
  readonly remarks: readonly string[];
  /** True when the brief asks for nothing in particular. */
  readonly isOverview: boolean;
}

function wishesOf(input: PlanningInput): Asked {
  const { parts } = splitBrief(input.brief);
  const scopes = parts.map((part) => (part.kind === "background" ? undefined : scopeOf(part.text, input.datasets)));
  const filters = scopes.flatMap((scope) => scope ?? []);
  const rest = parts.filter((_, i) => scopes[i] === undefined);
  const isAsking = rest.some((part) => part.kind === "request");
  const kinds = rest.map((part) => ({ part, kind: isAsking && isAside(part, input) ? ("told" as const) : kindOf(part, input) }));
  const texts = kinds.filter(({ kind }) => kind === "wish").map(({ part }) => part.text);
  const told = kinds.filter(({ kind }) => kind === "told").map(({ part }) => part.text);
  const isBare = texts.length === 0 && wordsOf(input.brief).length <= MAX_WORDS_OF_NO_WISH;
  const unmatched = texts.length === 0 && !isBare && told.length > 0 ? [nothingAsked(told)] : [];
  return {
    wishes: texts.map((text) => wish(text, filters)),
    questions: input.answers.some((answer) => /overview/i.test(answer)) ? [] : unmatched,
    remarks: told.map((text) => `Read as background, not as a wish: “${text}”`),
    isOverview: texts.length === 0,
  };
}

/** A title, a greeting or a name under a brief that asks for other things: a few words, none of which is a column of the data or a word for a figure. */
function isAside(part: BriefPart, input: PlanningInput): boolean {
  if (part.kind !== "open" || wordsOf(part.text).length > MAX_WORDS_OF_ASIDE || isScope(part.text)) return false;
  const readings = input.datasets.map((dataset) => readGoal(part.text, dataset));
  return readings.every(
    ({ measures, groups, truths, statistics }) => measures.length + groups.length + truths.length + statistics.length === 0,
  );
}

/** A phrase without a verb that the data knows is a wish: "Body mass by species". A sentence that states something is not. */
function kindOf(part: BriefPart, input: PlanningInput): "wish" | "told" | "background" {
  if (wordsOf(part.text).length === 0) return "background";
  if (part.kind === "request") return "wish";
  if (part.kind === "background") return "background";
  if (isScope(part.text)) return "wish";
  if (STATING.test(part.text.replace(CLAUSE, ""))) return "told";
  if (namesAFile(part.text, input)) return "background";
  return "wish";
}

function namesAFile(text: string, input: PlanningInput): boolean {
  return [...input.datasets.map(({ source }) => source), ...input.documents.map(({ name }) => name)].some(
    (name) => text.trim().toLowerCase() === name.toLowerCase(),
  );
}

function nothingAsked(told: readonly string[]): Question {
  return {
    about: told.join(" ").slice(0, 500),
    question: "The brief tells something and asks for nothing that could be matched. What should be found out?",
    choices: ["an overview of the data"],
  };
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
      { text: `What ${dataset.source} holds`, tasks: [{ capsule: "describe@^1", inputs: { table } }] },
      ...(measure === undefined
        ? []
        : [{ text: `How ${measure.name} spreads`, tasks: [{ capsule: "distribution@^1", inputs: { table, column: measure.name } }] }]),
      ...(measure === undefined || group === undefined
        ? []
        : [
            {
              text: `${measure.name} by ${group.name}`,
              tasks: [{ capsule: "compare-groups@^1", inputs: { table, measure: measure.name, statistic: "mean", groups: [group.name] } }],
            },
          ]),
      ...(measure === undefined || time === undefined
        ? []
        : [
            {
              text: `${measure.name} over time`,
              tasks: [{ capsule: "trend-over-time@^1", inputs: { table, time: time.name, measure: measure.name, statistic: "mean" } }],
            },
          ]),
    ];
  });
  return goals.length > 0
    ? goals
    : input.documents.slice(0, 5).map((document) => ({
        text: `What is ${document.title} about?`,
        tasks: [{ capsule: "answer-from-documents@^1", inputs: { question: document.title } }],
      }));
}

function titleOf(input: PlanningInput): string {
  const sources = [...input.datasets.map((dataset) => dataset.source), ...input.documents.map((document) => document.title)];
  return `Report on ${sources.slice(0, 3).join(", ")}`;
}
