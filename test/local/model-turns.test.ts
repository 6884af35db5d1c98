import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Answer, calls, fails, messagesOf, type Reply, says } from "../model-server/reply.ts";
import { type ModelServer, startModelServer } from "../model-server/server.ts";
import { Door, shownText } from "./conversation.ts";
import { end, type StartedPlatform, startOver } from "./processes.ts";

const KEY = "sk-test-0123456789abcdef";
const FIRST_TOKEN_MS = 3_000;
const TOTAL_MS = 6_000;
const PENGUINS = join(import.meta.dirname, "../../examples/penguins/penguins.csv");

const folder = mkdtempSync(join(tmpdir(), "soma-model-"));
const budgetSchema = z.object({ limit: z.number(), spent: z.number(), leased: z.number() });
const exchangesSchema = z.object({ items: z.array(z.object({ role: z.string(), text: z.string(), state: z.string() })) });
let server: ModelServer;
let platform: StartedPlatform;
let door: Door;

beforeAll(async () => {
  server = await startModelServer({ apiKey: KEY, model: "rule-based" });
  platform = await startOver(join(folder, "state"), {
    SOMA_MODEL_BASE_URL: server.url,
    SOMA_MODEL_API_KEY: KEY,
    SOMA_MODEL_NAME: "rule-based",
    SOMA_MODEL_INPUT_PRICE: "1000000",
    SOMA_MODEL_OUTPUT_PRICE: "2000000",
    SOMA_MODEL_FIRST_TOKEN_MS: String(FIRST_TOKEN_MS),
    SOMA_MODEL_TOTAL_MS: String(TOTAL_MS),
  });
  door = new Door(platform.ready);
});

