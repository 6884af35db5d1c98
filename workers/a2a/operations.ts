import { preparedInputs } from "../mao/inputs.ts";
import { validateGraph } from "../mao/validate.ts";
import { Problem } from "../platform/problem.ts";
import { type Answering, asErrors, type Caller, invalid, runOf } from "./caller.ts";
import { A2aError } from "./errors.ts";
import { indexed, taskAnswerSchema } from "./index-task.ts";
import type { Message, SendMessageRequest, Task } from "./protocol.ts";
import { keepPushConfig } from "./push-config.ts";
import { takes } from "./served-agent.ts";

/** A blocking call is held no longer than this (§3.2.2); whoever waits longer asks for the task again. */
const MAX_BLOCKING_MS = 300_000;
/** A task that is broken off ends in this time, but for what it has to take back. */
const CANCEL_WAIT_MS = 10_000;
/** A message as it is kept with its task: a row of its events. Larger files go by their address. */
const MAX_MESSAGE_CHARACTERS = 65_536;

/** SendMessage (§3.1.1). @throws A2aError or Problem */
export async function sendMessage(caller: Caller, request: SendMessageRequest): Promise<{ task: Task } | { message: Message }> {
  const id = await deliver(caller, request);
  const { historyLength, returnImmediately = false } = request.configuration ?? {};
  const wish = { historyLength, includeArtifacts: true };
  const answer = taskAnswerSchema.parse(
    JSON.parse(await runOf(caller, id).task({ kind: "read", wish, waitMs: returnImmediately ? 0 : MAX_BLOCKING_MS })),
  );
  if ("task" in answer) await indexed(caller, answer.task);
  return answer;
}

/** SendStreamingMessage (§3.1.2). @param rpcId the id of the JSON-RPC request as JSON; undefined in the HTTP+JSON binding */
export async function streamMessage(
  caller: Caller,
  request: SendMessageRequest,
  rpcId: string | undefined,
): Promise<ReadableStream<Uint8Array>> {
  const { message } = request;
  if (message.taskId === undefined) {
    const id = await deliver(caller, request);
    return runOf(caller, id).followTask({ from: "start", rpcId });
  }
  await checkMessage(caller, message);
  await setPush(caller, request, message.taskId);
  return asErrors(NO_MORE, () =>
    runOf(caller, message.taskId ?? "").followTask({ from: { message, by: caller.principal.subject }, rpcId }),
  );
}

/** GetTask (§3.1.3). */
export async function getTask(caller: Caller, { id, historyLength }: { id: string; historyLength?: number | undefined }): Promise<Task> {
  return taskOf(await runOf(caller, id).task({ kind: "read", wish: { historyLength, includeArtifacts: true }, waitMs: 0 }));
}

/** CancelTask (§3.1.5). */
export async function cancelTask(caller: Caller, id: string): Promise<Task> {
  const order = { kind: "cancel", by: caller.principal.subject, wish: { includeArtifacts: true }, waitMs: CANCEL_WAIT_MS } as const;
  const task = taskOf(await asErrors({ conflict: "TASK_NOT_CANCELABLE" }, () => runOf(caller, id).task(order)));
  await indexed(caller, task);
  return task;
}

/** SubscribeToTask (§3.1.6). */
export async function subscribe(caller: Caller, id: string, rpcId: string | undefined): Promise<ReadableStream<Uint8Array>> {
  return asErrors(NO_MORE, () => runOf(caller, id).followTask({ from: "now", rpcId }));
}

/** Tells a task what its client says, or begins one with it. @returns the task's id */
async function deliver(caller: Caller, request: SendMessageRequest): Promise<string> {
  const { message } = request;
  const { taskId } = message;
  if (taskId !== undefined) {
    await checkMessage(caller, message);
    await setPush(caller, request, taskId);
    await asErrors(NO_MORE, () => runOf(caller, taskId).task({ kind: "tell", message, by: caller.principal.subject }));
    return taskId;
  }
  const { agent, begin } = await checkMessage(caller, message);
  const { graph, inputs, reply, template } = begin(message);
  validateGraph(graph);
  const id = caller.newRunId();
  const context = message.contextId ?? `ctx-${id.slice("run_".length).toLowerCase()}`;
  const order = {
    principal: caller.principal,
    id,
    title: agent.title,
    graph: JSON.stringify(graph),
    inputs: JSON.stringify(preparedInputs(graph, inputs)),
    depth: 0,
    ...(template === undefined ? {} : { template }),
    task: { context, agent: agent.name, reply, message: JSON.parse(JSON.stringify(message)) },
  };
  await runOf(caller, id).create(order, 0);
  await setPush(caller, request, id);
  if (reply === "task")
    await indexed(
      caller,
      taskOf(await runOf(caller, id).task({ kind: "read", wish: { includeArtifacts: false, historyLength: 0 }, waitMs: 0 })),
    );
  return id;
}

/** A further message to what has ended, or waits for none, is an operation that the task does not support (§3.1.1). */
const NO_MORE = { conflict: "UNSUPPORTED_OPERATION" } as const;

async function checkMessage(caller: Caller, message: Message): Promise<Answering> {
  if (message.role !== "ROLE_USER") throw invalid("message.role", "A client's message has the role ROLE_USER.");
  if (JSON.stringify(message).length > MAX_MESSAGE_CHARACTERS)
    throw new Problem("payload-too-large", `A message has at most ${MAX_MESSAGE_CHARACTERS} characters; send larger files by their url.`);
  const answering = await caller.answering(message);
  for (const part of message.parts) {
    const type =
      part.mediaType ??
      (part.text !== undefined ? "text/plain" : part.data !== undefined ? "application/json" : "application/octet-stream");
    if (takes(answering.agent, type)) continue;
    const taken = answering.agent.inputModes.join(", ");
    throw new A2aError("CONTENT_TYPE_NOT_SUPPORTED", `${answering.agent.title} takes ${taken}, and not ${type.slice(0, 100)}.`);
  }
  return answering;
}

async function setPush(caller: Caller, { configuration }: SendMessageRequest, taskId: string): Promise<void> {
  const config = configuration?.taskPushNotificationConfig;
  if (config !== undefined) await keepPushConfig(caller, { ...config, taskId });
}

function taskOf(text: string): Task {
  const answer = taskAnswerSchema.parse(JSON.parse(text));
  if ("task" in answer) return answer.task;
  throw new A2aError("TASK_NOT_FOUND", "The agent has answered with a message; there is no task to look at.");
}
