import { drizzle } from "drizzle-orm/d1";
import type { Clock } from "../platform/clock.ts";
import { newId } from "../platform/ids.ts";
import type { Principal } from "../platform/principal.ts";
import type { RecordedDecision } from "../platform/recorded.ts";
import { auditEvents } from "./tables.ts";

/** What a route changed outside sessions and projects. */
export interface Change {
  /** `api-key.created`, `artifact.deleted` … */
  readonly action: string;
  /** The id of what was changed. */
  readonly resource: string;
  /** Left out for what a tool does: its decision is recorded with its step. */
  readonly decision?: RecordedDecision;
}

/**
 * Records a change made by a route, in the audit log itself, before the route answers: the change lives in D1, and so does its
 * record. Each is an object of its own with the number 1, so that nothing needs to be counted between requests.
 */
export async function recordChange(env: Env, clock: Clock, principal: Principal, change: Change): Promise<void> {
  const at = clock.now();
  await drizzle(env.DB)
    .insert(auditEvents)
    .values({
      object: `change/${newId("request", at)}`,
      seq: 1,
      tenant: principal.tenant,
      type: "resource.changed",
      at,
      data: JSON.stringify({ action: change.action, resource: change.resource, by: principal.subject, decision: change.decision }),
    });
}
