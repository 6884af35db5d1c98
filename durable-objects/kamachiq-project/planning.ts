import { z } from "zod";
import { makePlan } from "../../workers/kamachiq/make-plan.ts";
import { type Plan, planningOutcomeSchema } from "../../workers/kamachiq/plan.ts";
import { modelFor } from "../../workers/models/model-for.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { type Usage, usageSchema } from "../../workers/platform/recorded.ts";
import { guard, toRecordedDecision } from "../../workers/policy/guard.ts";
import { MODEL_RETRY } from "../journal/retry.ts";
import { Spending } from "../tenant-ledger/spending.ts";
import { type Desk, datasetsOf, documentsOf, LOCAL_STEP_MS, type LoadedFile, toJson } from "./desk.ts";

/** Plans of one project: questions answered, reports sent back. */
const MAX_ROUNDS = 20;
/** Times one attempt may ask the model: for the plan, and to mend it. */
const PLAN_CALLS = 2;

/** Makes the plan of this round, or asks what is missing. @throws Problem `limit-exceeded` when there were too many rounds */
export async function planRound({ env, bench, state }: Desk, loaded: readonly LoadedFile[]): Promise<void> {
  const { round, brief, title, answers, notes, principal, id } = state();
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
  const asked = { principal, resource: { type: "model", id: model.engine } } as const;
  const decision = guard(asked);
  if (decision.effect === "deny") throw new Problem("forbidden", `The model ${model.engine} may not be asked: ${decision.reason}.`);
  const options = {
    uses: `model:${model.engine}`,
    title: "Plan",
    isOutside: model.engine !== "embedded",
    onUnknown: "retry",
    retry: MODEL_RETRY,
    timeoutMs: LOCAL_STEP_MS + PLAN_CALLS * model.timeoutMs,
    decision: toRecordedDecision(asked, decision),
  } as const;
  const outcome = planningOutcomeSchema.parse(
    await bench.journal.step(`plan_${round}`, options, async ({ signal }) => {
      const spending = new Spending(env.TENANT_LEDGER.getByName(principal.tenant), `${id}/plan_${round}`, 0);
      const terms = { signal, reserve: (micros: number) => spending.reserve(micros), spent: (micros: number) => spending.spent(micros) };
      try {
        const { outcome: planned, usage } = await makePlan(model, input, terms);
        return toJson({ ...planned, usage });
      } finally {
        if (model.isPaid) await spending.settle();
      }
    }),
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

/** What planning took, over all rounds. */
export async function planningUsage({ bench: { journal }, state }: Desk): Promise<Usage[]> {
  const rounds = Array.from({ length: state().round }, (_, i) => `plan_${i + 1}`).filter((step) => journal.record(step)?.state === "done");
  const outputs = await Promise.all(rounds.map((step) => journal.output(step)));
  return outputs.flatMap((output) => z.object({ usage: usageSchema }).safeParse(output).data?.usage ?? []);
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
