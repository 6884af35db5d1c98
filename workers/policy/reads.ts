import { type Condition, visit } from "./condition.ts";
import { ATTRIBUTES, type AttributeName } from "./request.ts";

/** What is read of one attribute: the whole of it, or of a set only whether it has these members, written out or held by other attributes. */
interface Read {
  readonly isWhole: boolean;
  readonly members: ReadonlySet<string>;
  readonly membersIn: ReadonlySet<AttributeName>;
}

/** What policies read of a request; what is not here makes no difference to them. */
export type Reads = ReadonlyMap<AttributeName, Read>;

type Compared = Extract<Condition, { kind: "compare" }>;
type Membership = Compared & {
  readonly left: Extract<Condition, { kind: "attribute" }>;
  readonly right: Extract<Condition, { kind: "attribute" | "constant" | "set" }>;
};

/** What these conditions read, attribute by attribute. */
export function readsOf(conditions: readonly Condition[]): Reads {
  const whole = new Set<AttributeName>();
  const members = new Map<AttributeName, Set<string>>();
  const membersIn = new Map<AttributeName, Set<AttributeName>>();
  const look = (part: Condition) => {
    if (part.kind === "compare" && isMembership(part)) {
      const { left, right } = part;
      if (right.kind === "attribute") {
        added(membersIn, left.name, [right.name]);
        whole.add(right.name);
      } else added(members, left.name, right.kind === "set" ? (constantsOf(right) ?? []) : [String(right.value)]);
      return "enough";
    }
    if (part.kind === "attribute" || part.kind === "has") whole.add(part.name);
    if (part.kind === "other") for (const name of part.reads) whole.add(name);
    return undefined;
  };
  for (const condition of conditions) visit(condition, look);
  const names = new Set([...whole, ...members.keys(), ...membersIn.keys()]);
  return new Map(
    [...names].map((name) => [
      name,
      { isWhole: whole.has(name), members: members.get(name) ?? new Set(), membersIn: membersIn.get(name) ?? new Set() },
    ]),
  );
}

/** The texts of a set that is written out; undefined where something else is among them. */
export function constantsOf({ items }: Extract<Condition, { kind: "set" }>): Set<string> | undefined {
  const texts = items.flatMap((item) => (item.kind === "constant" && typeof item.value === "string" ? [item.value] : []));
  return texts.length === items.length ? new Set(texts) : undefined;
}

/** True where a set is only asked for members: what else it holds makes no difference. */
function isMembership(compared: Compared): compared is Membership {
  const { by, left, right } = compared;
  if (left.kind !== "attribute" || ATTRIBUTES[left.name] !== "set") return false;
  if (by === "contains") return right.kind === "constant" || (right.kind === "attribute" && ATTRIBUTES[right.name] === "text");
  return (by === "containsAll" || by === "containsAny") && right.kind === "set" && constantsOf(right) !== undefined;
}

function added<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, values: Iterable<Value>): void {
  sets.set(key, new Set([...(sets.get(key) ?? []), ...values]));
}
