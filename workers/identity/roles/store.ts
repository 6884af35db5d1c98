import { and, eq, inArray } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { type Capability, ROLES } from "../../platform/capabilities.ts";
import type { TenantId } from "../../platform/ids.ts";
import { Problem } from "../../platform/problem.ts";
import { BUILT_IN_ROLES, parseCapabilities } from "./grants.ts";
import { roleAssignments, roles } from "./tables.ts";

/** Roles of a tenant's own. */
export const MAX_ROLES = 100;

/** A role as it is told. */
export interface Role {
  readonly name: string;
  readonly description: string;
  readonly capabilities: readonly Capability[];
  /** True for those that every tenant has: they cannot be changed. */
  readonly builtIn: boolean;
}

const DESCRIPTIONS: Readonly<Record<(typeof BUILT_IN_ROLES)[number], string>> = {
  admin: "Everything in the organisation.",
  member: "Works with agents: conversations, projects, runs, files.",
  viewer: "Sees what agents do.",
};

/** The roles of a tenant: the built-in ones, then its own by name. */
export async function listRoles(env: Env, tenant: TenantId): Promise<Role[]> {
  const rows = await drizzle(env.DB).select().from(roles).where(eq(roles.tenant, tenant)).orderBy(roles.name).limit(MAX_ROLES);
  const own = rows.map((row) => ({
    name: row.name,
    description: row.description,
    capabilities: parseCapabilities(row.capabilities),
    builtIn: false,
  }));
  return [...BUILT_IN_ROLES.map(builtInRole), ...own];
}

export async function readRole(env: Env, tenant: TenantId, name: string): Promise<Role | undefined> {
  const builtIn = BUILT_IN_ROLES.find((candidate) => candidate === name);
  if (builtIn !== undefined) return builtInRole(builtIn);
  const row = await drizzle(env.DB)
    .select()
    .from(roles)
    .where(and(eq(roles.tenant, tenant), eq(roles.name, name)))
    .get();
  return row && { name, description: row.description, capabilities: parseCapabilities(row.capabilities), builtIn: false };
}

/** Stores a role of the tenant's own, new or changed. @throws Problem `limit-exceeded` */
export async function putRole(env: Env, tenant: TenantId, role: Omit<Role, "builtIn">, at: number): Promise<void> {
  const database = drizzle(env.DB);
  if ((await database.$count(roles, eq(roles.tenant, tenant))) >= MAX_ROLES && (await readRole(env, tenant, role.name)) === undefined)
    throw new Problem("limit-exceeded", `A tenant may have ${MAX_ROLES} roles of its own; delete one first.`);
  const changed = { description: role.description, capabilities: JSON.stringify(role.capabilities), updatedAt: at };
  await database
    .insert(roles)
    .values({ tenant, name: role.name, createdAt: at, ...changed })
    .onConflictDoUpdate({ target: [roles.tenant, roles.name], set: changed });
}

/** Removes a role and takes it from all who have it. */
export async function deleteRole(env: Env, tenant: TenantId, name: string): Promise<void> {
  const database = drizzle(env.DB);
  await database.batch([
    database.delete(roleAssignments).where(and(eq(roleAssignments.tenant, tenant), eq(roleAssignments.role, name))),
    database.delete(roles).where(and(eq(roles.tenant, tenant), eq(roles.name, name))),
  ]);
}

/** The names of the roles that a user, group or service account has itself. */
export async function rolesOf(env: Env, tenant: TenantId, holder: string): Promise<string[]> {
  const condition = and(eq(roleAssignments.tenant, tenant), eq(roleAssignments.holder, holder));
  const rows = await drizzle(env.DB).select({ role: roleAssignments.role }).from(roleAssignments).where(condition).limit(MAX_ROLES);
  return rows.map(({ role }) => role).sort();
}

/** The same for many holders at once, by their ids. */
export async function rolesOfEach(env: Env, tenant: TenantId, holders: readonly string[]): Promise<Map<string, string[]>> {
  if (holders.length === 0) return new Map();
  const found = new Map<string, string[]>();
  // A statement of D1 takes 100 values.
  for (let from = 0; from < holders.length; from += 90) {
    const condition = and(eq(roleAssignments.tenant, tenant), inArray(roleAssignments.holder, holders.slice(from, from + 90)));
    const rows = await drizzle(env.DB).select().from(roleAssignments).where(condition).orderBy(roleAssignments.role);
    for (const { holder, role } of rows) found.set(holder, [...(found.get(holder) ?? []), role]);
  }
  return found;
}

/** Gives a holder exactly these roles. */
export async function setRoles(env: Env, tenant: TenantId, holder: string, names: readonly string[], at: number): Promise<void> {
  const database = drizzle(env.DB);
  const removal = database.delete(roleAssignments).where(and(eq(roleAssignments.tenant, tenant), eq(roleAssignments.holder, holder)));
  const rows = [...new Set(names)].map((role) => ({ tenant, holder, role, createdAt: at }));
  if (rows.length === 0) await removal;
  else await database.batch([removal, database.insert(roleAssignments).values(rows)]);
}

/**
 * What roles come to together.
 * @throws Problem `invalid-request` naming the role that there is not
 */
export async function capabilitiesOfRoles(env: Env, tenant: TenantId, names: readonly string[]): Promise<Capability[]> {
  const known = await listRoles(env, tenant);
  const lacking = names.find((name) => !known.some((role) => role.name === name));
  if (lacking !== undefined)
    throw new Problem("invalid-request", `There is no role ${lacking} in this tenant; GET /v1/roles lists them.`, {
      errors: [{ pointer: "/roles", message: `${lacking} is not a role` }],
    });
  return [...new Set(known.filter(({ name }) => names.includes(name)).flatMap(({ capabilities }) => capabilities))];
}

function builtInRole(name: (typeof BUILT_IN_ROLES)[number]): Role {
  return { name, description: DESCRIPTIONS[name], capabilities: ROLES[name], builtIn: true };
}
