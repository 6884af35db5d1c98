import { type Event, EventType, type Interrupt, type JsonPatchOperation, type Message, PROTOCOL_VERSION } from "@ag-ui/core";
import type { LoggedEvent } from "../platform/events.ts";
import type { FrontEndStream } from "./front-end-stream.ts";
import { type Beat, type Question, Story } from "./story.ts";

/** Characters of a tool's result that are sent; the rest is in the events. */
const MAX_RESULT_CHARACTERS = 100_000;

interface Origin {
  readonly thread: string;
  readonly run: string;
  /** What the stream is of: the turn of a session, or a run. Ids of its messages begin with it. */
  readonly subject: string;
  /** The messages that the front end has. */
  readonly messages: readonly Message[];
}

/**
 * The log as AG-UI 1.0 events. A turn or run is an AG-UI run; where it waits for people the run ends with an interrupt for each question, and the
 * run that answers them goes on from there. A front end that comes back with messages of this turn is brought back to where the stream begins
 * by a snapshot of its messages.
 */
export class AgUiStream implements FrontEndStream {
  readonly #origin: Origin;
  readonly #story = new Story();
  /** What the front end has, as the stream has told it. */
  readonly #messages: Message[];
  readonly #openSteps = new Set<string>();
  readonly #openTexts = new Set<string>();
  readonly #asked = new Set<string>();
  #isOver = false;

