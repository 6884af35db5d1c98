import { z } from "zod";
import type { ModelClient, ModelRequest } from "../models/client.ts";
import type { Usage } from "../platform/events.ts";
import { taskFaults } from "./check-task.ts";
import { type PlanningOutcome, questionSchema } from "./plan.ts";
import { toPlan } from "./planned-goal.ts";
import { type PlanningInput, planBrief } from "./planner.ts";
import { PLANNING_INSTRUCTIONS, planningPrompt } from "./planning-prompt.ts";
import { uncovered } from "./uncovered.ts";

const MAX_GOALS = 200;
const FAULTS_TOLD = 10;
/** Columns offered as answers to a question. */
const MAX_CHOICES = 50;

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

/** How planning reaches whoever pays for the model's work and may end it. */
export interface PlanningTerms {
  readonly signal: AbortSignal;
  /** Reserves what a call may cost. @throws Problem `budget-exhausted` */
  reserve(micros: number): Promise<void>;
  spent(micros: number): void;
}

const NOTHING_USED: Usage = { inputTokens: 0, outputTokens: 0, costMicros: 0 };

/**
 * Plans a brief with the engine that is set: the embedded one by matching, a language model by asking it for the same form. What a model
 * plans is checked before anything runs: it may mend a plan that cannot run once; what is still wrong then is planned without it, or, where that leaves something open, becomes a question to the person.
 */
export async function makePlan(
  model: ModelClient,
  input: PlanningInput,
  terms: PlanningTerms,
): Promise<{ outcome: PlanningOutcome; usage: Usage }> {
  const hasMaterial = input.datasets.length > 0 || input.documents.length > 0;
  if (model.engine === "embedded" || !hasMaterial) return { outcome: planBrief(input), usage: NOTHING_USED };
  const first = await asked(model, planningPrompt(input, undefined), terms);
  const draft = checkedPlan(first.text, input, model.engine);
  if (typeof draft !== "string") return { outcome: draft, usage: first.usage };
  const second = await asked(model, planningPrompt(input, draft), terms);
  const mended = checkedPlan(second.text, input, model.engine);
  const usage = {
    inputTokens: first.usage.inputTokens + second.usage.inputTokens,
    outputTokens: first.usage.outputTokens + second.usage.outputTokens,
    costMicros: first.usage.costMicros + second.usage.costMicros,
  };
  return { outcome: typeof mended === "string" ? withoutModel(mended, input, model.engine) : mended, usage };
}

async function asked(model: ModelClient, prompt: string, terms: PlanningTerms): Promise<{ text: string; usage: Usage }> {
  const request: ModelRequest = {
    system: PLANNING_INSTRUCTIONS,
    messages: [{ role: "user", text: prompt }],
    tools: [],
    task: undefined,
    datasets: [],
    documents: [],
    signal: terms.signal,
  };
  if (model.isPaid) await terms.reserve(model.ceilingMicros(request));
  let text = "";
  let usage: Usage | undefined;
  try {
    for await (const part of model.stream(request)) {
      if (part.kind === "text") text += part.text;
      else if (part.kind === "end") usage = part.usage;
    }
  } finally {
    if (usage === undefined && text !== "") usage = model.estimate(request, text.length);
    terms.spent(usage?.costMicros ?? 0);
  }
  return { text, usage: usage ?? NOTHING_USED };
}

/** The outcome, or what is wrong with the answer in words that help to mend it. */
function checkedPlan(text: string, input: PlanningInput, engine: string): PlanningOutcome | string {
  const value = objectIn(text);
  if (value === undefined) return "the answer holds no JSON object";
  const draft = draftSchema.safeParse(value);
  if (!draft.success) {
    const faults = draft.error.issues.slice(0, FAULTS_TOLD).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    return faults.join("; ");
  }
  const { title, goals, questions } = draft.data;
  if (questions.length > 0) return { kind: "questions", questions, engine };
  if (goals.length === 0) return "there is neither a goal nor a question";
  const faults = [
    ...goals.flatMap((goal, i) => taskFaults(goal, input.datasets).map((fault) => `goal ${i + 1}: ${fault}`)),
    ...uncovered(
      input,
      goals.map((goal) => goal.text),
    ).map((wish) => `no goal is about “${wish.slice(0, 200)}”`),
  ];
  if (faults.length > 0) return faults.slice(0, FAULTS_TOLD).join("; ");
  return {
    kind: "plan",
    plan: toPlan(
      input.title ?? title,
      goals.map(({ text: said, capsule, inputs }) => ({ text: said, tasks: [{ capsule, inputs }] })),
    ),
    engine,
  };
}

/** The JSON object in an answer, which models like to put into a fence or between sentences. */
function objectIn(text: string): unknown {
  const json = text.slice(Math.max(0, text.indexOf("{")), text.lastIndexOf("}") + 1);
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** What a poor model could not plan is matched without it, when all of the brief can be; a person can say what neither could make of it. */
function withoutModel(fault: string, input: PlanningInput, engine: string): PlanningOutcome {
  const matched = planBrief(input);
  if (matched.kind === "plan") return matched;
  const columns = input.datasets.flatMap((dataset) => dataset.columns.map((column) => column.name));
  const question = `The model ${engine} could not turn the brief into tasks that run (${fault.slice(0, 500)}). Which figures are wanted, of which columns?`;
  return { kind: "questions", questions: [{ about: "the brief", question, choices: columns.slice(0, MAX_CHOICES) }], engine };
}
