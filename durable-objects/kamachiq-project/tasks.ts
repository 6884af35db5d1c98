import { replanned } from "../../workers/kamachiq/replan.ts";
import type { TaskResult } from "../../workers/kamachiq/report.ts";
import { modelFor } from "../../workers/models/model-for.ts";
import { Problem, type ProblemType } from "../../workers/platform/problem.ts";
import type { GraphHost, GraphRun } from "../graph/graph-run.ts";
import { type GraphStatus, runGraph } from "../graph/interpreter.ts";
import { recordedProblem } from "../journal/journal.ts";
import { type Desk, datasetsOf, type LoadedFile, stepEnvironment } from "./desk.ts";
import { endSession } from "./open-tasks.ts";
import { failuresOf } from "./planning.ts";
import type { RoundPlan } from "./round-plan.ts";
import { runStep } from "./run-step.ts";
import { loadResult } from "./task-results.ts";

/** Results read at the same time: each may have some hundred kilobytes. */
const RESULTS_AT_A_TIME = 16;
/** Failures that another plan cannot mend. */
const NOT_OF_THE_TASK: ReadonlySet<ProblemType> = new Set(["budget-exhausted", "forbidden", "conflict"]);
const BUILTIN_PLANNER = "plan-brief@^1";

/** Takes the plan's tasks as far as they go now, so many side by side as were provided for. */
export async function runTasks(desk: Desk, present: RoundPlan, maxParallel: number): Promise<GraphStatus> {
  const run = runOf(desk, present, maxParallel);
  const status = await runGraph(graphHost(desk, present), run);
  noteMilestones(desk, present);
  return status;
}

/**
 * Begins a new round because tasks have failed for good, when another plan may help.
 * @throws Problem of the first task that has failed, when it may not
 */
export async function replanOrFail(desk: Desk, present: RoundPlan, loaded: readonly LoadedFile[]): Promise<void> {
  const { round, replans, options, failures } = desk.state();
  const run = runOf(desk, present, 1);
  const failed = Object.keys(present.plan.graph.steps).flatMap((name) => {
    const record = desk.bench.journal.record(run.prefix + name);
    if (record?.state !== "failed" || present.plan.graph.steps[name]?.on_error !== "fail") return [];
    const { type, detail } = recordedProblem(record);
    return [{ name, step: run.prefix + name, problem: { type, detail } }];
  });
  const isMendable = failed.every(
    ({ name, problem }) => present.plan.graph.steps[name]?.uses.startsWith("agent:") && !NOT_OF_THE_TASK.has(problem.type),
  );
  if (failed.length === 0 || !isMendable || replans >= options.maxReplans) throw firstFailure(desk, run);
  const all = [...failures, ...failed.map(({ step, problem }) => ({ step, problem }))];
  const hasJudgement = options.governance.planner !== BUILTIN_PLANNER || modelFor(desk.env).engine !== "embedded";
  if (!hasJudgement && replanned(present.plan, await failuresOf(desk, all), datasetsOf(loaded)) === undefined)
    throw firstFailure(desk, run);
  if (desk.state().round === round && desk.state().phase === "running")
    desk.bench.log.append({ type: "project.replanned", data: { round, failed: all } });
}

/** What the tasks of a round found, in the order of the goals; a task that may fail, and has, has no part in it. */
export async function resultsOf(desk: Desk, { plan }: RoundPlan, round: number): Promise<TaskResult[]> {
  const prefix = `r${round}/`;
  const tasks = plan.goals.flatMap((goal) => goal.steps.map((step) => ({ goalId: goal.id, step })));
  const done = tasks.filter(({ step }) => desk.bench.journal.record(prefix + step)?.state === "done");
  const results: TaskResult[] = [];
  for (let i = 0; i < done.length; i += RESULTS_AT_A_TIME) {
    const some = done.slice(i, i + RESULTS_AT_A_TIME).map(async ({ goalId, step }): Promise<TaskResult> => {
      const { text, analyses, engine, capsule } = await loadResult(desk, prefix + step);
      return { step, goalId, text, analyses, engine, capsule };
    });
    results.push(...(await Promise.all(some)));
  }
  return results;
}

function runOf(desk: Desk, { plan }: RoundPlan, maxParallel: number): GraphRun {
  return { graph: { ...plan.graph, max_parallel: maxParallel }, inputs: {}, prefix: `r${desk.state().round}/` };
}

function graphHost(desk: Desk, present: RoundPlan): GraphHost {
  const shared = stepEnvironment(desk);
  const { round } = desk.state();
  const prefix = `r${round}/`;
  const host: GraphHost = {
    journal: desk.bench.journal,
    isStopped: () => {
      const { isPaused, phase, round: now, reached } = desk.state();
      return isPaused || phase !== "running" || now !== round || reached !== undefined;
    },
    run: (call) => {
      noteWave(desk, present, prefix, call.name);
      return runStep(desk, shared, host, call);
    },
    onExpired: (record) => endSession(desk, record),
  };
  return host;
}

/** A wave has started when the first of its tasks has. */
function noteWave({ bench: { log }, state }: Desk, { waveOf, waves }: RoundPlan, prefix: string, step: string): void {
  const wave = waveOf.get(step.slice(prefix.length));
  if (wave === undefined || wave <= state().waves) return;
  log.append({ type: "wave.started", data: { wave, steps: (waves[wave - 1] ?? []).map((name) => prefix + name) } });
}

/** Milestones of the plan whose tasks are all done now. */
function noteMilestones({ bench: { log, journal }, state }: Desk, { plan }: RoundPlan): void {
  const { round, milestones } = state();
  for (const { name, title, tasks } of plan.milestones ?? []) {
    if (milestones.some((reached) => reached.name === name && reached.round === round)) continue;
    if (tasks.every((task) => journal.record(`r${round}/${task}`)?.state === "done"))
      log.append({ type: "milestone.reached", data: { round, milestone: name, title, tasks: tasks.length } });
  }
}

function firstFailure({ bench: { journal } }: Desk, run: GraphRun): Problem {
  for (const name of Object.keys(run.graph.steps)) {
    const record = journal.record(run.prefix + name);
    if (record?.state !== "failed") continue;
    const problem = recordedProblem(record);
    return new Problem(problem.type, `Task ${name} failed: ${problem.detail} Retry it, amend the brief, or cancel the project.`);
  }
  return new Problem("tool-failed", "A task failed.");
}
