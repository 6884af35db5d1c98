import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SendMessageRequest, type StreamResponse, type Task, TaskState } from "@a2a-js/sdk";
import { type Client, ClientFactory, DefaultAgentCardResolver, JsonRpcTransportFactory, RestTransportFactory } from "@a2a-js/sdk/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { end, type StartedPlatform, startOver } from "../../local/processes.ts";
import { Receiver } from "./receiver.ts";

/** The protocol's official client over a real socket, in both bindings. Each case is named by the clause of A2A 1.0 that it holds us to. */

const INTERVIEW = `name: Interview
description: Asks for a colour.
inputs:
  subject: { type: string }
steps:
  ask:
    uses: human:input
    with: { prompt: "Which colour for \${inputs.subject}?" }
outputs:
  answer: "\${steps.ask.output.text}"
`;

const GREETING = `name: Greeting
inputs:
  who: { type: string }
steps:
  greet: { uses: tool:value.set, with: { value: "Good day, \${inputs.who}" } }
outputs:
  greeting: "\${steps.greet.output}"
`;

const state = mkdtempSync(join(tmpdir(), "soma-a2a-"));
let platform: StartedPlatform;
let receiver: Receiver;

beforeAll(async () => {
  platform = await startOver(state, { SOMA_OUTBOUND_ALLOW: "127.0.0.1:*" });
  receiver = await Receiver.listen();
  for (const [name, text] of Object.entries({ interview: INTERVIEW, greeting: GREETING })) {
    const answer = await authorized(`${platform.ready.url}/v1/templates/import`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ files: [{ path: `${name}.yaml`, text }], name }),
    });
    expect(answer.status).toBe(200);
  }
});

afterAll(async () => {
  receiver.close();
  await end(platform.host, "SIGTERM");
  rmSync(state, { recursive: true, force: true });
});

const authorized: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set("Authorization", `Bearer ${platform.ready.apiKey}`);
  return fetch(input, { ...init, headers });
};

/** The client that a user of the protocol has, for one agent. */
function clientOf(agent: string, binding: string): Promise<Client> {
  const options = { fetchImpl: authorized };
  const factory = new ClientFactory({
    transports: [new JsonRpcTransportFactory(options), new RestTransportFactory(options)],
    preferredTransports: [binding],
    cardResolver: new DefaultAgentCardResolver(options),
  });
  return factory.createFromUrl(`${platform.ready.url}/a2a/${agent}/.well-known/agent-card.json`, "");
}

function saying(text: string, more: Record<string, unknown> = {}, configuration: Record<string, unknown> = {}): SendMessageRequest {
  const message = { messageId: crypto.randomUUID(), role: "ROLE_USER", parts: [{ text }], ...more };
  return SendMessageRequest.fromJSON({ message, configuration });
}

/** The task of an answer. */
function asTask(result: Awaited<ReturnType<Client["sendMessage"]>>): Task {
  if (!("status" in result)) throw new Error("a message came where a task was expected");
  return result;
}

async function all(stream: AsyncIterable<StreamResponse>): Promise<StreamResponse[]> {
  const seen: StreamResponse[] = [];
  for await (const word of stream) seen.push(word);
  return seen;
}

/** What the words of a stream tell: `task:SUBMITTED`, `artifact:greeting`, `status:COMPLETED`. */
function told(words: readonly StreamResponse[]): string[] {
  return words.map(({ payload }) => {
    switch (payload?.$case) {
      case "task":
        return `task:${stateOf(payload.value.status?.state)}`;
      case "statusUpdate":
        return `status:${stateOf(payload.value.status?.state)}`;
      case "artifactUpdate":
        return `artifact:${payload.value.artifact?.artifactId}`;
      default:
        return payload?.$case ?? "nothing";
    }
  });
}

function stateOf(value: TaskState | undefined): string {
  return (TaskState[value ?? 0] ?? "").replace("TASK_STATE_", "");
}

function textOf(task: Task): string {
  return task.artifacts.flatMap(({ parts }) => parts.map(({ content }) => (content?.$case === "text" ? content.value : ""))).join("");
}

