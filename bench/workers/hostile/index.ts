import platform, * as objects from "../../../workers/index.ts";

export * from "../../../workers/index.ts";

/** Of what may go wrong here, this share does. */
const SHARE = 0.3;
/** A second firing of an alarm that comes late, as after a lost acknowledgement. */
const LATE_MS = 150;

/**
 * The platform in a world that keeps its promises to the letter and no further: alarms fire at least once, so some fire twice, at the same time, one after
 * the other or late; queues deliver at least once and in no order, so some messages come again after they were taken, and each batch backwards.
 * For tests only: it is another entry of the bundle, and no part of what is deployed.
 */
export class AgentSession extends objects.AgentSession {
  override alarm(): Promise<void> {
    return oftenTwice(() => super.alarm());
  }
}

export class AuditLog extends objects.AuditLog {
  override alarm(): Promise<void> {
    return oftenTwice(() => super.alarm());
  }
}

export class KamachiqProject extends objects.KamachiqProject {
  override alarm(): Promise<void> {
    return oftenTwice(() => super.alarm());
  }
}

export class MaoRun extends objects.MaoRun {
  override alarm(): Promise<void> {
    return oftenTwice(() => super.alarm());
  }
}

export class MemoryIndex extends objects.MemoryIndex {
  override alarm(): Promise<void> {
    return oftenTwice(() => super.alarm());
  }
}

async function oftenTwice(ring: () => Promise<void>): Promise<void> {
  const kind = Math.random() < SHARE ? Math.floor(Math.random() * 3) : undefined;
  if (kind !== undefined) tell("alarm");
  if (kind === 0) await Promise.all([ring(), ring()]);
  else await ring();
  if (kind === 1) await ring();
  if (kind === 2) setTimeout(() => void ring().catch(() => undefined), LATE_MS);
}

export default {
  fetch: platform.fetch,
  scheduled: platform.scheduled,
  queue: (batch, env) => platform.queue(backwards(batch), env),
} satisfies ExportedHandler<Env>;

function backwards(batch: MessageBatch): MessageBatch {
  return {
    queue: batch.queue,
    metadata: batch.metadata,
    messages: batch.messages.map(oftenAgain).reverse(),
    ackAll: () => batch.ackAll(),
    retryAll: (options) => batch.retryAll(options),
  };
}

/** A message whose first acknowledgement is lost: the queue brings it again. */
function oftenAgain(message: Message): Message {
  const isLost = message.attempts === 1 && Math.random() < SHARE;
  if (isLost) tell("message");
  return {
    id: message.id,
    timestamp: message.timestamp,
    body: message.body,
    attempts: message.attempts,
    ack: () => (isLost ? message.retry() : message.ack()),
    retry: (options) => message.retry(options),
  };
}

/** A line in the log for each: a count in memory would die with the process. */
function tell(twice: "alarm" | "message"): void {
  console.log(JSON.stringify({ event: "fault.injected", twice }));
}
