import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type TeamFacts, whyEnded } from "../../../workers/mao/teams/ended.ts";
import type { TeamMessage } from "../../../workers/mao/teams/transcript.ts";
import type { Termination } from "../../../workers/mao/termination.ts";

const speakers = ["ann", "bob", "cid"];
const words = ["TERMINATE", "go on", "APPROVE", "hm"];

const message: fc.Arbitrary<TeamMessage> = fc.record({
  speaker: fc.constantFrom(...speakers),
  text: fc.constantFrom(...words).map((word) => `I say ${word}.`),
  usage: fc.record({ inputTokens: fc.nat(50), outputTokens: fc.nat(50), costMicros: fc.constant(0) }),
  called: fc.subarray(["data_query", "http_fetch"]),
  at: fc.constant(0),
});
const handing = fc
  .tuple(message, fc.option(fc.constantFrom(...speakers, "user")))
  .map(([said, target]): TeamMessage => (target === null ? said : { ...said, handoff: { target, message: "" } }));
const conversation = fc
  .array(handing, { maxLength: 12 })
  .map((said): TeamMessage[] => [{ speaker: "user", text: "Say TERMINATE when you are done.", at: 0 }, ...said]);

const leaf: fc.Arbitrary<Termination> = fc.oneof(
  fc.record({ max_messages: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ text: fc.constantFrom(...words) }),
  fc.record({ text: fc.constantFrom(...words), sources: fc.subarray(speakers, { minLength: 1 }) }),
  fc.record({ handoff: fc.constantFrom(...speakers, "user") }),
  fc.record({ timeout: fc.integer({ min: 1, max: 90 }).map((s) => `${s}s`) }),
  fc.record({ tokens: fc.integer({ min: 1, max: 300 }), of: fc.constantFrom("total" as const, "input" as const, "output" as const) }),
  fc.record({ source: fc.subarray(speakers, { minLength: 1 }) }),
  fc.record({ external: fc.constant("enough") }),
  fc.record({ function_call: fc.constantFrom("data.query", "http_fetch") }),
);
const { until } = fc.letrec<{ until: Termination }>((tie) => ({
  until: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.record({ any: fc.array(tie("until"), { minLength: 1, maxLength: 4 }) }),
    fc.record({ all: fc.array(tie("until"), { minLength: 1, maxLength: 4 }) }),
  ),
}));

const factsOf = (messages: readonly TeamMessage[], elapsedMs = 0, hasSignal = false): TeamFacts => ({
  messages,
  elapsedMs,
  hasSignal: () => hasSignal,
});
const isOver = (condition: Termination, facts: TeamFacts) => whyEnded(condition, facts) !== undefined;

describe("the end of a team", () => {
  it("comes by any when one holds and by all when each holds", () => {
    fc.assert(
      fc.property(
        fc.array(until, { minLength: 1, maxLength: 5 }),
        conversation,
        fc.nat(100_000),
        fc.boolean(),
        (conditions, said, ms, signal) => {
          const facts = factsOf(said, ms, signal);
          const held = conditions.map((condition) => isOver(condition, facts));
          expect(isOver({ any: conditions }, facts)).toBe(held.includes(true));
          expect(isOver({ all: conditions }, facts)).toBe(!held.includes(false));
        },
      ),
    );
  });

  it("once come stays, whatever is said, however long it goes on, and whatever signal comes after it", () => {
    fc.assert(
      fc.property(until, conversation, conversation, fc.nat(100_000), fc.nat(100_000), (condition, said, more, ms, later) => {
        if (isOver(condition, factsOf(said, ms))) expect(isOver(condition, factsOf([...said, ...more], ms + later, true))).toBe(true);
      }),
    );
  });

  it("comes at a message and not before it: the one that fulfils a condition is the first after which it holds", () => {
    fc.assert(
      fc.property(leaf, conversation, (condition, said) => {
        const firstOver = said.findIndex((_, i) => isOver(condition, factsOf(said.slice(0, i + 1))));
        if (firstOver < 0 || "timeout" in condition || "external" in condition) return;
        const [last] = said.slice(firstOver);
        if (last === undefined) return;
        if ("text" in condition) expect(last.text).toContain(condition.text);
        if ("source" in condition) expect(condition.source).toContain(last.speaker);
        if ("handoff" in condition) expect(last.handoff?.target).toBe(condition.handoff);
        if ("max_messages" in condition) expect(firstOver + 1).toBe(condition.max_messages);
      }),
    );
  });

  it("is not mentioned by the task that explains it", () => {
    expect(isOver({ text: "TERMINATE" }, factsOf([{ speaker: "user", text: "Say TERMINATE when you are done.", at: 0 }]))).toBe(false);
  });
});
