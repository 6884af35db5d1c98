import { z } from "zod";
import { type Json, parsedJsonSchema } from "../platform/canonical-json.ts";
import type { LoggedEvent } from "../platform/events.ts";
import { isTerminal, type Message, messageSchema, TASK_STATES, type TaskState } from "./protocol.ts";

/** Messages of a task that are kept as its history; the newest ones (§3.2.4 leaves it to the server). */
const MAX_HISTORY = 200;
/** Changes of status that a notification may still have to tell of. */
const MAX_CHANGES = 64;
/** Receivers of one task's notifications. */
export const MAX_PUSH_CONFIGS = 16;

const statusSchema = z.object({ state: z.enum(TASK_STATES), at: z.number(), message: messageSchema.optional() });
const pushSchema = z.object({
  id: z.string(),
  url: z.string(),
  scheme: z.string().optional(),
  sealed: z.string().optional(),
  /** The receiver has everything up to this event. */
  through: z.number().int(),
});

/** A task's receivers, as its object tells them. */
export const pushTargetsSchema = z.array(pushSchema);

/** A run as a task: what the protocol shows of it, folded from the run's own events. */
export const threadSchema = z.object({
  id: z.string(),
  context: z.string(),
  agent: z.string(),
  reply: z.enum(["task", "message"]),
  status: statusSchema,
  history: z.array(messageSchema),
  /** Steps that wait for an answer, oldest first. */
  questions: z.array(z.object({ step: z.string(), uses: z.string(), prompt: z.string() })),
  /** The last changes of status with the event that made each. */
  changes: z.array(z.object({ seq: z.number().int(), status: statusSchema })),
  pushes: pushTargetsSchema,
});
export type Thread = z.infer<typeof threadSchema>;
export type PushTarget = Thread["pushes"][number];

/**
 * What an event makes of a task. Pure, and it changes nothing that it is given, so that a stream can tell what an event changed by
 * comparing before and after. A run that was not begun by the protocol is no task: its thread stays undefined.
 */
export function afterEvent(thread: Thread | undefined, event: LoggedEvent): Thread | undefined {
  if (event.type === "run.created") return begun(event);
  if (thread === undefined) return undefined;
  if (event.type.startsWith("task.")) return afterTaskEvent(thread, event);
  // What has ended stays ended (§3.1.1), also when a person takes the run up again.
  if (isTerminal(thread.status.state)) return thread;
  const next = afterRunEvent(thread, event);
  return next.status === thread.status
    ? next
    : { ...next, changes: [...next.changes, { seq: event.seq, status: next.status }].slice(-MAX_CHANGES) };
}

function begun(event: Extract<LoggedEvent, { type: "run.created" }>): Thread | undefined {
  const { id, task } = event.data;
  if (task === undefined) return undefined;
  const { context, agent, reply, message } = task;
  const status = { state: "TASK_STATE_SUBMITTED", at: event.at } as const;
  const history = [messageSchema.parse(message)];
  return { id, context, agent, reply, status, history, questions: [], changes: [], pushes: [] };
}

function afterTaskEvent(thread: Thread, event: LoggedEvent): Thread {
  switch (event.type) {
    case "task.message":
      return withMessage(thread, messageSchema.parse(event.data.message));
    case "task.push-set":
      return { ...thread, pushes: [...without(thread, event.data.id), { ...event.data, through: event.seq }] };
    case "task.push-removed":
    case "task.push-abandoned":
      return { ...thread, pushes: without(thread, event.data.id) };
    case "task.pushed": {
      const { id, through } = event.data;
      return { ...thread, pushes: thread.pushes.map((push) => (push.id === id ? { ...push, through } : push)) };
    }
    default:
      return thread;
  }
}

function afterRunEvent(thread: Thread, event: LoggedEvent): Thread {
  switch (event.type) {
    case "step.waiting": {
      const { step, on, uses, prompt } = event.data;
      if (on !== "human") return working(thread, event);
      const asked = prompt ?? (uses === "human:approve" ? "May this go on? Answer approve or refuse." : "An answer is needed to go on.");
      return asking(
        { ...thread, questions: [...thread.questions.filter((open) => open.step !== step), { step, uses, prompt: asked }] },
        event,
      );
    }
    case "step.done":
    case "step.failed":
    case "step.skipped": {
      const { step } = event.data;
      if (!thread.questions.some((open) => open.step === step)) return working(thread, event);
      return asking({ ...thread, questions: thread.questions.filter((open) => open.step !== step) }, event);
    }
    case "run.completed":
      return withStatus({ ...thread, questions: [] }, event, "TASK_STATE_COMPLETED");
    case "run.failed": {
      const { type, detail } = event.data.problem;
      return withStatus({ ...thread, questions: [] }, event, type === "forbidden" ? "TASK_STATE_REJECTED" : "TASK_STATE_FAILED", detail);
    }
    case "run.cancelled":
      return withStatus({ ...thread, questions: [] }, event, "TASK_STATE_CANCELED");
    default:
      return working(thread, event);
  }
}

/** Work that is seen for the first time takes the task from submitted to working. */
function working(thread: Thread, event: LoggedEvent): Thread {
  return thread.status.state === "TASK_STATE_SUBMITTED" ? withStatus(thread, event, "TASK_STATE_WORKING") : thread;
}

/** The first open question is what the task asks; without one it works on. */
function asking(thread: Thread, event: LoggedEvent): Thread {
  const [question] = thread.questions;
  if (question === undefined) return withStatus(thread, event, "TASK_STATE_WORKING");
  const asked = withStatus(thread, event, "TASK_STATE_INPUT_REQUIRED", question.prompt);
  return asked.status.message === undefined ? asked : withMessage(asked, asked.status.message);
}

function withStatus(thread: Thread, event: LoggedEvent, state: TaskState, said?: string): Thread {
  const message = said === undefined ? undefined : spoken(thread, `${thread.id}-${event.seq}`, [{ text: said }]);
  return { ...thread, status: { state, at: event.at, ...(message === undefined ? {} : { message }) } };
}

function withMessage(thread: Thread, message: Message): Thread {
  return { ...thread, history: [...thread.history, message].slice(-MAX_HISTORY) };
}

/** A message of the agent to its client. */
export function spoken(thread: Thread, messageId: string, parts: Message["parts"]): Message {
  return { messageId, contextId: thread.context, taskId: thread.id, role: "ROLE_AGENT", parts };
}

function without(thread: Thread, id: string): PushTarget[] {
  return thread.pushes.filter((push) => push.id !== id);
}

/** A thread as JSON, for snapshots. */
export function threadJson(thread: Thread | undefined): Json {
  return parsedJsonSchema.parse(JSON.parse(JSON.stringify(thread ?? null)));
}
