import type OpenAI from "openai";

/*
 * The chat API as OpenAI publishes it: the types of its official client (Apache-2.0), which OpenAI generates from its OpenAPI document.
 * `published-schema.ts` turns them into JSON Schema, by which everything that the server sends and is sent is checked.
 */
export type ChatRequest = OpenAI.Chat.ChatCompletionCreateParamsStreaming | OpenAI.Chat.ChatCompletionCreateParamsNonStreaming;
export type ChatResponse = OpenAI.Chat.ChatCompletion;
export type ChatChunk = OpenAI.Chat.ChatCompletionChunk;
export type ErrorResponse = { error: OpenAI.ErrorObject };
export type ModelsResponse = { object: "list"; data: OpenAI.Model[] };
