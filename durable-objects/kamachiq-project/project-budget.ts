import type { CapsuleManifest } from "../../workers/capsules/manifest.ts";
import { type Amount, type BudgetLimit, deadlineOf, limitPassedBy, reachedText } from "../../workers/kamachiq/budget.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { budgetOf, type Desk } from "./desk.ts";

/** A call waits so long for others to give back what they hold and do not need; no call of a model takes longer. */
const HOLD_PATIENCE_MS = 1_800_000;

/** A call of a model on the project's account. */
export interface ProjectCall extends Amount {
  /** The same for every try to hold it. */
  readonly call: string;
  /** The step it is made for: when that has ended, nothing is held for it any more. */
  readonly key: string;
}

/**
 * Holds a part of the project's budget for a call; while others hold what it lacks it waits for them.
 * @throws Problem `budget-exhausted` when what is spent leaves too little: then nothing new is started any more
 */
export async function holdBudget(desk: Desk, order: ProjectCall): Promise<void> {
  const { log, journal } = desk.bench;
  const patience = systemClock.now() + HOLD_PATIENCE_MS;
  while (hasAmounts(desk)) {
    const { account } = desk.state();
    const passed = limitPassedBy(budgetOf(desk), account, order);
    if (passed === undefined) {
      log.append({ type: "budget.reserved", data: order });
      return;
    }
    const isSpent = limitPassedBy(budgetOf(desk), { ...account, holds: {} }, order) !== undefined;
    if (isSpent || systemClock.now() > patience)
      throw reached(desk, passed.limit, `a call may take ${passed.need}, and ${passed.left} are left.`);
    if (journal.record(order.key)?.final === true) throw new Problem("conflict", `${order.key} has ended.`);
    await log.after(log.last, AbortSignal.timeout(Math.max(1, patience - systemClock.now())));
  }
}

/** A call has taken this much. Telling it twice, or after its step has ended, changes nothing. */
export function settleBudget({ bench: { log }, state }: Desk, { call, micros, tokens }: Omit<ProjectCall, "key">): void {
  if (Object.hasOwn(state().account.holds, call)) log.append({ type: "budget.settled", data: { call, micros, tokens } });
}

/** True when calls of models have to be held against the project's own account. */
export function hasAmounts(desk: Pick<Desk, "state">): boolean {
  const { micros, tokens } = budgetOf(desk);
  return micros !== undefined || tokens !== undefined;
}

/** When the project's time is over; undefined when it has no limit. */
export function deadline(desk: Pick<Desk, "state">): number | undefined {
  return deadlineOf(budgetOf(desk), desk.state().createdAt);
}

/** Notes it when the project's time is over. */
export function checkTime(desk: Desk): void {
  const end = deadline(desk);
  if (end !== undefined && systemClock.now() >= end) reached(desk, "duration", "its time is over.");
}

/**
 * Whether an agent may be taken on for a task with this capsule; when not, the limit is noted, and nothing new is started.
 * @param depth how deep the capsule nests others, itself counted
 */
export function mayTakeOn(desk: Desk, depth: number): boolean {
  const { agents: most, depth: deepest } = budgetOf(desk);
  checkTime(desk);
  if (desk.state().reached !== undefined) return false;
  if (most !== undefined && desk.state().agents.length >= most)
    reached(desk, "agents", `${desk.state().agents.length} agents were taken on.`);
  else if (deepest !== undefined && depth + 1 > deepest) reached(desk, "depth", `a task would nest ${depth + 1} deep.`);
  return desk.state().reached === undefined;
}

/** How deep a capsule nests others, itself counted; bounded by what may be nested at all. */
export async function nestingOf(
  capsule: CapsuleManifest,
  find: (reference: string) => Promise<CapsuleManifest>,
  left = 8,
): Promise<number> {
  if (left === 0) return 1;
  const inner = Object.values(capsule.graph.steps).flatMap((step) => (step.uses.startsWith("capsule:") ? [step.uses.slice(8)] : []));
  const depths = await Promise.all([...new Set(inner)].map(async (reference) => nestingOf(await find(reference), find, left - 1)));
  return 1 + Math.max(0, ...depths);
}

function reached(desk: Desk, limit: BudgetLimit, detail: string): Problem {
  const text = reachedText(limit, budgetOf(desk), detail);
  if (desk.state().reached === undefined) desk.bench.log.append({ type: "budget.reached", data: { limit, detail: text } });
  return new Problem("budget-exhausted", text);
}