afterAll(async () => {
  await end(platform.host, "SIGTERM");
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A turn of a new session whose model answers by script. */
async function turn(marker: string, ...replies: readonly Reply[]) {
  server.script(marker, ...replies);
  const session = await door.newSession();
  const events = await door.say(session, `Hello (${marker})`);
  return { session, events, last: events.at(-1), asked: server.asked(marker) };
}

const LONG: Answer = { text: "one two three four five six seven eight nine ten" };

describe("an answer", () => {
  it("is seen while it comes, in pieces of which no more than two a second are recorded", async () => {
    const text = "word ".repeat(20).trim();
    const { events, last } = await turn("m-stream", { kind: "answer", answer: { text }, everyMs: 100 });
    const deltas = events.filter((event) => event.type === "turn.delta");
    const first = deltas[0]?.seenAt ?? 0;
    const ended = last?.seenAt ?? 0;
    expect(ended - first).toBeGreaterThan(1_000);
    expect(deltas.length).toBeGreaterThan(2);
    expect(deltas.length).toBeLessThanOrEqual(2 + (2 * (ended - first)) / 1_000);
    expect(deltas.map((event) => event.data.text).join("")).toBe(text);
    expect(last).toMatchObject({ type: "turn.completed", data: { text, engine: "rule-based" } });
  });

  it("costs what the model reports", async () => {
    const before = await door.get("/v1/budgets/tenant", budgetSchema);
    const { last } = await turn("m-usage", says("Done.", { usage: { input: 100, output: 10 } }));
    expect(last?.data.usage).toEqual({ inputTokens: 100, outputTokens: 10, costMicros: 120 });
    const after = await door.get("/v1/budgets/tenant", budgetSchema);
    expect(after).toEqual({ ...before, spent: before.spent + 120, leased: 0 });
  });

  it("is counted by its length when the model does not say what it took", async () => {
    const { last } = await turn("m-untold", says("Done.", { usage: null }));
    expect(last?.type).toBe("turn.completed");
    expect(z.object({ outputTokens: z.number(), costMicros: z.number().positive() }).parse(last?.data.usage).outputTokens).toBe(2);
  });

  it("that was cut short says so, and one that was withheld is a refusal and not asked for again", async () => {
    const cut = await turn("m-length", says("one two", { finish: "length" }));
    expect(String(cut.last?.data.text)).toMatch(/^one two\n\n\(The answer was cut off/);
    const withheld = await turn("m-filter", says("one", { finish: "content_filter" }));
    expect(withheld.last).toMatchObject({ type: "turn.failed", data: { problem: { type: "model-refused" } } });
    expect(withheld.asked).toHaveLength(1);
  });
});

describe("calls", () => {
  it("in fragments and beside each other are made, and what they brought goes back under their ids", async () => {
    const both = calls(
      ["data_query", { sql: "select count(*) as n from penguins" }],
      ["data_query", { sql: 'select max("body_mass_g") as heaviest from penguins' }],
    );
    server.script("m-calls", both.kind === "answer" ? { ...both, answer: { ...both.answer, fragment: 7 } } : both, says("344 and 6300."));
    const session = await door.newSession();
    const events = await door.say(session, "How many, how heavy? (m-calls)", [await door.upload(PENGUINS)]);
    expect(events.at(-1)).toMatchObject({ type: "turn.completed", data: { text: "344 and 6300." } });
    const [first, second] = server.asked("m-calls");
    expect(messagesOf(first?.body ?? { model: "", messages: [] })[0]?.text).toContain('"table":"penguins"');
    const results = second?.body.messages.flatMap((message) => (message.role === "tool" ? [[message.tool_call_id, message.content]] : []));
    expect(results).toEqual([
      ["call_1", expect.stringContaining("344")],
      ["call_2", expect.stringContaining("6300")],
    ]);
    expect(events.filter((event) => event.type === "step.done")).toHaveLength(4);
  });

  it("of tools that are not there, and with arguments that no tool can take, are told to the model as what they are", async () => {
    const hostile = [
      ["no_such_tool", "{}"],
      ["data_query", '{"sql": "sel'],
      ["data_query", '{"sql": "delete from penguins", "__proto__": {"polluted": true}}'],
      ["run_capsule", `{"capsule": "rank@^1", "inputs": ${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}}`],
      ["run_capsule", '{"capsule": "../../etc/passwd@^1", "inputs": {}}'],
      ["documents_answer", "[1, 2, 3]"],
    ] as const;
    const asked = hostile.map(([name, text], i) => ({ id: `call_${i + 1}`, name, text }));
    const { last, asked: requests } = await turn("m-hostile", says("", { calls: asked }), says("I give up."));
    expect(last).toMatchObject({ type: "turn.completed", data: { text: "I give up." } });
    const results = messagesOf(requests[1]?.body ?? { model: "", messages: [] }).filter((message) => message.role === "tool");
    expect(results).toHaveLength(hostile.length);
    for (const result of results) expect(JSON.parse(result.text)).toHaveProperty("problem.type");
  });
});

describe.concurrent("a model that is in trouble", () => {
  it("is left alone for as long as it asks", async () => {
    const { last, asked } = await turn("m-429", fails(429, "rate_limit_exceeded", { "Retry-After": "2" }), says("Now."));
    expect(last).toMatchObject({ type: "turn.completed", data: { text: "Now." } });
    expect((asked[1]?.at ?? 0) - (asked[0]?.at ?? 0)).toBeGreaterThanOrEqual(2_000);
  });

  it("is asked again after errors of its own, later each time", async () => {
    const { last, asked } = await turn("m-500", fails(500, "server_error"), fails(503, "overloaded"), says("Now."));
    expect(last).toMatchObject({ type: "turn.completed", data: { text: "Now." } });
    const [first = 0, second = 0, third = 0] = asked.map((received) => received.at);
    expect(second - first).toBeGreaterThanOrEqual(250);
    expect(third - second).toBeGreaterThanOrEqual(500);
  });

  it("and hangs up before it says anything is asked again", async () => {
    const { last, asked } = await turn("m-dropped", { kind: "dropped" }, says("Now."));
    expect(last).toMatchObject({ type: "turn.completed", data: { text: "Now." } });
    expect(asked).toHaveLength(2);
  });

  it("and breaks off is asked again: what was shown is declared void, and the answer comes whole", async () => {
    const { events, last } = await turn("m-half", { kind: "broken", answer: LONG, afterChunks: 5 }, says(LONG.text));
    const types = events.map((event) => event.type);
    expect(types.indexOf("turn.delta")).toBeLessThan(types.indexOf("turn.restarted"));
    expect(last).toMatchObject({ type: "turn.completed", data: { text: LONG.text } });
    expect(shownText(events)).toBe(LONG.text);
  });

  it("and sends what is no JSON, or a page of a proxy, is asked again", async () => {
    const page: Reply = { kind: "foreign", status: 200, body: "<html><body>Welcome to the hotel</body></html>" };
    const { last, asked } = await turn("m-malformed", { kind: "malformed", answer: LONG, afterChunks: 3 }, page, says("Now."));
    expect(last).toMatchObject({ type: "turn.completed", data: { text: "Now." } });
    expect(asked).toHaveLength(3);
  });

  it("and says nothing at all is given up after its time for a first word, and asked again", async () => {
    const { last, asked } = await turn("m-silent", { kind: "silent" }, says("Now."));
    expect(last).toMatchObject({ type: "turn.completed", data: { text: "Now." } });
    expect((asked[1]?.at ?? 0) - (asked[0]?.at ?? 0)).toBeGreaterThanOrEqual(FIRST_TOKEN_MS);
  });

  it("and never ends is ended at the limit of time, and what it said is kept", async () => {
    const { last, events, session } = await turn("m-endless", { kind: "endless", word: "and ", everyMs: 50 });
    expect(last).toMatchObject({ type: "turn.failed", data: { problem: { type: "limit-exceeded" } } });
    const { items } = await door.get(`/v1/sessions/${session}/messages`, exchangesSchema);
    expect(items[1]).toMatchObject({ role: "assistant", state: "failed", text: shownText(events) });
    expect(items[1]?.text).toMatch(/^(and )+$/);
  });

  it("and answers without measure is ended at the limit of size", async () => {
    const { last, asked } = await turn("m-huge", { kind: "endless", word: "x".repeat(50_000), everyMs: 0 });
    expect(last).toMatchObject({ type: "turn.failed", data: { problem: { type: "limit-exceeded" } } });
    expect(asked).toHaveLength(1);
  });

  it("and asks for a thousand calls at once is refused", async () => {
    const asked = Array.from({ length: 1_000 }, () => ["data_query", { sql: "select 1" }] as const);
    const { last } = await turn("m-thousand", calls(...asked));
    expect(last).toMatchObject({ type: "turn.failed", data: { problem: { type: "limit-exceeded" } } });
  });

  it("and refuses the key ends the turn at once, with a problem that says what to look at and repeats nothing", async () => {
    const { events, last, asked } = await turn("m-401", {
      kind: "error",
      status: 401,
      code: "invalid_api_key",
      message: `Incorrect API key provided: ${KEY}.`,
    });
    expect(last).toMatchObject({ type: "turn.failed", data: { problem: { type: "model-refused" } } });
    expect(JSON.stringify(last)).toContain("SOMA_MODEL_API_KEY");
    expect(JSON.stringify(events)).not.toContain(KEY);
    expect(asked).toHaveLength(1);
  });

  it("and sends us elsewhere is not followed there", async () => {
    const elsewhere = fails(307, "moved", { Location: `${server.url}/models` });
    const { last, asked } = await turn("m-redirect", elsewhere);
    expect(last).toMatchObject({ type: "turn.failed", data: { problem: { type: "model-refused" } } });
    expect(asked).toHaveLength(1);
  });
});

describe("a budget", () => {
  it("pays for what a broken answer took, and gets back what was only reserved", async () => {
    const before = await door.get("/v1/budgets/tenant", budgetSchema);
    const broken: Reply = { kind: "broken", answer: LONG, afterChunks: 6 };
    const { last, session, asked } = await turn("m-broken", broken, broken, broken, broken, broken);
    expect(last).toMatchObject({ type: "turn.failed", data: { problem: { type: "model-failed" } } });
    expect(asked).toHaveLength(5);
    const { items } = await door.get(`/v1/sessions/${session}/messages`, exchangesSchema);
    expect(items[1]).toMatchObject({ state: "failed", text: "one two three four five " });
    const after = await door.get("/v1/budgets/tenant", budgetSchema);
    expect(after.leased).toBe(0);
    expect(after.spent).toBeGreaterThan(before.spent);
  });

  it("that is used up keeps the model from being asked", async () => {
    const { limit, spent } = await door.get("/v1/budgets/tenant", budgetSchema);
    await door.send("PUT", "/v1/budgets/tenant", { limit: spent }, z.unknown());
    const { last, asked } = await turn("m-poor", says("Never said."));
    await door.send("PUT", "/v1/budgets/tenant", { limit }, z.unknown());
    expect(last).toMatchObject({ type: "turn.failed", data: { problem: { type: "budget-exhausted" } } });
    expect(asked).toHaveLength(0);
  });
});

describe("all that went over the socket", () => {
  it("was as OpenAI's description says", () => {
    expect(server.requests.length).toBeGreaterThan(30);
    expect(server.faults).toEqual([]);
  });
});
