import { z } from "zod";
import { insertDeadLetter } from "../workers/operations/store.ts";
import { derivedId } from "../workers/platform/ids.ts";
import { describeError, log } from "../workers/platform/telemetry.ts";
import { acknowledgeDeadLetter } from "./agent-audit.ts";

const tenantSchema = z.object({ tenant: z.string().max(64) });
const rowTenantSchema = z.object({ row: tenantSchema });

/**
 * Keeps what no consumer could take, each message once however often it comes, so that someone can look at it and send it again. The object it came from is
 * told that it is kept, or it would send the same again and again.
 */
export async function keepDeadLetters(batch: MessageBatch, env: Env, queue: string): Promise<void> {
  for (const message of batch.messages) {
    try {
      const at = message.timestamp.getTime();
      await insertDeadLetter(env, {
        id: derivedId("deadLetter", at, `${queue}/${message.id}`),
        queue,
        tenant: tenantOf(message.body),
        body: JSON.stringify(message.body ?? null),
        attempts: message.attempts,
        createdAt: at,
        redrivenAt: null,
        fence: 0,
      });
      if (queue === "agent-audit") await acknowledgeDeadLetter(env, message.body);
      message.ack();
    } catch (error) {
      log("error", "dead-letter.not-kept", {}, { queue, error: describeError(error), attempts: message.attempts });
      message.retry();
    }
  }
}

/** The tenant that a message names; none when it cannot be read, and then it is the operator's to look at. */
function tenantOf(body: unknown): string {
  const named = tenantSchema.safeParse(body);
  if (named.success) return named.data.tenant;
  const inRow = rowTenantSchema.safeParse(body);
  return inRow.success ? inRow.data.row.tenant : "";
}
