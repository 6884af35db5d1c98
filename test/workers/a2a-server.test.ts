import { SELF } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { newTenant, type TestTenant } from "./tenant.ts";

let tenant: TestTenant;
const VERSION = { "A2A-Version": "1.0" };

beforeAll(async () => {
  tenant = await newTenant("A2A");
  const text = 'name: Ask\ninputs: { subject: { type: string } }\nsteps:\n  ask: { uses: human:input, with: { prompt: "Well?" } }\n';
  await tenant.post("/v1/templates/import", { files: [{ path: "ask.yaml", text }], name: "ask" });
  const gate = "name: Gate\nsteps:\n  gate: { uses: human:approve }\n";
  await tenant.post("/v1/templates/import", { files: [{ path: "gate.yaml", text: gate }], name: "gate" });
});

const saying = (text: string, more: Record<string, unknown> = {}) => ({
  message: { messageId: crypto.randomUUID(), role: "ROLE_USER", parts: [{ text }], ...more },
});

const answerSchema = z.object({
  id: z.union([z.number(), z.string(), z.null()]),
  result: z
    .object({ task: z.object({ id: z.string(), contextId: z.string(), status: z.object({ state: z.string() }) }).optional() })
    .optional(),
  error: z.object({ code: z.number(), message: z.string(), data: z.array(z.record(z.string(), z.unknown())) }).optional(),
});

async function rpc(method: string, params: unknown, { agent = "ask", headers = VERSION, by = tenant }: RpcOptions = {}) {
  const response = await by.post(`/a2a/${agent}`, { jsonrpc: "2.0", id: 7, method, params }, headers);
  return { status: response.status, ...answerSchema.parse(await response.json()) };
}

interface RpcOptions {
  readonly agent?: string;
  readonly headers?: Record<string, string>;
  readonly by?: TestTenant;
}

async function waitingTask(agent = "ask") {
  const { result } = await rpc("SendMessage", saying("the door"), { agent });
  const task = result?.task;
  if (task === undefined) throw new Error("no task came");
  return task;
}

describe("the agent card", () => {
  it("is public, names both bindings, and is not sent again to whoever has it", async () => {
    const response = await SELF.fetch("http://soma.test/.well-known/agent-card.json");
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      supportedInterfaces: [
        { url: "http://soma.test/a2a", protocolBinding: "JSONRPC", protocolVersion: "1.0" },
        { url: "http://soma.test/a2a", protocolBinding: "HTTP+JSON", protocolVersion: "1.0" },
      ],
    });
    expect(response.headers.get("cache-control")).toMatch(/^public, max-age=\d+$/);
    expect(response.headers.get("last-modified")).toMatch(/GMT$/);
    const conditions = { "If-None-Match": response.headers.get("etag") ?? "" };
    expect((await SELF.fetch("http://soma.test/.well-known/agent-card.json", { headers: conditions })).status).toBe(304);
  });

  it("of a tenant's template is for that tenant alone", async () => {
    const path = "/a2a/ask/.well-known/agent-card.json";
    const own = await tenant.fetch(path);
    expect(own.headers.get("cache-control")).toMatch(/^private/);
    expect(await own.json()).toMatchObject({ name: "Ask", supportedInterfaces: [{ tenant: tenant.id }, {}] });
    expect((await SELF.fetch(`http://soma.test${path}`)).status).toBe(401);
    expect((await (await newTenant("Stranger")).fetch(path)).status).toBe(404);
  });
});

