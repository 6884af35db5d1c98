import { and, eq, gt, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { TenantId } from "../../platform/ids.ts";
import { Problem } from "../../platform/problem.ts";
import { roleAssignments } from "../roles/tables.ts";
import { users } from "../users/tables.ts";
import { groupMembers, groups } from "./tables.ts";

export type GroupRow = typeof groups.$inferSelect;

/** Members of one group: as many as a directory of a large organisation has people. */
export const MAX_MEMBERS = 10_000;
export const MAX_GROUPS = 2_000;
/** Rows that one statement writes: three values each, of the 100 that D1 takes. */
const ROWS_A_STATEMENT = 30;
/** Statements that one batch holds. */
const STATEMENTS_A_BATCH = 50;

/** Stores a new group. @returns false when another group of the tenant has this name @throws Problem `limit-exceeded` */
export async function insertGroup(env: Env, row: GroupRow): Promise<boolean> {
  const database = drizzle(env.DB);
  if ((await database.$count(groups, eq(groups.tenant, row.tenant))) >= MAX_GROUPS)
    throw new Problem("limit-exceeded", `A tenant may have ${MAX_GROUPS} groups; delete one first.`);
  const rows = await database.insert(groups).values(row).onConflictDoNothing().returning({ id: groups.id });
  return rows.length > 0;
}

export async function readGroup(env: Env, tenant: TenantId, id: string): Promise<GroupRow | undefined> {
  return drizzle(env.DB)
    .select()
    .from(groups)
    .where(and(eq(groups.tenant, tenant), eq(groups.id, id)))
    .get();
}

/** A tenant's groups in the order they were made, after the id of the last one shown. */
export async function listGroups(
  env: Env,
  tenant: TenantId,
  { condition, after, limit }: { condition: SQL | undefined; after: string | undefined; limit: number },
): Promise<GroupRow[]> {
  const where = and(eq(groups.tenant, tenant), condition, after === undefined ? undefined : gt(groups.id, after));
  return drizzle(env.DB).select().from(groups).where(where).orderBy(groups.id).limit(limit);
}

/**
 * Changes a group that is still as it was read; a change without a field only counts up its version.
 * @returns undefined when it was changed meanwhile
 * @throws Error of D1 with `UNIQUE` when another group has the name
 */
export async function updateGroup(
  env: Env,
  group: GroupRow,
  change: Partial<Pick<GroupRow, "displayName" | "displayNameKey" | "externalId">>,
  at: number,
): Promise<GroupRow | undefined> {
  const condition = and(eq(groups.tenant, group.tenant), eq(groups.id, group.id), eq(groups.version, group.version));
  const set = { ...change, updatedAt: at, version: group.version + 1 };
  return drizzle(env.DB).update(groups).set(set).where(condition).returning().get();
}

/** Removes a group with its memberships and roles. */
export async function deleteGroup(env: Env, tenant: TenantId, id: string): Promise<void> {
  const database = drizzle(env.DB);
  await database.batch([
    database.delete(groupMembers).where(and(eq(groupMembers.tenant, tenant), eq(groupMembers.group, id))),
    database.delete(roleAssignments).where(and(eq(roleAssignments.tenant, tenant), eq(roleAssignments.holder, id))),
    database.delete(groups).where(and(eq(groups.tenant, tenant), eq(groups.id, id))),
  ]);
}

/** A member as a list shows it. */
export interface Member {
  readonly user: string;
  readonly displayName: string;
}

/** The members of a group by their ids, after the last one shown. */
export async function listMembers(
  env: Env,
  tenant: TenantId,
  group: string,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<Member[]> {
  const condition = and(
    eq(groupMembers.tenant, tenant),
    eq(groupMembers.group, group),
    after === undefined ? undefined : gt(groupMembers.user, after),
  );
  return drizzle(env.DB)
    .select({ user: groupMembers.user, displayName: users.displayName })
    .from(groupMembers)
    .innerJoin(users, and(eq(users.tenant, groupMembers.tenant), eq(users.id, groupMembers.user)))
    .where(condition)
    .orderBy(groupMembers.user)
    .limit(limit);
}

/**
 * Adds and removes members, in pieces that D1 takes: cut off in between, the same change again makes it whole.
 * Users that the tenant has not are passed over.
 * @throws Problem `limit-exceeded` when the group would have more than MAX_MEMBERS
 */
export async function changeMembers(
  env: Env,
  tenant: TenantId,
  group: string,
  { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
): Promise<void> {
  const database = drizzle(env.DB);
  const members = await database.$count(groupMembers, and(eq(groupMembers.tenant, tenant), eq(groupMembers.group, group)));
  if (members + add.length - remove.length > MAX_MEMBERS) throw new Problem("limit-exceeded", `A group may have ${MAX_MEMBERS} members.`);
  const statements: D1PreparedStatement[] = [];
  for (let from = 0; from < remove.length; from += ROWS_A_STATEMENT) {
    const some = remove.slice(from, from + ROWS_A_STATEMENT);
    const marks = some.map(() => "?").join(",");
    statements.push(
      env.DB.prepare(`DELETE FROM group_members WHERE tenant = ? AND group_id = ? AND user_id IN (${marks})`).bind(tenant, group, ...some),
    );
  }
  for (let from = 0; from < add.length; from += ROWS_A_STATEMENT) {
    const some = add.slice(from, from + ROWS_A_STATEMENT);
    const marks = some.map(() => "?").join(",");
    statements.push(
      env.DB.prepare(
        `INSERT OR IGNORE INTO group_members (tenant, group_id, user_id) SELECT tenant, ?, id FROM users WHERE tenant = ? AND id IN (${marks})`,
      ).bind(group, tenant, ...some),
    );
  }
  for (let from = 0; from < statements.length; from += STATEMENTS_A_BATCH)
    await env.DB.batch(statements.slice(from, from + STATEMENTS_A_BATCH));
}

/** Ids of a group's members, all of them. */
export async function memberIds(env: Env, tenant: TenantId, group: string): Promise<string[]> {
  const condition = and(eq(groupMembers.tenant, tenant), eq(groupMembers.group, group));
  const rows = await drizzle(env.DB).select({ user: groupMembers.user }).from(groupMembers).where(condition).limit(MAX_MEMBERS);
  return rows.map(({ user }) => user);
}
