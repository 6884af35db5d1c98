import { z } from "zod";
import type { CapsuleManifest } from "../../workers/capsules/manifest.ts";
import { findCapsule } from "../../workers/capsules/tenant-capsules.ts";
import type { Amount } from "../../workers/kamachiq/budget.ts";
import { taskFaults } from "../../workers/kamachiq/check-task.ts";
import { givenPlanSchema, plannedTaskSchema } from "../../workers/kamachiq/given-plan.ts";
import { makePlan } from "../../workers/kamachiq/make-plan.ts";
import { mergedPlans } from "../../workers/kamachiq/merge-plans.ts";
import { type Plan, type PlanningOutcome, planningOutcomeSchema, planSchema } from "../../workers/kamachiq/plan.ts";
import type { PlanningInput } from "../../workers/kamachiq/planner.ts";
import type { TaskFailure } from "../../workers/kamachiq/replan.ts";
import { modelFor } from "../../workers/models/model-for.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { assertNotHeld } from "../../workers/platform/held.ts";
import { Problem, problemOf } from "../../workers/platform/problem.ts";
import { recordedProblemSchema, type Usage, usageSchema } from "../../workers/platform/recorded.ts";
import { guard, toRecordedDecision } from "../../workers/policy/guard.ts";
import { datasetProfileSchema } from "../../workers/tools/data/profile.ts";
import type { StepCall } from "../graph/graph-run.ts";
import { MODEL_RETRY, NO_RETRY } from "../journal/retry.ts";
import { Spending } from "../tenant-ledger/spending.ts";
import { type Desk, datasetsOf, documentsOf, LOCAL_STEP_MS, type LoadedFile, toJson } from "./desk.ts";
import { runGoverned } from "./governance.ts";
import { holdBudget, settleBudget } from "./project-budget.ts";
import type { ProjectState } from "./project-state.ts";
import { loadedSchema } from "./results.ts";
import { newestPlan, plannedSchema, planStep, roundPlan } from "./round-plan.ts";
import { loadValue } from "./task-results.ts";

/** Plans of one project: questions answered, reports sent back, tasks that failed, amendments. */
const MAX_ROUNDS = 50;
/** Times one attempt may ask the model: for the plan, and to mend it. */
const PLAN_CALLS = 2;
const FAULTS_TOLD = 10;

const LOCAL = { isOutside: false, onUnknown: "retry", retry: NO_RETRY, timeoutMs: LOCAL_STEP_MS } as const;

/** Makes the plan of this round, or asks what is missing. @throws Problem `limit-exceeded` when there were too many rounds */
export async function planRound(desk: Desk, loaded: readonly LoadedFile[]): Promise<void> {
  const { round } = desk.state();
  if (round > MAX_ROUNDS)
    throw new Problem("limit-exceeded", `The project was planned ${MAX_ROUNDS} times; start another with a clearer brief.`);
  const isWanted = () => desk.state().round === round && desk.state().phase === "planning";
  const made = await outcomeOf(desk, loaded, isWanted);
  if (made === undefined || !isWanted()) return;
  const { outcome, usage } = made;
  if (outcome.kind === "questions") {
    desk.bench.log.append({ type: "project.questioned", data: { questions: outcome.questions, usage } });
    return;
  }
  const { engine, plan } = outcome;
  desk.bench.log.append({
    type: "project.planned",
    data: { engine, title: plan.title, goals: plan.goals.length, steps: Object.keys(plan.graph.steps).length, round, usage },
  });
}

/** The plan of the round as it is recorded, however it came about; undefined while planning waits for something. */
async function outcomeOf(
  desk: Desk,
  loaded: readonly LoadedFile[],
  isWanted: () => boolean,
): Promise<{ outcome: PlanningOutcome; usage: Usage } | undefined> {
  const { round, givenPlan, notes, failures, options, keepsPlan } = desk.state();
  if (keepsPlan) return keptPlan(desk);
  const isGiven = givenPlan !== undefined && failures.length === 0 && notes.length === 0;
  const drafted = isGiven ? null : await drafts(desk, loaded, isWanted);
  if (drafted === undefined) return undefined;
  const recorded = await desk.bench.journal.step(
    planStep(round),
    { uses: isGiven ? "plan:given" : `capsule:${options.governance.planner}`, title: "Check the plan", ...LOCAL },
    async () => toJson({ outcome: await checkedOutcome(desk, loaded, drafted) }),
  );
  return { outcome: plannedSchema.parse(recorded).outcome, usage: usedFor(drafted) };
}

