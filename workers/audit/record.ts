import { parsedJsonSchema } from "../platform/canonical-json.ts";
import type { Clock } from "../platform/clock.ts";
import { newId } from "../platform/ids.ts";
import type { Principal } from "../platform/principal.ts";
import type { RecordedDecision } from "../platform/recorded.ts";
import { auditLogName } from "./log/log-name.ts";

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
 * Records a change made by a route, in the tenant's transparency log, before the route answers. Each is an object of its own with the
 * number 1, so that nothing needs to be counted between requests.
 */
export async function recordChange(env: Env, clock: Clock, principal: Principal, change: Change): Promise<void> {
  const at = clock.now();
  const { action, resource, decision } = change;
  const data = parsedJsonSchema.parse(JSON.parse(JSON.stringify({ action, resource, by: principal.subject, decision })));
  const event = { seq: 1, at, type: "resource.changed", data };
  const object = `change/${newId("request", at)}`;
  await env.AUDIT_LOG.getByName(auditLogName(principal.tenant)).append([{ object, after: 0, through: 1, events: [event] }]);
}
