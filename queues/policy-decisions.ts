import { describeError, log } from "../workers/platform/telemetry.ts";
import { decisionMessageSchema } from "../workers/policy/decision-log.ts";
import { insertDecisions } from "../workers/policy/store.ts";

/**
 * Writes decisions of the guard into the decision log, each once however often it comes. A message that cannot be read goes back, and after its
 * retries to the dead letters.
 */
export async function consumeDecisions(batch: MessageBatch, env: Env): Promise<void> {
  for (const message of batch.messages) {
    try {
      const { tenant, decisions } = decisionMessageSchema.parse(message.body);
      await insertDecisions(
        env,
        decisions.map(({ request, policies, obligations, ...decision }) => ({
          ...decision,
          tenant,
          action: request.action,
          resource: request.resource.name,
          subject: request.principal.id,
          policies: JSON.stringify(policies),
          obligations: JSON.stringify(obligations),
          request: JSON.stringify(request),
        })),
      );
      message.ack();
    } catch (error) {
      log("warn", "decisions.message-failed", {}, { error: describeError(error), attempts: message.attempts });
      message.retry();
    }
  }
}
