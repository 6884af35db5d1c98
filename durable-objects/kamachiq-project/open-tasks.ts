import { z } from "zod";
import { isTrue } from "../../workers/mao/expression.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { isProblemType, Problem, problemOf } from "../../workers/platform/problem.ts";
import type { TaskOutcome } from "../agent-session/task-order.ts";
import type { StepRecord } from "../journal/step-record.ts";
import { type Desk, toJson } from "./desk.ts";
import { deadline } from "./project-budget.ts";
import { type TaskRecord, taskResultSchema } from "./results.ts";
import { presentPlan, type RoundPlan, roundPlan, workKey } from "./round-plan.ts";
import { keepResult } from "./task-results.ts";

/** An agent's session that has not reported is asked this often. */
const POLL_TASKS_MS = 60_000;

const outcomeSchema = z.union([
  z.object({ kind: z.literal("done"), result: taskResultSchema }),
  z.object({ kind: z.literal("failed"), problem: z.object({ type: z.string(), detail: z.string() }) }),
]);

/** Records how a task ended, by its session's word. Told twice, or too late, it changes nothing. */
export async function settleTask(desk: Desk, step: string, key: string, outcome: TaskOutcome): Promise<void> {
  const { journal } = desk.bench;
  if (journal.record(step)?.state !== "waiting" && journal.record(step)?.state !== "intended") return;
  if (key !== journal.keyOf(step)) return;
  const child = journal.record(step)?.child;
  journal.tellHistory(outcome.history ?? [], step);
  const settled = outcome.kind === "done" ? await accepted(desk, step, outcome.result) : failureOf(outcome.problem);
  const settle = (name: string, nameKey: string) =>
    settled instanceof Problem
      ? journal.settle(name, nameKey, { kind: "failed", problem: settled })
      : journal.settle(name, nameKey, { kind: "done", output: toJson(settled) });
  await settle(step, key);
  // Tasks of later rounds that wait for the same agent.
  for (const record of [...journal.records.values()])
    if (record.state === "waiting" && record.child === child && record.step !== step) await settle(record.step, journal.keyOf(record.step));
}

function failureOf({ type, detail }: { type: string; detail: string }): Problem {
  return new Problem(isProblemType(type) ? type : "tool-failed", detail);
}

/** The result as the journal keeps it, or the problem that it does not meet a condition of the plan. */
async function accepted(desk: Desk, step: string, result: z.infer<typeof taskResultSchema>): Promise<TaskRecord | Problem> {
  const conditions = await conditionsOf(desk, step);
  const output = toJson(result);
  const checked = conditions.map((condition) => ({ condition, isMet: meets(condition, output) }));
  const unmet = checked.find(({ isMet }) => !isMet);
  if (unmet !== undefined) return new Problem("tool-failed", `The result does not meet its condition: ${unmet.condition}`);
  try {
    return await keepResult(desk, result, checked);
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    return problem;
  }
}

function meets(condition: string, output: ReturnType<typeof toJson>): boolean {
  try {
    return isTrue(condition, { output });
  } catch (error) {
    if (problemOf(error) === undefined) throw error;
    return false;
  }
}

async function conditionsOf(desk: Desk, step: string): Promise<readonly string[]> {
  const [, round, name = ""] = /^r(\d+)\/([^/]+)$/.exec(step) ?? [];
  if (round === undefined) return [];
  return (await roundPlan(desk, Number(round)))?.plan.graph.steps[name]?.accept ?? [];
}

/** Asks sessions that have been silent for long how their tasks stand, and ends the waits whose time is over. */
export async function pollWaits(desk: Desk): Promise<void> {
  const now = systemClock.now();
  const isPollDue = now - desk.polled.at >= POLL_TASKS_MS;
  if (isPollDue) desk.polled.at = now;
  for (const record of waits(desk)) {
    if (isPollDue) await askSession(desk, record);
    if ((record.until ?? Number.POSITIVE_INFINITY) <= now) await endWait(desk, record);
  }
}

