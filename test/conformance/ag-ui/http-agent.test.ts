import { type AgentSubscriber, type BaseEvent, HttpAgent, type Interrupt } from "@ag-ui/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { calls, says } from "../../model-server/reply.ts";
import { breakingFetch, FrontEndPlatform, INTERVIEW } from "../front-end-platform.ts";

/** AG-UI's own client over a real socket: it refuses every order of events that the protocol does not allow. */

let platform: FrontEndPlatform;
beforeAll(async () => {
  platform = await FrontEndPlatform.start();
});
afterAll(() => platform.stop());

function agentOf(path: string, more: Partial<ConstructorParameters<typeof HttpAgent>[0]> = {}): HttpAgent {
  return new HttpAgent({ url: `${platform.url}${path}/ag-ui`, headers: platform.headers, threadId: "thread-1", ...more });
}

/** Runs the agent once. */
async function run(agent: HttpAgent, parameters: Parameters<HttpAgent["runAgent"]>[0] = {}) {
  const events: BaseEvent[] = [];
  let interrupts: readonly Interrupt[] = [];
  const subscriber: AgentSubscriber = {
    onEvent: ({ event }) => void events.push(event),
    onRunFinishedEvent: ({ event }) => {
      if (event.outcome?.type === "interrupt") interrupts = event.outcome.interrupts;
    },
  };
  await agent.runAgent(parameters, subscriber);
  return { events, types: events.map(({ type }) => type), interrupts };
}

const contents = (agent: HttpAgent) => agent.messages.map(({ role, content }) => [role, content]);

describe("AG-UI 1.0, a session", () => {
  it("answers a message by text that the client puts together, between the start and the end of a run", async () => {
    platform.model.script("a-text", says("Good day to you."));
    const agent = agentOf(`/v1/sessions/${await platform.newSession()}`);
    agent.addMessage({ id: "u1", role: "user", content: "Hello (a-text)" });
    const { types, events } = await run(agent);
    expect(types[0]).toBe("RUN_STARTED");
    expect(types[1]).toBe("STATE_SNAPSHOT");
    expect(types).toEqual(
      expect.arrayContaining(["STEP_STARTED", "TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END", "STEP_FINISHED"]),
    );
    expect(events.at(-1)).toMatchObject({ type: "RUN_FINISHED", threadId: "thread-1", outcome: { type: "success" } });
    expect(contents(agent)).toEqual([
      ["user", "Hello (a-text)"],
      ["assistant", "Good day to you."],
    ]);
  });

  it("shows a call of a tool with its arguments and its result, and the state by patches", async () => {
    platform.model.script("a-tool", calls(["value_set", { value: 42 }]), says("It is 42."));
    const agent = agentOf(`/v1/sessions/${await platform.newSession()}`);
    agent.addMessage({ id: "u1", role: "user", content: "Compute (a-tool)" });
    const { types } = await run(agent);
    expect(types).toEqual(
      expect.arrayContaining(["TOOL_CALL_START", "TOOL_CALL_ARGS", "TOOL_CALL_END", "TOOL_CALL_RESULT", "STATE_DELTA"]),
    );
    const [, called, result, said] = agent.messages;
    expect(called).toMatchObject({ role: "assistant", toolCalls: [{ function: { name: "value_set", arguments: '{"value":42}' } }] });
    expect(result).toMatchObject({ role: "tool", content: "42" });
    expect(said).toMatchObject({ role: "assistant", content: "It is 42." });
    expect(Object.values(agent.state.steps)).toEqual(["done", "done"]);
  });

  it("goes on with the conversation in the next run", async () => {
    platform.model.script("a-first", says("One."));
    platform.model.script("a-second", says("Two."));
    const agent = agentOf(`/v1/sessions/${await platform.newSession()}`);
    agent.addMessage({ id: "u1", role: "user", content: "First (a-first)" });
    await run(agent);
    agent.addMessage({ id: "u2", role: "user", content: "Second (a-second)" });
    await run(agent);
    expect(contents(agent).map(([, content]) => content)).toEqual(["First (a-first)", "One.", "Second (a-second)", "Two."]);
  });

  it("is followed again after a lost connection, with nothing twice and nothing missing", async () => {
    const text = "word ".repeat(30).trim();
    platform.model.script("a-drop", { kind: "answer", answer: { text }, everyMs: 40 });
    const session = await platform.newSession();
    const agent = agentOf(`/v1/sessions/${session}`, { fetch: breakingFetch(900) });
    agent.addMessage({ id: "u1", role: "user", content: "Talk (a-drop)" });
    await expect(run(agent)).rejects.toThrow();
    const again = agentOf(`/v1/sessions/${session}`, { initialMessages: agent.messages });
    const { types } = await run(again);
    expect(contents(again)).toEqual([
      ["user", "Talk (a-drop)"],
      ["assistant", text],
    ]);
    expect(types.at(-1)).toBe("RUN_FINISHED");
    expect(platform.model.asked("a-drop").length).toBe(1);
  });

  it("tells a failed turn as the error that ended the run", async () => {
    platform.model.script(
      "a-fail",
      ...Array.from({ length: 6 }, () => ({ kind: "error", status: 400, code: "bad", message: "no" }) as const),
    );
    const agent = agentOf(`/v1/sessions/${await platform.newSession()}`);
    agent.addMessage({ id: "u1", role: "user", content: "Fail (a-fail)" });
    const events: BaseEvent[] = [];
    await agent.runAgent({}, { onEvent: ({ event }) => void events.push(event) }).catch(() => undefined);
    expect(events.at(-1)).toMatchObject({ type: "RUN_ERROR", code: expect.stringContaining("model-") });
  });
});