describe.each(["JSONRPC", "HTTP+JSON"])("the official client by %s", (binding) => {
  it("§3.1.1 SendMessage: waits for the end of the task and has its artifacts", async () => {
    const task = asTask(await (await clientOf("greeting", binding)).sendMessage(saying("world")));
    expect(stateOf(task.status?.state)).toBe("COMPLETED");
    expect(textOf(task)).toBe("Good day, world");
    expect(task.contextId).not.toBe("");
  });

  it("§3.1.1 SendMessage: the built-in analyst answers", async () => {
    const task = asTask(await (await clientOf("analyst", binding)).sendMessage(saying("What is the capital of France?")));
    expect(stateOf(task.status?.state)).toBe("COMPLETED");
    expect(textOf(task)).not.toBe("");
  });

  it("§3.2.2 returnImmediately: answers before the end, and GetTask (§3.1.3) shows how it goes on", async () => {
    const client = await clientOf("interview", binding);
    const begun = asTask(await client.sendMessage(saying("the door", {}, { returnImmediately: true })));
    expect(["SUBMITTED", "WORKING", "INPUT_REQUIRED"]).toContain(stateOf(begun.status?.state));
    const waiting = asTask(await client.sendMessage(saying("the wall")));
    expect(stateOf(waiting.status?.state)).toBe("INPUT_REQUIRED");
    const read = await client.getTask({ tenant: "", id: waiting.id, historyLength: 10 });
    expect(read.history).toHaveLength(2);
    expect((await client.getTask({ tenant: "", id: waiting.id, historyLength: 1 })).history).toHaveLength(1);
    expect((await client.getTask({ tenant: "", id: waiting.id, historyLength: 0 })).history).toHaveLength(0);
  });

  it("§3.4.3 multi-turn: the same task goes on with the answer, and takes no message once it has ended", async () => {
    const client = await clientOf("interview", binding);
    const asked = asTask(await client.sendMessage(saying("the door")));
    expect(asked.status?.message?.parts[0]?.content).toEqual({ $case: "text", value: "Which colour for the door?" });
    const done = asTask(await client.sendMessage(saying("green", { taskId: asked.id })));
    expect(done.id).toBe(asked.id);
    expect(done.contextId).toBe(asked.contextId);
    expect(textOf(done)).toBe("green");
    await expect(client.sendMessage(saying("red", { taskId: asked.id }))).rejects.toThrow(/COMPLETED/);
  });

  it("§3.4.3 a message that names another context than its task's is refused", async () => {
    const client = await clientOf("interview", binding);
    const asked = asTask(await client.sendMessage(saying("the door")));
    await expect(client.sendMessage(saying("green", { taskId: asked.id, contextId: "another" }))).rejects.toThrow(/contextId/);
  });

  it("§3.1.2 SendStreamingMessage: begins with the task, ends with its last status", async () => {
    const client = await clientOf("greeting", binding);
    const words = told(await all(client.sendMessageStream(saying("stream"))));
    expect(words[0]).toBe("task:SUBMITTED");
    expect(words.slice(-2)).toEqual(["artifact:greeting", "status:COMPLETED"]);
  });

  it("§3.1.6 SubscribeToTask: two streams tell the same in the same order, until the end; afterwards there is none", async () => {
    const client = await clientOf("interview", binding);
    const { id } = asTask(await client.sendMessage(saying("the gate")));
    const streams = [1, 2].map(() => client.resubscribeTask({ tenant: "", id }));
    const firsts = await Promise.all(streams.map(async (stream) => (await stream.next()).value));
    expect(told(firsts.flatMap((word) => (word === undefined ? [] : [word])))).toEqual(["task:INPUT_REQUIRED", "task:INPUT_REQUIRED"]);
    await client.sendMessage(saying("blue", { taskId: id }));
    const [one, two] = await Promise.all(streams.map(all));
    expect(told(one ?? [])).toEqual(["status:WORKING", "artifact:answer", "status:COMPLETED"]);
    expect(one).toEqual(two);
    await expect(all(client.resubscribeTask({ tenant: "", id }))).rejects.toThrow(/COMPLETED/);
  });

  it("§3.1.5 CancelTask: the task is cancelled, and cannot be twice", async () => {
    const client = await clientOf("interview", binding);
    const { id } = asTask(await client.sendMessage(saying("the roof")));
    const cancelled = await client.cancelTask({ tenant: "", id, metadata: undefined });
    expect(stateOf(cancelled.status?.state)).toBe("CANCELED");
    await expect(client.cancelTask({ tenant: "", id, metadata: undefined })).rejects.toThrow(/CANCELED/);
  });

  it("§3.1.4 ListTasks: by context and state, newest change first, page by page", async () => {
    const client = await clientOf("interview", binding);
    const contextId = `ctx-${crypto.randomUUID()}`;
    const ids: string[] = [];
    for (const subject of ["one", "two", "three"]) ids.unshift(asTask(await client.sendMessage(saying(subject, { contextId }))).id);
    const base = { tenant: "", contextId, status: 0, pageToken: "", statusTimestampAfter: undefined };
    const page = await client.listTasks({ ...base, pageSize: 2 });
    expect(page.tasks.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(page.totalSize).toBe(3);
    expect(page.tasks[0]?.artifacts).toEqual([]);
    const rest = await client.listTasks({ ...base, pageSize: 2, pageToken: page.nextPageToken });
    expect(rest.tasks.map(({ id }) => id)).toEqual(ids.slice(2));
    expect(rest.nextPageToken).toBe("");
    await client.sendMessage(saying("white", { taskId: ids[1] }));
    const done = await client.listTasks({ ...base, status: TaskState.TASK_STATE_COMPLETED, includeArtifacts: true });
    expect(done.tasks.map(({ id, artifacts }) => [id, artifacts.length])).toEqual([[ids[1], 1]]);
  });

  it("§3.1.7–3.1.10, §4.3.3 push: each change is sent with the credentials, again when the receiver fails, and no more after deletion", async () => {
    const client = await clientOf("interview", binding);
    receiver.received.length = 0;
    receiver.failures = 1;
    const { id } = asTask(await client.sendMessage(saying("the fence")));
    const config = { tenant: "", taskId: id, id: "mine", url: receiver.url, token: "told-once" };
    const made = await client.createTaskPushNotificationConfig({ ...config, authentication: { scheme: "Bearer", credentials: "secret" } });
    expect(made.authentication).toEqual({ scheme: "Bearer", credentials: "" });
    const other = { ...config, id: "other", authentication: undefined };
    await client.createTaskPushNotificationConfig(other);
    expect((await client.listTaskPushNotificationConfig({ tenant: "", taskId: id, pageSize: 0, pageToken: "" })).configs).toHaveLength(2);
    await client.deleteTaskPushNotificationConfig({ tenant: "", taskId: id, id: "other" });
    await expect(client.getTaskPushNotificationConfig({ tenant: "", taskId: id, id: "other" })).rejects.toThrow(/other/);
    await client.sendMessage(saying("brown", { taskId: id }));
    const received = await receiver.until(2);
    expect(received).toMatchObject([
      { authorization: "Bearer secret", token: "told-once", type: "application/a2a+json", body: { statusUpdate: { taskId: id } } },
      { body: { task: { id, status: { state: "TASK_STATE_COMPLETED" }, artifacts: [{ artifactId: "answer" }] } } },
    ]);
    expect(received).toHaveLength(2);
  });

  it("§3.1.11 GetExtendedAgentCard: tells a known caller of the tenant's templates", async () => {
    const options = { fetchImpl: authorized };
    const factory = new ClientFactory({
      transports: [new JsonRpcTransportFactory(options), new RestTransportFactory(options)],
      preferredTransports: [binding],
      cardResolver: new DefaultAgentCardResolver(options),
    });
    const client = await factory.createFromUrl(platform.ready.url);
    const card = await client.getAgentCard();
    expect(card.skills.map(({ id }) => id)).toEqual(expect.arrayContaining(["answer", "greeting", "interview"]));
    expect(card.supportedInterfaces[0]?.tenant).toBe(platform.ready.tenant);
  });

  it("§3.1.3 GetTask: a task that is not there is not found", async () => {
    const client = await clientOf("greeting", binding);
    await expect(client.getTask({ tenant: "", id: "run_01KAJ2M3N4P5Q6R7S8T9V0W1X2" })).rejects.toThrow(/no such task/);
  });
});
