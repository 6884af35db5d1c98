import { onTestFinished } from "vitest";
import { z } from "zod";
import type { ModelPart, ModelRequest } from "../../workers/models/client.ts";
import { embedded } from "../../workers/models/embedded.ts";
import { findTool } from "../../workers/tools/registry.ts";
import type { OnUnknown, ToolRisk } from "../../workers/tools/tool.ts";
import { alterMethod } from "./altered-method.ts";

const requestSchema = z.custom<ModelRequest>((value) => typeof value === "object" && value !== null && "messages" in value);

/** Counts how often the model was asked. */
export interface ScriptedModel {
  asked: number;
}

/**
 * Has the platform's engine answer by a script until the test ends.
 * @param script gets the request, the number of tool rounds before it, and how often the model was asked before, in whatever incarnation
 */
export function modelAnswers(script: (request: ModelRequest, round: number, before: number) => AsyncGenerator<ModelPart>): ScriptedModel {
  const model = { asked: 0 };
  alterMethod(embedded, "stream", (_, [order]) => {
    const request = requestSchema.parse(order);
    model.asked += 1;
    return script(request, request.messages.filter((message) => message.role === "tool").length, model.asked - 1);
  });
  return model;
}

export const says = (text: string): ModelPart => ({ kind: "text", text });
export const ends: ModelPart = endsAt(0);

/** The end of an answer that cost so much. */
export function endsAt(costMicros: number): ModelPart {
  return { kind: "end", usage: { inputTokens: 1, outputTokens: 1, costMicros }, isCutOff: false };
}

/** Asks for a query. */
export function asks(sql: string, id = "call_1"): ModelPart {
  return { kind: "call", call: { id, name: "data_query", input: { sql } } };
}

/** Has the platform's engine cost something until the test ends. */
export function chargeForModel(ceilingMicros: number): void {
  for (const [name, value] of Object.entries({ isPaid: true, ceilingMicros: () => ceilingMicros })) {
    const before: unknown = Reflect.get(embedded, name);
    Object.defineProperty(embedded, name, { configurable: true, value });
    onTestFinished(() => void Object.defineProperty(embedded, name, { configurable: true, value: before }));
  }
}

/** Gives a tool another nature until the test ends. */
export function declareTool(id: string, nature: { risk?: ToolRisk; onUnknown?: OnUnknown }): void {
  const tool = findTool(id);
  for (const [name, value] of Object.entries(nature)) {
    const before: unknown = Reflect.get(tool, name);
    Object.defineProperty(tool, name, { configurable: true, value });
    onTestFinished(() => void Object.defineProperty(tool, name, { configurable: true, value: before }));
  }
}

/** Waits until something is so. Objects share no promises, so it looks again and again. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let look = 0; look < 2_000; look += 1) {
    if (await isSo()) return;
    await scheduler.wait(5);
  }
  throw new Error(`It never came to this: ${what}.`);
}
