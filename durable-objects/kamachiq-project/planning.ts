import { makePlan } from "../../workers/kamachiq/make-plan.ts";
import { type Plan, planningOutcomeSchema } from "../../workers/kamachiq/plan.ts";
import { modelFor } from "../../workers/models/model-for.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { DEFAULT_RETRY } from "../journal/retry.ts";
import { type Desk, datasetsOf, documentsOf, LOCAL_STEP_MS, type LoadedFile, toJson } from "./desk.ts";

/** Plans of one project: questions answered, reports sent back. */
const MAX_ROUNDS = 20;

/** Makes the plan of this round, or asks what is missing. @throws Problem `limit-exceeded` when there were too many rounds */
export async function planRound({ env, bench, state }: Desk, loaded: readonly LoadedFile[]): Promise<void> {
  const { round, brief, title, answers, notes } = state();
  if (round > MAX_ROUNDS)
    throw new Problem("limit-exceeded", `The project was planned ${MAX_ROUNDS} times; start another with a clearer brief.`);
  const input = {
    brief,
    title: title === "" ? undefined : title,
    answers,
    notes,
    datasets: datasetsOf(loaded),
    documents: documentsOf(loaded),
  };
  const model = modelFor(env);
  const options = {
    uses: `model:${model.engine}`,
    title: "Plan",
    isOutside: model.engine !== "embedded",
    onUnknown: "retry",
    retry: DEFAULT_RETRY,
    timeoutMs: LOCAL_STEP_MS,
  } as const;
  const outcome = planningOutcomeSchema.parse(
    await bench.journal.step(`plan_${round}`, options, async ({ signal }) => toJson(await makePlan(model, input, signal))),
  );
  if (state().phase !== "planning") return;
  if (outcome.kind === "questions") {
    bench.log.append({ type: "project.questioned", data: { questions: outcome.questions } });
    return;
  }
  const { engine, plan } = outcome;
  bench.log.append({
    type: "project.planned",
    data: { engine, title: plan.title, goals: plan.goals.length, steps: Object.keys(plan.graph.steps).length, round },
  });
}

/** The plan of a round; undefined when that round ended with questions, or has none yet. */
export async function planOf({ bench: { journal } }: Desk, round: number): Promise<Plan | undefined> {
  if (journal.record(`plan_${round}`)?.state !== "done") return undefined;
  const outcome = planningOutcomeSchema.parse(await journal.output(`plan_${round}`));
  return outcome.kind === "plan" ? outcome.plan : undefined;
}

/** The newest plan there is. */
export async function newestPlan(desk: Desk): Promise<Plan | undefined> {
  for (let { round } = desk.state(); round >= 1; round -= 1) {
    const plan = await planOf(desk, round);
    if (plan !== undefined) return plan;
  }
  return undefined;
}

/** The plan that is being worked on. @throws Problem `internal` when there is none */
export async function presentPlan(desk: Desk): Promise<Plan> {
  const plan = await planOf(desk, desk.state().round);
  if (plan === undefined) throw new Problem("internal", "The project has no plan.");
  return plan;
}
