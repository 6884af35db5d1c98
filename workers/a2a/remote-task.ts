import { z } from "zod";
import { type Json, parsedJsonSchema } from "../platform/canonical-json.ts";

/** What another platform's agent answers, as far as a step reads it; whatever else it says is left alone. */

const remotePartSchema = z.object({
  text: z.string().nullish(),
  raw: z.string().nullish(),
  url: z.string().nullish(),
  data: parsedJsonSchema.optional(),
  filename: z.string().nullish(),
  mediaType: z.string().nullish(),
});
type RemotePart = z.infer<typeof remotePartSchema>;

const remoteMessageSchema = z.object({ parts: z.array(remotePartSchema).default([]) });

const remoteTaskSchema = z.object({
  id: z.string().min(1).max(1_000),
  contextId: z.string().max(1_000).nullish(),
  status: z.object({ state: z.string(), message: remoteMessageSchema.nullish() }),
  artifacts: z
    .array(z.object({ artifactId: z.string().default(""), name: z.string().nullish(), parts: z.array(remotePartSchema).default([]) }))
    .nullish(),
});
export type RemoteTask = z.infer<typeof remoteTaskSchema>;

/** The result of SendMessage: a task, or a message when there is nothing to follow (§3.1.1). */
export const sendResultSchema = z.union([z.object({ task: remoteTaskSchema }), z.object({ message: remoteMessageSchema })]);
export type SendResult = z.infer<typeof sendResultSchema>;

/** The result of GetTask, and of CancelTask. */
export const taskResultSchema = remoteTaskSchema;

/** How a remote task stands, as a step sees it. */
export type RemoteStanding =
  | { readonly kind: "working" }
  | { readonly kind: "asks"; readonly prompt: string }
  | { readonly kind: "done" }
  | { readonly kind: "ended"; readonly why: string };

/** @param agent its name, for what is told of it */
export function standingOf({ status }: RemoteTask, agent: string): RemoteStanding {
  const said = textOf(status.message?.parts ?? []);
  switch (status.state) {
    case "TASK_STATE_COMPLETED":
      return { kind: "done" };
    case "TASK_STATE_INPUT_REQUIRED":
      return { kind: "asks", prompt: said === "" ? `${agent} needs more to go on.` : said };
    case "TASK_STATE_AUTH_REQUIRED":
      return { kind: "asks", prompt: said === "" ? `${agent} needs an authorization before it goes on.` : said };
    case "TASK_STATE_FAILED":
    case "TASK_STATE_REJECTED":
    case "TASK_STATE_CANCELED": {
      const how = status.state.slice("TASK_STATE_".length).toLowerCase();
      return { kind: "ended", why: `The task of ${agent} was ${how}${said === "" ? "" : `: "${said.slice(0, 500)}"`}.` };
    }
    default:
      return { kind: "working" };
  }
}

/** What a step gives back of a task that is done: the text and data of its artifacts, and the artifacts themselves. */
export function outputOfTask(task: RemoteTask, agent: string): Json {
  const artifacts = task.artifacts ?? [];
  const parts = artifacts.flatMap((artifact) => artifact.parts);
  const said = textOf(parts);
  return {
    text: said === "" ? textOf(task.status.message?.parts ?? []) : said,
    ...dataOf(parts),
    agent,
    artifacts: artifacts.map(({ artifactId, name, parts: content }) => ({
      id: artifactId,
      name: name ?? artifactId,
      parts: content.map(partOf),
    })),
    task: { id: task.id, context: task.contextId ?? null },
  };
}

/** What a step gives back of an answer that was a message alone. */
export function outputOfMessage({ parts }: z.infer<typeof remoteMessageSchema>, agent: string): Json {
  return { text: textOf(parts), ...dataOf(parts), agent, artifacts: [], task: null };
}

function textOf(parts: readonly RemotePart[]): string {
  return parts.flatMap(({ text }) => (typeof text === "string" && text !== "" ? [text] : [])).join("\n\n");
}

/** The data of the parts: alone when one part has some, a list when several have. */
function dataOf(parts: readonly RemotePart[]): { data?: Json } {
  const data = parts.flatMap((part) => (part.data === undefined || part.data === null ? [] : [part.data]));
  const [first] = data;
  if (first === undefined) return {};
  return { data: data.length === 1 ? first : data };
}

function partOf({ text, raw, url, data, filename, mediaType }: RemotePart): Json {
  const members = Object.entries({ text, raw, url, data, filename, mediaType });
  return Object.fromEntries(
    members.flatMap(([name, value]) => (value === undefined || value === null || value === "" ? [] : [[name, value]])),
  );
}
