import { CAPABILITIES } from "../../platform/capabilities.ts";
import { type Condition, visit } from "../condition.ts";
import { constantsOf, readsOf } from "../reads.ts";
import { type Action, ATTRIBUTES, type AttributeName } from "../request.ts";

/** A text that no policy names: it stands for all others. */
export const OTHER = "(any other)";
/** A second one, for attributes that are compared with each other. */
const ANOTHER = "(another)";
const DAY_MS = 86_400_000;
/** A Monday, 00:00 UTC: hours and weekdays are counted from it. */
const MONDAY = Date.parse("2026-01-05T00:00:00Z");

/** What an attribute can be, as far as the policies can tell the difference. */
export type Domain =
  | { readonly kind: "texts"; readonly values: readonly string[] }
  | { readonly kind: "numbers"; readonly values: readonly (number | undefined)[] }
  | { readonly kind: "set"; readonly members: readonly string[]; readonly membersIn: readonly AttributeName[] }
  | { readonly kind: "instants"; readonly values: readonly number[] };

export interface Domains {
  readonly byAttribute: ReadonlyMap<AttributeName, Domain>;
  /** Why the domains may not tell all differences; empty when they do. */
  readonly doubts: readonly string[];
}

/** Attributes whose values are a closed list, by the action that is asked for. */
function closedList(name: AttributeName, action: Action): readonly string[] | undefined {
  if (name === "principal.kind") return ["user", "service", "agent", "operator"];
  if (name === "action.id") return [action];
  if (name === "resource.name" && action === "route") return CAPABILITIES;
  if (name === "resource.risk") return action === "tool" ? ["read", "write", "destructive", "spend"] : [""];
  if (name === "context.channel") return action === "route" ? ["http"] : ["session", "run", "project"];
  return undefined;
}

/** The domains of all attributes that these conditions read, for requests with this action. */
export function domainsOf(conditions: readonly Condition[], action: Action): Domains {
  const reads = readsOf(conditions);
  const named = namedValues(conditions);
  const doubts = new Set<string>();
  const byAttribute = new Map<AttributeName, Domain>();
  for (const [name, read] of reads) {
    const kind = ATTRIBUTES[name];
    if (kind === "set") {
      const members = [...read.members, ...(read.isWhole ? [...named.texts(name), OTHER] : [])];
      byAttribute.set(name, { kind: "set", members: [...new Set(members)], membersIn: [...read.membersIn] });
    } else if (kind === "text" && name !== "resource.id") byAttribute.set(name, { kind: "texts", values: textsOf(name, action, named) });
    else if (kind === "number" && name !== "context.hour" && name !== "context.weekday")
      byAttribute.set(name, { kind: "numbers", values: [undefined, ...around([0, ...named.numbers(name)])] });
  }
  const instants = instantsOf(reads, named, doubts);
  if (instants !== undefined) byAttribute.set("context.now", instants);
  for (const condition of conditions) visit(condition, (part) => doubted(part, doubts));
  return { byAttribute, doubts: [...doubts] };
}

/** What only Cedar reads, and patterns, whose overlaps are not all tried. */
function doubted(part: Condition, doubts: Set<string>): undefined {
  if (part.kind === "other") doubts.add(part.why);
  if (part.kind === "like") doubts.add("patterns (like), of which some matching and some other texts are tried");
  if (part.kind === "attribute" && part.name === "resource.id") doubts.add("the resource as a whole (resource ==); compare resource.name");
  return undefined;
}

interface Named {
  texts(name: AttributeName): readonly string[];
  numbers(name: AttributeName): readonly number[];
  instants(): readonly number[];
  /** Attributes that this one is compared with. */
  peers(name: AttributeName): readonly AttributeName[];
}

/** The constants and attributes that stand on the other side of comparisons with each attribute. */
function namedValues(conditions: readonly Condition[]): Named {
  const texts = new Map<AttributeName, Set<string>>();
  const numbers = new Map<AttributeName, Set<number>>();
  const instants = new Set<number>();
  const peers = new Map<AttributeName, Set<AttributeName>>();
  const note = (one: Condition, other: Condition) => {
    if (one.kind !== "attribute") return;
    if (other.kind === "attribute") add(peers, one.name, other.name);
    else if (other.kind === "set") for (const text of constantsOf(other) ?? []) add(texts, one.name, text);
    else if (other.kind === "constant" && typeof other.value === "string") add(texts, one.name, other.value);
    else if (other.kind === "constant" && typeof other.value === "number") add(numbers, one.name, other.value);
    else if (other.kind === "constant" && typeof other.value === "object") instants.add(other.value.instant);
  };
  for (const condition of conditions)
    visit(condition, (part) => {
      if (part.kind === "compare") {
        note(part.left, part.right);
        note(part.right, part.left);
      }
      if (part.kind === "like" && part.arg.kind === "attribute") for (const text of matching(part.pattern)) add(texts, part.arg.name, text);
      return undefined;
    });
  return {
    texts: (name) => [...(texts.get(name) ?? [])],
    numbers: (name) => [...(numbers.get(name) ?? [])],
    instants: () => [...instants],
    peers: (name) => [...(peers.get(name) ?? [])],
  };
}

/** Two texts that match a pattern: with nothing and with something for its wildcards. */
function matching(pattern: readonly (string | null)[]): string[] {
  return [pattern.map((part) => part ?? "").join(""), pattern.map((part) => part ?? "~").join("")];
}

function textsOf(name: AttributeName, action: Action, named: Named): string[] {
  const peers = named.peers(name).filter((peer) => ATTRIBUTES[peer] === "text");
  const mentioned = [name, ...peers].flatMap((one) => named.texts(one));
  const closed = closedList(name, action);
  if (closed !== undefined && peers.length === 0) {
    const rest = closed.find((value) => !mentioned.includes(value));
    return [...closed.filter((value) => mentioned.includes(value)), ...(rest === undefined ? [] : [rest])];
  }
  return [...new Set([...mentioned, ...(closed ?? []), OTHER, ...(peers.length > 0 ? [ANOTHER] : [])])];
}

/** Numbers below, at and above each threshold. */
function around(thresholds: readonly number[]): number[] {
  return [...new Set(thresholds.flatMap((value) => [value - 1, value, value + 1]).filter((value) => value >= 0))];
}

/** Hours and weekdays are those of an instant, so that instants are what is tried. */
function instantsOf(reads: ReturnType<typeof readsOf>, named: Named, doubts: Set<string>): Domain | undefined {
  const readsHour = reads.has("context.hour");
  const readsWeekday = reads.has("context.weekday");
  if (!readsHour && !readsWeekday && !reads.has("context.now")) return undefined;
  const within = (values: readonly number[], least: number, most: number) => values.filter((value) => value >= least && value <= most);
  const hours = readsHour ? within(around([0, ...named.numbers("context.hour")]), 0, 23) : [0];
  const weekdays = readsWeekday ? within(around([1, ...named.numbers("context.weekday")]), 1, 7) : [1];
  const clock = weekdays.flatMap((weekday) => hours.map((hour) => (weekday - 1) * DAY_MS + hour * 3_600_000));
  const marks = around(named.instants());
  if (marks.length === 0) return { kind: "instants", values: clock.map((offset) => MONDAY + offset) };
  if (readsHour || readsWeekday) doubts.add("dates together with hours or weekdays, of which some combinations are tried");
  return { kind: "instants", values: [...marks, ...marks.flatMap((mark) => clock.map((offset) => mark - (mark % (7 * DAY_MS)) + offset))] };
}

function add<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const known = sets.get(key);
  if (known === undefined) sets.set(key, new Set([value]));
  else known.add(value);
}