describe("who may do what", () => {
  it("asks for a credential in the protocol's own form, with a challenge", async () => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "GetTask", params: { id: "x" } });
    const headers = { ...VERSION, "Content-Type": "application/json" };
    const byRpc = await SELF.fetch("http://soma.test/a2a", { method: "POST", headers, body });
    expect(byRpc.status).toBe(401);
    expect(byRpc.headers.get("www-authenticate")).toMatch(/^Bearer/);
    expect(await byRpc.json()).toMatchObject({ jsonrpc: "2.0", error: { code: -32051 } });
    const byHttp = await SELF.fetch("http://soma.test/a2a/tasks", { headers: VERSION });
    expect(byHttp.status).toBe(401);
    expect(await byHttp.json()).toMatchObject({ error: { code: 401, status: "UNAUTHENTICATED" } });
  });

  it("shows nobody another tenant's task, in any operation", async () => {
    const { id } = await waitingTask();
    const by = await newTenant("Stranger");
    const operations: [string, unknown][] = [
      ["GetTask", { id }],
      ["CancelTask", { id }],
      ["SubscribeToTask", { id }],
      ["SendMessage", saying("mine", { taskId: id })],
      ["SendStreamingMessage", saying("mine", { taskId: id })],
      ["CreateTaskPushNotificationConfig", { taskId: id, url: "https://example.com/" }],
      ["ListTaskPushNotificationConfigs", { taskId: id }],
      ["GetTaskPushNotificationConfig", { taskId: id, id: "x" }],
      ["DeleteTaskPushNotificationConfig", { taskId: id, id: "x" }],
    ];
    for (const [method, params] of operations)
      expect((await rpc(method, params, { agent: "analyst", by })).error?.code, method).toBe(-32001);
    const list = await by.fetch("/a2a/tasks", { headers: VERSION });
    expect(await list.json()).toEqual({ tasks: [], nextPageToken: "", pageSize: 50, totalSize: 0 });
  });

  it("takes no tenant but the credential's, in a member or in the path", async () => {
    const other = (await newTenant("Other")).id;
    expect((await rpc("ListTasks", { tenant: other })).error?.code).toBe(-32602);
    expect((await rpc("ListTasks", { tenant: tenant.id })).error).toBeUndefined();
    expect((await tenant.fetch(`/a2a/ask/${other}/tasks`, { headers: VERSION })).status).toBe(400);
    expect((await tenant.fetch(`/a2a/ask/${tenant.id}/tasks`, { headers: VERSION })).status).toBe(200);
  });

  it("sends no notification to an address inside", async () => {
    const { id } = await waitingTask();
    for (const url of ["http://127.0.0.1/hook", "http://169.254.169.254/latest", "https://hook.internal/", "ftp://example.com/"]) {
      const { error } = await rpc("CreateTaskPushNotificationConfig", { taskId: id, url });
      expect(error?.code, url).toBe(-32602);
    }
  });

  it("writes no credential of a notification into the run's events, and shows none", async () => {
    const { id } = await waitingTask();
    const authentication = { scheme: "Bearer", credentials: "hush-hush" };
    const config = { taskId: id, id: "mine", url: "https://example.com/", token: "hush-token", authentication };
    await rpc("CreateTaskPushNotificationConfig", config);
    const events = await (await tenant.fetch(`/v1/mao/runs/${id}/events`, { headers: { Accept: "application/json" } })).text();
    expect(events).toContain("task.push-set");
    expect(events).not.toMatch(/hush/);
    const shown = await (await tenant.fetch(`/a2a/ask/tasks/${id}/pushNotificationConfigs/mine`, { headers: VERSION })).text();
    expect(JSON.parse(shown)).toEqual({ taskId: id, id: "mine", url: "https://example.com/", authentication: { scheme: "Bearer" } });
  });
});

describe("what is refused, and how", () => {
  it.each([
    ["no version, which means 0.3", {}, -32009],
    ["a version that is not spoken", { "A2A-Version": "2.0" }, -32009],
  ])("a request of %s", async (_, headers, code) => {
    const { error } = await rpc("ListTasks", {}, { headers });
    expect(error).toMatchObject({ code, data: [{ reason: "VERSION_NOT_SUPPORTED", domain: "a2a-protocol.org" }] });
  });

  it.each([
    ["a method that does not exist", { jsonrpc: "2.0", id: 1, method: "message/send", params: {} }, -32601],
    ["another version of JSON-RPC", { jsonrpc: "1.0", id: 1, method: "GetTask", params: {} }, -32600],
    ["a batch", [{ jsonrpc: "2.0", id: 1, method: "GetTask", params: {} }], -32600],
    ["a notification, which nobody could answer", { jsonrpc: "2.0", method: "GetTask", params: {} }, -32600],
    ["parameters that do not fit", { jsonrpc: "2.0", id: 1, method: "GetTask", params: { id: 5 } }, -32602],
    ["a message without parts", { jsonrpc: "2.0", id: 1, method: "SendMessage", params: saying("", { parts: [] }) }, -32602],
    [
      "a part of two contents",
      { jsonrpc: "2.0", id: 1, method: "SendMessage", params: saying("", { parts: [{ text: "a", url: "b" }] }) },
      -32602,
    ],
    ["a message of an agent", { jsonrpc: "2.0", id: 1, method: "SendMessage", params: saying("a", { role: "ROLE_AGENT" }) }, -32602],
    [
      "a media type it does not take",
      { jsonrpc: "2.0", id: 1, method: "SendMessage", params: saying("", { parts: [{ raw: "AAAA", mediaType: "video/mp4" }] }) },
      -32005,
    ],
    ["a task that is none", { jsonrpc: "2.0", id: 1, method: "GetTask", params: { id: "nonsense" } }, -32001],
    ["a page token that is none of ours", { jsonrpc: "2.0", id: 1, method: "ListTasks", params: { pageToken: "xyz" } }, -32602],
  ])("%s", async (_, body, code) => {
    const response = await tenant.post("/a2a/analyst", body, VERSION);
    expect(answerSchema.parse(await response.json()).error?.code).toBe(code);
  });

  it("JSON that does not parse, with code -32700", async () => {
    const headers = { ...VERSION, "Content-Type": "application/json" };
    const response = await tenant.fetch("/a2a", { method: "POST", headers, body: "{" });
    expect(await response.json()).toMatchObject({ id: null, error: { code: -32700 } });
  });

  it("a path or method of the HTTP binding that does not exist, as google.rpc.Status", async () => {
    const gone = await tenant.fetch("/a2a/ask/nothing", { headers: VERSION });
    expect(gone.status).toBe(404);
    expect(await gone.json()).toMatchObject({
      error: { code: 404, status: "NOT_FOUND", details: [{ "@type": expect.stringMatching(/ErrorInfo$/) }] },
    });
    expect((await tenant.fetch("/a2a/ask/tasks", { method: "DELETE", headers: VERSION })).status).toBe(405);
  });
});

