import type { ModelClient, ModelRequest } from "../models/client.ts";
import { isProblemType, Problem } from "../platform/problem.ts";
import type { Usage } from "../platform/recorded.ts";
import type { Amount } from "./budget.ts";
import { plannedBy } from "./model-plan.ts";
import type { PlanningOutcome } from "./plan.ts";
import { type PlanningInput, planBrief } from "./planner.ts";
import { PLANNING_INSTRUCTIONS, planningPrompt } from "./planning-prompt.ts";
import { replanned } from "./replan.ts";

/** Columns offered as answers to a question. */
const MAX_CHOICES = 50;

/** How planning reaches whoever pays for the model's work and may end it. */
export interface PlanningTerms {
  readonly signal: AbortSignal;
  /** Reserves what a call may cost. @throws Problem `budget-exhausted` */
  reserve(ceiling: Amount): Promise<void>;
  spent(taken: Amount): void;
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
  if (model.engine === "embedded" || !hasMaterial) return { outcome: plannedWithoutModel(input), usage: NOTHING_USED };
  const first = await asked(model, planningPrompt(input, undefined), terms);
  const draft = plannedBy(first.text, input, model.engine);
  if (typeof draft !== "string") return { outcome: draft, usage: first.usage };
  const second = await asked(model, planningPrompt(input, draft), terms);
  const mended = plannedBy(second.text, input, model.engine);
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
  await terms.reserve({ micros: model.ceilingMicros(request), tokens: model.ceilingTokens(request) });
  let text = "";
  let usage: Usage | undefined;
  try {
    for await (const part of model.stream(request)) {
      if (part.kind === "text") text += part.text;
      else if (part.kind === "end") usage = part.usage;
    }
  } finally {
    if (usage === undefined && text !== "") usage = model.estimate(request, text.length);
    terms.spent({ micros: usage?.costMicros ?? 0, tokens: (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0) });
  }
  return { text, usage: usage ?? NOTHING_USED };
}

/** Where tasks have failed, the plan they were of with other ways to the same answers; otherwise the brief, matched. @throws Problem of a failure without another way */
function plannedWithoutModel(input: PlanningInput): PlanningOutcome {
  const { former, failures = [] } = input;
  const last = failures.at(-1);
  if (former === undefined || last === undefined) return planBrief(input);
  const plan = replanned(former, failures, input.datasets);
  if (plan !== undefined) return { kind: "plan", plan, engine: "embedded" };
  throw new Problem(
    isProblemType(last.problem.type) ? last.problem.type : "tool-failed",
    `Task ${last.step} failed: ${last.problem.detail} There is no other way to its answer without a language model. Retry it, amend the brief, or cancel the project.`,
  );
}

/** What a poor model could not plan is matched without it, when all of the brief can be; a person can say what neither could make of it. */
function withoutModel(fault: string, input: PlanningInput, engine: string): PlanningOutcome {
  const matched = plannedWithoutModel(input);
  if (matched.kind === "plan") return matched;
  const columns = input.datasets.flatMap((dataset) => dataset.columns.map((column) => column.name));
  const question = `The model ${engine} could not turn the brief into tasks that run (${fault.slice(0, 500)}). Which figures are wanted, of which columns?`;
  return { kind: "questions", questions: [{ about: "the brief", question, choices: columns.slice(0, MAX_CHOICES) }], engine };
}
