import { SELF } from "cloudflare:test";
import { type BaseEvent, HttpAgent, type Interrupt } from "@ag-ui/client";
import { DefaultChatTransport, readUIMessageStream, type UIMessage } from "ai";
import { describe, expect, it } from "vitest";
import type { ModelPart } from "../../workers/models/client.ts";
import { declareTool, ends, modelAnswers, says } from "./scripted-model.ts";
import { newTenant, type TestTenant } from "./tenant.ts";

/** A call that policy leaves to a person, as the official clients of both protocols see it. */

/** Asks for two calls that each wait for a person, then says what they brought. */
function modelThatSpends(): void {
  declareTool("value.set", { risk: "spend" });
  const call = (value: number): ModelPart => ({ kind: "call", call: { id: `call_${value}`, name: "value_set", input: { value } } });
  modelAnswers(async function* (_, round) {
    if (round === 0) {
      yield says("I will spend.");
      yield call(1);
      yield call(2);
    } else yield says("It is done.");
    yield ends;
  });
}

const through =
  (tenant: TestTenant): typeof fetch =>
  (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("Authorization", `Bearer ${tenant.key}`);
    return SELF.fetch(String(input), { ...init, headers });
  };

async function newSession(tenant: TestTenant): Promise<string> {
  return `http://soma.test/v1/sessions/${(await (await tenant.post("/v1/sessions", {})).json<{ id: string }>()).id}`;
}

describe("AG-UI", () => {
  it("ends the run with an interrupt for each call, and goes on with what a person has allowed", async () => {
    modelThatSpends();
    const tenant = await newTenant();
    const agent = new HttpAgent({ url: `${await newSession(tenant)}/ag-ui`, fetch: through(tenant), threadId: "t" });
    agent.addMessage({ id: "u1", role: "user", content: "Spend" });
    let interrupts: readonly Interrupt[] = [];
    const events: BaseEvent[] = [];
    const subscriber = {
      onEvent: ({ event }: { event: BaseEvent }) => void events.push(event),
      onRunFinishedEvent: ({ event }: { event: { outcome?: { type: string; interrupts?: Interrupt[] } } }) => {
        interrupts = event.outcome?.interrupts ?? [];
      },
    };
    await agent.runAgent({}, subscriber);
    expect(interrupts.map(({ reason }) => reason)).toEqual(["approval_required", "approval_required"]);
    const called = agent.messages.find((message) => message.role === "assistant");
    expect(called).toMatchObject({
      content: "I will spend.",
      toolCalls: [{ id: interrupts[0]?.toolCallId }, { id: interrupts[1]?.toolCallId }],
    });
    const resume = interrupts.map(({ id }, i) => ({ interruptId: id, status: "resolved" as const, payload: { approved: i === 0 } }));
    await agent.runAgent({ resume }, subscriber);
    expect(interrupts).toEqual([]);
    expect(agent.messages.map(({ role, content }) => [role, content])).toEqual([
      ["user", "Spend"],
      ["assistant", "I will spend."],
      ["tool", "1"],
      ["tool", expect.stringContaining("A person refused this step")],
      ["assistant", "It is done."],
    ]);
    expect(events.filter(({ type }) => type === "TEXT_MESSAGE_START").length).toBe(2);
  });
});

describe("the AI SDK", () => {
  it("asks for the approval of each call, and goes on in the same message with what a person has allowed", async () => {
    modelThatSpends();
    const tenant = await newTenant();
    const transport = new DefaultChatTransport<UIMessage>({ api: `${await newSession(tenant)}/ui-messages`, fetch: through(tenant) });
    const user: UIMessage = { id: "u1", role: "user", parts: [{ type: "text", text: "Spend" }] };
    const talk = async (messages: UIMessage[], message?: UIMessage) => {
      const stream = await transport.sendMessages({
        trigger: "submit-message",
        chatId: "c",
        messageId: undefined,
        messages,
        abortSignal: undefined,
      });
      let last: UIMessage | undefined;
      for await (const next of readUIMessageStream({ stream, ...(message === undefined ? {} : { message: structuredClone(message) }) }))
        last = next;
      if (last === undefined) throw new Error("there is no message");
      return last;
    };
    const states = (message: UIMessage) => message.parts.flatMap((part) => (part.type === "dynamic-tool" ? part.state : []));
    const asked = await talk([user]);
    expect(states(asked)).toEqual(["approval-requested", "approval-requested"]);
    let asks = 0;
    const parts = asked.parts.map((part) => {
      if (part.type !== "dynamic-tool" || part.state !== "approval-requested") return part;
      asks += 1;
      return { ...part, state: "approval-responded" as const, approval: { id: part.approval.id, approved: asks === 1 } };
    });
    const answered = { ...asked, parts };
    const done = await talk([user, answered], answered);
    expect(done.id).toBe(asked.id);
    expect(states(done)).toEqual(["output-available", "output-denied"]);
    expect(done.parts.flatMap((part) => (part.type === "text" ? part.text : []))).toEqual(["I will spend.", "It is done."]);
  });
});

describe("what both refuse", () => {
  it("another tenant's session, a message that is no text, and an answer made anew", async () => {
    const [tenant, stranger] = [await newTenant(), await newTenant()];
    const session = (await newSession(tenant)).slice("http://soma.test".length);
    const input = { threadId: "t", runId: "r", messages: [{ id: "u", role: "user", content: "Hello" }] };
    const chat = { id: "c", messages: [{ id: "u", role: "user", parts: [{ type: "text", text: "Hello" }] }] };
    expect((await stranger.post(`${session}/ag-ui`, input)).status).toBe(404);
    expect((await stranger.post(`${session}/ui-messages`, chat)).status).toBe(404);
    expect((await stranger.fetch(`${session}/ui-messages/c/stream`)).status).toBe(404);
    const image = [{ type: "image", source: { type: "url", value: "https://example.com/a.png" } }];
    expect((await tenant.post(`${session}/ag-ui`, { ...input, messages: [{ id: "u", role: "user", content: image }] })).status).toBe(400);
    expect((await tenant.post(`${session}/ag-ui`, { ...input, messages: [] })).status).toBe(400);
    expect((await tenant.post(`${session}/ui-messages`, { ...chat, trigger: "regenerate-message" })).status).toBe(400);
    expect((await tenant.fetch(`${session}/ui-messages/c/stream`)).status).toBe(204);
  });
});
