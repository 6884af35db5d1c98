import type { Clock } from "../../platform/clock.ts";
import { type Id, parseId, type TenantId } from "../../platform/ids.ts";
import type { Principal } from "../../platform/principal.ts";
import { Problem } from "../../platform/problem.ts";
import { checkGrant } from "../grant.ts";
import { capabilitiesOfRoles, rolesOf } from "../roles/store.ts";
import { keyOf } from "../users/store.ts";
import { withdrawIssuedBefore } from "../withdraw.ts";
import { changeMembers, deleteGroup, type GroupRow, insertGroup, readGroup, updateGroup } from "./store.ts";

export interface NewGroup {
  readonly id: Id<"group">;
  readonly displayName: string;
  readonly externalId?: string | undefined;
  readonly origin: "local" | "scim";
}

/** Makes a group without members and roles. @throws Problem `conflict` when the name is taken */
export async function createGroup(env: Env, clock: Clock, tenant: TenantId, group: NewGroup): Promise<GroupRow> {
  const now = clock.now();
  const row: GroupRow = {
    id: group.id,
    tenant,
    displayName: group.displayName,
    displayNameKey: keyOf(group.displayName),
    externalId: group.externalId ?? null,
    origin: group.origin,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  if (await insertGroup(env, row)) return row;
  const known = await readGroup(env, tenant, group.id);
  if (known?.displayNameKey === row.displayNameKey) return known;
  throw taken();
}

/** @throws Problem `not-found` */
export async function existingGroup(env: Env, tenant: TenantId, id: string): Promise<GroupRow> {
  const group = await readGroup(env, tenant, id);
  if (group === undefined) throw new Problem("not-found", `No group ${id} in this tenant.`);
  return group;
}

/** Changes a group's name or its id elsewhere. @throws Problem `conflict` */
export async function changeGroup(
  env: Env,
  clock: Clock,
  group: GroupRow,
  change: { displayName?: string; externalId?: string | null },
): Promise<GroupRow> {
  const full = { ...change, ...(change.displayName === undefined ? {} : { displayNameKey: keyOf(change.displayName) }) };
  const changed = await updateGroup(env, group, full, clock.now()).catch((error: unknown) => {
    if (String(error instanceof Error ? (error.cause ?? error) : error).includes("UNIQUE")) throw taken();
    throw error;
  });
  if (changed === undefined) throw new Problem("conflict", `The group ${group.id} was changed meanwhile; read it again.`);
  return changed;
}

/** @throws Problem `forbidden` when the group gives something that the principal may not do */
export async function checkMayManage(env: Env, principal: Principal, group: GroupRow): Promise<void> {
  const names = await rolesOf(env, principal.tenant, group.id);
  checkGrant(principal, await capabilitiesOfRoles(env, principal.tenant, names), `The group ${group.id}`);
}

/** Puts users into a group and takes others out; what was issued to those who leave ends. */
export async function changeMembership(
  env: Env,
  clock: Clock,
  group: GroupRow,
  change: { readonly add: readonly string[]; readonly remove: readonly string[] },
): Promise<void> {
  const tenant = parseId("tenant", group.tenant);
  await changeMembers(env, tenant, group.id, change);
  // One revocation for all: those who stay get new tokens, which cost less than a revocation for each who left.
  if (change.remove.length > 0) await withdrawIssuedBefore(env, clock, tenant, group.id);
}

/** Removes a group; what its members had through it ends. */
export async function removeGroup(env: Env, clock: Clock, group: GroupRow): Promise<void> {
  const tenant = parseId("tenant", group.tenant);
  await deleteGroup(env, tenant, group.id);
  await withdrawIssuedBefore(env, clock, tenant, group.id);
}

function taken(): Problem {
  return new Problem("conflict", "Another group of this tenant has this name.");
}
