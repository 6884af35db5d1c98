import type { ModelMessage } from "ai";
import type { DatasetProfile } from "../tools/data/profile.ts";
import type { ChatMessage, ModelRequest } from "./client.ts";

/** What a model is told of the tables and documents at hand: about 5,000 tokens. */
const MAX_WORKSPACE_CHARACTERS = 20_000;
const VALUES_SHOWN = 5;

/** The instructions of a request, with what its workspace holds: a model can only ask for tables that it knows of. */
export function systemOf(request: ModelRequest): string {
  const held = [
    ...request.datasets.map((dataset) => JSON.stringify(tableOf(dataset))),
    ...request.documents.map(({ name, title, headings }) => JSON.stringify({ document: name, title, headings: headings.slice(0, 20) })),
  ];
  if (held.length === 0) return request.system;
  const shown: string[] = [];
  let left = MAX_WORKSPACE_CHARACTERS;
  for (const line of held) {
    left -= line.length;
    if (left < 0) break;
    shown.push(line);
  }
  const omitted = held.length - shown.length;
  const note = omitted === 0 ? "" : `\n(${omitted} more are not shown.)`;
  return `${request.system}\nThese tables and documents are loaded:\n<data>\n${shown.join("\n")}${note}\n</data>`;
}

function tableOf({ table, rows, columns }: DatasetProfile) {
  return {
    table,
    rows,
    columns: columns.map(({ name, type, top }) => ({ name, type, values: top.slice(0, VALUES_SHOWN).map(({ value }) => value) })),
  };
}

/** A message in the form of the AI SDK. */
export function toModelMessage(message: ChatMessage): ModelMessage {
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
