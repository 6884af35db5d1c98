import platform, * as objects from "../../../workers/index.ts";
import { countedEnv } from "./env.ts";
import { countedState } from "./storage.ts";
import { count, takeCounts } from "./tally.ts";

export * from "../../../workers/index.ts";

/**
 * The platform as it is deployed, counting what it would be billed for: the same classes and doors over bindings and storage that count.
 * `/bench/operations` gives the counts since it was last asked.
 */
export class AgentSession extends objects.AgentSession {
  constructor(state: DurableObjectState, env: Env) {
    super(countedState("AgentSession", state), countedEnv("AgentSession", env));
  }

  override alarm(): Promise<void> {
    count("AgentSession", "object requests");
    return super.alarm();
  }
}

export class KamachiqProject extends objects.KamachiqProject {
  constructor(state: DurableObjectState, env: Env) {
    super(countedState("KamachiqProject", state), countedEnv("KamachiqProject", env));
  }

  override alarm(): Promise<void> {
    count("KamachiqProject", "object requests");
    return super.alarm();
  }
}

export class MaoRun extends objects.MaoRun {
  constructor(state: DurableObjectState, env: Env) {
    super(countedState("MaoRun", state), countedEnv("MaoRun", env));
  }

  override alarm(): Promise<void> {
    count("MaoRun", "object requests");
    return super.alarm();
  }
}

export class DataWorkspace extends objects.DataWorkspace {
  constructor(state: DurableObjectState, env: Env) {
    super(countedState("DataWorkspace", state), countedEnv("DataWorkspace", env));
  }
}

export class IdempotencyRecord extends objects.IdempotencyRecord {
  constructor(state: DurableObjectState, env: Env) {
    super(countedState("IdempotencyRecord", state), countedEnv("IdempotencyRecord", env));
  }
}

export class MemoryIndex extends objects.MemoryIndex {
  constructor(state: DurableObjectState, env: Env) {
    super(countedState("MemoryIndex", state), countedEnv("MemoryIndex", env));
  }
}

export class TenantLedger extends objects.TenantLedger {
  constructor(state: DurableObjectState, env: Env) {
    super(countedState("TenantLedger", state), countedEnv("TenantLedger", env));
  }
}

let requestEnv: Env | undefined;
let queueEnv: Env | undefined;

export default {
  fetch(request, env, context) {
    if (new URL(request.url).pathname === "/bench/operations") return Response.json(takeCounts());
    requestEnv ??= countedEnv("request", env);
    return platform.fetch(request, requestEnv, context);
  },
  async queue(batch, env) {
    queueEnv ??= countedEnv("consumer", env);
    count("consumer", "queue operations", 2 * batch.messages.length);
    await platform.queue(batch, queueEnv);
  },
} satisfies ExportedHandler<Env>;
