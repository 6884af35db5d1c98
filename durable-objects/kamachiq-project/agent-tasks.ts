import { z } from "zod";
import { canonicalJson, type Json, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { newId } from "../../workers/platform/ids.ts";
import { isProblemType, Problem } from "../../workers/platform/problem.ts";
import { guard, toRecordedDecision } from "../../workers/policy/guard.ts";
import type { TaskOutcome } from "../agent-session/task-order.ts";
import type { StepCall } from "../graph/interpreter.ts";
import type { StepRecord } from "../journal/step-record.ts";
import { type Desk, toJson } from "./desk.ts";
import { planOf } from "./planning.ts";
import { taskResultSchema } from "./results.ts";

const TASK_TIMEOUT_MS = 3_600_000;
/** An agent's session that has not reported is asked this often. */
const POLL_TASKS_MS = 60_000;

const orderSchema = z.object({
  goal: z.string(),
  goal_id: z.string(),
  capsule: z.string(),
  inputs: z.record(z.string(), parsedJsonSchema),
});

const outcomeSchema = z.union([
  z.object({ kind: z.literal("done"), result: taskResultSchema }),
  z.object({ kind: z.literal("failed"), problem: z.object({ type: z.string(), detail: z.string() }) }),
]);

/** Gives a task to an agent in a session of its own, unless an earlier round has done the very same. */
export async function startAgentTask(desk: Desk, call: StepCall): Promise<void> {
  const { principal } = desk.state();
  const { journal } = desk.bench;
  const order = orderSchema.parse(call.input);
  const earlier = await sameTaskBefore(desk, call);
  const agent = call.step.uses.slice("agent:".length);
  const request = { principal, resource: { type: "agent", id: agent } } as const;
  const decision = guard(request);
  const recorded = toRecordedDecision(request, decision);
  if (decision.effect === "deny") {
    journal.fail(call.name, new Problem("forbidden", `The agent ${agent} may not run: ${decision.reason}.`), recorded);
    return;
  }
  // The session's id is recorded before it is asked for anything: whoever takes the step up again finds the same session.
  const known = journal.record(call.name);
  const session = (known?.state === "intended" ? known.child : undefined) ?? newId("session", systemClock.now());
  const { uses, title } = call.step;
  if (known?.state !== "intended") journal.intend(call.name, { uses, title, child: session, decision: recorded });
  if (earlier !== undefined) await journal.settle(call.name, journal.keyOf(call.name), { kind: "done", output: earlier });
  else await handOver(desk, call, session, order);
}

async function handOver(desk: Desk, call: StepCall, session: string, order: z.infer<typeof orderSchema>): Promise<void> {
  const { principal, id } = desk.state();
  const { journal } = desk.bench;
  await desk.env.AGENT_SESSION.getByName(`${principal.tenant}/${session}`).runTask({
    principal: { ...principal, kind: "agent" },
    session,
    workspace: id,
    title: order.goal.slice(0, 200),
    goal: order.goal,
    goalId: order.goal_id,
    capsule: order.capsule,
    inputs: order.inputs,
    parent: { name: `${principal.tenant}/${id}`, step: call.name, key: journal.keyOf(call.name) },
  });
  // It may have been quick, or the project cancelled, while it was told.
  if (journal.record(call.name)?.state !== "intended") return;
  const { uses, title } = call.step;
  journal.wait(call.name, { uses, title, on: "agent", until: systemClock.now() + TASK_TIMEOUT_MS });
}

/** The result of an equal task of an earlier round: what was not asked to change is not done again. */
async function sameTaskBefore(desk: Desk, call: StepCall): Promise<Json | undefined> {
  const { journal } = desk.bench;
  const wanted = canonicalJson({ capsule: call.input.capsule ?? null, inputs: call.input.inputs ?? null });
  for (let round = desk.state().round - 1; round >= 1; round -= 1) {
    const plan = await planOf(desk, round);
    for (const [name, step] of Object.entries(plan?.graph.steps ?? {})) {
      if (canonicalJson({ capsule: step.with.capsule ?? null, inputs: step.with.inputs ?? null }) !== wanted) continue;
      if (journal.record(`r${round}/${name}`)?.state === "done") return journal.output(`r${round}/${name}`);
    }
  }
  return undefined;
}

/** Records how a task ended, by its session's word. Told twice, or too late, it changes nothing. */
export async function settleTask({ bench: { journal } }: Desk, step: string, key: string, outcome: TaskOutcome): Promise<void> {
  if (outcome.kind === "done") {
    await journal.settle(step, key, { kind: "done", output: toJson(outcome.result) });
    return;
  }
  const { type, detail } = outcome.problem;
  await journal.settle(step, key, { kind: "failed", problem: new Problem(isProblemType(type) ? type : "tool-failed", detail) });
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
  if (await journal.settle(record.step, key, { kind: "failed", problem })) await endSession(desk, record, key);
}

/** Ends what a cancelled project still waits for; sessions are told to stop. */
export async function endTasks(desk: Desk): Promise<void> {
  const { journal } = desk.bench;
  for (const record of openTasks(desk)) {
    await endSession(desk, record, journal.keyOf(record.step));
    journal.fail(record.step, new Problem("conflict", "The project was cancelled."));
  }
}

/** Steps that a session may be working on, or that wait for someone. */
export function openTasks({ bench: { journal } }: Pick<Desk, "bench">): StepRecord[] {
  return [...journal.records.values()].filter(({ state, child }) => state === "waiting" || (state === "intended" && child !== undefined));
}

async function endSession(desk: Desk, { child }: StepRecord, key: string): Promise<void> {
  if (child === undefined) return;
  await desk.env.AGENT_SESSION.getByName(`${desk.state().principal.tenant}/${child}`).cancelTask(key);
}

/** When the waits next want looking at, in milliseconds since the epoch; undefined when there are none. */
export function nextPoll(desk: Pick<Desk, "bench" | "polled">): number | undefined {
  const askAgain = (desk.polled.at === 0 ? systemClock.now() : desk.polled.at) + POLL_TASKS_MS;
  const times = waits(desk)
    .map((record) => (record.on === "agent" ? askAgain : record.until))
    .filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

function waits({ bench: { journal } }: Pick<Desk, "bench">): StepRecord[] {
  return [...journal.records.values()].filter((record) => record.state === "waiting");
}
