import type { ChatRequest } from "./published-types.ts";
import { type Answer, messagesOf } from "./reply.ts";

const PARTICIPANTS = /from (\[(?:"[^"\]]+"(?:,\s*)?)+\])/g;
const SCHEMA = "fits this JSON Schema, and with nothing else:";

/** What a participant or leader of a team answers; undefined when the request is about something else. */
export function answerInTeam(request: ChatRequest): Answer | undefined {
  const messages = messagesOf(request);
  const last = messages.at(-1)?.text ?? "";
  const schema = last.lastIndexOf(SCHEMA);
  if (schema >= 0) return { text: JSON.stringify(instanceOf(JSON.parse(last.slice(schema + SCHEMA.length).trim()), "answer")) };
  const lists = [...last.matchAll(PARTICIPANTS)];
  if (lists.length > 0) return { text: leastHeard(JSON.parse(lists.at(-1)?.[1] ?? "[]"), last) };
  const hasSpoken = messages.some((message) => message.role === "assistant");
  const handoff = (request.tools ?? []).find((tool) => tool.type === "function" && /^(delegate|transfer)_to_/.test(tool.function.name));
  if (!hasSpoken && handoff?.type === "function")
    return { text: "", calls: [{ id: "call_1", name: handoff.function.name, text: JSON.stringify({ message: "Please see to it." }) }] };
  const isToldToEnd = messages.some((message) => message.role === "system" && message.text.includes("TERMINATE"));
  return hasSpoken && isToldToEnd ? { text: "That is all there is to say. TERMINATE" } : undefined;
}

/** The one of the names who is found least often in the conversation as a speaker. */
function leastHeard(names: readonly string[], conversation: string): string {
  const heard = (name: string) => conversation.split(`\n${name}: `).length;
  return [...names].sort((a, b) => heard(a) - heard(b))[0] ?? "nobody";
}

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** The plainest value that fits a schema: the first label, one item, and true for all but what says that the work goes in circles. */
function instanceOf(schema: Schema, name: string): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  switch (schema.type) {
    case "object":
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, member]) => [key, instanceOf(member, key)]));
    case "array":
      return [instanceOf(schema.items ?? {}, name)];
    case "number":
    case "integer":
      return 1;
    case "boolean":
      return !name.includes("loop");
    default:
      return `the ${name.replaceAll("_", " ")}`;
  }
}
