import { z } from "zod";
import { type Json, parsedJsonSchema } from "../platform/canonical-json.ts";

/**
 * The data of the A2A protocol, version 1.0 (`a2a.proto`, ProtoJSON): what is read from outside is parsed here. Members this platform does
 * not know are ignored (§5.7), null and the empty text stand for what is absent, as in ProtoJSON.
 */

/** `Major.Minor` of the protocol spoken here (§3.6). */
export const A2A_VERSION = "1.0";
export const A2A_MEDIA_TYPE = "application/a2a+json";

/** Parts of one message: a client that has more sends files by address. */
const MAX_PARTS = 64;
const MAX_ID_CHARACTERS = 256;
/** Configurations one request names, tasks it refers to, extensions, modes: lists of names. */
const MAX_NAMES = 64;
/** §3.1.4: at most this many tasks a page, and so many when nothing is said. */
export const MAX_TASKS_A_PAGE = 100;
const DEFAULT_TASKS_A_PAGE = 50;

export const TASK_STATES = [
  "TASK_STATE_SUBMITTED",
  "TASK_STATE_WORKING",
  "TASK_STATE_COMPLETED",
  "TASK_STATE_FAILED",
  "TASK_STATE_CANCELED",
  "TASK_STATE_INPUT_REQUIRED",
  "TASK_STATE_REJECTED",
  "TASK_STATE_AUTH_REQUIRED",
] as const;
export type TaskState = (typeof TASK_STATES)[number];

const TERMINAL: ReadonlySet<TaskState> = new Set([
  "TASK_STATE_COMPLETED",
  "TASK_STATE_FAILED",
  "TASK_STATE_CANCELED",
  "TASK_STATE_REJECTED",
]);
const INTERRUPTED: ReadonlySet<TaskState> = new Set(["TASK_STATE_INPUT_REQUIRED", "TASK_STATE_AUTH_REQUIRED"]);

/** True when nothing more happens to a task in this state (§4.1.3). */
export function isTerminal(state: TaskState): boolean {
  return TERMINAL.has(state);
}

/** True when a blocking call answers (§3.2.2): the task has ended, or waits for its client. */
export function isSettled(state: TaskState): boolean {
  return TERMINAL.has(state) || INTERRUPTED.has(state);
}

/** A member that may be absent, null, or a text without characters, which all mean the same. */
function optional<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => (value === null || value === "" ? undefined : value), schema.optional());
}

const id = z.string().min(1).max(MAX_ID_CHARACTERS);
const metadata = z.record(z.string(), parsedJsonSchema);
const names = z.array(z.string().max(2_048)).max(MAX_NAMES);
const tenant = optional(z.string().max(MAX_ID_CHARACTERS));

const CONTENTS = ["text", "raw", "url", "data"] as const;

/** §4.1.6: exactly one of text, raw (base64), url or data. */
export const partSchema = z
  .object({
    text: z.string().optional(),
    raw: z.base64().optional(),
    url: z.string().max(2_048).optional(),
    data: parsedJsonSchema.optional(),
    metadata: optional(metadata),
    filename: optional(z.string().max(255)),
    mediaType: optional(z.string().max(255)),
  })
  .refine((part) => CONTENTS.filter((content) => part[content] !== undefined).length === 1, {
    message: "a part has exactly one of text, raw, url and data",
  });
export type Part = z.infer<typeof partSchema>;

/** §4.1.4 */
export const messageSchema = z.object({
  messageId: id,
  contextId: optional(id),
  taskId: optional(id),
  role: z.enum(["ROLE_USER", "ROLE_AGENT"]),
  parts: z.array(partSchema).min(1).max(MAX_PARTS),
  metadata: optional(metadata),
  extensions: optional(names),
  referenceTaskIds: optional(names),
});
export type Message = z.infer<typeof messageSchema>;

const authenticationSchema = z.object({
  /** A token of RFC 9110 §5.6.2: it becomes the first word of a header. */
  scheme: z
    .string()
    .max(64)
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/),
  /** Visible ASCII and spaces, since it becomes the rest of a header. */
  credentials: optional(
    z
      .string()
      .max(8_192)
      .regex(/^[\x20-\x7e]*$/),
  ),
});

/** §4.3.1: where a task's changes are sent. */
export const pushConfigSchema = z.object({
  tenant,
  id: optional(id),
  taskId: optional(id),
  url: z.string().min(1).max(2_048),
  token: optional(
    z
      .string()
      .max(4_096)
      .regex(/^[\x20-\x7e]*$/),
  ),
  authentication: optional(authenticationSchema),
});
export type PushConfig = z.infer<typeof pushConfigSchema>;

const historyLength = optional(z.number().int().nonnegative());

/** §3.2.1 */
export const sendMessageSchema = z.object({
  tenant,
  message: messageSchema,
  configuration: optional(
    z.object({
      acceptedOutputModes: optional(names),
      taskPushNotificationConfig: optional(pushConfigSchema),
      historyLength,
      returnImmediately: optional(z.boolean()),
    }),
  ),
  metadata: optional(metadata),
});
export type SendMessageRequest = z.infer<typeof sendMessageSchema>;

export const getTaskSchema = z.object({ tenant, id, historyLength });
export const cancelTaskSchema = z.object({ tenant, id, metadata: optional(metadata) });
export const subscribeSchema = z.object({ tenant, id });
export const createPushConfigSchema = pushConfigSchema.extend({ taskId: id });
export const pushConfigNameSchema = z.object({ tenant, taskId: id, id });
export const listPushConfigsSchema = z.object({ tenant, taskId: id });
export const extendedCardSchema = z.object({ tenant });

/** §3.1.4 */
export const listTasksSchema = z.object({
  tenant,
  contextId: optional(id),
  status: z.preprocess(
    (state) => (state === "TASK_STATE_UNSPECIFIED" || state === null ? undefined : state),
    z.enum(TASK_STATES).optional(),
  ),
  pageSize: z.preprocess((size) => size ?? undefined, z.number().int().min(1).max(MAX_TASKS_A_PAGE).default(DEFAULT_TASKS_A_PAGE)),
  pageToken: optional(z.string().max(512)),
  historyLength,
  statusTimestampAfter: optional(z.iso.datetime({ offset: true })),
  includeArtifacts: optional(z.boolean()),
});
export type ListTasksRequest = z.infer<typeof listTasksSchema>;

export interface TaskStatus {
  readonly state: TaskState;
  readonly message?: Message;
  /** ISO 8601 in UTC with milliseconds (§5.6.1). */
  readonly timestamp: string;
}

/** §4.1.7 */
export interface Artifact {
  readonly artifactId: string;
  readonly name?: string;
  readonly description?: string;
  readonly parts: readonly Part[];
  readonly metadata?: Readonly<Record<string, Json>>;
}

/** §4.1.1 */
export interface Task {
  readonly id: string;
  readonly contextId: string;
  readonly status: TaskStatus;
  readonly artifacts?: readonly Artifact[];
  readonly history?: readonly Message[];
  readonly metadata?: Readonly<Record<string, Json>>;
}

/** §3.2.3: one thing that a stream or a notification tells. */
export type StreamResponse =
  | { readonly task: Task }
  | { readonly message: Message }
  | { readonly statusUpdate: { readonly taskId: string; readonly contextId: string; readonly status: TaskStatus } }
  | {
      readonly artifactUpdate: {
        readonly taskId: string;
        readonly contextId: string;
        readonly artifact: Artifact;
        readonly append: boolean;
        readonly lastChunk: boolean;
      };
    };
