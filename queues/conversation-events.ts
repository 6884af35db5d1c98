import { z } from "zod";
import { upsertProject } from "../workers/kamachiq/store.ts";
import { describeError, log } from "../workers/platform/telemetry.ts";
import { upsertSession } from "../workers/sessions/store.ts";

export const summarySchema = z.object({
  kind: z.enum(["session", "project"]),
  row: z.object({
    id: z.string(),
    tenant: z.string(),
    title: z.string(),
    state: z.string(),
    createdBy: z.string(),
    createdAt: z.number(),
    updatedAt: z.number(),
    seq: z.number().int(),
  }),
});
export type Summary = z.infer<typeof summarySchema>;

/** Tells the index how a session or project stands now. An older telling changes nothing. */
export async function publishSummary(env: Env, summary: Summary): Promise<void> {
  await env.CONVERSATION_EVENTS.send(summary);
}

/** Brings the index that lists are read from up to date. */
export async function consumeSummaries(batch: MessageBatch, env: Env): Promise<void> {
  for (const message of batch.messages) {
    try {
      const { kind, row } = summarySchema.parse(message.body);
      await (kind === "session" ? upsertSession(env, row) : upsertProject(env, row));
      message.ack();
    } catch (error) {
      log("warn", "summary.message-failed", {}, { error: describeError(error), attempts: message.attempts });
      message.retry();
    }
  }
}
