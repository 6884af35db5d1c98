import { isSettled, isTerminal, type StreamResponse } from "../../workers/a2a/protocol.ts";
import { artifactsOf, messageDocument, statusDocument, taskDocument } from "../../workers/a2a/task-document.ts";
import { afterEvent, spoken, type Thread } from "../../workers/a2a/task-thread.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import type { EventLog } from "../event-log/event-log.ts";
import { somethingHappens } from "../event-log/event-stream.ts";

const EVENTS_A_PULL = 100;

export interface TaskStreamOptions {
  /** The task as the stream's first word shows it, and the event it is as of. */
  readonly thread: Thread;
  readonly cursor: number;
  /** What the run gave, once it is completed. */
  readonly output: () => Promise<Json | undefined>;
  /** The id of the JSON-RPC request, as JSON, whose answers the stream's words are (§9.4.2); undefined for the HTTP+JSON binding (§11.7). */
  readonly rpcId?: string | undefined;
  /** True for the stream of a message that was sent: it also ends when the task waits for its client (§11.7). */
  readonly endsWhenAsked: boolean;
}

/**
 * A task as Server-Sent Events: first the task, then each change of its status and, when it is completed, its artifacts before that last change
 * (§3.1.2, §3.1.6). Every stream reads the one log at its own pace, so all of them tell the same in the same order (§3.5.2).
 * An agent that answers with a message alone gives one message and nothing else.
 */
export function taskStream(log: EventLog, options: TaskStreamOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const abort = new AbortController();
  const isMessage = options.thread.reply === "message";
  const told: StreamResponse[] = isMessage ? [] : [{ task: taskDocument(options.thread, undefined, { includeArtifacts: true }) }];
  let { thread, cursor } = options;
  let isOver = false;

  async function readOn(): Promise<void> {
    for (const event of log.read(cursor, EVENTS_A_PULL)) {
      const after = afterEvent(thread, event) ?? thread;
      cursor = event.seq;
      if (event.type === "step.delta" && !isMessage) told.push(progressOf(after, event));
      if (after.status !== thread.status) told.push(...(await changeOf(after, isMessage, options.output)));
      thread = after;
      isOver = isTerminal(thread.status.state) || (options.endsWhenAsked && isSettled(thread.status.state));
      if (isOver) return;
    }
  }

  return new ReadableStream({
    type: "bytes",
    async pull(controller) {
      if (told.length === 0 && !isOver) await readOn();
      if (told.length === 0 && !isOver) {
        await somethingHappens(log, cursor, abort.signal);
        if (abort.signal.aborted) return;
        await readOn();
      }
      const words = told.splice(0).map((word) => `data: ${enveloped(word, options.rpcId)}\n\n`);
      if (words.length > 0) controller.enqueue(encoder.encode(words.join("")));
      else if (!isOver) controller.enqueue(encoder.encode(": keep-alive\n\n"));
      if (isOver) controller.close();
    },
    cancel() {
      abort.abort();
    },
  });
}

/** What a change of status is told as. */
async function changeOf(thread: Thread, isMessage: boolean, output: () => Promise<Json | undefined>): Promise<StreamResponse[]> {
  const { state } = thread.status;
  const about = { taskId: thread.id, contextId: thread.context };
  if (isMessage) return isTerminal(state) ? [{ message: messageDocument(thread, await output()) }] : [];
  const artifacts = state === "TASK_STATE_COMPLETED" ? artifactsOf(await output()) : [];
  return [
    ...artifacts.map((artifact) => ({ artifactUpdate: { ...about, artifact, append: false, lastChunk: true } })),
    { statusUpdate: { ...about, status: statusDocument(thread.status) } },
  ];
}

/**
 * What an agent has written so far, as a message with its status: its result is an artifact, which comes whole, so that nobody who puts artifacts
 * together from a stream has it twice (§3.7).
 */
function progressOf(thread: Thread, { seq, at, data }: Extract<LoggedEvent, { type: "step.delta" }>): StreamResponse {
  const message = { ...spoken(thread, `${thread.id}-${seq}`, [{ text: data.text }]), metadata: { step: data.step, partial: true } };
  const status = { state: thread.status.state, at, message };
  return { statusUpdate: { taskId: thread.id, contextId: thread.context, status: statusDocument(status) } };
}

function enveloped(word: StreamResponse, rpcId: string | undefined): string {
  const text = JSON.stringify(word);
  return rpcId === undefined ? text : `{"jsonrpc":"2.0","id":${rpcId},"result":${text}}`;
}
