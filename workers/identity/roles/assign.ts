import type { Clock } from "../../platform/clock.ts";
import type { Principal } from "../../platform/principal.ts";
import { checkGrant } from "../grant.ts";
import { withdrawIssuedBefore } from "../withdraw.ts";
import { capabilitiesOfRoles, listRoles, rolesOf, setRoles } from "./store.ts";

/**
 * Gives a user, group or service account exactly these roles. Whoever does it must have what is given and what is taken away; what was
 * issued to the holder before ends, so that a right that was taken is gone everywhere within a second or two.
 * @returns the names, in order
 * @throws Problem `forbidden`, or `invalid-request` for a role that there is not
 */
export async function assignRoles(
  env: Env,
  clock: Clock,
  principal: Principal,
  holder: string,
  names: readonly string[],
): Promise<string[]> {
  const { tenant } = principal;
  const wanted = [...new Set(names)].sort();
  const before = await rolesOf(env, tenant, holder);
  const given = await capabilitiesOfRoles(
    env,
    tenant,
    wanted.filter((name) => !before.includes(name)),
  );
  const removed = before.filter((name) => !wanted.includes(name));
  const taken = (await listRoles(env, tenant)).filter(({ name }) => removed.includes(name)).flatMap(({ capabilities }) => capabilities);
  checkGrant(principal, [...given, ...taken], "One of these roles");
  await setRoles(env, tenant, holder, wanted, clock.now());
  if (removed.length > 0) await withdrawIssuedBefore(env, clock, tenant, holder);
  return wanted;
}
