import { z } from "zod";
import type { Json } from "../platform/canonical-json.ts";
import { type Artifact, type Message, partSchema, type Task, type TaskStatus } from "./protocol.ts";
import { spoken, type Thread } from "./task-thread.ts";

/** What a client wants to see of a task. */
export interface TaskWish {
  /** §3.2.4: undefined for all that is kept, 0 for none. */
  readonly historyLength?: number | undefined;
  readonly includeArtifacts: boolean;
}

/** A task as the protocol shows it. @param output what the run gave, once it is completed */
export function taskDocument(thread: Thread, output: Json | undefined, wish: TaskWish): Task {
  const { historyLength, includeArtifacts } = wish;
  const history = historyLength === undefined ? thread.history : historyLength === 0 ? [] : thread.history.slice(-historyLength);
  return {
    id: thread.id,
    contextId: thread.context,
    status: statusDocument(thread.status),
    ...(includeArtifacts ? { artifacts: artifactsOf(output) } : {}),
    ...(historyLength === 0 ? {} : { history: history.map((message) => ({ ...message, contextId: thread.context, taskId: thread.id })) }),
    metadata: { agent: thread.agent },
  };
}

/** §4.1.2 */
export function statusDocument({ state, at, message }: Thread["status"]): TaskStatus {
  return { state, timestamp: new Date(at).toISOString(), ...(message === undefined ? {} : { message }) };
}

/** The answer of an agent that answers with a message alone. */
export function messageDocument(thread: Thread, output: Json | undefined): Message {
  const parts = artifactsOf(output).flatMap((artifact) => artifact.parts);
  const { taskId: _, ...message } = spoken(thread, `${thread.id}-answer`, parts.length === 0 ? [{ text: "Done." }] : [...parts]);
  return message;
}

const ownPartsSchema = z.strictObject({
  name: z.string().optional(),
  description: z.string().optional(),
  parts: z.array(partSchema).min(1),
});
const saidSchema = z.object({ text: z.string(), data: z.json().optional() });

/**
 * The artifacts of a run: each of its outputs is one. Text becomes a text part, what an agent said becomes its text (and its data), anything else
 * a data part; an output that has the form `{name?, description?, parts}` says itself what its parts are.
 */
export function artifactsOf(output: Json | undefined): Artifact[] {
  if (output === undefined || output === null || typeof output !== "object" || Array.isArray(output)) return [];
  return Object.entries(output).flatMap(([artifactId, value]) => (value === null ? [] : [artifactOf(artifactId, value)]));
}

function artifactOf(artifactId: string, value: Json): Artifact {
  const own = ownPartsSchema.safeParse(value).data;
  if (own !== undefined) {
    const { name, description, parts } = own;
    return { artifactId, name: name ?? artifactId, ...(description === undefined ? {} : { description }), parts };
  }
  if (typeof value === "string") return { artifactId, name: artifactId, parts: [{ text: value, mediaType: "text/plain" }] };
  const said = saidSchema.safeParse(value).data;
  if (said === undefined) return { artifactId, name: artifactId, parts: [{ data: value, mediaType: "application/json" }] };
  const data = said.data === undefined || said.data === null ? [] : [{ data: said.data, mediaType: "application/json" }];
  return { artifactId, name: artifactId, parts: [{ text: said.text, mediaType: "text/plain" }, ...data] };
}
