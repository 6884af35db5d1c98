import { z } from "zod";
import type { Parcel } from "../durable-objects/event-log/outbox.ts";
import { auditLogName } from "../workers/audit/log/log-name.ts";
import { type AuditBatch, auditedEventSchema } from "../workers/audit/parts.ts";
import { parsedJsonSchema } from "../workers/platform/canonical-json.ts";
import { sha256Hex } from "../workers/platform/crypto.ts";
import type { LoggedEvent } from "../workers/platform/events.ts";
import { describeError, log } from "../workers/platform/telemetry.ts";

/** Data of one event in a message; larger data is told by its hash, and stays in its object. */
const MAX_EVENT_CHARACTERS = 24_000;

/** The objects that work and so have a log. */
export const workingObjectSchema = z.object({
  binding: z.enum(["AGENT_SESSION", "KAMACHIQ_PROJECT", "MAO_RUN", "MAO_SCHEDULE", "MEMORY_INDEX", "TENANT_CONSTITUTION"]),
  name: z.string().min(1).max(200),
});
export type WorkingObject = z.infer<typeof workingObjectSchema>;

export const auditMessageSchema = z.object({
  object: workingObjectSchema,
  tenant: z.string(),
  /** The part of the object's log that the message covers; what is not among its events is not audited. */
  after: z.number().int().nonnegative(),
  through: z.number().int().positive(),
  events: z.array(auditedEventSchema).min(1).max(200),
});
export type AuditMessage = z.infer<typeof auditMessageSchema>;

/** Puts a batch of an object's events on the queue, as one message. */
export async function publishAudit(env: Env, object: WorkingObject, tenant: string, parcel: Parcel): Promise<void> {
  await env.AGENT_AUDIT.send(auditMessage(object, tenant, parcel));
}

/** A batch of an object's events as the audit's queues carry it. */
export function auditMessage(object: WorkingObject, tenant: string, { events, after, through }: Parcel): AuditMessage {
  return {
    object,
    tenant,
    after,
    through,
    events: events.map((event) => ({ seq: event.seq, at: event.at, type: event.type, data: boundedData(event.data) })),
  };
}

/**
 * Writes events into their tenants' transparency logs, each once however often it comes, and tells the objects that they may let go of them. What
 * cannot be read or taken goes back, and after its retries to the dead letters; one tenant does not hold up the others of a batch.
 */
export async function consumeAudit(batch: MessageBatch, env: Env): Promise<void> {
  const byTenant = new Map<string, Arrival[]>();
  for (const message of batch.messages) {
    const parsed = auditMessageSchema.safeParse(message.body);
    if (parsed.success) byTenant.set(parsed.data.tenant, [...(byTenant.get(parsed.data.tenant) ?? []), { message, body: parsed.data }]);
    else giveBack(message, parsed.error);
  }
  for (const [tenant, arrivals] of byTenant) await takeIn(env, tenant, arrivals);
}

interface Arrival {
  readonly message: Message;
  readonly body: AuditMessage;
}

async function takeIn(env: Env, tenant: string, arrivals: readonly Arrival[]): Promise<void> {
  try {
    await env.AUDIT_LOG.getByName(auditLogName(tenant)).append(arrivals.map(({ body }) => batchOf(body)));
  } catch (error) {
    for (const { message } of arrivals) giveBack(message, error);
    return;
  }
  for (const { message, body } of arrivals) {
    try {
      await acknowledge(env, body);
      message.ack();
    } catch (error) {
      giveBack(message, error);
    }
  }
}

function giveBack(message: Message, error: unknown): void {
  log("warn", "audit.message-failed", {}, { error: describeError(error), attempts: message.attempts });
  message.retry();
}

/**
 * Tells the object of a dead letter that its events are kept, there and not in the log: it would send them again and again otherwise. A message that
 * nobody can read names no object to tell.
 */
export async function acknowledgeDeadLetter(env: Env, body: unknown): Promise<void> {
  const parsed = auditMessageSchema.safeParse(body);
  if (parsed.success) await acknowledge(env, parsed.data);
}

async function acknowledge(env: Env, { object, after, through }: AuditMessage): Promise<void> {
  await env[object.binding].getByName(object.name).acknowledgeEvents({ after, through });
}

/** What a message tells, as the transparency log takes it. */
export function batchOf({ tenant, object, after, through, events }: AuditMessage): AuditBatch {
  return { object: object.name.slice(tenant.length + 1), after, through, events };
}

function boundedData(data: LoggedEvent["data"]) {
  const text = JSON.stringify(data);
  if (text.length <= MAX_EVENT_CHARACTERS) return parsedJsonSchema.parse(JSON.parse(text));
  return { omitted: { sha256: sha256Hex(text), characters: text.length } };
}
