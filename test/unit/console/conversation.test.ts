import { describe, expect, it } from "vitest";
import type { SomaEvent } from "../../../clients/sdk/events.ts";
import { NOTHING_YET, withEvent } from "../../../dashboards/console/src/session/conversation.ts";

const USAGE = { inputTokens: 7, outputTokens: 3, costMicros: 12 };

/** The conversation that these events tell of. */
function told(...events: readonly (readonly [type: string, data: Record<string, unknown>])[]) {
  return events.map(([type, data], i): SomaEvent => ({ seq: i + 1, at: 1_000 + i, type, data })).reduce(withEvent, NOTHING_YET);
}

const START = ["turn.started", { turn: "t", message: "Which?", by: "someone" }] as const;
const CALLED = [
  "step.done",
  { step: "t/m1", output: { text: "", calls: [{ id: "1", name: "data_query", input: { sql: "SELECT 1" } }] } },
] as const;

describe("a conversation read from its events", () => {
  it("holds what was said, with what files, and what was answered", () => {
    const { title, turns } = told(["session.created", { title: "Talk", agent: "analyst" }], ["file.added", { name: "a.csv" }], START, [
      "turn.completed",
      { turn: "t", text: "Gentoo.", engine: "embedded", usage: USAGE },
    ]);
    expect(title).toBe("Talk");
    expect(turns).toMatchObject([{ message: "Which?", files: ["a.csv"], answer: { text: "Gentoo.", tokens: 10, costMicros: 12 } }]);
  });

  it("forgets streamed text when the model is asked anew", () => {
    const { turns } = told(
      START,
      ["turn.delta", { turn: "t", text: "Wro" }],
      ["turn.restarted", { turn: "t" }],
      ["turn.delta", { turn: "t", text: "Ri" }],
      ["turn.delta", { turn: "t", text: "ght" }],
    );
    expect(turns[0]?.streamed).toBe("Right");
  });

  it("shows a call with what it was made with and what it brought", () => {
    const running = told(START, CALLED);
    expect(running.turns[0]?.calls).toMatchObject([{ name: "data_query", state: "running" }]);
    expect(running.turns[0]?.calls[0]?.input).toContain("SELECT 1");
    const done = told(START, CALLED, ["step.done", { step: "t/m1/c1", output: { rows: [[1]] } }]);
    expect(done.turns[0]?.calls).toMatchObject([{ state: "done" }]);
    expect(done.turns[0]?.calls[0]?.result).toContain("rows");
  });

  it("takes the steps inside of a capsule for none of the agent's calls", () => {
    const { turns } = told(START, CALLED, ["step.done", { step: "t/m1/c1/inner", output: 5 }]);
    expect(turns[0]?.calls).toMatchObject([{ state: "running" }]);
  });

  it("shows the call that a task is, which the platform makes before the agent is asked", () => {
    const task = { capsule: "rank@^1", inputs: { table: "penguins" } };
    const { turns } = told(
      ["turn.started", { turn: "t", message: "Which?", by: "someone", task }],
      ["step.intended", { step: "t/m0/c1/analyze" }],
      ["step.done", { step: "t/m0/c1/analyze", output: 5 }],
      ["step.done", { step: "t/m0/c1", output: { analysis: 5 } }],
    );
    expect(turns[0]?.calls).toMatchObject([{ name: "rank@^1", state: "done" }]);
    expect(turns[0]?.calls[0]?.input).toContain("penguins");
    expect(turns[0]?.calls[0]?.result).toContain("analysis");
  });

  it("says that a call was not made when the agent went on without it", () => {
    const { turns } = told(START, CALLED, ["turn.completed", { turn: "t", text: "No.", engine: "x", usage: USAGE }]);
    expect(turns[0]?.calls).toMatchObject([{ state: "failed", problem: { type: "not-made" } }]);
  });

  it("waits for a person until the decision", () => {
    const asked = ["approval.requested", { turn: "t", step: "t/m1/c1", tool: "tool:x", input: {}, reason: "It destroys." }] as const;
    const waiting = told(START, CALLED, ["step.waiting", { step: "t/m1/c1" }], asked);
    expect(waiting.approvals).toMatchObject([{ step: "t/m1/c1", tool: "tool:x" }]);
    expect(waiting.turns[0]?.calls).toMatchObject([{ state: "waiting" }]);
    const decided = told(START, CALLED, asked, ["approval.decided", { step: "t/m1/c1", decision: "refuse" }]);
    expect(decided.approvals).toEqual([]);
  });

  it("keeps what was shown of an answer that broke off", () => {
    const { turns } = told(
      START,
      ["turn.delta", { turn: "t", text: "Half" }],
      ["turn.failed", { turn: "t", problem: { type: "timeout", detail: "Too long." } }],
    );
    expect(turns[0]).toMatchObject({ streamed: "Half", problem: { type: "timeout" } });
  });

  it("is changed by nothing that is no event of a conversation", () => {
    expect(told(["work.resumed", { openSteps: 1 }], ["something.new", { odd: true }])).toEqual(NOTHING_YET);
  });
});
