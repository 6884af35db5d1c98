import { and, desc, eq, gt, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { TenantId } from "../../platform/ids.ts";
import { notifications } from "./tables.ts";

export type NotificationRow = typeof notifications.$inferSelect;

export async function insertNotification(env: Env, row: NotificationRow): Promise<void> {
  await drizzle(env.DB).insert(notifications).values(row);
}

/** A tenant's letters that still matter, newest first, after the id of the last one shown. */
export async function listNotifications(
  env: Env,
  tenant: TenantId,
  { before, limit, now }: { before: string | undefined; limit: number; now: number },
): Promise<NotificationRow[]> {
  const condition = and(
    eq(notifications.tenant, tenant),
    gt(notifications.expiresAt, now),
    before === undefined ? undefined : lt(notifications.id, before),
  );
  return drizzle(env.DB).select().from(notifications).where(condition).orderBy(desc(notifications.id)).limit(limit);
}
