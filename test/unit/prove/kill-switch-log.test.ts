import { describe, expect, it } from "vitest";
import { type ExportedEvent, obedienceOf } from "../../faults/stopped-log.ts";

const STOP = { switchId: "ksw_1", thrownAt: 10_000, releasedAt: 60_000, boundMs: 2_000 };

function log(...events: readonly (readonly [at: number, type: string, data?: Record<string, unknown>])[]): ExportedEvent[] {
  return events.map(([at, type, data = {}], i) => ({ seq: i + 1, at, type, data }));
}

const OBEYED = log(
  [9_000, "step.intended", { step: "m1" }],
  [10_900, "turn.delta", { text: "one" }],
  [11_000, "step.stopped", { step: "m1", switch: "ksw_1", isCut: true }],
  [11_000, "work.held", { switch: "ksw_1", drill: false }],
  [60_800, "work.released", { switch: "ksw_1" }],
  [60_801, "step.intended", { step: "m1" }],
  [61_000, "step.done", { step: "m1", durationMs: 199 }],
);

describe("what a log says of a switch", () => {
  it("is that nothing began after the bound, when the object was held and when it went on", () => {
    expect(obedienceOf(OBEYED, STOP)).toEqual({ violations: [], lastSignAt: 10_900, cutAt: 11_000, isHeld: true, wentOnAt: 60_800 });
  });

  it.each([
    ["a step that begins", [30_000, "step.intended", { step: "m2" }]],
    ["an answer that goes on", [12_001, "turn.delta", { text: "more" }]],
    ["a question to a person", [30_000, "step.waiting", { step: "ask" }]],
    ["a step inside the object that is done", [30_000, "step.done", { step: "sum", durationMs: 3 }]],
    ["another turn", [59_999, "turn.started", { turn: "trn_2" }]],
  ] as const)("names %s while the switch is thrown", (_, event) => {
    const disobeyed = [...OBEYED, ...log(event)];
    expect(obedienceOf(disobeyed, STOP).violations).toHaveLength(1);
  });

  it.each([
    ["a call that was under way ends", [30_000, "step.done", { step: "m1", durationMs: 21_000 }]],
    ["something inside the object that began before it ends", [30_000, "step.done", { step: "sum", durationMs: 20_000 }]],
    ["a step begins within the bound", [12_000, "step.intended", { step: "m2" }]],
  ] as const)("has nothing against it when %s", (_, event) => {
    expect(obedienceOf([...OBEYED, ...log(event)], STOP).violations).toEqual([]);
  });
});
