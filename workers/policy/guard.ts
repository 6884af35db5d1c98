import type { Clock } from "../platform/clock.ts";
import { stoppingSwitch } from "../platform/governance.ts";
import type { Principal } from "../platform/principal.ts";
import type { RecordedDecision } from "../platform/recorded.ts";
import { describeError, log } from "../platform/telemetry.ts";
import type { ToolRisk } from "../tools/tool.ts";
import { decideKept, type Verdict } from "./decide.ts";
import { DEFAULT_ALLOWS_A_THOUSAND, noteDecision } from "./decision-log.ts";
import { governanceOf } from "./governance-of.ts";
import { NO_OBLIGATIONS, type Obligations, obligationTexts } from "./obligations.ts";
import { type PoliciesInForce, policiesInForce } from "./policies-in-force.ts";
import type { Action, PolicyRequest } from "./request.ts";

/** What the guard needs of whoever asks. */
export interface GuardHost {
  readonly env: Env;
  readonly clock: Clock;
}

/**
 * What someone wants to do: a route is named by its capability, the rest by its own name. `isContained` is true for a tool that computes from its
 * input alone and reaches nothing outside its isolate.
 */
export interface GuardRequest {
  readonly principal: Principal;
  readonly resource: {
    readonly type: Action;
    readonly id: string;
    readonly risk?: ToolRisk;
    readonly tags?: readonly string[];
    readonly isContained?: boolean;
  };
  /** In whose work it is asked; left out on routes. */
  readonly within?: Within;
}

/** The work that a step belongs to, as policies see it. */
export interface Within {
  readonly channel: "session" | "run" | "project";
  readonly agent?: string;
  /** What happened before, in this work and in what it comes from. */
  readonly history?: readonly string[];
  /** What checks found in the input of this step. */
  readonly labels?: readonly string[];
  readonly costMicros?: number;
}

export interface GuardDecision {
  readonly effect: "allow" | "deny";
  /** Ids of the policies that decided; empty when none permitted it. */
  readonly policies: readonly string[];
  /** Hash of the policies and the constitution in force. */
  readonly policyHash: string;
  /** SHA-256 of the constitution in force; empty when nothing could be decided. */
  readonly constitutionHash: string;
  readonly obligations: Obligations;
  readonly reason: string;
  /** The kill switch that stops it: what was asked for may go on once the switch is released. */
  readonly stoppedBy?: string;
}

/**
 * The one question before anything happens: may this principal do this? Asked in two places, the gateway (routes) and the
 * step runner (tools, models, agents, capsules). It never throws: whatever goes wrong, the answer is no, with the reason.
 */
export const guard = guardOver(policiesInForce);

/**
 * A guard that decides by the policies that `load` gives for what governs the principal's tenant.
 * @param load may throw: then nothing is allowed
 */
export function guardOver(load: typeof policiesInForce): (host: GuardHost, request: GuardRequest) => Promise<GuardDecision> {
  return async (host, request) => {
    const { principal, resource } = request;
    let inForce: PoliciesInForce | undefined;
    try {
      const governance = await governanceOf(host.env, host.clock, principal.tenant);
      inForce = await load(host.env, principal.tenant, governance);
      const thrown = resource.type === "route" ? undefined : stoppingSwitch(governance, [`${resource.type}:${resource.id}`]);
      if (thrown !== undefined) {
        const reason = `the kill switch ${thrown.id} stops it until it is released`;
        return { ...refused(inForce, reason), stoppedBy: thrown.id };
      }
      const asked = policyRequest(request, host.clock.now());
      const decision = {
        ...met(decideKept(inForce.set, asked), request, host.clock.now()),
        policyHash: inForce.hash,
        constitutionHash: inForce.constitutionHash,
      };
      noteDecision(host, asked, decision, governance.loggedAllows ?? DEFAULT_ALLOWS_A_THOUSAND);
      return decision;
    } catch (error) {
      log("error", "guard.failed", { tenant: principal.tenant }, { error: describeError(error) });
      return refused(inForce, "no decision could be made, and no decision means no");
    }
  };
}

/**
 * What nobody could see to later makes the answer no: a step has no person before it who could prove a second factor anew, and a tool that reaches
 * outside runs in no sandbox. On routes the gateway asks for the factor.
 */
function met(verdict: Verdict, { principal, resource }: GuardRequest, now: number): Verdict {
  const { effect, obligations } = verdict;
  if (effect === "deny" || resource.type === "route") return verdict;
  const unmet = isStale(principal, obligations, now)
    ? "it demands a second factor that was proved more recently; sign in again with one and begin the work anew"
    : obligations.sandbox && resource.isContained !== true
      ? "it demands a sandbox, and this reaches outside"
      : undefined;
  return unmet === undefined ? verdict : { ...verdict, effect: "deny", obligations: NO_OBLIGATIONS, reason: unmet };
}

/** True when a second factor is demanded that was not proved, or too long ago. */
export function isStale({ mfaAt }: Principal, { mfa }: Obligations, now: number): boolean {
  return mfa !== undefined && (mfaAt === undefined || now - mfaAt > mfa.maxAgeMs);
}

function refused(inForce: PoliciesInForce | undefined, reason: string): GuardDecision {
  const hashes = { policyHash: inForce?.hash ?? "", constitutionHash: inForce?.constitutionHash ?? "" };
  return { effect: "deny", policies: [], ...hashes, obligations: NO_OBLIGATIONS, reason };
}

/**
 * Hash of the policies and the constitution that govern a tenant, as recorded with sessions, projects and decisions.
 * @throws Error when they cannot be read
 */
export async function policyHashOf({ env, clock }: GuardHost, tenant: string): Promise<string> {
  return (await policiesInForce(env, tenant, await governanceOf(env, clock, tenant))).hash;
}

/** A decision in the form in which events keep it. */
export function toRecordedDecision(request: GuardRequest, decision: GuardDecision): RecordedDecision {
  return {
    effect: decision.effect,
    action: request.resource.type,
    resource: request.resource.id,
    policies: [...decision.policies],
    policyHash: decision.policyHash,
    constitutionHash: decision.constitutionHash,
    obligations: obligationTexts(decision.obligations),
  };
}

/** The question in the terms of the published schema. @param now milliseconds since the epoch */
export function policyRequest({ principal, resource, within }: GuardRequest, now: number): PolicyRequest {
  const { mfaAt, actor, client } = principal;
  return {
    action: resource.type,
    principal: {
      id: principal.subject,
      tenant: principal.tenant,
      kind: principal.kind,
      roles: principal.roles,
      groups: principal.groups ?? [],
      capabilities: principal.capabilities,
      amr: principal.amr ?? [],
      ...(mfaAt === undefined ? {} : { mfaAgeSeconds: Math.max(0, Math.floor((now - mfaAt) / 1_000)) }),
      ...(actor === undefined ? {} : { actor }),
      ...(client === undefined ? {} : { client }),
    },
    resource: {
      name: resource.id,
      risk: resource.risk ?? "",
      tags: resource.tags ?? [],
      agent: within?.agent ?? "",
      owner: within === undefined ? "" : principal.subject,
    },
    context: {
      tenant: principal.tenant,
      now,
      history: within?.history ?? [],
      labels: within?.labels ?? [],
      channel: within?.channel ?? "http",
      ...(within?.costMicros === undefined ? {} : { costMicros: within.costMicros }),
    },
  };
}