async function askSession(desk: Desk, record: StepRecord): Promise<void> {
  if (record.on !== "agent" || record.child === undefined) return;
  const key = desk.bench.journal.keyOf(record.step);
  const outcome = await desk.env.AGENT_SESSION.getByName(`${desk.state().principal.tenant}/${record.child}`).taskOutcome(key);
  if (outcome !== undefined) await settleTask(desk, record.step, key, outcomeSchema.parse(outcome));
}

async function endWait(desk: Desk, record: StepRecord): Promise<void> {
  const { journal } = desk.bench;
  const key = journal.keyOf(record.step);
  if (record.on === "timer") {
    await journal.settle(record.step, key, { kind: "done", output: null });
    return;
  }
  const problem = new Problem("timeout", "Nobody answered in time.");
  if (await journal.settle(record.step, key, { kind: "failed", problem })) await endSession(desk, record);
}

/** Ends what the project does not wait for any more; sessions are told to stop. */
export async function endTasks(desk: Desk, why: Problem, isEnded: (record: StepRecord) => boolean = () => true): Promise<void> {
  const { journal } = desk.bench;
  for (const record of openTasks(desk).filter(isEnded)) {
    await endSession(desk, record);
    const { state, final } = journal.record(record.step) ?? record;
    if (state === "waiting" || (state === "intended" && final !== true)) journal.fail(record.step, why);
  }
}

/** Ends the open tasks of former rounds that the present plan does not have; equal ones go on, and the present plan waits for them. */
export async function retireTasks(desk: Desk): Promise<void> {
  const { round, rejected } = desk.state();
  const isFormer = ({ step }: StepRecord) => /^r\d+\//.test(step) && !step.startsWith(`r${round}/`);
  if (!openTasks(desk).some(isFormer)) return;
  const { byWork } = await presentPlan(desk);
  const wanted = new Set<string>();
  for (const record of openTasks(desk).filter(isFormer)) {
    const [prefix = "", name = ""] = record.step.split("/");
    const former: RoundPlan | undefined = await roundPlan(desk, Number(prefix.slice(1)));
    const work = former?.plan.graph.steps[name]?.with;
    if (work !== undefined && byWork.has(workKey(work)) && !rejected.includes(record.step)) wanted.add(record.step);
  }
  await endTasks(
    desk,
    new Problem("conflict", "The project was planned anew without this task."),
    (record) => isFormer(record) && !wanted.has(record.step),
  );
}

/** Steps that a session may be working on, or that wait for someone. */
export function openTasks({ bench: { journal } }: Pick<Desk, "bench">): StepRecord[] {
  return [...journal.open.values()].filter(({ state, child }) => state === "waiting" || (state === "intended" && child !== undefined));
}

/** Tells the session that works on a step to stop. */
export async function endSession(desk: Desk, { child, step }: StepRecord): Promise<void> {
  if (child === undefined) return;
  await desk.env.AGENT_SESSION.getByName(`${desk.state().principal.tenant}/${child}`).cancelTask(desk.bench.journal.keyOf(step));
}

/** When the project next wants to look at its waits and its time, in milliseconds since the epoch; undefined when there is nothing to look at. */
export function nextLook(desk: Pick<Desk, "bench" | "polled" | "state">): number | undefined {
  const askAgain = (desk.polled.at === 0 ? systemClock.now() : desk.polled.at) + POLL_TASKS_MS;
  const times = [...waits(desk).map((record) => (record.on === "agent" ? askAgain : record.until)), deadline(desk)].filter(
    (time) => time !== undefined,
  );
  return times.length === 0 ? undefined : Math.min(...times);
}

function waits({ bench: { journal } }: Pick<Desk, "bench">): StepRecord[] {
  return [...journal.open.values()].filter((record) => record.state === "waiting");
}
