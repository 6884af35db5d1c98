import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, type ModelMessage, streamText, tool } from "ai";
import { Problem } from "../platform/problem.ts";
import type { Settings } from "../platform/settings.ts";
import type { ChatMessage, ModelClient, ModelPart } from "./client.ts";

const MAX_OUTPUT_TOKENS = 4_096;
/** English text has about four characters a token; used for the ceiling of a reservation alone, never for what is charged. */
const CHARACTERS_A_TOKEN = 4;
const PRICE_UNIT_TOKENS = 1_000_000;

/** Any server that speaks the OpenAI chat API, reached through the AI SDK. Retries are the journal's: here a call is made once. */
export function openAiCompatible(settings: Settings & { SOMA_MODEL_BASE_URL: string }): ModelClient {
  const name = settings.SOMA_MODEL_NAME ?? "default";
  const provider = createOpenAICompatible({
    name: "openai-compatible",
    baseURL: settings.SOMA_MODEL_BASE_URL,
    includeUsage: true,
    ...(settings.SOMA_MODEL_API_KEY === undefined ? {} : { apiKey: settings.SOMA_MODEL_API_KEY }),
  });
  const cost = (input: number, output: number) =>
    Math.ceil((input * settings.SOMA_MODEL_INPUT_PRICE + output * settings.SOMA_MODEL_OUTPUT_PRICE) / PRICE_UNIT_TOKENS);
  return {
    engine: name,
    isPaid: settings.SOMA_MODEL_INPUT_PRICE + settings.SOMA_MODEL_OUTPUT_PRICE > 0,
    ceilingMicros: (request) => cost(JSON.stringify([request.system, request.messages]).length / CHARACTERS_A_TOKEN, MAX_OUTPUT_TOKENS),
    async *stream(request): AsyncGenerator<ModelPart> {
      const result = streamText({
        model: provider(name),
        system: request.system,
        messages: request.messages.map(toModelMessage),
        tools: Object.fromEntries(
          request.tools.map((offered) => [offered.name, tool({ description: offered.description, inputSchema: offered.inputSchema })]),
        ),
        maxRetries: 0,
        maxOutputTokens: MAX_OUTPUT_TOKENS,
        abortSignal: request.signal,
        onError: () => undefined,
      });
      let hasFinished = false;
      for await (const part of result.fullStream) {
        if (part.type === "text-delta") yield { kind: "text", text: part.text };
        else if (part.type === "tool-call")
          yield { kind: "call", call: { id: part.toolCallId, name: part.toolName, input: JSON.parse(JSON.stringify(part.input ?? {})) } };
        else if (part.type === "error") throw problemOfModel(part.error, name);
        else if (part.type === "abort") throw new Problem("timeout", `The model ${name} did not finish in time.`);
        else if (part.type === "finish") {
          hasFinished = part.finishReason !== "error" && part.rawFinishReason !== undefined;
          const input = part.totalUsage.inputTokens ?? 0;
          const output = part.totalUsage.outputTokens ?? 0;
          if (hasFinished) yield { kind: "end", usage: { inputTokens: input, outputTokens: output, costMicros: cost(input, output) } };
        }
      }
      if (!hasFinished) throw new Problem("model-failed", `The answer of ${name} broke off before its end.`);
    },
  };
}

function toModelMessage(message: ChatMessage): ModelMessage {
  switch (message.role) {
    case "user":
      return { role: "user", content: message.text };
    case "assistant":
      return {
        role: "assistant",
        content: [
          ...(message.text === "" ? [] : [{ type: "text" as const, text: message.text }]),
          ...message.calls.map((call) => ({ type: "tool-call" as const, toolCallId: call.id, toolName: call.name, input: call.input })),
        ],
      };
    case "tool":
      return {
        role: "tool",
        content: message.results.map((result) => ({
          type: "tool-result" as const,
          toolCallId: result.id,
          toolName: result.name,
          output: { type: "json" as const, value: result.output },
        })),
      };
    default:
      return message satisfies never;
  }
}

/** What the provider's failure means here, with the wait it asked for. */
function problemOfModel(error: unknown, model: string): Problem {
  if (!APICallError.isInstance(error)) {
    const message = error instanceof Error ? error.message.slice(0, 200) : "the connection was lost";
    return new Problem("model-failed", `The model ${model} did not answer as expected: ${message}.`, { cause: error });
  }
  const retryAfter = Number(error.responseHeaders?.["retry-after"] ?? Number.NaN);
  const wait = Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {};
  if (error.statusCode === 429) return new Problem("too-many-requests", `The model ${model} takes no more requests for now.`, wait);
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500 && error.statusCode !== 408) {
    return new Problem(
      "invalid-request",
      `The model ${model} refused the request with status ${error.statusCode}; check SOMA_MODEL_BASE_URL, SOMA_MODEL_API_KEY and SOMA_MODEL_NAME.`,
    );
  }
  return new Problem("model-failed", `The model ${model} failed with status ${error.statusCode ?? "unknown"}.`, wait);
}
