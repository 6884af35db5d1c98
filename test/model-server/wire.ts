import type { ChatChunk, ChatRequest, ChatResponse } from "./published-types.ts";
import { type Answer, messagesOf } from "./reply.ts";

const CHARACTERS_A_TOKEN = 4;

/** What a completion is called and made of: the same in each of its chunks. */
export interface Head {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

type Finish = "stop" | "length" | "content_filter" | "tool_calls";

/** An answer in one piece, as `POST /v1/chat/completions` returns it without `stream`. */
export function responseOf(head: Head, request: ChatRequest, answer: Answer): ChatResponse {
  const calls = (answer.calls ?? []).map(({ id, name, text }) => ({ id, type: "function" as const, function: { name, arguments: text } }));
  const usage = usageOf(request, answer);
  return {
    ...head,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        finish_reason: finishOf(answer),
        logprobs: null,
        message: {
          role: "assistant",
          content: answer.text === "" ? null : answer.text,
          refusal: null,
          ...(calls.length === 0 ? {} : { tool_calls: calls }),
        },
      },
    ],
    ...(usage === undefined ? {} : { usage }),
  };
}

/** An answer as chunks: the role, the words, the calls, the end, and what it took when `stream_options.include_usage` asks for it. */
export function chunksOf(head: Head, request: ChatRequest, answer: Answer): ChatChunk[] {
  const isUsageAsked = request.stream_options?.include_usage === true;
  const chunk = (delta: ChatChunk["choices"][number]["delta"], finish: Finish | null = null): ChatChunk => ({
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason: finish, logprobs: null }],
    ...(isUsageAsked ? { usage: null } : {}),
  });
  const words = answer.text.match(/\S*\s*/g)?.filter((word) => word !== "") ?? [];
  const usage = usageOf(request, answer);
  return [
    chunk({ role: "assistant", content: "" }),
    ...words.map((word) => chunk({ content: word })),
    ...callDeltas(answer).map((call) => chunk({ tool_calls: [call] })),
    chunk({}, finishOf(answer)),
    ...(isUsageAsked && usage !== undefined ? [{ ...head, object: "chat.completion.chunk" as const, choices: [], usage }] : []),
  ];
}

type CallDelta = NonNullable<ChatChunk["choices"][number]["delta"]["tool_calls"]>[number];

/** A call's name comes first; its arguments in one piece with it, or in fragments after it. */
function callDeltas(answer: Answer): CallDelta[] {
  return (answer.calls ?? []).flatMap(({ id, name, text }, index): CallDelta[] => {
    const { fragment } = answer;
    if (fragment === undefined) return [{ index, id, type: "function", function: { name, arguments: text } }];
    const pieces = Array.from({ length: Math.ceil(text.length / fragment) }, (_, i) => text.slice(i * fragment, (i + 1) * fragment));
    return [
      { index, id, type: "function", function: { name, arguments: "" } },
      ...pieces.map((piece): CallDelta => ({ index, function: { arguments: piece } })),
    ];
  });
}

function finishOf(answer: Answer): Finish {
  return answer.finish ?? ((answer.calls ?? []).length > 0 ? "tool_calls" : "stop");
}

function usageOf(request: ChatRequest, answer: Answer): ChatResponse["usage"] {
  if (answer.usage === null) return undefined;
  const spoken = answer.text + (answer.calls ?? []).map((call) => call.name + call.text).join("");
  const heard = messagesOf(request)
    .map((message) => message.text)
    .join("");
  const input = answer.usage?.input ?? Math.ceil(heard.length / CHARACTERS_A_TOKEN);
  const output = answer.usage?.output ?? Math.ceil(spoken.length / CHARACTERS_A_TOKEN);
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}
