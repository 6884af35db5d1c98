import { type Condition, conjuncts } from "./condition.ts";
import { conditionText } from "./condition-text.ts";
import { decideBy, type Verdict } from "./decide.ts";
import { allHold, NotReadable } from "./holds.ts";
import type { LayeredPolicy, PolicySet } from "./policy-set.ts";
import { readsOf } from "./reads.ts";
import { attribute, type PolicyRequest } from "./request.ts";
import { sliceFor } from "./slice.ts";

/** What one policy had to do with a decision. */
export interface Considered {
  readonly id: string;
  readonly layer: string;
  readonly effect: "permit" | "forbid";
  /** Whether it holds; left out where only Cedar can read it, and its part in the decision does not tell. */
  readonly holds?: boolean;
  /** The attributes that it reads, with the values they had. */
  readonly reads: Readonly<Record<string, unknown>>;
  /** The first condition that is not met, in Cedar's words; left out where it holds or where that cannot be told. */
  readonly failed?: string;
}

export interface Explanation extends Verdict {
  readonly considered: readonly Considered[];
}

/** Policies told of one decision: those that could have had a part in it. */
const MAX_CONSIDERED = 200;

/** Decides, and tells of every policy that could have had a part what it read and why it did not hold. @throws Error when a policy could not be evaluated */
export function explain(set: PolicySet, request: PolicyRequest): Explanation {
  const verdict = decideBy(set, request);
  const { policies } = sliceFor(set, request.action, request.resource.name);
  return { ...verdict, considered: policies.slice(0, MAX_CONSIDERED).map((policy) => consideredIn(policy, request, verdict)) };
}

function consideredIn(policy: LayeredPolicy, request: PolicyRequest, verdict: Verdict): Considered {
  const { id, layer, effect, conditions } = policy;
  const names = [...readsOf(conditions).keys()].filter((name) => name !== "action.id");
  const reads = Object.fromEntries(names.map((name) => [name, attribute(request, name) ?? null]));
  const failing = firstFailing(conditions.flatMap(conjuncts), request);
  if (failing === "unreadable") return { id, layer, effect, reads, ...(verdict.policies.includes(id) ? { holds: true } : {}) };
  return { id, layer, effect, holds: failing === undefined, reads, ...(failing === undefined ? {} : { failed: conditionText(failing) }) };
}

function firstFailing(conditions: readonly Condition[], request: PolicyRequest): Condition | "unreadable" | undefined {
  for (const condition of conditions) {
    try {
      if (!allHold([condition], request)) return condition;
    } catch (error) {
      if (error instanceof NotReadable) return "unreadable";
      throw error;
    }
  }
  return undefined;
}
