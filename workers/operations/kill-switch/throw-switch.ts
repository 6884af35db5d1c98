import { readTenant } from "../../identity/store.ts";
import type { Clock } from "../../platform/clock.ts";
import { isId } from "../../platform/ids.ts";
import { OPERATOR_TENANT, type Principal } from "../../platform/principal.ts";
import { Problem } from "../../platform/problem.ts";
import { forgetGovernance } from "../../policy/governance-of.ts";
import type { SwitchRecord } from "./switch-record.ts";

/** What somebody wants stopped. */
export type SwitchOrder = Pick<SwitchRecord, "id" | "scope" | "target" | "drill" | "reason">;

/**
 * Throws a kill switch. An operator's reaches every tenant, or the one that it names; it is recorded with the operators, and with that tenant, who sees it.
 * @throws Problem `forbidden`, `not-found`, `invalid-request`, `limit-exceeded`
 */
export async function throwSwitch(env: Env, clock: Clock, principal: Principal, order: SwitchOrder): Promise<SwitchRecord> {
  checkTarget(order);
  const isOperators = principal.kind === "operator";
  const owners = isOperators ? await reached(env, order) : ownOf(principal, order);
  const record = { ...order, since: clock.now(), thrownBy: principal.subject, isOperators };
  let thrown: SwitchRecord = record;
  // The tenant's own ledger first: what stops comes before what is written about it.
  for (const tenant of owners) {
    thrown = await env.TENANT_LEDGER.getByName(tenant).throwSwitch(tenant === OPERATOR_TENANT ? record : stripped(record));
    forgetGovernance(env, tenant);
  }
  return thrown;
}

/**
 * Releases a switch, or asks for its release where that takes two people.
 * @throws Problem `forbidden`, `not-found`
 */
export async function releaseSwitch(env: Env, principal: Principal, id: string): Promise<SwitchRecord> {
  const by = { subject: principal.subject, isOperator: principal.kind === "operator" };
  if (principal.kind === "agent") throw new Problem("forbidden", "A kill switch is released by people and services, never by an agent.");
  const own = env.TENANT_LEDGER.getByName(principal.tenant);
  const { scope, target } = await own.killSwitch(id);
  if (by.isOperator && scope === "tenant" && target !== undefined) {
    await env.TENANT_LEDGER.getByName(target).releaseSwitch(id, by);
    forgetGovernance(env, target);
  }
  const record = await own.releaseSwitch(id, by);
  forgetGovernance(env, principal.tenant);
  return record;
}

function checkTarget({ scope, target }: SwitchOrder): void {
  if ((scope === "agent" || scope === "capsule" || scope === "tool" || scope === "model") && target === undefined)
    throw new Problem("invalid-request", `Say in \`target\` which ${scope} is to stop, by its name.`, {
      errors: [{ pointer: "/target", message: "is needed with this scope" }],
    });
  if (scope === "everything" && target !== undefined)
    throw new Problem("invalid-request", "Everything has no target; leave it out.", {
      errors: [{ pointer: "/target", message: "is not taken with this scope" }],
    });
}

/** Where an operator's switch is recorded. */
async function reached(env: Env, { scope, target }: SwitchOrder): Promise<string[]> {
  if (scope !== "tenant") return [OPERATOR_TENANT];
  if (target === undefined || !isId("tenant", target) || (await readTenant(env, target)) === undefined)
    throw new Problem("not-found", "Say in `target` which tenant is to stop: there is none of this id.");
  return [target, OPERATOR_TENANT];
}

function ownOf({ tenant }: Principal, { scope, target }: SwitchOrder): string[] {
  if (scope === "everything")
    throw new Problem("forbidden", "Only an operator stops everything; stop your tenant with the scope `tenant`.");
  if (scope === "tenant" && target !== undefined && target !== tenant)
    throw new Problem("not-found", "There is no such tenant; leave `target` out to stop your own.");
  return [tenant];
}

/** A whole tenant needs no name in its own ledger. */
function stripped(record: SwitchRecord): SwitchRecord {
  if (record.scope !== "tenant") return record;
  const { target: _, ...rest } = record;
  return rest;
}
