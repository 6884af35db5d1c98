import { z } from "zod";
import { findCapsule } from "../../workers/capsules/tenant-capsules.ts";
import { plannedTaskSchema } from "../../workers/kamachiq/given-plan.ts";
import { type Json, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { assertNotHeld } from "../../workers/platform/held.ts";
import { newId } from "../../workers/platform/ids.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { guard, toRecordedDecision } from "../../workers/policy/guard.ts";
import type { StepCall } from "../graph/graph-run.ts";
import type { StepRecord } from "../journal/step-record.ts";
import type { Desk } from "./desk.ts";
import { handOver } from "./hand-over.ts";
import { hasAmounts, mayTakeOn, nestingOf } from "./project-budget.ts";
import { taskRecordSchema } from "./results.ts";
import { roundPlan, workKey } from "./round-plan.ts";

const TASK_TIMEOUT_MS = 3_600_000;

const orderSchema = plannedTaskSchema.extend({ inputs: z.record(z.string(), parsedJsonSchema) });
export type AgentOrder = z.infer<typeof orderSchema>;

/**
 * Gives a task to an agent in a session of its own, unless an earlier round has done the very same, or does it now. While the project's budget
 * does not allow another agent the step stays as it is: nothing was begun.
 */
export async function startAgentTask(desk: Desk, call: StepCall): Promise<void> {
  const { principal } = desk.state();
  const { journal } = desk.bench;
  const order = orderSchema.parse(call.input);
  const agent = call.step.uses.slice("agent:".length);
  const within = { channel: "project", history: journal.history } as const;
  const request = { principal, resource: { type: "agent", id: agent }, within } as const;
  const decision = await guard({ env: desk.env, clock: systemClock }, request);
  assertNotHeld(decision);
  const recorded = toRecordedDecision(request, decision);
  if (decision.effect === "deny") {
    journal.fail(call.name, new Problem("forbidden", `The agent ${agent} may not run: ${decision.reason}.`), recorded);
    return;
  }
  const { uses, title } = call.step;
  const earlier = await sameWorkBefore(desk, call, order);
  if (earlier !== undefined) {
    journal.intend(call.name, { uses, title, child: earlier.child, decision: recorded });
    if (earlier.state === "done") await takeOver(desk, call, earlier);
    else waitForAgent(desk, call);
    return;
  }
  const { tenant } = principal;
  const find = (reference: string) => findCapsule(desk.env, tenant, reference);
  const capsule = await find(order.capsule);
  const known = journal.record(call.name);
  const isTakenOn = known?.state === "intended" && known.child !== undefined;
  if (!isTakenOn && !mayTakeOn(desk, await nestingOf(capsule, find))) return;
  // The session's id is recorded before it is asked for anything: whoever takes the step up again finds the same session.
  const session = (isTakenOn ? known.child : undefined) ?? newId("session", systemClock.now());
  if (!isTakenOn) journal.intend(call.name, { uses, title, child: session, decision: recorded });
  const context = await handOver(desk, call, session, !isTakenOn);
  await giveToSession(desk, call.name, session, { ...order, capsule: `${capsule.name}@${capsule.version}` }, { context });
  // It may have been quick, or the project cancelled, while it was told.
  if (journal.record(call.name)?.state === "intended") waitForAgent(desk, call);
}

/** Has a session work on a task of this step. The same order twice is one task. */
export async function giveToSession(
  desk: Desk,
  step: string,
  session: string,
  order: AgentOrder,
  { context, isPeer }: { context?: string | undefined; isPeer?: true },
): Promise<void> {
  const { principal, id } = desk.state();
  await desk.env.AGENT_SESSION.getByName(`${principal.tenant}/${session}`).runTask({
    principal: { ...principal, kind: "agent" },
    session,
    workspace: id,
    title: order.goal.slice(0, 200),
    goal: order.goal,
    goalId: order.goal_id,
    capsule: order.capsule,
    inputs: order.inputs,
    ...(context === undefined ? {} : { context }),
    ...(hasAmounts(desk) ? { isBudgeted: true } : {}),
    ...(isPeer === undefined ? {} : { isPeer }),
    history: desk.bench.journal.history,
    parent: { name: `${principal.tenant}/${id}`, step, key: desk.bench.journal.keyOf(step) },
  });
}

function waitForAgent({ bench: { journal } }: Desk, { name, step: { uses, title } }: StepCall): void {
  journal.wait(name, { uses, title, on: "agent", until: systemClock.now() + TASK_TIMEOUT_MS });
}

/** What was found before is found again at no cost. */
async function takeOver({ bench: { journal } }: Desk, call: StepCall, earlier: StepRecord): Promise<void> {
  const found = taskRecordSchema.parse(await journal.output(earlier.step));
  const output: Json = { ...found, usage: { inputTokens: 0, outputTokens: 0, costMicros: 0 } };
  await journal.settle(call.name, journal.keyOf(call.name), { kind: "done", output });
}

/** An equal task of an earlier round that is done, or that its agent still works on: what was not asked to change is not done again. */
async function sameWorkBefore(desk: Desk, call: StepCall, order: AgentOrder): Promise<StepRecord | undefined> {
  const { journal } = desk.bench;
  const prefix = /^r(\d+)\//.exec(call.name)?.[1];
  const known = journal.record(call.name);
  if (prefix === undefined || known !== undefined) return undefined;
  const { rejected } = desk.state();
  const wanted = workKey({ capsule: order.capsule, inputs: order.inputs });
  for (let round = Number(prefix) - 1; round >= 1; round -= 1) {
    const names = (await roundPlan(desk, round))?.byWork.get(wanted) ?? [];
    for (const name of names) {
      const record = journal.record(`r${round}/${name}`);
      const isUsable = record?.state === "done" || (record?.state === "waiting" && record.on === "agent" && record.child !== undefined);
      if (isUsable && !rejected.includes(record.step)) return record;
    }
  }
  return undefined;
}
