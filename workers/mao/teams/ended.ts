import { durationMs } from "../duration.ts";
import type { Termination } from "../termination.ts";
import { TASK_SPEAKER, type TeamMessage } from "./transcript.ts";

/** What the end of a team is judged by. */
export interface TeamFacts {
  /** All that was said, the task first. */
  readonly messages: readonly TeamMessage[];
  readonly elapsedMs: number;
  hasSignal(name: string): boolean;
}

/**
 * Why a team has come to its end by a condition; undefined while it has not. A condition looks at all that was said, so that one that was met stays met: `any` holds with the first of
 * its conditions, `all` once each has been met. The task itself counts as a message and mentions no text.
 */
export function whyEnded(until: Termination, facts: TeamFacts): string | undefined {
  if ("any" in until) return first(until.any, (condition) => whyEnded(condition, facts));
  if ("all" in until) {
    const reasons = until.all.map((condition) => whyEnded(condition, facts));
    return reasons.includes(undefined) ? undefined : reasons.join("; ");
  }
  return whyMet(until, facts);
}

function whyMet(until: Exclude<Termination, { any: unknown } | { all: unknown }>, facts: TeamFacts): string | undefined {
  const said = facts.messages.filter((message, i) => i > 0 || message.speaker !== TASK_SPEAKER);
  if ("max_messages" in until) return facts.messages.length >= until.max_messages ? `${until.max_messages} messages were said` : undefined;
  if ("text" in until) {
    const by = said.find(({ speaker, text }) => (until.sources?.includes(speaker) ?? true) && text.includes(until.text));
    return by === undefined ? undefined : `${by.speaker} said ${until.text}`;
  }
  if ("handoff" in until) {
    const by = said.find(({ handoff }) => handoff?.target === until.handoff);
    return by === undefined ? undefined : `${by.speaker} handed over to ${until.handoff}`;
  }
  if ("timeout" in until) return facts.elapsedMs >= durationMs(until.timeout) ? `${until.timeout} have passed` : undefined;
  if ("tokens" in until) return tokensOf(said, until.of ?? "total") >= until.tokens ? `${until.tokens} tokens were used` : undefined;
  if ("source" in until) {
    const by = said.find(({ speaker }) => until.source.includes(speaker));
    return by === undefined ? undefined : `${by.speaker} has spoken`;
  }
  if ("external" in until) return facts.hasSignal(until.external) ? `the signal ${until.external} came` : undefined;
  const by = said.find(({ called }) => called?.includes(until.function_call.replaceAll(".", "_")));
  return by === undefined ? undefined : `${by.speaker} called ${until.function_call}`;
}

function tokensOf(messages: readonly TeamMessage[], of: "total" | "input" | "output"): number {
  return messages.reduce((sum, { usage }) => {
    const input = of === "output" ? 0 : (usage?.inputTokens ?? 0);
    const output = of === "input" ? 0 : (usage?.outputTokens ?? 0);
    return sum + input + output;
  }, 0);
}

/** Whether a condition asks how much time has passed. */
export function asksForTime(until: Termination): boolean {
  if ("any" in until) return until.any.some(asksForTime);
  if ("all" in until) return until.all.some(asksForTime);
  return "timeout" in until;
}

/** The texts that a condition waits for. */
export function textsOf(until: Termination): string[] {
  if ("any" in until) return until.any.flatMap(textsOf);
  if ("all" in until) return until.all.flatMap(textsOf);
  return "text" in until ? [until.text] : [];
}

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