  constructor(origin: Origin) {
    this.#origin = origin;
    this.#messages = origin.messages.filter((message) => !isOf(message.id, origin.subject));
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isAsking(): boolean {
    return this.#story.questions.length > 0;
  }

  begin(): string[] {
    const { thread: threadId, run: runId, subject, messages } = this.#origin;
    // What was told before is the former run's: nothing of it is open here.
    this.#isOver = false;
    this.#openSteps.clear();
    this.#openTexts.clear();
    const isBack = messages.some((message) => isOf(message.id, subject));
    return lines([
      { type: EventType.RUN_STARTED, threadId, runId, protocolVersion: PROTOCOL_VERSION },
      ...(isBack ? [snapshotOf(this.#messages)] : []),
      { type: EventType.STATE_SNAPSHOT, snapshot: { subject, steps: {}, questions: {} } },
    ]);
  }

  event(event: LoggedEvent): string[] {
    return lines(this.#story.tell(event).flatMap((beat) => this.#render(beat)));
  }

  rest(seq: number): string[] {
    const interrupts = this.#story.questions.map((question) => this.#interrupt(question, seq));
    return lines([...this.#closed(), this.#finished({ type: "interrupt", interrupts })]);
  }

  end(): string[] {
    return [];
  }

  #render(beat: Beat): Event[] {
    if (this.#isOver) return [];
    switch (beat.kind) {
      case "step-started":
        this.#openSteps.add(beat.step);
        return [{ type: EventType.STEP_STARTED, stepName: beat.step }, ...this.#stepState(beat.step, "running")];
      case "step-ended":
        return [
          ...(this.#openSteps.delete(beat.step) ? [{ type: EventType.STEP_FINISHED, stepName: beat.step } as const] : []),
          ...this.#stepState(beat.step, beat.state),
        ];
      case "text":
        return this.#text(this.#named(beat.message), beat.text);
      case "text-ended":
        return this.#endText(this.#named(beat.message));
      case "text-void":
        return this.#voidText(this.#named(beat.message));
      case "said":
        return this.#said(beat);
      case "called":
        return this.#called(beat);
      case "call-ended":
        return this.#result(this.#named(beat.call), JSON.stringify(beat.output));
      case "call-failed":
        return this.#result(this.#named(beat.call), JSON.stringify({ problem: beat.problem }));
      case "asked":
        this.#asked.add(beat.question.id);
        return [patch([{ op: "add", path: `/questions/${escaped(beat.question.id)}`, value: { ...beat.question } }])];
      case "answered":
        return this.#asked.delete(beat.question.id) ? [patch([{ op: "remove", path: `/questions/${escaped(beat.question.id)}` }])] : [];
      case "completed":
        return [...this.#closed(), this.#finished({ type: "success" }, beat)];
      case "cancelled":
        return [...this.#closed(), this.#finished({ type: "cancelled" })];
      case "failed":
        this.#isOver = true;
        return [...this.#closed(), { type: EventType.RUN_ERROR, message: beat.problem.detail, code: beat.problem.type }];
      default:
        return beat satisfies never;
    }
  }

  #text(messageId: string, delta: string): Event[] {
    const isNew = !this.#openTexts.has(messageId);
    this.#openTexts.add(messageId);
    const message = this.#assistant(messageId);
    message.content = `${message.content ?? ""}${delta}`;
    return [
      ...(isNew ? [{ type: EventType.TEXT_MESSAGE_START, messageId, role: "assistant" } as const] : []),
      { type: EventType.TEXT_MESSAGE_CONTENT, messageId, delta },
    ];
  }

  #endText(messageId: string): Event[] {
    return this.#openTexts.delete(messageId) ? [{ type: EventType.TEXT_MESSAGE_END, messageId }] : [];
  }

  /** The message is taken back: the front end is given all messages but this. */
  #voidText(messageId: string): Event[] {
    const ended = this.#endText(messageId);
    const at = this.#messages.findIndex((message) => message.id === messageId);
    if (at >= 0) this.#messages.splice(at, 1);
    return [...ended, snapshotOf(this.#messages)];
  }

  #said({ message, speaker: name, text: content }: Beat & { kind: "said" }): Event[] {
    const id = this.#named(message);
    this.#messages.push({ id, role: "assistant", name, content });
    return [
      { type: EventType.TEXT_MESSAGE_START, messageId: id, role: "assistant", name },
      ...(content === "" ? [] : [{ type: EventType.TEXT_MESSAGE_CONTENT, messageId: id, delta: content } as const]),
      { type: EventType.TEXT_MESSAGE_END, messageId: id },
    ];
  }

  #called({ call: step, name, input, message: round }: Beat & { kind: "called" }): Event[] {
    const call = this.#named(step);
    const message = this.#named(round);
    const args = JSON.stringify(input);
    const speaker = this.#assistant(message);
    speaker.toolCalls = [...(speaker.toolCalls ?? []), { id: call, type: "function", function: { name, arguments: args } }];
    return [
      { type: EventType.TOOL_CALL_START, toolCallId: call, toolCallName: name, parentMessageId: message },
      { type: EventType.TOOL_CALL_ARGS, toolCallId: call, delta: args },
      { type: EventType.TOOL_CALL_END, toolCallId: call },
    ];
  }

  #result(toolCallId: string, full: string): Event[] {
    const content = full.slice(0, MAX_RESULT_CHARACTERS);
    const messageId = `${toolCallId}/result`;
    this.#messages.push({ id: messageId, role: "tool", toolCallId, content });
    return [{ type: EventType.TOOL_CALL_RESULT, messageId, toolCallId, content, role: "tool" }];
  }

  #stepState(step: string, state: string): Event[] {
    return [patch([{ op: "add", path: `/steps/${escaped(step)}`, value: state }])];
  }

  /** What is still open is closed: no run may end with something in the middle. */
  #closed(): Event[] {
    const texts = [...this.#openTexts].map((messageId) => ({ type: EventType.TEXT_MESSAGE_END, messageId }) as const);
    const steps = [...this.#openSteps].map((stepName) => ({ type: EventType.STEP_FINISHED, stepName }) as const);
    this.#openTexts.clear();
    this.#openSteps.clear();
    return [...texts, ...steps];
  }

  #finished(outcome: (Event & { type: EventType.RUN_FINISHED })["outcome"], completed?: Beat & { kind: "completed" }): Event {
    this.#isOver = true;
    const { thread: threadId, run: runId } = this.#origin;
    const { usage, result } = completed ?? {};
    return {
      type: EventType.RUN_FINISHED,
      threadId,
      runId,
      ...(outcome === undefined ? {} : { outcome }),
      ...(result === undefined || result === null ? {} : { result }),
      ...(usage === undefined ? {} : { usage: [{ inputTokens: usage.inputTokens, outputTokens: usage.outputTokens }] }),
    };
  }

  /** A question as an interrupt. Its id says where the front end stands, so that the run that answers goes on from there. */
  #interrupt({ id, kind, prompt, uses, call }: Question, seq: number): Interrupt {
    return {
      id: `${id}@${seq}`,
      reason: kind === "text" ? "input_required" : kind === "approval" ? "approval_required" : "outcome_unknown",
      message: prompt,
      ...(call === undefined ? {} : { toolCallId: this.#named(call) }),
      responseSchema: kind === "text" ? TEXT_ANSWER : APPROVAL_ANSWER,
      metadata: { uses },
    };
  }

  /** Ids of messages and calls begin with the turn or run, so that they are the only ones in a conversation. */
  #named(step: string): string {
    const { subject } = this.#origin;
    return isOf(step, subject) ? step : `${subject}/${step}`;
  }

  #assistant(id: string): Message & { role: "assistant" } {
    const known = this.#messages.find((message) => message.id === id);
    if (known?.role === "assistant") return known;
    const made: Message & { role: "assistant" } = { id, role: "assistant" };
    this.#messages.push(made);
    return made;
  }
}

const TEXT_ANSWER = { type: "object", properties: { text: { type: "string" } }, required: ["text"] };
const APPROVAL_ANSWER = {
  type: "object",
  properties: { approved: { type: "boolean" }, note: { type: "string" } },
  required: ["approved"],
};

function snapshotOf(messages: readonly Message[]): Event {
  return { type: EventType.MESSAGES_SNAPSHOT, messages: [...messages] };
}

function patch(delta: JsonPatchOperation[]): Event {
  return { type: EventType.STATE_DELTA, delta };
}

function isOf(id: string, subject: string): boolean {
  return id.startsWith(`${subject}/`);
}

/** A member's name inside a JSON pointer (RFC 6901). */
function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function lines(events: readonly Event[]): string[] {
  return events.map((event) => JSON.stringify(event));
}
