import type { z } from "zod";
import { type Json, parsedJsonSchema } from "../platform/canonical-json.ts";
import { Problem } from "../platform/problem.ts";
import type { RegisteredTool, ToolDefinition } from "./tool.ts";

/** Makes a tool that a registry can hold: what goes in and what comes out is checked against its schemas. */
export function defineTool<Input extends z.ZodType, Output extends z.ZodType>(tool: ToolDefinition<Input, Output>): RegisteredTool {
  const { id, title, description, risk, onUnknown, timeoutMs } = tool;
  return {
    id,
    title,
    description,
    risk,
    tags: tool.tags ?? [],
    labels: tool.labels ?? [],
    isPure: tool.isPure === true,
    onUnknown,
    timeoutMs,
    inputSchema: tool.input,
    outputSchema: tool.output,
    async run(input, context) {
      const parsed = tool.input.safeParse(input);
      if (!parsed.success) throw new Problem("invalid-request", `${id} cannot take this input: ${faults(parsed.error)}.`);
      const output = await tool.run(parsed.data, context);
      const checked = tool.output.safeParse(output);
      if (!checked.success) throw new Problem("tool-failed", `${id} returned something other than it promises: ${faults(checked.error)}.`);
      return toJson(checked.data);
    },
  };
}

function faults(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join(".") || "input"}: ${issue.message}`)
    .join("; ");
}

/** What a tool returns is data; whatever JSON cannot carry is left behind here and not later. */
function toJson(value: unknown): Json {
  return parsedJsonSchema.parse(JSON.parse(JSON.stringify(value ?? null)));
}
