import { BUILT_IN_ROLES, grantsOf } from "../identity/roles/grants.ts";
import { readUser } from "../identity/users/store.ts";
import { CAPABILITIES, ROLES } from "../platform/capabilities.ts";
import type { Clock } from "../platform/clock.ts";
import type { Principal } from "../platform/principal.ts";
import { Problem } from "../platform/problem.ts";
import { listTools } from "../tools/registry.ts";
import { decideBy } from "./decide.ts";
import { governanceOf } from "./governance-of.ts";
import { type GuardRequest, policyRequest } from "./guard.ts";
import { obligationTexts } from "./obligations.ts";
import { policiesInForce } from "./policies-in-force.ts";

/** Whether somebody may do one thing now, with nothing in its history. */
export interface Permission {
  readonly action: "route" | "tool" | "model" | "agent" | "capsule";
  readonly name: string;
  readonly effect: "allow" | "deny";
  readonly obligations: readonly string[];
  readonly policies: readonly string[];
  readonly reason: string;
}

/** A name that no policy mentions stands for every model, agent and capsule that none is about. */
const ANY = "(any)";

/**
 * What a principal may do, over every capability, every tool, and models, agents and capsules that no policy names: Cedar is asked of each, so
 * that the answer is the guard's own.
 */
export async function permissionsOf({ env, clock }: { env: Env; clock: Clock }, principal: Principal): Promise<Permission[]> {
  const { set } = await policiesInForce(env, principal.tenant, await governanceOf(env, clock, principal.tenant));
  const resources: GuardRequest["resource"][] = [
    ...CAPABILITIES.map((id) => ({ type: "route", id }) as const),
    ...listTools().map(({ id, risk }) => ({ type: "tool", id, risk }) as const),
    ...(["model", "agent", "capsule"] as const).map((type) => ({ type, id: ANY })),
  ];
  return resources.map((resource) => {
    const within = resource.type === "route" ? {} : { within: { channel: "session" } as const };
    const { effect, obligations, policies, reason } = decideBy(set, policyRequest({ principal, resource, ...within }, clock.now()));
    return { action: resource.type, name: resource.id, effect, obligations: obligationTexts(obligations), policies, reason };
  });
}

/**
 * The principal that is asked about: oneself, a user or a service account by its id, or whoever has one role, as `role:viewer`.
 * @throws Problem `not-found` for a user that is not in the tenant, `invalid-request` for anything else
 */
export async function principalNamed(env: Env, self: Principal, named: string | undefined): Promise<Principal> {
  if (named === undefined || named === self.subject) return self;
  const role = BUILT_IN_ROLES.find((name) => named === `role:${name}`);
  const base = { tenant: self.tenant, subject: named, credential: "none" } as const;
  if (role !== undefined) return { ...base, kind: "user", roles: [role], capabilities: [...ROLES[role]] };
  if (!/^(usr|svc)_/.test(named))
    throw new Problem("invalid-request", "principal is the id of a user or a service account, or role:admin, role:member, role:viewer.", {
      errors: [{ pointer: "query:principal", message: "names no principal" }],
    });
  const isUser = named.startsWith("usr_");
  if (isUser && (await readUser(env, self.tenant, named)) === undefined) throw new Problem("not-found", `No user ${named} in this tenant.`);
  const { roles, groups, capabilities } = await grantsOf(env, self.tenant, named);
  return { ...base, kind: isUser ? "user" : "service", roles: [...roles], groups: [...groups], capabilities: [...capabilities] };
}
