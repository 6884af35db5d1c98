import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { streamText, type TextStreamPart, type ToolSet, tool } from "ai";
import { z } from "zod";
import { MAX_JSON_DEPTH } from "../platform/limits.ts";
import { Problem } from "../platform/problem.ts";
import type { Settings } from "../platform/settings.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import { systemOf, toModelMessage } from "./chat-messages.ts";
import type { ModelClient, ModelPart, ModelRequest, OfferedTool, ToolCall } from "./client.ts";
import { modelFailure } from "./model-problem.ts";
import { withinLimits } from "./within-limits.ts";

const MAX_OUTPUT_TOKENS = 4_096;
/** English text has about four characters a token: for estimates of what was taken and not reported. */
const CHARACTERS_A_TOKEN = 4;
const PRICE_UNIT_TOKENS = 1_000_000;
/** What the journal gives a call beyond the answer's own limit, which is to end it first. */
const GRACE_MS = 10_000;

/**
 * Any server that speaks the OpenAI chat API, reached through the AI SDK. Retries are the journal's: here a call is made once.
 * @see https://platform.openai.com/docs/api-reference/chat
 */
export function openAiCompatible(settings: Settings & { SOMA_MODEL_BASE_URL: string }): ModelClient {
  const engine = settings.SOMA_MODEL_NAME ?? "default";
  const provider = createOpenAICompatible({
    name: "openai-compatible",
    baseURL: settings.SOMA_MODEL_BASE_URL,
    includeUsage: true,
    fetch: boundedFetch,
    ...(settings.SOMA_MODEL_API_KEY === undefined ? {} : { apiKey: settings.SOMA_MODEL_API_KEY }),
  });
  const usage = (inputTokens: number, outputTokens: number) => ({
    inputTokens,
    outputTokens,
    costMicros: Math.ceil(
      (inputTokens * settings.SOMA_MODEL_INPUT_PRICE + outputTokens * settings.SOMA_MODEL_OUTPUT_PRICE) / PRICE_UNIT_TOKENS,
    ),
  });
  const limits = { firstPartMs: settings.SOMA_MODEL_FIRST_TOKEN_MS, totalMs: settings.SOMA_MODEL_TOTAL_MS };
  const estimate = (request: ModelRequest, characters: number) =>
    usage(Math.ceil(promptOf(request).length / CHARACTERS_A_TOKEN), Math.ceil(characters / CHARACTERS_A_TOKEN));

  async function* call(request: ModelRequest): AsyncGenerator<ModelPart> {
    const { fullStream } = streamText({
      model: provider(engine),
      system: systemOf(request),
      messages: request.messages.map(toModelMessage),
      tools: toToolSet(request.tools),
      maxRetries: 0,
      maxOutputTokens: MAX_OUTPUT_TOKENS,
      ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
      abortSignal: request.signal,
      onError: () => undefined,
    });
    let characters = 0;
    for await (const part of failingAsModel(fullStream, engine)) {
      const passed = passedOn(part, engine);
      if (passed !== undefined) yield passed;
      if (passed?.kind === "text") characters += passed.text.length;
      else if (passed?.kind === "thinking") characters += passed.characters;
      if (part.type !== "finish") continue;
      const { inputTokens, outputTokens } = part.totalUsage;
      const isReported = inputTokens !== undefined && outputTokens !== undefined;
      yield {
        kind: "end",
        isCutOff: part.finishReason === "length",
        usage: isReported ? usage(inputTokens, outputTokens) : estimate(request, characters),
      };
    }
  }

  return {
    engine,
    isPaid: settings.SOMA_MODEL_INPUT_PRICE + settings.SOMA_MODEL_OUTPUT_PRICE > 0,
    timeoutMs: limits.totalMs + GRACE_MS,
    ceilingMicros: (request) => usage(promptBytes(request), MAX_OUTPUT_TOKENS).costMicros,
    ceilingTokens: (request) => promptBytes(request) + MAX_OUTPUT_TOKENS,
    estimate,
    stream: (request) => withinLimits(engine, limits, request, call),
  };
}

/** The parts of a stream, where a failure of the stream itself is a failure of the model too: the SDK tells of some in a part and throws others. */
async function* failingAsModel<T>(parts: AsyncIterable<T>, engine: string): AsyncGenerator<T> {
  try {
    yield* parts;
  } catch (error) {
    throw modelFailure(error, engine);
  }
}

/**
 * What a part of the SDK's stream is to a turn; undefined when it is nothing.
 * @throws Problem when the answer failed, was withheld, or broke off; the platform's own resets as they came
 */
function passedOn(part: TextStreamPart<ToolSet>, engine: string): ModelPart | undefined {
  switch (part.type) {
    case "text-delta":
      return { kind: "text", text: part.text };
    case "tool-call":
      return { kind: "call", call: toolCall(part.toolCallId, part.toolName, part.input) };
    case "reasoning-delta":
      return { kind: "thinking", characters: part.text.length };
    case "tool-input-start":
      return { kind: "thinking", characters: part.toolName.length };
    case "tool-input-delta":
      return { kind: "thinking", characters: part.delta.length };
    case "error":
      throw modelFailure(part.error, engine);
    case "abort":
      throw new Problem("timeout", `The call of the model ${engine} was ended before its answer.`);
    case "finish":
      if (part.finishReason === "content-filter")
        throw new Problem("model-refused", `The provider of ${engine} withheld the answer (content filter); ask in other words.`);
      if (part.finishReason === "error" || part.rawFinishReason === undefined)
        throw new Problem("model-failed", `The answer of ${engine} broke off before its end.`);
      return undefined;
    default:
      return undefined;
  }
}

/** A call as the model wrote it. Arguments that nest too deep for anyone to read are dropped, and the call is answered as not valid. */
function toolCall(id: string, name: string, input: unknown): ToolCall {
  if (isDeeperThan(input, MAX_JSON_DEPTH)) return { id, name, input: `(arguments nested deeper than ${MAX_JSON_DEPTH} levels)` };
  return {
    id,
    name,
    input: z
      .json()
      .catch(null)
      .parse(input ?? {}),
  };
}

/** Looked at level by level, without recursion, so that hostile nesting cannot exhaust the stack. */
function isDeeperThan(value: unknown, levels: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= levels; depth += 1) {
    level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
    if (level.length === 0) return false;
  }
  return true;
}

function toToolSet(tools: readonly OfferedTool[]): ToolSet {
  return Object.fromEntries(
    tools.map((offered) => [offered.name, tool({ description: offered.description, inputSchema: offered.inputSchema })]),
  );
}

/** A token is at least one byte of UTF-8, so the prompt has no more of them than bytes. */
function promptBytes(request: ModelRequest): number {
  return new TextEncoder().encode(promptOf(request)).byteLength;
}

function promptOf(request: ModelRequest): string {
  const tools = request.tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    schema: z.toJSONSchema(inputSchema, { io: "input", unrepresentable: "any" }),
  }));
  return JSON.stringify([systemOf(request), request.messages, tools]);
}
