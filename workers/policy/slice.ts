import type { CedarQuestion, CedarRecord, PreparedSet } from "./cedar.ts";
import { type Condition, conjuncts, visit } from "./condition.ts";
import { isListing, type LayeredPolicy, type PolicySet, policiesFor } from "./policy-set.ts";
import { constantsOf, type Reads, readsOf } from "./reads.ts";
import { type Action, type AttributeName, attribute, type Holder, type PolicyRequest, resourceId } from "./request.ts";

/**
 * The policies of a set that can decide about one action and one name, with what of a request they read. Most policies name the tools they are
 * about; a decision about another tool never asks them.
 */
export interface Slice {
  /** Names the slice: the same policies have the same. */
  readonly key: string;
  /** The policies as Cedar keeps them: those about every name, which all slices of an action share, and those about this one. */
  readonly parts: readonly PreparedSet[];
  readonly policies: readonly LayeredPolicy[];
  readonly reads: Reads;
  /** True where an answer is worth nothing a second later: something read changes with the clock. */
  readonly isMomentary: boolean;
  /** Per layer that lists what is allowed, the ids of its entries. */
  readonly lists: ReadonlyMap<string, ReadonlySet<string>>;
}

const MOMENTARY: readonly AttributeName[] = ["context.now", "principal.mfaAgeSeconds"];
/** Slices of one set: names that no policy names share one. */
const UNNAMED = "";

/** The slice that decides about an action and a resource's name. */
export function sliceFor(set: PolicySet, action: Action, name: string): Slice {
  const names = namesIn(set, action);
  const key = `${action}/${names.has(name) ? `=${name}` : UNNAMED}`;
  const known = set.slices.get(key);
  if (known !== undefined) return known;
  const policies = policiesFor(set, action).filter((policy) => namesOf(policy)?.has(name) !== false);
  const parts = [
    partOf(
      `${set.hash}/${action}`,
      policies.filter((policy) => namesOf(policy) === undefined),
    ),
    partOf(
      `${set.hash}/${key}`,
      policies.filter((policy) => namesOf(policy) !== undefined),
    ),
  ];
  const slice = {
    key: `${set.hash}/${key}`,
    parts: parts.filter(({ texts }) => texts.size > 0),
    policies,
    reads: readsOf(policies.flatMap(({ conditions }) => conditions)),
    isMomentary: policies.some(({ conditions }) => conditions.some(isMomentary)),
    lists: new Map(
      set.lists[action].map((layer) => [
        layer,
        new Set(policies.filter((policy) => policy.layer === layer && isListing(policy, action)).map(({ id }) => id)),
      ]),
    ),
  };
  set.slices.set(key, slice);
  return slice;
}

function partOf(key: string, policies: readonly LayeredPolicy[]): PreparedSet {
  return { key, texts: new Map(policies.map(({ id, text }) => [id, text])) };
}

const namesByAction = new WeakMap<PolicySet, Map<Action, ReadonlySet<string>>>();

/** Every name that some policy about the action is confined to. */
function namesIn(set: PolicySet, action: Action): ReadonlySet<string> {
  const byAction = namesByAction.get(set) ?? new Map<Action, ReadonlySet<string>>();
  namesByAction.set(set, byAction);
  const known = byAction.get(action);
  if (known !== undefined) return known;
  const names = new Set(policiesFor(set, action).flatMap((policy) => [...(namesOf(policy) ?? [])]));
  byAction.set(action, names);
  return names;
}

const namesByPolicy = new WeakMap<LayeredPolicy, { readonly names: ReadonlySet<string> | undefined }>();

/** The names that a policy can hold of; undefined for one that can hold of any. */
function namesOf(policy: LayeredPolicy): ReadonlySet<string> | undefined {
  const known = namesByPolicy.get(policy);
  if (known !== undefined) return known.names;
  const confined = policy.conditions.flatMap(conjuncts).flatMap((part) => confinedTo(part) ?? []);
  const [first, ...rest] = confined;
  const names = first === undefined ? undefined : new Set([...first].filter((name) => rest.every((other) => other.has(name))));
  namesByPolicy.set(policy, { names });
  return names;
}

function confinedTo(condition: Condition): Set<string> | undefined {
  if (condition.kind === "or") {
    const [left, right] = [conjuncts(condition.left), conjuncts(condition.right)].map(
      (parts) => parts.flatMap((part) => confinedTo(part) ?? [])[0],
    );
    return left === undefined || right === undefined ? undefined : new Set([...left, ...right]);
  }
  if (condition.kind !== "compare") return undefined;
  const { by, left, right } = condition;
  if (by === "==" && isName(left) && right.kind === "constant" && typeof right.value === "string") return new Set([right.value]);
  if (by === "==" && isName(right) && left.kind === "constant" && typeof left.value === "string") return new Set([left.value]);
  if (by === "contains" && left.kind === "set" && isName(right)) return constantsOf(left);
  return undefined;
}

function isName(condition: Condition): boolean {
  return condition.kind === "attribute" && condition.name === "resource.name";
}

function isMomentary(condition: Condition): boolean {
  let found = false;
  visit(condition, (part) => {
    const reads = part.kind === "attribute" ? [part.name] : part.kind === "other" ? part.reads : [];
    found ||= reads.some((name) => MOMENTARY.includes(name));
    return undefined;
  });
  return found;
}

/** The question to Cedar: of a request what the slice reads. Whoever agrees in it gets the same answer, so that it is the key of kept decisions, too. */
export function questionFor(slice: Pick<Slice, "reads">, request: PolicyRequest): CedarQuestion {
  const question = {
    principal: { id: slice.reads.has("principal.id") ? request.principal.id : "someone", attrs: emptyRecord() },
    action: request.action,
    resource: { id: slice.reads.has("resource.id") ? resourceId(request) : "something", attrs: emptyRecord() },
    context: emptyRecord(),
  };
  for (const [name, read] of slice.reads) {
    const value = attribute(request, name);
    if (value === undefined) continue;
    const record = recordOf(question, name);
    const attr = name.slice(name.indexOf(".") + 1);
    if (typeof value === "string" || typeof value === "number") record[attr] = value;
    else if ("instant" in value) record[attr] = { __extn: { fn: "datetime", arg: new Date(value.instant).toISOString() } };
    else if (read.isWhole) record[attr] = [...value];
    else {
      const asked = new Set([...read.members, ...[...read.membersIn].map((other) => String(attribute(request, other)))]);
      record[attr] = value.filter((member) => asked.has(member));
    }
  }
  return question;
}

function emptyRecord(): CedarRecord {
  return {};
}

function recordOf(question: CedarQuestion, name: AttributeName): CedarRecord {
  const holder = name.slice(0, name.indexOf("."));
  if (isHolderName(holder, "principal")) return question.principal.attrs;
  if (isHolderName(holder, "resource")) return question.resource.attrs;
  return isHolderName(holder, "context") ? question.context : {};
}

function isHolderName(text: string, holder: Holder): boolean {
  return text === holder;
}
