import { z } from "zod";
import { literal } from "../mao/expression.ts";
import type { Graph } from "../mao/graph.ts";
import { objectIn } from "../models/json-answer.ts";
import { taskFaults } from "./check-task.ts";
import { MAX_GOALS, type Plan, type PlanningOutcome, planSchema, questionSchema } from "./plan.ts";
import { toPlan } from "./planned-goal.ts";
import type { PlanningInput } from "./planner.ts";
import { uncovered } from "./uncovered.ts";

const FAULTS_TOLD = 10;
const TITLE_CHARACTERS = 120;

/** What a language model is asked for: goals with a capsule and its inputs, or questions. The graph is made from it here. */
const draftSchema = z.object({
  title: z.string().max(300).default("Report"),
  goals: z
    .array(z.object({ text: z.string().max(5_000), capsule: z.string().max(200), inputs: z.record(z.string(), z.json()) }))
    .max(MAX_GOALS)
    .default([]),
  questions: z
    .array(questionSchema.extend({ about: z.string().default("the brief"), choices: z.array(z.string()).max(100).default([]) }))
    .max(MAX_GOALS)
    .default([]),
});

const taskSchema = z.object({ goal: z.string(), goal_id: z.string(), capsule: z.string(), inputs: z.record(z.string(), z.json()) });

/** The outcome of a model's answer, or what is wrong with it in words that help to mend it. A model may answer with a whole plan, graph and all. */
export function plannedBy(text: string, input: PlanningInput, engine: string): PlanningOutcome | string {
  const value = objectIn(text);
  if (value === undefined) return "the answer holds no JSON object";
  const plan =
    z.looseObject({ graph: z.unknown() }).safeParse(value).data?.graph === undefined ? drafted(value, input) : whole(value, input);
  if (typeof plan === "string") return plan;
  return Array.isArray(plan) ? { kind: "questions", questions: plan, engine } : { kind: "plan", plan, engine };
}

function drafted(value: unknown, input: PlanningInput): Plan | z.infer<typeof questionSchema>[] | string {
  const draft = draftSchema.safeParse(value);
  if (!draft.success) return issuesOf(draft.error);
  const { title, goals, questions } = draft.data;
  if (questions.length > 0) return questions;
  if (goals.length === 0) return "there is neither a goal nor a question";
  const faults = [
    ...goals.flatMap((goal, i) => taskFaults(goal, input.datasets).map((fault) => `goal ${i + 1}: ${fault}`)),
    ...missingWishes(
      input,
      goals.map((goal) => goal.text),
    ),
  ];
  if (faults.length > 0) return told(faults);
  return toPlan(
    input.title ?? title,
    goals.map(({ text, capsule, inputs }) => ({ text, tasks: [{ capsule, inputs }] })),
  );
}

/** A plan with its graph: each step an analyst's task of one of the goals, none in a circle. What else a step could say is not taken over. */
function whole(value: unknown, input: PlanningInput): Plan | string {
  const parsed = planSchema.safeParse(value);
  if (!parsed.success) return issuesOf(parsed.error);
  const { goals, graph, title } = parsed.data;
  const owned = new Set(goals.flatMap((goal) => goal.steps));
  const faults = [
    ...goals.flatMap((goal) =>
      goal.steps.filter((step) => !Object.hasOwn(graph.steps, step)).map((step) => `goal ${goal.id} names ${step}, which is no step`),
    ),
    ...Object.keys(graph.steps).flatMap((step) => (owned.has(step) ? [] : [`step ${step} belongs to no goal`])),
    ...Object.entries(graph.steps).flatMap(([name, step]) => stepFaults(step, input).map((fault) => `step ${name}: ${fault}`)),
    ...missingWishes(
      input,
      goals.map((goal) => goal.text),
    ),
  ];
  if (faults.length > 0) return told(faults);
  const steps = Object.entries(graph.steps).map(([name, step]) => {
    const task = taskSchema.parse(step.with);
    const title = (step.title ?? task.goal).slice(0, TITLE_CHARACTERS);
    return [
      name,
      { uses: step.uses, title, needs: step.needs, with: { ...task, goal: literal(task.goal), inputs: literal(task.inputs) } },
    ] as const;
  });
  return planSchema.parse({ title: input.title ?? title, goals, graph: { steps: Object.fromEntries(steps) } });
}

function stepFaults(step: Graph["steps"][string], input: PlanningInput): string[] {
  if (step.uses !== "agent:analyst") return [`uses ${step.uses}; the steps of a plan are agent:analyst`];
  const task = taskSchema.safeParse(step.with);
  return task.success ? taskFaults(task.data, input.datasets) : [issuesOf(task.error)];
}

function missingWishes(input: PlanningInput, goals: readonly string[]): string[] {
  return uncovered(input, goals).map((wish) => `no goal is about “${wish.slice(0, 200)}”`);
}

function issuesOf(error: z.ZodError): string {
  return told(error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`));
}

function told(faults: readonly string[]): string {
  return faults.slice(0, FAULTS_TOLD).join("; ");
}