describe("AG-UI 1.0, a run", () => {
  it("ends with an interrupt where it waits for a person, and the run that resumes answers it", async () => {
    const id = await platform.newRun(INTERVIEW);
    const agent = agentOf(`/v1/mao/runs/${id}`);
    const first = await run(agent);
    expect(first.types).toContain("STEP_STARTED");
    expect(first.interrupts).toMatchObject([{ reason: "approval_required", message: "May it go on?" }]);
    const second = await run(agent, {
      resume: [{ interruptId: first.interrupts[0]?.id ?? "", status: "resolved", payload: { approved: true } }],
    });
    expect(second.interrupts).toMatchObject([{ reason: "input_required", message: "Which colour?" }]);
    const third = await run(agent, {
      resume: [{ interruptId: second.interrupts[0]?.id ?? "", status: "resolved", payload: { text: "blue" } }],
    });
    expect(third.events.at(-1)).toMatchObject({ type: "RUN_FINISHED", outcome: { type: "success" }, result: { colour: "blue" } });
  });

  it("is refused by a cancelled interrupt, which fails it", async () => {
    const id = await platform.newRun(INTERVIEW);
    const agent = agentOf(`/v1/mao/runs/${id}`);
    const { interrupts } = await run(agent);
    const events: BaseEvent[] = [];
    const resume = [{ interruptId: interrupts[0]?.id ?? "", status: "cancelled" as const }];
    await agent.runAgent({ resume }, { onEvent: ({ event }) => void events.push(event) }).catch(() => undefined);
    expect(events.at(-1)).toMatchObject({ type: "RUN_ERROR", code: "forbidden" });
    expect(await platform.read(`/v1/mao/runs/${id}`, z.object({ state: z.string() }))).toEqual({ state: "failed" });
  });

  it("tells what happened after the question once, when the resuming run loses its connection and is made again", async () => {
    const id = await platform.newRun(INTERVIEW);
    const agent = agentOf(`/v1/mao/runs/${id}`);
    const { interrupts } = await run(agent);
    const resume = [{ interruptId: interrupts[0]?.id ?? "", status: "resolved" as const, payload: { approved: true } }];
    const lossy = agentOf(`/v1/mao/runs/${id}`, { fetch: breakingFetch(150) });
    await expect(run(lossy, { resume })).rejects.toThrow();
    const again = await run(agent, { resume });
    expect(again.interrupts).toMatchObject([{ message: "Which colour?" }]);
  });
});
