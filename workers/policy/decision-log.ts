import { waitUntil } from "cloudflare:workers";
import { z } from "zod";
import type { Clock } from "../platform/clock.ts";
import { newId } from "../platform/ids.ts";
import { describeError, log } from "../platform/telemetry.ts";
import type { Verdict } from "./decide.ts";
import { obligationTexts } from "./obligations.ts";
import type { PolicyRequest } from "./request.ts";

/**
 * The decision log: every deny, and of the allows a share that the tenant sets. Decisions are gathered in the isolate and put on a queue after the
 * request has gone on; it is for looking and for trying drafts. What must not be lost stands in the events of the work and in the audit log.
 */

/** Of a thousand allows so many are logged where a tenant has set nothing. */
export const DEFAULT_ALLOWS_A_THOUSAND = 10;
const GATHER_MS = 100;
/** Decisions of one message: about 2 KB each, and a message holds 128 KB. */
const MAX_A_MESSAGE = 40;
/** Decisions gathered at once in one isolate; beyond, they are counted and not kept, so that a flood of refusals costs no memory. */
const MAX_GATHERED = 1_000;
/** Members of one set that a row keeps. */
const MAX_MEMBERS = 256;

const texts = z.array(z.string());
const requestSchema = z.object({
  action: z.enum(["route", "tool", "model", "agent", "capsule"]),
  principal: z.object({
    id: z.string(),
    tenant: z.string(),
    kind: z.string(),
    roles: texts,
    groups: texts,
    capabilities: texts,
    amr: texts,
    mfaAgeSeconds: z.number().exactOptional(),
    actor: z.string().exactOptional(),
    client: z.string().exactOptional(),
  }),
  resource: z.object({ name: z.string(), risk: z.string(), tags: texts, agent: z.string(), owner: z.string() }),
  context: z.object({
    tenant: z.string(),
    now: z.number(),
    history: texts,
    labels: texts,
    channel: z.string(),
    costMicros: z.number().exactOptional(),
  }),
});

const loggedDecisionSchema = z.object({
  id: z.string(),
  at: z.number(),
  effect: z.enum(["allow", "deny"]),
  reason: z.string(),
  policyHash: z.string(),
  standsFor: z.number().int(),
  policies: texts,
  obligations: texts,
  request: requestSchema,
});
export type LoggedDecision = z.infer<typeof loggedDecisionSchema>;

/** What the queue carries: decisions of one tenant. */
export const decisionMessageSchema = z.object({ tenant: z.string(), decisions: z.array(loggedDecisionSchema).max(MAX_A_MESSAGE) });

/** Reads a request as a row of the log keeps it. */
export function loggedRequest(json: string): PolicyRequest {
  return requestSchema.parse(JSON.parse(json));
}

let gathered: { tenant: string; decision: LoggedDecision }[] = [];
let omitted = 0;
let isGathering = false;

/**
 * Notes a decision, unless it is an allow that the sample leaves out. Costs the request nothing but the note.
 * @param allowsAThousand how many allows of a thousand are logged
 */
export function noteDecision(
  { env, clock }: { env: Env; clock: Clock },
  request: PolicyRequest,
  verdict: Verdict & { policyHash: string },
  allowsAThousand: number,
): void {
  const share = verdict.effect === "deny" ? 1_000 : allowsAThousand;
  if (share <= 0 || (share < 1_000 && Math.random() * 1_000 >= share)) return;
  if (gathered.length >= MAX_GATHERED) {
    omitted += 1;
    return;
  }
  const at = clock.now();
  gathered.push({
    tenant: request.principal.tenant,
    decision: logged(newId("decision", at), at, request, verdict, Math.round(1_000 / share)),
  });
  if (isGathering) return;
  isGathering = true;
  waitUntil(sendSoon(env));
}

function logged(
  id: string,
  at: number,
  request: PolicyRequest,
  verdict: Verdict & { policyHash: string },
  standsFor: number,
): LoggedDecision {
  const { effect, reason, policyHash, policies, obligations } = verdict;
  const { principal, resource, context } = request;
  const bounded = {
    action: request.action,
    principal: {
      ...principal,
      roles: some(principal.roles),
      groups: some(principal.groups),
      capabilities: some(principal.capabilities),
      amr: some(principal.amr),
    },
    resource: { ...resource, tags: some(resource.tags) },
    context: { ...context, history: some(context.history), labels: some(context.labels) },
  };
  return {
    id,
    at,
    effect,
    reason,
    policyHash,
    standsFor,
    policies: [...policies],
    obligations: obligationTexts(obligations),
    request: bounded,
  };
}

function some(members: readonly string[]): string[] {
  return members.slice(0, MAX_MEMBERS);
}

async function sendSoon(env: Env): Promise<void> {
  try {
    await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    const batch = gathered;
    gathered = [];
    isGathering = false;
    if (omitted > 0) log("warn", "decision-log.omitted", {}, { omitted });
    omitted = 0;
    for (const [tenant, entries] of Map.groupBy(batch, (entry) => entry.tenant))
      for (let i = 0; i < entries.length; i += MAX_A_MESSAGE)
        await env.POLICY_DECISIONS.send({ tenant, decisions: entries.slice(i, i + MAX_A_MESSAGE).map(({ decision }) => decision) });
  } catch (error) {
    log("error", "decision-log.not-sent", {}, { error: describeError(error) });
  } finally {
    isGathering = false;
  }
}
