import type { ChatRequest } from "./published-types.ts";

/** A call that the model asks for; `text` is the arguments as they are sent, which a model may get wrong. */
export interface AskedCall {
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

/** What the model says. */
export interface Answer {
  readonly text: string;
  readonly calls?: readonly AskedCall[];
  /** What ended the answer; by default `tool_calls` when there are calls and `stop` when there are none. */
  readonly finish?: "stop" | "length" | "content_filter";
  /** Characters of one piece of the arguments when streamed; without it they come in one piece. */
  readonly fragment?: number;
  /** Tokens that are reported; counted from the text when absent, not reported at all when null. */
  readonly usage?: { readonly input: number; readonly output: number } | null;
}

/** How the server answers one request. */
export type Reply =
  | { readonly kind: "answer"; readonly answer: Answer; readonly firstTokenMs?: number; readonly everyMs?: number }
  /** An error in the published form. */
  | {
      readonly kind: "error";
      readonly status: number;
      readonly code: string;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The stream begins, and after some chunks the socket is destroyed. */
  | { readonly kind: "broken"; readonly answer: Answer; readonly afterChunks: number }
  /** The stream begins, and after some chunks something comes that is no JSON. */
  | { readonly kind: "malformed"; readonly answer: Answer; readonly afterChunks: number }
  /** The socket is destroyed before anything is sent. */
  | { readonly kind: "dropped" }
  /** Headers, then nothing. */
  | { readonly kind: "silent" }
  /** The same word again and again until the client goes. */
  | { readonly kind: "endless"; readonly word: string; readonly everyMs: number }
  /** A body that is not the API's at all, such as a proxy's page. */
  | { readonly kind: "foreign"; readonly status: number; readonly body: string };

/** Says something. */
export function says(text: string, more: Omit<Answer, "text"> = {}): Reply {
  return { kind: "answer", answer: { text, ...more } };
}

/** Asks for calls: name and arguments. */
export function calls(...asked: readonly (readonly [name: string, input: unknown])[]): Reply {
  return says("", { calls: asked.map(([name, input], i) => ({ id: `call_${i + 1}`, name, text: JSON.stringify(input) })) });
}

/** An error as the API sends it. */
export function fails(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { kind: "error", status, code, message: `The test server was told to fail with ${status}.`, headers };
}

/** The text of a request's messages, oldest first, by role. */
export function messagesOf(request: ChatRequest): { role: string; text: string }[] {
  return request.messages.map((message) => ({ role: message.role, text: textOf(message.content) }));
}

function textOf(content: ChatRequest["messages"][number]["content"]): string {
  if (typeof content === "string") return content;
  if (content === null || content === undefined) return "";
  return content.map((part) => ("text" in part ? part.text : "")).join("");
}
