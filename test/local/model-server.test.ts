import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faultsOf } from "../model-server/published-schema.ts";
import { calls, fails, says } from "../model-server/reply.ts";
import { type ModelServer, startModelServer } from "../model-server/server.ts";

let server: ModelServer;
let client: OpenAI;

beforeAll(async () => {
  server = await startModelServer({ apiKey: "test-key", model: "rule-based" });
  client = new OpenAI({ baseURL: server.url, apiKey: "test-key", maxRetries: 0 });
});

afterAll(async () => {
  await server.stop();
});

const asks = (content: string) => ({ model: "rule-based", messages: [{ role: "user" as const, content }] });

/** What OpenAI's own client makes of a stream. */
async function streamed(content: string, more: object = {}) {
  const stream = client.chat.completions.stream({ ...asks(content), ...more, stream_options: { include_usage: true } });
  return stream.finalChatCompletion();
}

describe("the model server, driven by OpenAI's own client", () => {
  it("lists its model", async () => {
    const { data } = await client.models.list();
    expect(data.map((model) => model.id)).toEqual(["rule-based"]);
  });

  it("answers at once, and as a stream with what it took", async () => {
    server.script("at once", says("Four."));
    const whole = await client.chat.completions.create(asks("at once"));
    expect(whole.choices[0]?.message.content).toBe("Four.");
    server.script("in pieces", says("Two and two are four."));
    const pieced = await streamed("in pieces");
    expect(pieced.choices[0]?.message.content).toBe("Two and two are four.");
    expect(pieced.usage?.completion_tokens).toBe(6);
  });

  it("asks for calls beside each other, in one piece and in fragments of arguments", async () => {
    const both = calls(["first", { a: 1 }], ["second", { text: "ä “quoted” \n" }]);
    server.script("one piece", both);
    server.script("fragments", both.kind === "answer" ? { ...both, answer: { ...both.answer, fragment: 3 } } : both);
    for (const content of ["one piece", "fragments"]) {
      const { choices } = await streamed(content);
      const made = choices[0]?.message.tool_calls?.map((call) =>
        call.type === "function" ? JSON.parse(call.function.arguments) : undefined,
      );
      expect(made).toEqual([{ a: 1 }, { text: "ä “quoted” \n" }]);
      expect(choices[0]?.finish_reason).toBe("tool_calls");
    }
  });

  it("holds what it says to the JSON schema that was asked for", async () => {
    const schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"], additionalProperties: false };
    const format = { response_format: { type: "json_schema" as const, json_schema: { name: "n", schema, strict: true } } };
    server.script("a number please", says('{"n": 4}'));
    const { choices } = await client.chat.completions.create({ ...asks("a number please"), ...format });
    expect(JSON.parse(choices[0]?.message.content ?? "")).toEqual({ n: 4 });
    server.script("a wrong number", says('{"n": "four"}'));
    await client.chat.completions.create({ ...asks("a wrong number"), ...format });
    expect(server.faults).toHaveLength(1);
    expect(server.faults[0]).toContain("json_schema");
  });

  it("says what went wrong in the API's own form", async () => {
    server.script("too many", fails(429, "rate_limit_exceeded", { "Retry-After": "2" }));
    const limited = await client.chat.completions.create(asks("too many")).catch((error: unknown) => error);
    expect(limited).toBeInstanceOf(OpenAI.RateLimitError);
    const stranger = new OpenAI({ baseURL: server.url, apiKey: "wrong", maxRetries: 0 });
    await expect(stranger.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    await expect(client.chat.completions.create({ ...asks("x"), model: "nothing" })).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });

  it("breaks off, sends what is no JSON, and cuts answers short", async () => {
    const answer = { text: "one two three four" };
    server.script("break off", { kind: "broken", answer, afterChunks: 3 });
    await expect(streamed("break off")).rejects.toThrow();
    server.script("no JSON", { kind: "malformed", answer, afterChunks: 3 });
    await expect(streamed("no JSON")).rejects.toThrow();
    server.script("cut short", says("one two", { finish: "length" }));
    expect((await streamed("cut short")).choices[0]?.finish_reason).toBe("length");
  });

  it("refuses requests that are not as published", async () => {
    const response = await fetch(`${server.url}/chat/completions`, {
      method: "POST",
      headers: { Authorization: "Bearer test-key", "Content-Type": "application/json" },
      body: JSON.stringify({ model: "rule-based", messages: [{ role: "user", content: "x", invented: true }] }),
    });
    expect(response.status).toBe(400);
  });
});

describe("the published description", () => {
  it("refuses what the server must never send", () => {
    const chunk = { id: "1", created: 1, model: "m", object: "chat.completion.chunk", choices: [] };
    expect(faultsOf("ChatChunk", chunk)).toEqual([]);
    expect(faultsOf("ChatChunk", { ...chunk, object: "chat.completion" })).not.toEqual([]);
    expect(faultsOf("ChatChunk", { ...chunk, invented: 1 })).not.toEqual([]);
    expect(faultsOf("ChatResponse", { ...chunk, object: "chat.completion", choices: [{ index: 0 }] })).not.toEqual([]);
    expect(faultsOf("ErrorResponse", { error: { message: "no type" } })).not.toEqual([]);
  });
});
