import { and, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { TenantId } from "../../platform/ids.ts";
import { notifications } from "../email/tables.ts";
import { groupMembers } from "../groups/tables.ts";
import { roleAssignments } from "../roles/tables.ts";
import { mailLinks, passwords, signInSessions } from "../sign-in/tables.ts";
import { users } from "./tables.ts";

/** Removes a user and all that is kept to sign it in; what it did stays in the audit log under its id. */
export async function removeUser(env: Env, tenant: TenantId, id: string): Promise<void> {
  const database = drizzle(env.DB);
  await database.batch([
    database.delete(signInSessions).where(and(eq(signInSessions.tenant, tenant), eq(signInSessions.user, id))),
    database.delete(mailLinks).where(and(eq(mailLinks.tenant, tenant), eq(mailLinks.user, id))),
    database.delete(notifications).where(and(eq(notifications.tenant, tenant), eq(notifications.user, id))),
    database.delete(passwords).where(and(eq(passwords.tenant, tenant), eq(passwords.user, id))),
    database.delete(groupMembers).where(and(eq(groupMembers.tenant, tenant), eq(groupMembers.user, id))),
    database.delete(roleAssignments).where(and(eq(roleAssignments.tenant, tenant), eq(roleAssignments.holder, id))),
    database.delete(users).where(and(eq(users.tenant, tenant), eq(users.id, id))),
  ]);
}
