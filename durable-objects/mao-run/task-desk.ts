import { z } from "zod";
import { isSettled, isTerminal, type Message } from "../../workers/a2a/protocol.ts";
import { messageDocument, type TaskWish, taskDocument } from "../../workers/a2a/task-document.ts";
import { MAX_PUSH_CONFIGS, type PushTarget, type Thread } from "../../workers/a2a/task-thread.ts";
import { type Json, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { EventLog } from "../event-log/event-log.ts";
import { taskStream } from "./task-stream.ts";

/** An answer to a step that waits for one, in the words of whoever gives it. */
export interface Answer {
  readonly step: string;
  readonly decision?: "approve" | "refuse" | undefined;
  readonly text?: string | undefined;
  readonly data?: Json | undefined;
  /** The message that the answer came with, for graphs that want more of it than its text. */
  readonly message?: Json | undefined;
  readonly by: string;
}

/** What of a run its task needs. */
export interface TaskDesk {
  readonly log: EventLog;
  /** The run as a task. @throws Problem `not-found` when other agents have nothing to do with it */
  thread(): Thread;
  /** What the run gave, once it is completed. */
  output(): Promise<Json | undefined>;
  answer(answer: Answer): Promise<unknown>;
}

/** The task, or the message of an agent that answers with one, as JSON text of `{task}` or `{message}`. */
export async function readTask(desk: TaskDesk, wish: TaskWish): Promise<string> {
  const thread = desk.thread();
  const isDone = thread.status.state === "TASK_STATE_COMPLETED";
  const output = isDone ? await desk.output() : undefined;
  if (thread.reply === "message" && isDone) return JSON.stringify({ message: messageDocument(thread, output) });
  return JSON.stringify({ task: taskDocument(thread, output, wish) });
}

/** Waits until the task has ended or waits for its client (§3.2.2), but no longer than this. */
export async function untilSettled(desk: TaskDesk, waitMs: number): Promise<void> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), waitMs);
  while (!isSettled(desk.thread().status.state) && !limit.signal.aborted) await desk.log.after(desk.log.last, limit.signal);
  clearTimeout(timer);
}

/**
 * Takes a further message of the client: the answer to the first question that is open, or to the one whose step its metadata name.
 * @throws Problem `conflict` when the task has ended or asks nothing, `invalid-request` when the message belongs to another context or is no answer
 */
export async function tell(desk: TaskDesk, message: Message, by: string): Promise<void> {
  const { context, status, questions } = desk.thread();
  if (message.contextId !== undefined && message.contextId !== context)
    throw new Problem("invalid-request", "The message names another contextId than its task has.", {
      errors: [{ pointer: "message.contextId", message: "is not the task's" }],
    });
  if (isTerminal(status.state))
    throw new Problem("conflict", `The task is ${status.state}, so it takes no more messages; start another in the same context.`);
  const named = message.metadata?.step;
  const question = questions.find(({ step }) => named === undefined || step === named);
  if (question === undefined)
    throw new Problem("conflict", "The task works and waits for no message; follow it, or cancel it and start another.");
  const answer = answerOf(question, message);
  desk.log.append({ type: "task.message", data: { message: jsonOf(message), by } });
  await desk.answer({ ...answer, by });
}

/** The task's changes from here on. @throws Problem `conflict` when it has ended and nothing more will come */
export function follow(desk: TaskDesk, rpcId: string | undefined): ReadableStream<Uint8Array> {
  const thread = desk.thread();
  if (isTerminal(thread.status.state))
    throw new Problem("conflict", `The task is ${thread.status.state}; there is nothing more to follow.`);
  return taskStream(desk.log, { thread, cursor: desk.log.last, output: () => desk.output(), rpcId, endsWhenAsked: false });
}

/** The changes that a message brings about. */
export function followMessage(
  desk: TaskDesk,
  from: { thread: Thread; cursor: number },
  rpcId: string | undefined,
): ReadableStream<Uint8Array> {
  return taskStream(desk.log, { ...from, output: () => desk.output(), rpcId, endsWhenAsked: true });
}

/** Has changes of the task sent on, from now on. Setting the same id again replaces what it was. @throws Problem `limit-exceeded` */
export function setPush(desk: TaskDesk, target: Omit<PushTarget, "through">): void {
  const { pushes } = desk.thread();
  if (pushes.length >= MAX_PUSH_CONFIGS && pushes.every(({ id }) => id !== target.id))
    throw new Problem("limit-exceeded", `A task has at most ${MAX_PUSH_CONFIGS} notification configurations; delete one first.`);
  desk.log.append({ type: "task.push-set", data: target });
}

/** Stops sending. What is not there is gone already (§3.1.10). */
export function removePush(desk: TaskDesk, id: string): void {
  if (desk.thread().pushes.some((push) => push.id === id)) desk.log.append({ type: "task.push-removed", data: { id } });
}

const YES = /^(approved?|yes|ok|okay|accept(ed)?|go ahead)[.!]?$/i;
const NO = /^(refused?|no|reject(ed)?|den(y|ied))[.!]?$/i;
const decisionSchema = z.object({ decision: z.enum(["approve", "refuse"]) });

/** What a message says to a question. @throws Problem `invalid-request` when a decision is asked for and none is in it */
function answerOf({ step, uses }: Thread["questions"][number], { parts, messageId, metadata }: Message): Omit<Answer, "by"> {
  const text = parts.flatMap((part) => (part.text === undefined ? [] : [part.text])).join("\n\n");
  const data = parts.find((part) => part.data !== undefined)?.data;
  if (uses !== "human:approve") return { step, text, data, message: jsonOf({ messageId, parts, metadata }) };
  const said =
    decisionSchema.safeParse(data).data?.decision ?? (YES.test(text.trim()) ? "approve" : NO.test(text.trim()) ? "refuse" : undefined);
  if (said === undefined)
    throw new Problem(
      "invalid-request",
      'The task waits for a decision: say "approve" or "refuse", or send the data {"decision": "approve"}.',
      {
        errors: [{ pointer: "message.parts", message: "no decision" }],
      },
    );
  return { step, decision: said, text };
}

function jsonOf(value: unknown): Json {
  return parsedJsonSchema.parse(JSON.parse(JSON.stringify(value)));
}
