import { askCedar } from "../cedar.ts";
import { combined, type Verdict } from "../decide.ts";
import { allHold, NotReadable } from "../holds.ts";
import { NO_OBLIGATIONS, obligationTexts } from "../obligations.ts";
import { isListing, type LayeredPolicy, type PolicySet, policiesFor } from "../policy-set.ts";
import { type Reads, readsOf } from "../reads.ts";
import { ACTIONS, type Action, ATTRIBUTES, type AttributeName, attribute, type PolicyRequest } from "../request.ts";
import { questionFor } from "../slice.ts";
import { domainsOf } from "./domains.ts";
import { trialsOf } from "./requests.ts";

/** Examples told of each kind of difference: enough to see what it is about. */
const MAX_EXAMPLES = 20;

/** A request that is answered otherwise than before, told by what the policies read of it. */
export interface Difference {
  readonly action: Action;
  readonly request: Readonly<Record<string, unknown>>;
  readonly before: { readonly effect: "allow" | "deny"; readonly policies: readonly string[]; readonly obligations: readonly string[] };
  readonly after: { readonly effect: "allow" | "deny"; readonly policies: readonly string[]; readonly obligations: readonly string[] };
}

interface Differences {
  readonly count: number;
  readonly examples: readonly Difference[];
}

/** What a text changes, and what in it can do nothing. */
export interface Analysis {
  /** True when the requests that were tried stand for every request that the policies can tell apart: then what is not told here is not so. */
  readonly isExhaustive: boolean;
  readonly coverage: readonly {
    readonly action: Action;
    readonly tried: number;
    readonly of: number;
    readonly doubts: readonly string[];
  }[];
  /** Allowed by the new text and not by the old. */
  readonly widened: Differences;
  /** Denied by the new text and not by the old. */
  readonly narrowed: Differences;
  /** Allowed by both, with other obligations. */
  readonly obliged: Differences;
  /** Policies of the tenant's that hold of no request. */
  readonly unreachable: readonly string[];
  /** Permits of the tenant's that hold only where something forbids. */
  readonly shadowed: readonly { readonly permit: string; readonly by: readonly string[] }[];
  /** A permit and a forbid of the tenant's that hold of the same requests. */
  readonly contradicting: readonly { readonly permit: string; readonly forbid: string }[];
  /** Attributes of the schema that no policy reads. */
  readonly unread: readonly string[];
}

/** What is known of one policy after trying requests. */
interface Seen {
  reached: number;
  unshadowed: boolean;
  readonly forbids: Set<string>;
  /** Hash of the requests it holds of, in the order in which they were tried. */
  trace: number;
}

/** Compares two sets of policies, and looks for what in the tenant's layer of the second can do nothing. */
export function analyse(before: PolicySet, after: PolicySet): Analysis {
  const found = { widened: differences(), narrowed: differences(), obliged: differences() };
  const seen = new Map<string, Seen>();
  const coverage = ACTIONS.map((action) => {
    const [old, fresh] = [sideOf(before, action), sideOf(after, action)];
    const both = [...old.policies, ...fresh.policies];
    const conditions = both.flatMap(({ conditions: own }) => own);
    const domains = domainsOf(conditions, action);
    const trials = trialsOf(action, domains);
    const reads = readsOf(conditions);
    for (const request of trials.requests) {
      const holds = holding(both, request);
      const was = verdictOf(old, holds);
      const is = verdictOf(fresh, holds);
      const kind = kindOf(was, is);
      if (kind !== undefined) found[kind].add(differenceOf(request, reads, was, is));
      for (const policy of fresh.policies) if (policy.layer === "tenant") look(seen, policy, fresh.policies, holds);
    }
    return { action, tried: trials.count, of: trials.of, doubts: domains.doubts };
  });
  const own = [...after.policies.values()].filter(({ layer }) => layer === "tenant");
  const all = readsOf([...after.policies.values()].flatMap(({ conditions }) => conditions));
  return {
    isExhaustive: coverage.every(({ tried, of, doubts }) => tried === of && doubts.length === 0),
    coverage,
    widened: found.widened.told(),
    narrowed: found.narrowed.told(),
    obliged: found.obliged.told(),
    unreachable: own.filter(({ id }) => (seen.get(id)?.reached ?? 0) === 0).map(({ id }) => id),
    shadowed: own.flatMap(({ id, effect }) => shadowedOf(id, effect, seen.get(id))),
    contradicting: contradictions(own, seen),
    unread: Object.keys(ATTRIBUTES).filter(
      (name) => ![...all.keys()].some((read) => read === name) && name !== "action.id" && name !== "resource.id",
    ),
  };
}

/** Policies of a set that are about one action, with its lists of what is allowed there. */
interface Side {
  readonly policies: readonly LayeredPolicy[];
  readonly lists: ReadonlyMap<string, ReadonlySet<string>>;
}

