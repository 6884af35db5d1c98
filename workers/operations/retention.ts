import { archiveOldParts, removeOldArchives } from "../audit/archive.ts";
import { keptDays } from "../compliance/overlays.ts";
import type { Clock } from "../platform/clock.ts";
import { UNGOVERNED } from "../platform/governance.ts";
import { problemOf } from "../platform/problem.ts";
import { settings } from "../platform/settings.ts";
import { describeError, log } from "../platform/telemetry.ts";
import { governanceOf } from "../policy/governance-of.ts";
import { type AgingTable, noteSweep, removeOlder, tenantsToSweep } from "./store.ts";
import { underLock } from "./under-lock.ts";

const DAY_MS = 86_400_000;
/** A dead letter that nobody sent again in a month is of no use to anyone. */
export const DEAD_LETTERS_KEPT_DAYS = 30;
/** The decision log is for trying drafts against last week's decisions; what must be kept longer is in the audit log. */
export const DECISIONS_KEPT_DAYS = 30;
/** A session, project or run that nothing happened to for this long leaves the lists; by its id it is found for good. */
export const LISTED_DAYS = 400;
/** A tenant is swept once a day. */
const SWEEP_EVERY_MS = 20 * 3_600_000;
/** Tenants of one hourly run: 2,400 a day, within what one invocation may ask of other services. */
const TENANTS_A_RUN = 100;
/** Rows of one statement: D1 is one writer, and others wait for it. */
const ROWS_A_STATEMENT = 1_000;
/** Statements for one table of one tenant; the next day goes on. */
const MAX_STATEMENTS = 20;
/** A sweep that died is let go of after this; a living one renews it between statements. */
const SWEEP_HELD_MS = 60_000;

/** Removes what has grown older than it is kept, for the tenants that wait longest: nothing that grows by the day grows without end. @returns rows removed */
export async function sweep(env: Env, clock: Clock): Promise<number> {
  let removed = 0;
  for (const tenant of await tenantsToSweep(env, clock.now() - SWEEP_EVERY_MS, TENANTS_A_RUN)) {
    try {
      removed += await sweepTenant(env, clock, tenant);
    } catch (error) {
      // Another sweep is at it, or it failed: the others are not kept waiting, and it comes first the next time.
      const level = problemOf(error)?.type === "conflict" ? "info" : "error";
      log(level, "retention.not-swept", { tenant }, { error: describeError(error) });
    }
  }
  log("info", "retention.swept", {}, { removed });
  return removed;
}

async function sweepTenant(env: Env, clock: Clock, tenant: string): Promise<number> {
  const now = clock.now();
  // What names no tenant stands under no tenant's overlays.
  const { overlays } = tenant === "" ? UNGOVERNED : await governanceOf(env, clock, tenant);
  const days: Readonly<Record<AgingTable, number>> = {
    dead_letters: DEAD_LETTERS_KEPT_DAYS,
    policy_decisions: DECISIONS_KEPT_DAYS,
    sessions: LISTED_DAYS,
    projects: LISTED_DAYS,
    runs: LISTED_DAYS,
    a2a_tasks: LISTED_DAYS,
  };
  const tables: readonly AgingTable[] = ["dead_letters", "policy_decisions", "sessions", "projects", "runs", "a2a_tasks"];
  return underLock(env, `${tenant === "" ? "platform" : tenant}/retention`, SWEEP_HELD_MS, async (lock) => {
    let total = await sweepAudit(env, clock, tenant, { overlays, renew: lock.renew });
    for (const table of tables) {
      const before = now - days[table] * DAY_MS;
      if (!Number.isFinite(before)) continue;
      for (let statement = 0; statement < MAX_STATEMENTS; statement += 1) {
        const removed = await removeOlder(env, table, tenant, before, ROWS_A_STATEMENT);
        total += removed;
        if (removed < ROWS_A_STATEMENT) break;
        await lock.renew();
      }
    }
    await noteSweep(env, tenant, now, lock.token);
    return total;
  });
}

/** Moves what the database has held long enough into archives, and removes those that are older than anybody demands. @returns rows that left the database */
async function sweepAudit(
  env: Env,
  clock: Clock,
  tenant: string,
  { overlays, renew }: { overlays: readonly string[]; renew: () => Promise<void> },
): Promise<number> {
  const { SOMA_AUDIT_RETENTION_DAYS: searched, SOMA_AUDIT_ARCHIVE_DAYS: archived } = settings(env);
  const moved = await archiveOldParts(env, tenant, clock.now() - searched * DAY_MS, renew);
  const kept = clock.now() - keptDays("audit", Math.max(searched, archived), overlays) * DAY_MS;
  if (Number.isFinite(kept)) await removeOldArchives(env, clock, tenant, kept);
  return moved;
}
