import type { Context } from "hono";
import { recordChange } from "../audit/record.ts";
import { systemClock } from "../platform/clock.ts";
import type { HttpEnv } from "../platform/route.ts";

/** Records what a route of this service changed, by whom and on which decision. */
export async function recordIdentity(context: Context<HttpEnv>, action: string, resource: string): Promise<void> {
  const change = { action, resource, decision: context.get("decision") };
  await recordChange(context.env, systemClock, context.get("principal"), change);
}
