import { z } from "zod";
import { insertDeadLetter } from "../workers/operations/store.ts";
import { newId } from "../workers/platform/ids.ts";

const MAX_BODY_CHARACTERS = 200_000;
const tenantSchema = z.object({ tenant: z.string() });
const rowTenantSchema = z.object({ row: tenantSchema });

/** Keeps what no consumer could take, so that someone can look at it and send it again. */
export async function keepDeadLetters(batch: MessageBatch, env: Env, queue: string): Promise<void> {
  for (const message of batch.messages) {
    const named = tenantSchema.safeParse(message.body);
    const inRow = rowTenantSchema.safeParse(message.body);
    await insertDeadLetter(env, {
      id: newId("deadLetter", message.timestamp.getTime()),
      queue,
      tenant: named.success ? named.data.tenant : inRow.success ? inRow.data.row.tenant : "",
      body: JSON.stringify(message.body ?? null).slice(0, MAX_BODY_CHARACTERS),
      attempts: message.attempts,
      createdAt: message.timestamp.getTime(),
      redrivenAt: null,
    });
    message.ack();
  }
}
