import { z } from "@hono/zod-openapi";
import { streamResponse } from "../platform/event-answer.ts";
import { Problem, problemOf } from "../platform/problem.ts";
import { UI_MESSAGE_HEADERS } from "./ui-messages.ts";

/** How the two kinds of front ends name their responses in the API's description. */
export const agUiResponse = {
  description: "AG-UI 1.0 events, until the turn or run has ended or waits for people.",
  content: { "text/event-stream": { schema: z.string() } },
};
export const uiMessageResponse = {
  description: "The AI SDK's UI message stream, version 1, until the turn or run has ended or waits for people.",
  content: { "text/event-stream": { schema: z.string() } },
};

/** A UI message stream as a response. */
export function uiMessageAnswer(body: ReadableStream<Uint8Array>): Response {
  const response = streamResponse(body);
  for (const [name, value] of Object.entries(UI_MESSAGE_HEADERS)) response.headers.set(name, value);
  return response;
}

/** Gives an answer, unless it was given before: a request that is made again finds it there. @throws Problem all but `conflict` */
export async function answeredOnce(answer: () => Promise<unknown>): Promise<void> {
  try {
    await answer();
  } catch (error) {
    if (problemOf(error)?.type !== "conflict") throw error;
  }
}

/** @throws Problem `invalid-request` when there is nothing to go on with */
export function required<T>(value: T | undefined, pointer: string, what: string): T {
  if (value === undefined) throw new Problem("invalid-request", what, { errors: [{ pointer, message: what }] });
  return value;
}