/** The plan before, worked on once more. */
async function keptPlan(desk: Desk): Promise<{ outcome: PlanningOutcome; usage: Usage } | undefined> {
  const { round, engine = "embedded" } = desk.state();
  const recorded = await desk.bench.journal.step(planStep(round), { uses: "plan:kept", title: "Keep the plan", ...LOCAL }, async () => {
    const former = await newestPlan(desk);
    if (former === undefined) throw new Problem("internal", "There is no plan to keep.");
    return toJson({ outcome: { kind: "plan", plan: former.plan, engine } });
  });
  return { outcome: plannedSchema.parse(recorded).outcome, usage: usedFor(null) };
}

/** What the planner says of the brief, or of what is new in it when a plan was given. */
async function drafts(desk: Desk, loaded: readonly LoadedFile[], isWanted: () => boolean): Promise<Json | undefined> {
  const { round, brief, title, answers, notes, givenPlan, failures, options } = desk.state();
  const isAddition = givenPlan !== undefined && failures.length === 0;
  const former = failures.length === 0 ? undefined : (await newestPlan(desk))?.plan;
  return runGoverned(desk, {
    step: `planner_${round}`,
    title: "Plan",
    capsule: options.governance.planner,
    isWanted,
    own: { "tool:kamachiq.plan": (call) => takePlanStep(desk, call) },
    input: {
      brief: isAddition ? notes.join("\n\n") : brief,
      ...(title === "" ? {} : { title }),
      answers,
      notes: isAddition ? [] : notes,
      failures: toJson(former === undefined ? [] : await failuresOf(desk, failures)),
      datasets: toJson(datasetsOf(loaded)),
      documents: toJson(documentsOf(loaded)),
      ...(former === undefined ? {} : { former: toJson(former) }),
    },
  });
}

/** Failed tasks with what their plans had for them. */
export async function failuresOf(desk: Desk, failures: ProjectState["failures"]): Promise<TaskFailure[]> {
  const found: TaskFailure[] = [];
  for (const { step, problem } of failures) {
    const [prefix = "", name = ""] = step.split("/");
    const plan = (await roundPlan(desk, Number(prefix.slice(1))))?.plan;
    const task = plannedTaskSchema.safeParse(plan?.graph.steps[name]?.with).data;
    if (task !== undefined) found.push({ step: name, goal: task.goal, capsule: task.capsule, inputs: task.inputs, problem });
  }
  return found;
}

const inputSchema = z.object({
  brief: z.string(),
  title: z.string().optional(),
  answers: z.array(z.string()),
  notes: z.array(z.string()),
  failures: z
    .array(
      z.object({
        step: z.string(),
        goal: z.string(),
        capsule: z.string(),
        inputs: z.record(z.string(), z.json()),
        problem: recordedProblemSchema,
      }),
    )
    .default([]),
  datasets: z.array(datasetProfileSchema),
  documents: z.array(loadedSchema.options[1]),
  former: planSchema.optional(),
});

/** The built-in planner: the embedded one, or the language model that is set. */
async function takePlanStep(desk: Desk, call: StepCall): Promise<Json> {
  const { env, bench, state } = desk;
  const { principal } = state();
  const input: PlanningInput = inputSchema.parse(call.input);
  const model = modelFor(env);
  const asked = {
    principal,
    resource: { type: "model", id: model.engine },
    within: { channel: "project", history: bench.journal.history },
  } as const;
  const decision = await guard({ env, clock: systemClock }, asked);
  assertNotHeld(decision);
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
  return bench.journal.step(call.name, options, async ({ key, attempt, signal }) => {
    const { id, options: chosen } = state();
    const purpose = { project: id, user: principal.subject, capsule: chosen.governance.planner, model: model.engine };
    const ledger = env.TENANT_LEDGER.getByName(principal.tenant);
    const spending = new Spending(ledger, `${id}/${call.name}/${attempt}`, purpose, { micros: 0, tokens: 0 });
    const account = callsOf(desk, call.name, `${key}/${attempt}`);
    const terms = {
      signal,
      reserve: async (ceiling: Amount) => {
        await account.hold(ceiling);
        if (model.isPaid) await spending.reserve(ceiling);
      },
      spent: (taken: Amount) => {
        account.settle(taken);
        spending.spent(taken);
      },
    };
    try {
      const { outcome, usage } = await makePlan(model, input, terms);
      return toJson({ ...outcome, usage });
    } finally {
      if (model.isPaid) await spending.settle();
    }
  });
}

