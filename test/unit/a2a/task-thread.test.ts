import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTerminal } from "../../../workers/a2a/protocol.ts";
import { artifactsOf, taskDocument } from "../../../workers/a2a/task-document.ts";
import { afterEvent, type Thread, threadJson, threadSchema } from "../../../workers/a2a/task-thread.ts";
import { type LoggedEvent, parseEvent } from "../../../workers/platform/events.ts";

const principal = {
  tenant: "ten_01KAJ2M3N4P5Q6R7S8T9V0W1X2",
  subject: "key_1",
  kind: "service",
  roles: [],
  capabilities: [],
  credential: "key_1",
};
const message = { messageId: "m1", role: "ROLE_USER", parts: [{ text: "Hello" }] };
const created = {
  type: "run.created",
  data: {
    id: "run_1",
    title: "A2A",
    principal,
    graph: { output: {} },
    inputs: { output: {} },
    task: { context: "ctx", agent: "analyst", reply: "task", message },
    depth: 0,
    policyHash: "h",
  },
};

const step = fc.constantFrom("one", "two", "three");
const problem = fc.constantFrom({ type: "forbidden", detail: "No." }, { type: "tool-failed", detail: "Broken." });
/** What can happen to a run that is a task, in any order. */
const happening = fc.oneof(
  step.map((name) => ({ type: "step.waiting", data: { step: name, attempt: 1, on: "human", uses: "human:input", prompt: `${name}?` } })),
  step.map((name) => ({ type: "step.waiting", data: { step: name, attempt: 1, on: "timer", uses: "timer:wait", until: 5 } })),
  step.map((name) => ({ type: "step.done", data: { step: name, attempt: 1, output: null, durationMs: 1 } })),
  step.map((name) => ({ type: "step.skipped", data: { step: name, reason: "not chosen" } })),
  fc.tuple(step, problem).map(([name, why]) => ({ type: "step.failed", data: { step: name, attempt: 1, final: true, problem: why } })),
  fc.constant({ type: "task.message", data: { message: { ...message, messageId: "m2" }, by: "key_1" } }),
  fc.constant({ type: "run.completed", data: { output: { answer: "42" } } }),
  problem.map((why) => ({ type: "run.failed", data: { problem: why } })),
  fc.constant({ type: "run.cancelled", data: {} }),
  fc.constant({ type: "task.push-set", data: { id: "p", url: "https://example.com/" } }),
  fc.constant({ type: "task.push-removed", data: { id: "p" } }),
);

function logged(happenings: readonly { type: string; data: unknown }[]): LoggedEvent[] {
  return [created, ...happenings].map(({ type, data }, i) => parseEvent({ seq: i + 1, at: 1_000 + i, type, data }));
}

function folded(events: readonly LoggedEvent[]): Thread {
  const thread = events.reduce<Thread | undefined>(afterEvent, undefined);
  if (thread === undefined) throw new Error("no thread");
  return thread;
}

describe("a run as a task", () => {
  it("never leaves a state that is an end, and asks exactly while a question is open", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
        let thread: Thread | undefined;
        for (const event of logged(happenings)) {
          const before = thread;
          thread = afterEvent(thread, event);
          if (thread === undefined) throw new Error("no thread");
          if (before !== undefined && isTerminal(before.status.state)) expect(thread.status).toBe(before.status);
          const asks = thread.status.state === "TASK_STATE_INPUT_REQUIRED";
          expect(asks).toBe(!isTerminal(thread.status.state) && thread.questions.length > 0);
        }
      }),
    );
  });

  it("is the same whether it is folded at once or taken up from a snapshot in the middle", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 30 }), fc.nat(30), (happenings, cut) => {
        const events = logged(happenings);
        const [before, after] = [events.slice(0, cut + 1), events.slice(cut + 1)];
        const restored = threadSchema.parse(threadJson(folded(before)));
        expect(after.reduce<Thread | undefined>(afterEvent, restored)).toEqual(folded(events));
      }),
    );
  });

  it("tells each change of status once, in the order of the events", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
        const numbers = folded(logged(happenings)).changes.map(({ seq }) => seq);
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      }),
    );
  });

  it("is rejected when something was forbidden, failed when something broke", () => {
    const end = (type: string) => folded(logged([{ type: "run.failed", data: { problem: { type, detail: "Why." } } }])).status;
    expect(end("forbidden")).toMatchObject({ state: "TASK_STATE_REJECTED", message: { parts: [{ text: "Why." }] } });
    expect(end("tool-failed").state).toBe("TASK_STATE_FAILED");
  });

  it("of nobody's protocol is no task", () => {
    const { task: _, ...data } = created.data;
    expect(afterEvent(undefined, parseEvent({ seq: 1, at: 1, type: "run.created", data }))).toBeUndefined();
  });

  it("shows as much of its history as is wished", () => {
    const thread = folded(logged([{ type: "task.message", data: { message: { ...message, messageId: "m2" }, by: "key_1" } }]));
    const ids = (historyLength?: number) =>
      taskDocument(thread, undefined, { historyLength, includeArtifacts: false }).history?.map(({ messageId }) => messageId);
    expect([ids(), ids(1), ids(0)]).toEqual([["m1", "m2"], ["m2"], undefined]);
  });
});

describe("the artifacts of a run", () => {
  it("are its outputs: text, what an agent said, parts of their own, data", () => {
    const own = { name: "file", parts: [{ raw: "AAAA", filename: "a.bin", mediaType: "application/octet-stream" }] };
    const output = { plain: "text", said: { text: "Hello", data: { n: 1 }, usage: {} }, own, rest: [1, 2], nothing: null };
    expect(artifactsOf(output)).toEqual([
      { artifactId: "plain", name: "plain", parts: [{ text: "text", mediaType: "text/plain" }] },
      {
        artifactId: "said",
        name: "said",
        parts: [
          { text: "Hello", mediaType: "text/plain" },
          { data: { n: 1 }, mediaType: "application/json" },
        ],
      },
      { artifactId: "own", name: "file", parts: own.parts },
      { artifactId: "rest", name: "rest", parts: [{ data: [1, 2], mediaType: "application/json" }] },
    ]);
  });
});
