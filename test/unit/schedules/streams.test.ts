import { describe, expect, it } from "vitest";
import type { LoggedEvent, NewEvent } from "../../../workers/platform/events.ts";
import { AgUiStream } from "../../../workers/streams/ag-ui.ts";
import type { FrontEndStream } from "../../../workers/streams/front-end-stream.ts";
import { UiMessageStream } from "../../../workers/streams/ui-messages.ts";

const TURN = "trn_01KAJ2M3N4P5Q6R7S8T9V0W1X2";
const USAGE = { inputTokens: 3, outputTokens: 4, costMicros: 0 };

function logged(...events: NewEvent[]): LoggedEvent[] {
  return events.map((event, i) => ({ ...event, seq: i + 1, at: 0 }));
}

const round = (n: number): NewEvent => ({
  type: "step.intended",
  data: { step: `${TURN}/m${n}`, uses: "model:rule-based", attempt: 1, key: "k" },
});
const delta = (text: string): NewEvent => ({ type: "turn.delta", data: { turn: TURN, text } });
const completed: NewEvent = { type: "turn.completed", data: { turn: TURN, text: "", engine: "rule-based", usage: USAGE } };
const done = (n: number): NewEvent => ({
  type: "step.done",
  data: { step: `${TURN}/m${n}`, attempt: 1, output: { text: "", calls: [] }, durationMs: 1 },
});

function told(stream: FrontEndStream, events: readonly LoggedEvent[]): Record<string, unknown>[] {
  return [...stream.begin(), ...events.flatMap((event) => stream.event(event))].map((data): Record<string, unknown> => JSON.parse(data));
}

const agUi = (messages = [{ id: "u1", role: "user" as const, content: "Hello" }]) =>
  new AgUiStream({ thread: "t", run: "r", subject: TURN, messages });

describe("text that a restart has made void", () => {
  const events = logged(
    round(1),
    delta("half an"),
    { type: "turn.restarted", data: { turn: TURN } },
    delta("whole answer"),
    done(1),
    completed,
  );

  it("is taken back by a snapshot of the messages in AG-UI, and said anew", () => {
    const all = told(agUi(), events);
    const types = all.map(({ type }) => type);
    expect(all.find(({ type }) => type === "MESSAGES_SNAPSHOT")).toMatchObject({ messages: [{ id: "u1" }] });
    expect(types.filter((type) => type === "TEXT_MESSAGE_START").length).toBe(2);
    expect(types.filter((type) => type === "TEXT_MESSAGE_END").length).toBe(2);
    expect(types.at(-1)).toBe("RUN_FINISHED");
  });

  it("is named by a data part in the AI SDK's stream, and said anew in a part of its own", () => {
    const all = told(new UiMessageStream(TURN), events);
    const [first, second] = all.filter(({ type }) => type === "text-start").map(({ id }) => id);
    expect(first).not.toBe(second);
    expect(all.find(({ type }) => type === "data-void")).toMatchObject({ data: { text: first } });
  });
});

describe("a turn that ends in the middle", () => {
  const events = logged(round(1), delta("half an"), {
    type: "turn.failed",
    data: { turn: TURN, problem: { type: "model-failed", detail: "It broke off." } },
  });

  it("leaves nothing open", () => {
    expect(told(agUi(), events).map(({ type }) => type)).toEqual([
      "RUN_STARTED",
      "STATE_SNAPSHOT",
      "STEP_STARTED",
      "STATE_DELTA",
      "TEXT_MESSAGE_START",
      "TEXT_MESSAGE_CONTENT",
      "TEXT_MESSAGE_END",
      "STEP_FINISHED",
      "RUN_ERROR",
    ]);
    expect(told(new UiMessageStream(TURN), events).map(({ type }) => type)).toEqual([
      "start",
      "start-step",
      "text-start",
      "text-delta",
      "text-end",
      "error",
      "finish-step",
      "finish",
    ]);
  });

  it("tells nothing after its end", () => {
    expect(told(agUi(), [...events, ...events]).length).toBe(9);
  });
});

it("a front end that comes back with half of this turn's messages is brought back to its beginning", () => {
  const back = agUi([
    { id: "u1", role: "user", content: "Hello" },
    { id: `${TURN}/m1`, role: "user", content: "half an" },
  ]);
  expect(told(back, [])[1]).toMatchObject({ type: "MESSAGES_SNAPSHOT", messages: [{ id: "u1" }] });
});

it("usage of the turn is told at its end", () => {
  const events = logged(round(1), delta("Hello."), done(1), completed);
  expect(told(agUi(), events).at(-1)).toMatchObject({ outcome: { type: "success" }, usage: [{ inputTokens: 3, outputTokens: 4 }] });
  expect(told(new UiMessageStream(TURN), events).at(-1)).toMatchObject({ type: "finish", messageMetadata: { usage: USAGE } });
});
