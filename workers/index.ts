export { AgentSession } from "../durable-objects/agent-session/agent-session.ts";
export { DataWorkspace } from "../durable-objects/data-workspace/data-workspace.ts";
export { IdempotencyRecord } from "../durable-objects/idempotency-record/idempotency-record.ts";
export { KamachiqProject } from "../durable-objects/kamachiq-project/kamachiq-project.ts";
export { Lock } from "../durable-objects/lock/lock.ts";
export { MemoryIndex } from "../durable-objects/memory-index/memory-index.ts";
export { TenantLedger } from "../durable-objects/tenant-ledger/tenant-ledger.ts";

import { app } from "./gateway/app.ts";

export default {
  fetch: app.fetch,
} satisfies ExportedHandler<Env>;
