import { DefaultChatTransport, readUIMessageStream, type UIMessage, type UIMessageChunk } from "ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { calls, says } from "../../model-server/reply.ts";
import { breakingFetch, FrontEndPlatform, INTERVIEW } from "../front-end-platform.ts";

/** The AI SDK's own transport and reader over a real socket: every chunk has to fit its schema. */

let platform: FrontEndPlatform;
beforeAll(async () => {
  platform = await FrontEndPlatform.start();
});
afterAll(() => platform.stop());

function transportOf(path: string, fetchWith: typeof fetch = fetch): DefaultChatTransport<UIMessage> {
  return new DefaultChatTransport({ api: `${platform.url}${path}/ui-messages`, headers: platform.headers, fetch: fetchWith });
}

const says1 = (text: string): UIMessage => ({ id: `m-${text}`, role: "user", parts: [{ type: "text", text }] });

function send(transport: DefaultChatTransport<UIMessage>, messages: UIMessage[]) {
  return transport.sendMessages({ trigger: "submit-message", chatId: "chat-1", messageId: undefined, messages, abortSignal: undefined });
}

/** The message that a stream makes, going on from one that is there. */
async function messageOf(stream: ReadableStream<UIMessageChunk> | null, before?: UIMessage): Promise<UIMessage> {
  if (stream === null) throw new Error("there is no stream");
  let last: UIMessage | undefined;
  for await (const message of readUIMessageStream({ stream, ...(before === undefined ? {} : { message: structuredClone(before) }) }))
    last = message;
  if (last === undefined) throw new Error("the stream made no message");
  return last;
}

const textOf = (message: UIMessage) => message.parts.flatMap((part) => (part.type === "text" ? part.text : [])).join("");
const toolOf = (message: UIMessage, name: string) => message.parts.find((part) => part.type === "dynamic-tool" && part.toolName === name);

/** The message after a person has answered an approval in it, as `addToolApprovalResponse` leaves it. */
function approved(message: UIMessage, isApproved: boolean): UIMessage {
  const parts = message.parts.map((part) =>
    part.type === "dynamic-tool" && part.state === "approval-requested"
      ? { ...part, state: "approval-responded" as const, approval: { id: part.approval.id, approved: isApproved } }
      : part,
  );
  return { ...message, parts };
}

describe("AI SDK UI message stream v1, a session", () => {
  it("answers a message, in a response that says its version and ends with [DONE]", async () => {
    platform.model.script("u-text", says("Good day to you."));
    const path = `/v1/sessions/${await platform.newSession()}`;
    expect(textOf(await messageOf(await send(transportOf(path), [says1("Hello (u-text)")])))).toBe("Good day to you.");
    const raw = await fetch(`${platform.url}${path}/ui-messages`, {
      method: "POST",
      headers: { ...platform.headers, "Content-Type": "application/json" },
      body: JSON.stringify({ id: "chat-1", messages: [says1("Hello (u-text)")], trigger: "submit-message" }),
    });
    expect(raw.headers.get("x-vercel-ai-ui-message-stream")).toBe("v1");
    expect(raw.headers.get("content-type")).toBe("text/event-stream");
    expect((await raw.text()).trimEnd().endsWith("data: [DONE]")).toBe(true);
  });

  it("shows a call of a tool with its input and output, in steps", async () => {
    platform.model.script("u-tool", calls(["value_set", { value: 42 }]), says("It is 42."));
    const message = await messageOf(await send(transportOf(`/v1/sessions/${await platform.newSession()}`), [says1("Compute (u-tool)")]));
    expect(toolOf(message, "value_set")).toMatchObject({ state: "output-available", input: { value: 42 }, output: 42 });
    expect(message.parts.filter((part) => part.type === "step-start").length).toBe(2);
    expect(textOf(message)).toBe("It is 42.");
  });

  it("is reconnected to after a lost connection, from its beginning; there is nothing to reconnect to when it is over", async () => {
    const text = "word ".repeat(30).trim();
    platform.model.script("u-drop", { kind: "answer", answer: { text }, everyMs: 60 });
    const path = `/v1/sessions/${await platform.newSession()}`;
    const cut = textOf(await messageOf(await send(transportOf(path, breakingFetch(400)), [says1("Talk (u-drop)")])));
    expect(cut.length).toBeLessThan(text.length);
    expect(textOf(await messageOf(await transportOf(path).reconnectToStream({ chatId: "chat-1" })))).toBe(text);
    expect(await transportOf(path).reconnectToStream({ chatId: "chat-1" })).toBeNull();
    expect(platform.model.asked("u-drop").length).toBe(1);
  });

  it("tells a failed turn as an error", async () => {
    platform.model.script(
      "u-fail",
      ...Array.from({ length: 6 }, () => ({ kind: "error", status: 400, code: "bad", message: "no" }) as const),
    );
    const stream = await send(transportOf(`/v1/sessions/${await platform.newSession()}`), [says1("Fail (u-fail)")]);
    const types: string[] = [];
    for await (const chunk of stream) types.push(chunk.type);
    expect(types).toContain("error");
    expect(types.at(-1)).toBe("finish");
  });
});

describe("AI SDK UI message stream v1, a run", () => {
  it("asks for an approval and then for a text, and goes on in the same message", async () => {
    const transport = transportOf(`/v1/mao/runs/${await platform.newRun(INTERVIEW)}`);
    const asked = await messageOf(await send(transport, [says1("Follow")]));
    expect(toolOf(asked, "human_approve")).toMatchObject({ state: "approval-requested", input: { prompt: "May it go on?" } });
    const answered = approved(asked, true);
    const second = await messageOf(await send(transport, [says1("Follow"), answered]), answered);
    expect(second.id).toBe(asked.id);
    expect(toolOf(second, "human_approve")).toMatchObject({ state: "output-available" });
    expect(toolOf(second, "human_input")).toMatchObject({ state: "input-available", input: { prompt: "Which colour?" } });
    const parts = second.parts.map((part) =>
      part.type === "dynamic-tool" && part.toolName === "human_input"
        ? { ...part, state: "output-available" as const, output: "blue" }
        : part,
    );
    const told = { ...second, parts } as UIMessage;
    const third = await messageOf(await send(transport, [says1("Follow"), told]), told);
    expect(third.parts.find((part) => part.type === "data-output")).toMatchObject({ data: { colour: "blue" } });
    expect(await transport.reconnectToStream({ chatId: "chat-1" })).toBeNull();
  });

  it("is denied, which fails it", async () => {
    const transport = transportOf(`/v1/mao/runs/${await platform.newRun(INTERVIEW)}`);
    const asked = await messageOf(await send(transport, [says1("Follow")]));
    const refused = approved(asked, false);
    const chunks: UIMessageChunk[] = [];
    for await (const chunk of await send(transport, [says1("Follow"), refused])) chunks.push(chunk);
    expect(chunks.map(({ type }) => type)).toEqual(expect.arrayContaining(["tool-output-denied", "error", "finish"]));
  });

  it("shows its steps as data parts", async () => {
    const run = await platform.newRun({ steps: { set: { uses: "tool:value.set", title: "Sets it", with: { value: 1 } } } });
    const message = await messageOf(await send(transportOf(`/v1/mao/runs/${run}`), [says1("Follow")]));
    expect(message.parts.find((part) => part.type === "data-step")).toMatchObject({ data: { step: "set", state: "done" } });
  });
});
