import type { UIMessageChunk } from "ai";
import type { Json } from "../platform/canonical-json.ts";
import type { LoggedEvent } from "../platform/events.ts";
import type { FrontEndStream } from "./front-end-stream.ts";
import { type Beat, type Question, Story } from "./story.ts";

/** Marks a response as this protocol, in its version (AI SDK). */
export const UI_MESSAGE_HEADERS = { "x-vercel-ai-ui-message-stream": "v1" } as const;

/**
 * The log as the AI SDK's UI message stream, version 1: one assistant message a turn or run. Calls of models are dynamic tools; what a person is asked is an
 * approval of the call it belongs to, or of a call that stands for the question itself. Steps of graphs and what taking back a text means are data parts.
 */
export class UiMessageStream implements FrontEndStream {
  readonly #subject: string;
  readonly #story = new Story();
  readonly #openTexts = new Map<string, string>();
  readonly #asked = new Map<string, string>();
  /** Calls that an approval stands beside: one each. */
  readonly #approved = new Set<string>();
  #texts = 0;
  #isInStep = false;
  #isOver = false;

  constructor(subject: string) {
    this.#subject = subject;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isAsking(): boolean {
    return this.#story.questions.length > 0;
  }

  begin(): string[] {
    this.#isOver = false;
    this.#openTexts.clear();
    return lines([{ type: "start", messageId: this.#subject }]);
  }

  event(event: LoggedEvent): string[] {
    return lines(this.#story.tell(event).flatMap((beat) => this.#render(beat)));
  }

  /** The message's metadata say where the front end stands: the request that brings the answers sends them back. */
  rest(seq: number): string[] {
    return lines([...this.#closed(), ...this.#finished("tool-calls", { seq })]);
  }

  end(): string[] {
    return ["[DONE]"];
  }

  #render(beat: Beat): UIMessageChunk[] {
    if (this.#isOver) return [];
    switch (beat.kind) {
      case "step-started":
        return beat.isRound ? this.#nextStep() : [data("step", beat.step, { step: beat.step, title: beat.title, state: "running" })];
      case "step-ended":
        return beat.isRound ? [] : [data("step", beat.step, { step: beat.step, state: beat.state })];
      case "text":
        return this.#text(beat.message, beat.text);
      case "text-ended":
        return this.#endText(beat.message);
      case "text-void": {
        const id = this.#openTexts.get(beat.message);
        return [...this.#endText(beat.message), ...(id === undefined ? [] : [data("void", id, { text: id })])];
      }
      case "said":
        return [data("said", beat.message, { speaker: beat.speaker, text: beat.text })];
      case "called":
        return [{ type: "tool-input-available", toolCallId: beat.call, toolName: beat.name, input: beat.input, dynamic: true }];
      case "call-ended":
        return [{ type: "tool-output-available", toolCallId: beat.call, output: beat.output, dynamic: true }];
      case "call-failed":
        return beat.problem.type === "forbidden" && this.#approved.has(beat.call)
          ? [{ type: "tool-output-denied", toolCallId: beat.call }]
          : [{ type: "tool-output-error", toolCallId: beat.call, errorText: beat.problem.detail, dynamic: true }];
      case "asked":
        return this.#ask(beat.question);
      case "answered":
        return this.#answered(beat);
      case "completed":
        return [
          ...this.#closed(),
          ...(beat.result === null ? [] : [data("output", this.#subject, beat.result)]),
          ...this.#finished("stop", beat.usage === undefined ? undefined : { usage: beat.usage }),
        ];
      case "cancelled":
        return [...this.#closed(), { type: "abort", reason: "cancelled" }, ...this.#finished("other")];
      case "failed":
        return [...this.#closed(), { type: "error", errorText: beat.problem.detail }, ...this.#finished("error")];
      default:
        return beat satisfies never;
    }
  }

  #nextStep(): UIMessageChunk[] {
    const ended: UIMessageChunk[] = this.#isInStep ? [{ type: "finish-step" }] : [];
    this.#isInStep = true;
    return [...ended, { type: "start-step" }];
  }

  #text(message: string, delta: string): UIMessageChunk[] {
    const known = this.#openTexts.get(message);
    if (known !== undefined) return [{ type: "text-delta", id: known, delta }];
    this.#texts += 1;
    const id = `${message}/${this.#texts}`;
    this.#openTexts.set(message, id);
    return [
      { type: "text-start", id },
      { type: "text-delta", id, delta },
    ];
  }

  #endText(message: string): UIMessageChunk[] {
    const id = this.#openTexts.get(message);
    this.#openTexts.delete(message);
    return id === undefined ? [] : [{ type: "text-end", id }];
  }

  #ask(question: Question): UIMessageChunk[] {
    const { id, kind, prompt, uses, call } = question;
    const isOwn = call === undefined || this.#approved.has(call);
    const toolCallId = isOwn ? id : call;
    this.#asked.set(id, toolCallId);
    const own: UIMessageChunk[] = isOwn
      ? [{ type: "tool-input-available", toolCallId, toolName: toolNameOf(kind), input: { prompt, uses }, dynamic: true, title: prompt }]
      : [];
    if (kind === "text") return own;
    this.#approved.add(toolCallId);
    return [...own, { type: "tool-approval-request", approvalId: id, toolCallId, approvalDescriptor: { prompt, uses } }];
  }

  /** What became of a question that stands for itself; one of a call is told by what the call brings. */
  #answered({ question, isRefused, answer }: Beat & { kind: "answered" }): UIMessageChunk[] {
    const toolCallId = this.#asked.get(question.id);
    this.#asked.delete(question.id);
    if (toolCallId !== question.id) return [];
    return isRefused
      ? [{ type: "tool-output-denied", toolCallId }]
      : [{ type: "tool-output-available", toolCallId, output: answer, dynamic: true }];
  }

  #closed(): UIMessageChunk[] {
    const texts = [...this.#openTexts.values()].map((id): UIMessageChunk => ({ type: "text-end", id }));
    this.#openTexts.clear();
    return texts;
  }

  #finished(finishReason: "stop" | "tool-calls" | "error" | "other", messageMetadata?: unknown): UIMessageChunk[] {
    this.#isOver = true;
    const ended: UIMessageChunk[] = this.#isInStep ? [{ type: "finish-step" }] : [];
    this.#isInStep = false;
    return [...ended, { type: "finish", finishReason, ...(messageMetadata === undefined ? {} : { messageMetadata }) }];
  }
}

function toolNameOf(kind: Question["kind"]): string {
  return kind === "text" ? "human_input" : kind === "approval" ? "human_approve" : "run_again";
}

/** A part of the message that is neither text nor call; a later one of the same id takes the place of the earlier. */
function data(name: string, id: string, value: Json): UIMessageChunk {
  return { type: `data-${name}`, id: `${name}/${id}`, data: value };
}

function lines(chunks: readonly UIMessageChunk[]): string[] {
  return chunks.map((chunk) => JSON.stringify(chunk));
}
