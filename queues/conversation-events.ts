import { z } from "zod";
import { upsertTask } from "../workers/a2a/store.ts";
import { upsertProject } from "../workers/kamachiq/store.ts";
import { upsertRun } from "../workers/mao/store.ts";
import { describeError, log } from "../workers/platform/telemetry.ts";
import { upsertSession } from "../workers/sessions/store.ts";

const rowSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  title: z.string(),
  state: z.string(),
  createdBy: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  seq: z.number().int(),
});

const startedBy = z.string().nullable();

export const summarySchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("session"), row: rowSchema }),
  z.object({
    kind: z.literal("project"),
    row: rowSchema.extend({
      round: z.number().int().default(1),
      costMicros: z.number().int().default(0),
      tokens: z.number().int().default(0),
      findings: z.number().int().default(0),
      gateOpenedAt: z.number().nullable().default(null),
    }),
  }),
  z.object({ kind: z.literal("run"), row: rowSchema.extend({ template: startedBy, schedule: startedBy, parent: startedBy }) }),
  z.object({
    kind: z.literal("task"),
    row: z.object({
      id: z.string(),
      tenant: z.string(),
      agent: z.string(),
      context: z.string(),
      state: z.string(),
      statusAt: z.number(),
    }),
  }),
]);
export type Summary = z.infer<typeof summarySchema>;

/** Tells the index how a session, project, run or task stands now. An older telling changes nothing. */
export async function publishSummary(env: Env, summary: Summary): Promise<void> {
  await env.CONVERSATION_EVENTS.send(summary);
}

/** Brings the index that lists are read from up to date. */
export async function consumeSummaries(batch: MessageBatch, env: Env): Promise<void> {
  for (const message of batch.messages) {
    try {
      await write(env, summarySchema.parse(message.body));
      message.ack();
    } catch (error) {
      log("warn", "summary.message-failed", {}, { error: describeError(error), attempts: message.attempts });
      message.retry();
    }
  }
}

async function write(env: Env, summary: Summary): Promise<void> {
  switch (summary.kind) {
    case "session":
      return upsertSession(env, summary.row);
    case "project":
      return upsertProject(env, summary.row);
    case "run":
      return upsertRun(env, summary.row);
    case "task":
      return upsertTask(env, summary.row);
    default:
      return summary satisfies never;
  }
}
