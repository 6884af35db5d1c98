import { z } from "zod";
import type { SomaEvent } from "../../../../clients/sdk/events.ts";

/** A call of a tool that an agent made, with what it was made with and what came of it. */
export interface Call {
  readonly step: string;
  readonly name: string;
  readonly input: string;
  readonly state: "running" | "waiting" | "done" | "failed";
  readonly result?: string;
  readonly problem?: { readonly type: string; readonly detail: string };
}

/** One exchange: what was said, what the agent did, what it answered. */
export interface Turn {
  readonly turn: string;
  readonly message: string;
  readonly at: number;
  readonly files: readonly string[];
  readonly calls: readonly Call[];
  /** What the turn works on when it is a project's task: the platform makes that call itself, before the agent is asked. */
  readonly task?: { readonly capsule: string; readonly inputs: string };
  /** What was streamed and is not yet part of a finished answer. */
  readonly streamed: string;
  readonly answer?: { readonly text: string; readonly engine: string; readonly costMicros: number; readonly tokens: number };
  readonly problem?: { readonly type: string; readonly detail: string };
}

/** A call that waits for a person's word. */
export interface Approval {
  readonly turn: string;
  readonly step: string;
  readonly tool: string;
  readonly input: string;
  readonly reason: string;
}

/** A conversation as its events tell it. */
export interface Conversation {
  readonly title: string;
  readonly agent: string;
  readonly isClosed: boolean;
  readonly turns: readonly Turn[];
  readonly approvals: readonly Approval[];
  /** Files that were added and not yet spoken of. */
  readonly newFiles: readonly string[];
}

export const NOTHING_YET: Conversation = { title: "", agent: "", isClosed: false, turns: [], approvals: [], newFiles: [] };

const problem = z.object({ type: z.string(), detail: z.string() });
const created = z.object({ title: z.string(), agent: z.string() });
const fileAdded = z.object({ name: z.string() });
const turnStarted = z.object({
  turn: z.string(),
  message: z.string(),
  task: z.object({ capsule: z.string(), inputs: z.unknown() }).optional(),
});
const stepIntended = z.object({ step: z.string() });
const turnDelta = z.object({ turn: z.string(), text: z.string() });
const turnRestarted = z.object({ turn: z.string() });
const turnCompleted = z.object({
  turn: z.string(),
  text: z.string(),
  engine: z.string(),
  usage: z.object({ inputTokens: z.number(), outputTokens: z.number(), costMicros: z.number() }),
});
const turnFailed = z.object({ turn: z.string(), problem });
const stepDone = z.object({ step: z.string(), output: z.unknown().optional(), reference: z.object({ bytes: z.number() }).optional() });
const stepFailed = z.object({ step: z.string(), final: z.boolean(), problem });
const stepWaiting = z.object({ step: z.string() });
const asked = z.object({ turn: z.string(), step: z.string(), tool: z.string(), input: z.unknown(), reason: z.string() });
const decided = z.object({ step: z.string() });
/** What a step that asked the model brought: text, and the calls it wants made. */
const modelAnswer = z.object({ text: z.string(), calls: z.array(z.object({ name: z.string(), input: z.unknown() })) });

