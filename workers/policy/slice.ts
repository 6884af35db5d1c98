import type { CedarQuestion, CedarRecord, PreparedSet } from "./cedar.ts";
import { type Condition, conjuncts, visit } from "./condition.ts";
import { isListing, type LayeredPolicy, type PolicySet, policiesFor } from "./policy-set.ts";
import { type Action, ATTRIBUTES, type AttributeName, attribute, type Holder, type PolicyRequest, resourceId } from "./request.ts";

/**
 * The policies of a set that can decide about one action and one name, with what of a request they read. Most policies name the tools they are
 * about; a decision about another tool never asks them.
 */
export interface Slice extends PreparedSet {
  readonly policies: readonly LayeredPolicy[];
  readonly reads: Reads;
  /** True where an answer is worth nothing a second later: something read changes with the clock. */
  readonly isMomentary: boolean;
  /** Per layer that lists what is allowed, the ids of its entries. */
  readonly lists: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What is read of each attribute: the whole of it, or of a set whether it has these members, written out or held by other attributes. */
type Reads = ReadonlyMap<
  AttributeName,
  { readonly isWhole: boolean; readonly members: ReadonlySet<string>; readonly membersIn: ReadonlySet<AttributeName> }
>;

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
  const slice = {
    key: `${set.hash}/${key}`,
    texts: new Map(policies.map(({ id, text }) => [id, text])),
    policies,
    reads: readsOf(policies),
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

function constantsOf({ items }: Extract<Condition, { kind: "set" }>): Set<string> | undefined {
  const texts = items.flatMap((item) => (item.kind === "constant" && typeof item.value === "string" ? [item.value] : []));
  return texts.length === items.length ? new Set(texts) : undefined;
}

function isMomentary(condition: Condition): boolean {
  let found = false;
  visit(condition, (part) => {
    const reads = part.kind === "attribute" ? [part.name] : part.kind === "other" ? part.reads : [];
    found ||= reads.some((name) => MOMENTARY.includes(name));
  });
  return found;
}

/** What the policies read, attribute by attribute. */
export function readsOf(policies: readonly LayeredPolicy[]): Reads {
  const reads = new Map<AttributeName, { isWhole: boolean; members: Set<string>; membersIn: Set<AttributeName> }>();
  const of = (name: AttributeName) => {
    const known = reads.get(name) ?? { isWhole: false, members: new Set<string>(), membersIn: new Set<AttributeName>() };
    reads.set(name, known);
    return known;
  };
  const look = (condition: Condition): void => {
    if (condition.kind === "compare" && isMembership(condition)) {
      const { left, right } = condition;
      const read = of(left.name);
      if (right.kind === "attribute") {
        read.membersIn.add(right.name);
        of(right.name).isWhole = true;
      } else for (const member of right.kind === "set" ? (constantsOf(right) ?? []) : [String(right.value)]) read.members.add(member);
      return;
    }
    if (condition.kind === "attribute" || condition.kind === "has") of(condition.name).isWhole = true;
    if (condition.kind === "other") for (const name of condition.reads) of(name).isWhole = true;
  };
  for (const { conditions } of policies) for (const condition of conditions) visitOutside(condition, look);
  return reads;
}

type Membership = {
  readonly left: Extract<Condition, { kind: "attribute" }>;
  readonly right: Extract<Condition, { kind: "attribute" | "constant" | "set" }>;
};

/** True where a set is only asked for members: what else it holds makes no difference. */
function isMembership(
  condition: Extract<Condition, { kind: "compare" }>,
): condition is Extract<Condition, { kind: "compare" }> & Membership {
  const { by, left, right } = condition;
  if (left.kind !== "attribute" || ATTRIBUTES[left.name] !== "set") return false;
  if (by === "contains") return right.kind === "constant" || (right.kind === "attribute" && ATTRIBUTES[right.name] === "text");
  return (by === "containsAll" || by === "containsAny") && right.kind === "set" && constantsOf(right) !== undefined;
}

/** Visits a condition, but not the inside of a question for members, which is looked at as a whole. */
function visitOutside(condition: Condition, look: (part: Condition) => void): void {
  if (condition.kind === "compare" && isMembership(condition)) return look(condition);
  look(condition);
  switch (condition.kind) {
    case "compare":
    case "and":
    case "or":
      visitOutside(condition.left, look);
      visitOutside(condition.right, look);
      return;
    case "like":
    case "isEmpty":
    case "not":
      visitOutside(condition.arg, look);
      return;
    case "set":
      for (const item of condition.items) visitOutside(item, look);
      return;
    case "if":
      for (const part of [condition.test, condition.then, condition.otherwise]) visitOutside(part, look);
      return;
    default:
      return;
  }
}

/** The question to Cedar: of a request what the slice reads. Whoever agrees in it gets the same answer, so that it is the key of kept decisions, too. */
export function questionFor(slice: Slice, request: PolicyRequest): CedarQuestion {
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
