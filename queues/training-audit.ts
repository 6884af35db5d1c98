import { partsOf } from "../workers/audit/parts.ts";
import { markTraining } from "../workers/audit/store.ts";
import { describeError, log } from "../workers/platform/telemetry.ts";
import { type AuditMessage, auditMessageSchema, batchOf } from "./agent-audit.ts";

/** Tells the training audit what a session did while it trained an agent: the topic `training.audit`, apart from everyday work. */
export async function publishTraining(env: Env, message: AuditMessage): Promise<void> {
  await env.TRAINING_AUDIT.send(message);
}

/**
 * Marks the events of trainings in the audit, each once however often it comes, and also when the audit of everyday work had it first. A
 * message that cannot be read goes back, and after its retries to the dead letters.
 */
export async function consumeTraining(batch: MessageBatch, env: Env): Promise<void> {
  for (const message of batch.messages) {
    try {
      const told = auditMessageSchema.parse(message.body);
      const { object, events } = batchOf(told);
      await markTraining(env, partsOf(told.tenant, object, events));
      message.ack();
    } catch (error) {
      log("warn", "training.message-failed", {}, { error: describeError(error), attempts: message.attempts });
      message.retry();
    }
  }
}
