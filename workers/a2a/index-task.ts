import { z } from "zod";
import type { Principal } from "../platform/principal.ts";
import type { Message, Task } from "./protocol.ts";
import { upsertTask } from "./store.ts";

/** What an object gives of a task was made by this platform from what it had parsed: its form is stated and not walked again. */
export const taskAnswerSchema = z.custom<{ readonly task: Task } | { readonly message: Message }>(
  (value) => typeof value === "object" && value !== null && ("task" in value || "message" in value),
);

/**
 * Writes into the index what a client has just been told of a task, so that its next list agrees with it; the queue tells the index of
 * everything else.
 */
export async function indexed({ env, principal }: { env: Env; principal: Principal }, task: Task): Promise<void> {
  const { id, contextId, status, metadata } = task;
  await upsertTask(env, {
    id,
    tenant: principal.tenant,
    agent: String(metadata?.agent ?? ""),
    context: contextId,
    state: status.state,
    statusAt: Date.parse(status.timestamp),
  });
}
