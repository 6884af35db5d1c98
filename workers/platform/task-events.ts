import { z } from "zod";
import { parsedJsonSchema } from "./canonical-json.ts";
import { recordedProblemSchema } from "./recorded.ts";

/** What makes a run a task of the Agent2Agent protocol: who asked what, in which conversation. */
export const taskOriginSchema = z.object({
  context: z.string(),
  agent: z.string(),
  /** What its client is given: the task, or, when it ends at once, only a message. */
  reply: z.enum(["task", "message"]),
  /** The message that began it, as the protocol has it. */
  message: parsedJsonSchema,
});

/** What can happen to a run because other agents speak with it. */
export const taskEvents = {
  /** A further message of the client; the step that it answers is settled with it. */
  "task.message": z.object({ message: parsedJsonSchema, by: z.string() }),
  "task.push-set": z.object({
    id: z.string(),
    url: z.string(),
    scheme: z.string().optional(),
    /** Token and credentials, sealed under the platform's master key: what is kept and shown opens nothing. */
    sealed: z.string().optional(),
  }),
  "task.push-removed": z.object({ id: z.string() }),
  /** The receiver has taken everything up to this event. */
  "task.pushed": z.object({ id: z.string(), through: z.number().int() }),
  /** The receiver did not take it, however often it was offered; it is offered nothing any more. */
  "task.push-abandoned": z.object({ id: z.string(), problem: recordedProblemSchema }),
} as const;