/** The conversation after one more event. What is no event of a conversation changes nothing. */
export function withEvent(conversation: Conversation, { type, data, at }: SomaEvent): Conversation {
  switch (type) {
    case "session.created":
      return { ...conversation, ...created.parse(data) };
    case "session.closed":
      return { ...conversation, isClosed: true };
    case "file.added":
      return { ...conversation, newFiles: [...conversation.newFiles, fileAdded.parse(data).name] };
    case "turn.started": {
      const { turn, message, task } = turnStarted.parse(data);
      const started: Turn = {
        turn,
        message,
        at,
        files: conversation.newFiles,
        calls: [],
        streamed: "",
        ...(task === undefined ? {} : { task: { capsule: task.capsule, inputs: jsonText(task.inputs) } }),
      };
      return { ...conversation, turns: [...conversation.turns, started], newFiles: [] };
    }
    case "turn.restarted":
      return withTurn(conversation, turnRestarted.parse(data).turn, (turn) => ({ ...turn, streamed: "" }));
    case "turn.delta": {
      const { turn: id, text } = turnDelta.parse(data);
      return withTurn(conversation, id, (turn) => ({ ...turn, streamed: turn.streamed + text }));
    }
    case "turn.completed": {
      const { turn: id, text, engine, usage } = turnCompleted.parse(data);
      const answer = { text, engine, costMicros: usage.costMicros, tokens: usage.inputTokens + usage.outputTokens };
      return withTurn(conversation, id, (turn) => ({ ...turn, streamed: "", answer, calls: turn.calls.map(ended) }));
    }
    case "turn.failed": {
      const failed = turnFailed.parse(data);
      return withTurn(conversation, failed.turn, (turn) => ({ ...turn, problem: failed.problem, calls: turn.calls.map(ended) }));
    }
    case "approval.requested": {
      const { input, ...approval } = asked.parse(data);
      return { ...conversation, approvals: [...conversation.approvals, { ...approval, input: jsonText(input) }] };
    }
    case "approval.decided": {
      const { step } = decided.parse(data);
      return { ...conversation, approvals: conversation.approvals.filter((approval) => approval.step !== step) };
    }
    case "step.intended":
      return withCall(conversation, stepIntended.parse(data).step, (call) => call);
    case "step.done":
      return withStepDone(conversation, stepDone.parse(data));
    case "step.failed": {
      const failed = stepFailed.parse(data);
      if (!failed.final) return conversation;
      return withCall(conversation, failed.step, (call) => ({ ...call, state: "failed", problem: failed.problem }));
    }
    case "step.waiting":
      return withCall(conversation, stepWaiting.parse(data).step, (call) => ({ ...call, state: "waiting" }));
    default:
      return conversation;
  }
}

/** A step is named `turn/m<round>` when it asked the model, `turn/m<round>/c<call>` when it made a call, and longer inside of a capsule. */
function withStepDone(conversation: Conversation, done: z.infer<typeof stepDone>): Conversation {
  const [turnId = "", round, call, ...inside] = done.step.split("/");
  if (round === undefined || inside.length > 0) return conversation;
  if (call !== undefined) {
    const result = done.output === undefined ? `(${done.reference?.bytes ?? 0} bytes, kept in storage)` : jsonText(done.output);
    return withCall(conversation, done.step, (known) => ({ ...known, state: "done", result }));
  }
  const answer = modelAnswer.safeParse(done.output);
  if (!answer.success) return conversation;
  const calls = answer.data.calls.map(({ name, input }, i): Call => {
    return { step: `${done.step}/c${i + 1}`, name, input: jsonText(input), state: "running" };
  });
  return withTurn(conversation, turnId, (turn) => ({ ...turn, calls: [...turn.calls.map(ended), ...calls] }));
}

/** A call that nothing more will come of: the agent went on without it having been made. */
function ended(call: Call): Call {
  if (call.state === "done" || call.state === "failed") return call;
  return { ...call, state: "failed", problem: { type: "not-made", detail: "No step was made of this call; the agent was told why." } };
}

function withTurn(conversation: Conversation, id: string, change: (turn: Turn) => Turn): Conversation {
  return { ...conversation, turns: conversation.turns.map((turn) => (turn.turn === id ? change(turn) : turn)) };
}

/** A step inside of a capsule belongs to the call that runs the capsule: it changes nothing of it, but the call is there. */
function withCall(conversation: Conversation, step: string, change: (call: Call) => Call): Conversation {
  const [turnId = "", round, name, ...inside] = step.split("/");
  if (round === undefined || name === undefined) return conversation;
  const own = `${turnId}/${round}/${name}`;
  return withTurn(conversation, turnId, (turn) => {
    const calls = turn.calls.some((call) => call.step === own) ? turn.calls : [...turn.calls, callOfTask(turn, own)];
    return { ...turn, calls: inside.length > 0 ? calls : calls.map((call) => (call.step === own ? change(call) : call)) };
  });
}

/** The call that no agent asked for: the one that a task is. */
function callOfTask(turn: Turn, step: string): Call {
  return { step, name: turn.task?.capsule ?? "call", input: turn.task?.inputs ?? "", state: "running" };
}

function jsonText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
