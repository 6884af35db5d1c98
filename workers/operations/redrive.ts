import { recordChange } from "../audit/record.ts";
import type { Clock } from "../platform/clock.ts";
import type { Principal } from "../platform/principal.ts";
import { Problem } from "../platform/problem.ts";
import type { RecordedDecision } from "../platform/recorded.ts";
import { claimDeadLetter, type DeadLetterRow, findDeadLetter, markRedriven } from "./store.ts";
import { underLock } from "./under-lock.ts";

/** Sending one message and marking it takes far less; a redrive that died is let go of after this. */
const REDRIVE_HELD_MS = 30_000;

/**
 * Sends a dead letter to its queue again. It is marked after the queue has taken it: a crash in between lets it be sent twice, which consumers bear, and
 * never loses it. A letter that was marked is not sent again.
 * @returns the letter as it stands
 * @throws Problem `not-found`; `conflict` while another redrive of the tenant runs
 */
export async function redriveDeadLetter(
  env: Env,
  clock: Clock,
  principal: Principal,
  order: { readonly id: string; readonly decision: RecordedDecision },
): Promise<DeadLetterRow> {
  const owner = letterOwner(principal);
  const known = await mustFind(env, owner, order.id);
  if (known.redrivenAt !== null) return known;
  return underLock(env, `${principal.tenant}/redrive`, REDRIVE_HELD_MS, async ({ token }) => {
    if (await claimDeadLetter(env, owner, order.id, token)) {
      await queueOf(env, known.queue).send(JSON.parse(known.body));
      await markRedriven(env, owner, order.id, { at: clock.now(), fence: token });
      await recordChange(env, clock, principal, { action: "dead-letter.redriven", resource: order.id, decision: order.decision });
    }
    return mustFind(env, owner, order.id);
  });
}

/** The owner under which a principal's letters are kept: operators see to those that name no tenant. */
export function letterOwner(principal: Principal): string {
  return principal.kind === "operator" ? "" : principal.tenant;
}

async function mustFind(env: Env, owner: string, id: string): Promise<DeadLetterRow> {
  const letter = await findDeadLetter(env, owner, id);
  if (letter === undefined) throw new Problem("not-found", `No dead letter ${id} in this tenant.`);
  return letter;
}

function queueOf(env: Env, queue: string): Queue {
  switch (queue) {
    case "agent-audit":
      return env.AGENT_AUDIT;
    case "conversation-events":
      return env.CONVERSATION_EVENTS;
    case "training-audit":
      return env.TRAINING_AUDIT;
    case "policy-decisions":
      return env.POLICY_DECISIONS;
    default:
      throw new Problem("unavailable", `There is no queue ${queue} any more; the message can only be read.`);
  }
}