describe("a task", () => {
  it("is a run: the same id shows it as one", async () => {
    const { id } = await waitingTask();
    const run = await tenant.fetch(`/v1/mao/runs/${id}`);
    expect(await run.json()).toMatchObject({ id, state: "waiting", template: { name: "ask", version: 1 } });
  });

  it("is begun once for an Idempotency-Key, and its further message taken once", async () => {
    const headers = { ...VERSION, "Idempotency-Key": crypto.randomUUID() };
    const message = saying("once");
    const [first, second] = [await rpc("SendMessage", message, { headers }), await rpc("SendMessage", message, { headers })];
    expect(second.result?.task?.id).toBe(first.result?.task?.id);
  });

  it("that asks for a decision takes one in words or as data, and refuses what is none", async () => {
    const yes = await waitingTask("gate");
    expect((await rpc("SendMessage", saying("perhaps", { taskId: yes.id }), { agent: "gate" })).error?.code).toBe(-32602);
    expect((await rpc("SendMessage", saying("Approve", { taskId: yes.id }), { agent: "gate" })).result?.task?.status.state).toBe(
      "TASK_STATE_COMPLETED",
    );
    const no = await waitingTask("gate");
    const parts = [{ data: { decision: "refuse" } }];
    expect((await rpc("SendMessage", saying("", { taskId: no.id, parts }), { agent: "gate" })).result?.task?.status.state).toBe(
      "TASK_STATE_REJECTED",
    );
  });

  it("takes the names of the proto's fields as well as those of its JSON form", async () => {
    const { id } = await waitingTask();
    const read = await tenant.post("/a2a", { jsonrpc: "2.0", id: 1, method: "GetTask", params: { id, history_length: 1 } }, VERSION);
    expect(z.object({ result: z.object({ history: z.array(z.unknown()) }) }).parse(await read.json()).result.history).toHaveLength(1);
  });

  it("answers in the protocol's media type to whoever speaks it, in plain JSON to everyone else", async () => {
    const type = async (accept: string) =>
      (await tenant.fetch("/a2a/tasks", { headers: { ...VERSION, Accept: accept } })).headers.get("content-type");
    expect(await type("application/a2a+json")).toBe("application/a2a+json");
    expect(await type("*/*")).toBe("application/json");
    const headers = { ...VERSION, "Content-Type": "application/a2a+json" };
    const sent = await tenant.fetch("/a2a/ask/message:send", { method: "POST", headers, body: JSON.stringify(saying("the door")) });
    expect([sent.status, sent.headers.get("content-type")]).toEqual([200, "application/a2a+json"]);
  });

  it("is nobody's to begin for the conformance suite unless an operator said so", async () => {
    const message = { messageId: "tck-artifact-text-1", role: "ROLE_USER", parts: [{ text: "hello" }] };
    const { result } = await rpc("SendMessage", { message }, { agent: "ask" });
    expect(result?.task?.status.state).toBe("TASK_STATE_INPUT_REQUIRED");
  });
});
