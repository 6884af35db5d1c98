import type { Json } from "../platform/canonical-json.ts";
import { MAX_VERDICTS, type Moderator, type Verdict } from "./moderate.ts";
import { MODERATION_ACTIONS, type ModerationAction, type ModerationPlace } from "./rule.ts";

/** Joins the strings of a value for one look at all of them: no check finds anything that reaches over it. */
const BETWEEN = "\n\u241e\n";

/** What became of a value. */
export interface ModeratedValue {
  readonly action: ModerationAction;
  readonly verdicts: readonly Verdict[];
  readonly value: Json;
}

/**
 * Looks at every string and number of a value, names of members included, and masks within them: the value keeps its form. A number in which something is masked
 * becomes a string. Spans of verdicts count in the value's strings, one after the other.
 */
export async function moderateValue(moderator: Moderator, place: ModerationPlace, value: Json): Promise<ModeratedValue> {
  if (!moderator.looksAt(place)) return { action: "allow", verdicts: [], value };
  const strings: string[] = [];
  collect(value, strings);
  const whole = await moderator.moderate(place, strings.join(BETWEEN));
  if (whole.verdicts.length === 0) return { action: "allow", verdicts: [], value };
  if (!whole.verdicts.some(({ action }) => action === "mask")) return { action: whole.action, verdicts: whole.verdicts, value };
  const masked = new Map<string, string>();
  for (const text of new Set(strings)) masked.set(text, (await moderator.moderate(place, text)).text);
  const action = MODERATION_ACTIONS.findLast((candidate) => whole.verdicts.some((verdict) => verdict.action === candidate)) ?? "allow";
  return { action, verdicts: whole.verdicts.slice(0, MAX_VERDICTS), value: replaced(value, masked) };
}

function collect(value: Json, into: string[]): void {
  if (typeof value === "string" || typeof value === "number") into.push(String(value));
  else if (Array.isArray(value)) for (const item of value) collect(item, into);
  else if (value !== null && typeof value === "object")
    for (const [name, member] of Object.entries(value)) {
      into.push(name);
      collect(member, into);
    }
}

function replaced(value: Json, masked: ReadonlyMap<string, string>): Json {
  if (typeof value === "string") return masked.get(value) ?? value;
  if (typeof value === "number") {
    const text = masked.get(String(value));
    return text === undefined || text === String(value) ? value : text;
  }
  if (Array.isArray(value)) return value.map((item) => replaced(item, masked));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [masked.get(name) ?? name, replaced(member, masked)]));
}
