import type { Clock } from "../../platform/clock.ts";
import { type Id, parseId, type TenantId } from "../../platform/ids.ts";
import { Problem } from "../../platform/problem.ts";
import { rolesOf as assignedRoles, setRoles } from "../roles/store.ts";
import { upsertFederatedUser } from "../users/federated-user.ts";
import { noteSignIn, readUser } from "../users/store.ts";
import { withdrawIssuedBefore } from "../withdraw.ts";
import { type Claims, rolesOf } from "./claim-rules.ts";
import type { IssuerSettings } from "./issuer.ts";
import { personOf } from "./person.ts";
import { findIdentity, type IssuerRow, insertIdentity } from "./store.ts";

/**
 * The user that an issuer's claims mean: who came by this subject before, or who has the address that the issuer vouches for, or, where the
 * tenant lets it make users, a new one. What the issuer calls a person by is its subject, which never changes hands (OpenID Connect Core 1.0 §5.7);
 * the address counts on the first day alone.
 * @throws Problem `forbidden` when there is no such user, or it is deactivated
 */
export async function federatedUser(env: Env, clock: Clock, row: IssuerRow, settings: IssuerSettings, claims: Claims): Promise<Id<"user">> {
  const tenant = parseId("tenant", row.tenant);
  const subject = String(claims.sub);
  const linked = await findIdentity(env, row.id, subject);
  const known = linked === undefined ? undefined : await readUser(env, tenant, linked);
  const user = known === undefined ? await firstTime(env, clock, tenant, settings, claims) : parseId("user", known.id);
  if (known?.active === false) throw new Problem("forbidden", "This user is deactivated; an administrator can activate it again.");
  if (known === undefined) await insertIdentity(env, { issuer: row.id, subject, tenant, user, createdAt: clock.now() });
  else await noteSignIn(env, user, clock.now());
  await takeOverRoles(env, clock, tenant, user, settings, claims);
  return user;
}

async function firstTime(env: Env, clock: Clock, tenant: TenantId, settings: IssuerSettings, claims: Claims): Promise<Id<"user">> {
  const user = await upsertFederatedUser(env, clock, tenant, personOf(settings, claims), { create: settings.createsUsers });
  if (user !== undefined) return user;
  throw new Problem("forbidden", "There is no user with this address in the organisation; ask an administrator for an invitation.");
}

/** Of the roles that its rules name, a user has those that the issuer gives now and no other; roles that no rule names stay as they were given here. */
async function takeOverRoles(
  env: Env,
  clock: Clock,
  tenant: TenantId,
  user: Id<"user">,
  settings: IssuerSettings,
  claims: Claims,
): Promise<void> {
  const ruled = new Set(settings.roleRules.flatMap(({ roles }) => roles));
  const given = rolesOf(settings.roleRules, claims);
  const before = await assignedRoles(env, tenant, user);
  const after = [...new Set([...before.filter((role) => !ruled.has(role)), ...given])].sort();
  if (after.join("\n") === before.join("\n")) return;
  await setRoles(env, tenant, user, after, clock.now());
  if (before.some((role) => !after.includes(role))) await withdrawIssuedBefore(env, clock, tenant, user);
}