/** The calls of one attempt on the project's account, one after the other. */
function callsOf(desk: Desk, step: string, attempt: string) {
  let calls = 0;
  return {
    hold: (ceiling: Amount) => {
      calls += 1;
      return holdBudget(desk, { call: `${attempt}/${calls}`, key: step, ...ceiling });
    },
    settle: (taken: Amount) => settleBudget(desk, { call: `${attempt}/${calls}`, ...taken }),
  };
}

/**
 * The outcome that a planner gave, or the plan that came with the brief, once it is sure that every task of it can run.
 * @throws Problem `invalid-graph` naming what cannot
 */
async function checkedOutcome(desk: Desk, loaded: readonly LoadedFile[], drafted: Json): Promise<PlanningOutcome> {
  const { givenPlan, failures, options } = desk.state();
  const given = givenPlan === undefined ? undefined : planSchema.parse(await loadValue(desk, givenPlan));
  if (drafted === null) return { kind: "plan", plan: await runnable(desk, loaded, given, "The given plan"), engine: "given" };
  const who = `The planner ${options.governance.planner}`;
  const outcome = outcomeIn(drafted, who);
  if (outcome.kind === "questions") return outcome;
  const plan = given === undefined || failures.length > 0 ? outcome.plan : mergedPlans(given, outcome.plan);
  return { ...outcome, plan: await runnable(desk, loaded, plan, who) };
}

/** What a planner said, whatever planner it was: questions, a plan with its engine, or a plan alone. */
function outcomeIn(drafted: Json, who: string): PlanningOutcome {
  const value = z.object({ plan: z.json() }).safeParse(drafted).data?.plan ?? null;
  const outcome = planningOutcomeSchema.safeParse(value);
  if (outcome.success) return outcome.data;
  const plan = givenPlanSchema.safeParse(value);
  if (plan.success) return { kind: "plan", plan: plan.data, engine: who };
  const told = plan.error.issues.slice(0, FAULTS_TOLD).map((issue) => `${issue.path.join("/")}: ${issue.message}`);
  throw new Problem("invalid-graph", `${who} gave neither a plan that can run nor questions. ${told.join("; ")}.`);
}

async function runnable(desk: Desk, loaded: readonly LoadedFile[], plan: Plan | undefined, who: string): Promise<Plan> {
  if (plan === undefined) throw new Problem("internal", "The given plan is not there.");
  const tasks = Object.entries(plan.graph.steps).flatMap(([name, step]) => {
    const task = plannedTaskSchema.safeParse(step.with).data;
    return task === undefined || !step.uses.startsWith("agent:") ? [] : [{ name, task }];
  });
  const find = await capsulesOf(
    desk,
    tasks.map(({ task }) => task.capsule),
  );
  const datasets = datasetsOf(loaded);
  const faults = tasks.flatMap(({ name, task }) =>
    taskFaults(task, datasets, find).map((fault) => ({ pointer: `/graph/steps/${name}`, message: fault })),
  );
  if (faults.length === 0) return plan;
  const told = faults.slice(0, FAULTS_TOLD).map(({ pointer, message }) => `${pointer}: ${message}`);
  throw new Problem("invalid-graph", `${who} cannot run: ${told.join("; ")}.`, { errors: faults.slice(0, FAULTS_TOLD) });
}

/** The capsules that tasks name, found once each; what cannot be found is told when it is asked for. */
async function capsulesOf({ env, state }: Desk, references: readonly string[]): Promise<(reference: string) => CapsuleManifest> {
  const { tenant } = state().principal;
  const found = new Map<string, CapsuleManifest | Problem>();
  for (const reference of new Set(references)) found.set(reference, await capsuleOrProblem(env, tenant, reference));
  return (reference) => {
    const capsule = found.get(reference) ?? new Problem("not-found", `There is no capsule ${reference}.`);
    if (capsule instanceof Problem) throw capsule;
    return capsule;
  };
}

async function capsuleOrProblem(env: Env, tenant: string, reference: string): Promise<CapsuleManifest | Problem> {
  try {
    return await findCapsule(env, tenant, reference);
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    return problem;
  }
}

function usedFor(drafted: Json): Usage {
  const used = z.object({ plan: z.object({ usage: usageSchema }) }).safeParse(drafted).data?.plan.usage;
  return used ?? { inputTokens: 0, outputTokens: 0, costMicros: 0 };
}
