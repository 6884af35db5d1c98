export { AgentSession } from "../durable-objects/agent-session/agent-session.ts";
export { AuditLog } from "../durable-objects/audit-log/audit-log.ts";
export { DataWorkspace } from "../durable-objects/data-workspace/data-workspace.ts";
export { IdempotencyRecord } from "../durable-objects/idempotency-record/idempotency-record.ts";
export { KamachiqProject } from "../durable-objects/kamachiq-project/kamachiq-project.ts";
export { Lock } from "../durable-objects/lock/lock.ts";
export { MaoRun } from "../durable-objects/mao-run/mao-run.ts";
export { MaoSchedule } from "../durable-objects/mao-schedule/mao-schedule.ts";
export { MemoryIndex } from "../durable-objects/memory-index/memory-index.ts";
export { TenantConstitution } from "../durable-objects/tenant-constitution/tenant-constitution.ts";
export { TenantLedger } from "../durable-objects/tenant-ledger/tenant-ledger.ts";

import { consumeAudit } from "../queues/agent-audit.ts";
import { consumeSummaries } from "../queues/conversation-events.ts";
import { keepDeadLetters } from "../queues/dead-letters.ts";
import { consumeDecisions } from "../queues/policy-decisions.ts";
import { consumeTraining } from "../queues/training-audit.ts";
import { app } from "./gateway/app.ts";
import { removeExpired } from "./identity/remove-expired.ts";
import { sweep } from "./operations/retention.ts";
import { systemClock } from "./platform/clock.ts";

/** The Worker's doors: requests, what the queues bring, and the hourly sweep. Queues carry their environment's name at the end. */
export default {
  fetch: app.fetch,
  async queue(batch, env) {
    const topic = batch.queue.replace(/-(staging|production)$/, "");
    if (topic === "agent-audit") await consumeAudit(batch, env);
    else if (topic === "conversation-events") await consumeSummaries(batch, env);
    else if (topic === "training-audit") await consumeTraining(batch, env);
    else if (topic === "policy-decisions") await consumeDecisions(batch, env);
    else await keepDeadLetters(batch, env, topic.replace(/-dead$/, ""));
  },
  async scheduled(_, env) {
    await sweep(env, systemClock);
    await removeExpired(env, systemClock);
  },
} satisfies ExportedHandler<Env>;
