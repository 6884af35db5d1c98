import type { Clock } from "../platform/clock.ts";
import { CLOSING_DAYS, closingSince } from "./tenants/store.ts";

const DAY_MS = 86_400_000;
/** Tries older than the longest memory of any rule say nothing any more. */
const TRIES_KEPT_MS = DAY_MS;
/** Rows of one statement: D1 is one writer, and others wait for it. */
const ROWS_A_STATEMENT = 1_000;
/** Statements for one table in one run; the next hour goes on. */
const MAX_STATEMENTS = 20;
/** Closed tenants of one run. */
const TENANTS_A_RUN = 5;

/** What ends by itself, with the column that says when. */
const ENDING = [
  ["sign_in_sessions", "ends_at"],
  ["mail_links", "expires_at"],
  ["notifications", "expires_at"],
] as const;

/** What a tenant that was closed has in this service, what refers to others first. */
const OF_TENANT = [
  "sign_in_sessions",
  "mail_links",
  "notifications",
  "passwords",
  "group_members",
  "role_assignments",
  "groups",
  "roles",
  "service_accounts",
  "users",
  "tenant_domains",
  "api_keys",
] as const;

/** Removes sign-ins, links, letters and tries that have ended, and what closed tenants left here. @returns rows removed */
export async function removeExpired(env: Env, clock: Clock): Promise<number> {
  const now = clock.now();
  let removed = 0;
  for (const [table, column] of ENDING) removed += await removeRows(env, table, `${column} < ?1`, now);
  removed += await removeRows(env, "sign_in_tries", "last_at < ?1", now - TRIES_KEPT_MS);
  for (const tenant of await closingSince(env, now - CLOSING_DAYS * DAY_MS, TENANTS_A_RUN)) removed += await removeTenant(env, tenant);
  return removed;
}

/** The tenant's own row goes last, when nothing of it is left: cut off before, the next run goes on. */
async function removeTenant(env: Env, tenant: string): Promise<number> {
  let removed = 0;
  for (const table of OF_TENANT) {
    const rows = await removeRows(env, table, "tenant = ?1", tenant);
    removed += rows;
    if (rows === ROWS_A_STATEMENT * MAX_STATEMENTS) return removed;
  }
  return removed + (await removeRows(env, "tenants", "id = ?1", tenant));
}

async function removeRows(env: Env, table: string, condition: string, value: string | number): Promise<number> {
  let removed = 0;
  for (let statement = 0; statement < MAX_STATEMENTS; statement += 1) {
    const { meta } = await env.DB.prepare(
      `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${condition} LIMIT ${ROWS_A_STATEMENT})`,
    )
      .bind(value)
      .run();
    removed += meta.changes;
    if (meta.changes < ROWS_A_STATEMENT) break;
  }
  return removed;
}
