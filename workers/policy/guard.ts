import platformPolicies from "../../policies/cedar/platform.cedar";
import platformSchema from "../../policies/cedar/platform.cedarschema";
import constitution from "../../policies/constitution/constitution.md";
import { putBounded } from "../platform/bounded-map.ts";
import type { Clock } from "../platform/clock.ts";
import { sha256Hex } from "../platform/crypto.ts";
import { type Governance, stoppingSwitch } from "../platform/governance.ts";
import type { Principal } from "../platform/principal.ts";
import type { RecordedDecision } from "../platform/recorded.ts";
import { describeError, log } from "../platform/telemetry.ts";
import type { ToolRisk } from "../tools/tool.ts";
import { isAuthorized, loadPolicies, type PolicySet } from "./cedar.ts";
import { governanceOf } from "./governance-of.ts";

/** What the guard needs of whoever asks. */
export interface GuardHost {
  readonly env: Env;
  readonly clock: Clock;
}

/** What someone wants to do: a route is named by its capability, the rest by its own name. */
export interface GuardRequest {
  readonly principal: Principal;
  readonly resource: { readonly type: "route" | "tool" | "model" | "agent" | "capsule"; readonly id: string; readonly risk?: ToolRisk };
}

export interface GuardDecision {
  readonly effect: "allow" | "deny";
  /** Ids of the policies that decided; empty when none permitted it. */
  readonly policies: readonly string[];
  /** Hash of the policies and the constitution in force. */
  readonly policyHash: string;
  readonly obligations: readonly "approval"[];
  readonly reason: string;
  /** The kill switch that stops it: what was asked for may go on once the switch is released. */
  readonly stoppedBy?: string;
}

/** Decisions kept in one isolate. A decision depends on what its key names and on nothing else, so it may be kept as long as the set. */
const MAX_CACHED_DECISIONS = 2_048;

/** Policies with the constitution they are decided under. */
export interface PoliciesInForce {
  readonly set: PolicySet;
  readonly hash: string;
}

/**
 * The one question before anything happens: may this principal do this? Asked in two places, the gateway (routes) and the
 * step runner (tools, models, agents, capsules). It never throws: whatever goes wrong, the answer is no, with the reason.
 */
export const guard = guardOver(policiesInForce);

/**
 * A guard that decides by the policies that `load` gives for what governs the principal's tenant; it keeps decisions by the hash of these policies.
 * @param load may throw: then nothing is allowed
 */
export function guardOver(
  load: (host: GuardHost, governance: Governance) => PoliciesInForce | Promise<PoliciesInForce>,
): (host: GuardHost, request: GuardRequest) => Promise<GuardDecision> {
  const decisions = new Map<string, GuardDecision>();
  return async (host, request) => {
    const { principal, resource } = request;
    let policyHash = "";
    try {
      const governance = await governanceOf(host.env, host.clock, principal.tenant);
      const inForce = await load(host, governance);
      policyHash = inForce.hash;
      const thrown = resource.type === "route" ? undefined : stoppingSwitch(governance, [`${resource.type}:${resource.id}`]);
      if (thrown !== undefined) {
        const reason = `the kill switch ${thrown.id} stops it until it is released`;
        return { effect: "deny", policies: [], policyHash, obligations: [], reason, stoppedBy: thrown.id };
      }
      const key = `${policyHash}${decisionKey(request)}`;
      const known = decisions.get(key);
      if (known !== undefined) return known;
      const decision = decide(inForce, request);
      putBounded(decisions, key, decision, MAX_CACHED_DECISIONS);
      return decision;
    } catch (error) {
      log("error", "guard.failed", { tenant: principal.tenant }, { error: describeError(error) });
      return { effect: "deny", policies: [], policyHash, obligations: [], reason: "No decision could be made; no decision means no." };
    }
  };
}

/**
 * Hash of the policies and the constitution that govern a tenant, as recorded with sessions, projects and decisions.
 * @throws Error when they cannot be read
 */
export async function policyHashOf(host: GuardHost, tenant: string): Promise<string> {
  return (await policiesInForce(host, await governanceOf(host.env, host.clock, tenant))).hash;
}

/** A decision in the form in which events keep it. */
export function toRecordedDecision(request: GuardRequest, decision: GuardDecision): RecordedDecision {
  return {
    effect: decision.effect,
    action: request.resource.type,
    resource: request.resource.id,
    policies: [...decision.policies],
    policyHash: decision.policyHash,
    obligations: [...decision.obligations],
  };
}

function decide({ set, hash }: PoliciesInForce, { principal, resource }: GuardRequest): GuardDecision {
  const answer = isAuthorized(set, {
    principal: {
      id: principal.subject,
      tenant: principal.tenant,
      kind: principal.kind,
      roles: principal.roles,
      capabilities: principal.capabilities,
    },
    action: resource.type,
    resource: { id: `${resource.type}:${resource.id}`, name: resource.id, risk: resource.risk ?? "" },
    context: { tenant: principal.tenant },
  });
  const obligations = answer.reasons.some((id) => set.policies.get(id)?.obligation === "approval") ? (["approval"] as const) : [];
  return {
    effect: answer.allowed ? "allow" : "deny",
    policies: [...answer.reasons].sort(),
    policyHash: hash,
    obligations: answer.allowed ? obligations : [],
    reason: answer.allowed ? "permitted" : answer.reasons.length > 0 ? `forbidden by ${answer.reasons.join(", ")}` : "no policy permits it",
  };
}

let loaded: PoliciesInForce | undefined;

async function policiesInForce(_host: GuardHost, _governance: Governance): Promise<PoliciesInForce> {
  if (loaded === undefined) {
    const set = loadPolicies(platformSchema, [platformPolicies]);
    loaded = { set, hash: sha256Hex(set.hash + constitution) };
  }
  return loaded;
}

/** Principals are verified once and asked about often: what their decisions depend on is written down once for each. */
const principalKeys = new WeakMap<Principal, string>();

/** Everything the decision depends on. */
function decisionKey({ principal, resource }: GuardRequest): string {
  return `${principalKey(principal)}${JSON.stringify([resource.type, resource.id, resource.risk])}`;
}

function principalKey(principal: Principal): string {
  const known = principalKeys.get(principal);
  if (known !== undefined) return known;
  const { tenant, subject, kind, roles, capabilities } = principal;
  const key = JSON.stringify([tenant, subject, kind, roles, capabilities]);
  principalKeys.set(principal, key);
  return key;
}