function sideOf(set: PolicySet, action: Action): Side {
  const policies = policiesFor(set, action);
  const entriesOf = (layer: string) => policies.filter((policy) => policy.layer === layer && isListing(policy, action)).map(({ id }) => id);
  return { policies, lists: new Map(set.lists[action].map((layer) => [layer, new Set(entriesOf(layer))])) };
}

/** A policy by its text: those that both sets have are asked once. */
type Holds = ReadonlyMap<string, boolean>;

/** Which policies hold of a request; Cedar is asked of those that only it can read. */
function holding(policies: readonly LayeredPolicy[], request: PolicyRequest): Holds {
  const holds = new Map<string, boolean>();
  for (const policy of policies) if (!holds.has(policy.text)) holds.set(policy.text, holdsOf(policy, request));
  return holds;
}

function holdsOf(policy: LayeredPolicy, request: PolicyRequest): boolean {
  try {
    return allHold(policy.conditions, request);
  } catch (error) {
    if (!(error instanceof NotReadable)) throw error;
    const texts = new Map([[policy.id, policy.text.replace(/\b(?:permit|forbid)(\s*\()/, "permit$1")]]);
    const part = { key: `analysis/${policy.text}`, texts };
    return askCedar(part, questionFor({ reads: readsOf(policy.conditions) }, request)).allowed;
  }
}

function verdictOf({ policies, lists }: Side, holds: Holds): Verdict {
  const here = policies.filter(({ text }) => holds.get(text) === true);
  const forbids = here.filter(({ effect }) => effect === "forbid").map(({ id }) => id);
  if (forbids.length > 0) return { effect: "deny", policies: forbids.sort(), obligations: NO_OBLIGATIONS, reason: "forbidden" };
  return combined(here, lists, new Set(here.map(({ id }) => id)));
}

function kindOf(before: Verdict, after: Verdict): "widened" | "narrowed" | "obliged" | undefined {
  if (before.effect !== after.effect) return after.effect === "allow" ? "widened" : "narrowed";
  const demands = (verdict: Verdict) => obligationTexts(verdict.obligations).join(" ");
  return demands(before) === demands(after) ? undefined : "obliged";
}

function differenceOf(request: PolicyRequest, reads: Reads, before: Verdict, after: Verdict): Difference {
  const told = [...reads.keys()].flatMap((name): [AttributeName, unknown][] => {
    const value = attribute(request, name);
    return value === undefined || name === "action.id"
      ? []
      : [[name, typeof value === "object" && "instant" in value ? new Date(value.instant).toISOString() : value]];
  });
  return { action: request.action, request: Object.fromEntries(told), before: toldVerdict(before), after: toldVerdict(after) };
}

function toldVerdict({ effect, policies, obligations }: Verdict): Difference["before"] {
  return { effect, policies, obligations: obligationTexts(obligations) };
}

/** Counts differences, and keeps an example of each that other policies make or that is about another name. */
function differences(): { add(difference: Difference): void; told(): Differences } {
  const examples = new Map<string, Difference>();
  let count = 0;
  return {
    add(difference) {
      count += 1;
      const key = JSON.stringify([difference.action, difference.request["resource.name"], difference.before, difference.after]);
      if (!examples.has(key) && examples.size < MAX_EXAMPLES) examples.set(key, difference);
    },
    told: () => ({ count, examples: [...examples.values()] }),
  };
}

function look(seen: Map<string, Seen>, policy: LayeredPolicy, all: readonly LayeredPolicy[], holds: Holds): void {
  const known = seen.get(policy.id) ?? { reached: 0, unshadowed: false, forbids: new Set<string>(), trace: 1 };
  seen.set(policy.id, known);
  const isHolding = holds.get(policy.text) === true;
  known.trace = (Math.imul(known.trace, 31) + (isHolding ? 7 : 3)) >>> 0;
  if (!isHolding) return;
  known.reached += 1;
  const forbids = all.filter((other) => other.effect === "forbid" && other !== policy && holds.get(other.text) === true);
  if (forbids.length === 0) known.unshadowed = true;
  for (const { id } of forbids) known.forbids.add(id);
}

function shadowedOf(permit: string, effect: "permit" | "forbid", seen: Seen | undefined): { permit: string; by: string[] }[] {
  if (effect === "forbid" || seen === undefined || seen.reached === 0 || seen.unshadowed) return [];
  return [{ permit, by: [...seen.forbids].sort() }];
}

function contradictions(own: readonly LayeredPolicy[], seen: ReadonlyMap<string, Seen>): { permit: string; forbid: string }[] {
  const isSame = (a: LayeredPolicy, b: LayeredPolicy) => {
    const [one, other] = [seen.get(a.id), seen.get(b.id)];
    return one !== undefined && other !== undefined && one.reached > 0 && one.reached === other.reached && one.trace === other.trace;
  };
  return own
    .filter(({ effect }) => effect === "permit")
    .flatMap((permit) =>
      own
        .filter((forbid) => forbid.effect === "forbid" && isSame(permit, forbid))
        .map((forbid) => ({ permit: permit.id, forbid: forbid.id })),
    );
}
