import { env } from "cloudflare:test";
import { expect, it } from "vitest";
import { archiveOldParts, removeOldArchives } from "../../workers/audit/archive.ts";
import { auditLogName } from "../../workers/audit/log/log-name.ts";
import { type AuditPlace, type AuditRow, listAuditEvents } from "../../workers/audit/search.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { newTenant } from "./tenant.ts";

const DAY_MS = 86_400_000;
const EVENTS = 200;
const FIRST_AT = Date.UTC(2025, 0, 1);

const renewed = async () => undefined;

/** A tenant with an event every half day, each in a part of its own, some of them denied. */
async function oldTenant() {
  const tenant = await newTenant();
  const batches = Array.from({ length: EVENTS }, (_, i) => {
    const decision = {
      effect: i % 10 === 0 ? "deny" : "allow",
      action: "tool",
      resource: `tool:${i % 3}`,
      policies: [],
      policyHash: "h",
      obligations: [],
    };
    const data = { action: "thing.done", resource: `thing-${i}`, by: `usr_${i % 2}`, decision };
    return {
      object: `change/${i}`,
      after: 0,
      through: 1,
      events: [{ seq: 1, at: FIRST_AT + (i * DAY_MS) / 2, type: "resource.changed", data }],
    };
  });
  await env.AUDIT_LOG.getByName(auditLogName(tenant.id)).append(batches);
  return tenant;
}

async function all(tenant: string, filter: Parameters<typeof listAuditEvents>[2], limit = 7): Promise<AuditRow[]> {
  const rows: AuditRow[] = [];
  for (let before: AuditPlace | undefined; ; before = rows.at(-1)) {
    const page = await listAuditEvents(env, tenant, filter, before, limit);
    rows.push(...page);
    if (page.length < limit) return rows;
  }
}

const OLD = { to: FIRST_AT + EVENTS * DAY_MS };

it("what has left the database is read, searched and paged through as before, from the archive", async () => {
  const { id } = await oldTenant();
  const searches = [
    OLD,
    { ...OLD, outcome: "denied" as const },
    { ...OLD, actor: "usr_1", resource: "thing-7" },
    { ...OLD, from: FIRST_AT + 20 * DAY_MS },
    { ...OLD, object: "change/5" },
  ];
  const before = await Promise.all(searches.map((filter) => all(id, filter)));
  expect(before.map((rows) => rows.length)).toEqual([EVENTS, 20, 1, EVENTS - 40, 1]);
  expect(await archiveOldParts(env, id, FIRST_AT + 60 * DAY_MS, renewed)).toBe(120);
  const left = await env.DB.prepare("SELECT count(*) AS n FROM audit_parts WHERE tenant = ?1 AND last_at < ?2")
    .bind(id, FIRST_AT + 60 * DAY_MS)
    .first("n");
  expect(left).toBe(0);
  expect(await Promise.all(searches.map((filter) => all(id, filter)))).toEqual(before);
});

it("an archive that was made and whose parts are still there shows each event once", async () => {
  const { id } = await oldTenant();
  const parts = await env.DB.prepare("SELECT * FROM audit_parts WHERE tenant = ?1 AND last_at < ?2")
    .bind(id, FIRST_AT + 10 * DAY_MS)
    .all();
  await archiveOldParts(env, id, FIRST_AT + 10 * DAY_MS, renewed);
  for (const part of parts.results)
    await env.DB.prepare(
      `INSERT INTO audit_parts (${Object.keys(part).join(", ")}) VALUES (${Object.keys(part)
        .map(() => "?")
        .join(", ")})`,
    )
      .bind(...Object.values(part))
      .run();
  expect(await all(id, OLD)).toHaveLength(EVENTS);
});

it("what is too old even for the archive goes, and that it went is on record", async () => {
  const tenant = await oldTenant();
  await archiveOldParts(env, tenant.id, FIRST_AT + 60 * DAY_MS, renewed);
  expect(await removeOldArchives(env, systemClock, tenant.id, FIRST_AT + 32 * DAY_MS)).toBeGreaterThan(0);
  const rows = await all(tenant.id, OLD);
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.length).toBeLessThan(EVENTS);
  const expired = await all(tenant.id, { action: "audit.expired" });
  expect(expired).toHaveLength(1);
  expect(expired[0]?.data).toMatchObject({ by: "retention" });
});

it("an erasure reaches into the archive", async () => {
  const tenant = await oldTenant();
  await archiveOldParts(env, tenant.id, FIRST_AT + 60 * DAY_MS, renewed);
  expect((await tenant.post("/v1/audit/erasures", { object: "change/3", seqs: [1] })).status).toBe(200);
  expect(await all(tenant.id, { ...OLD, object: "change/3" })).toMatchObject([{ data: null, erased: true }]);
});

it("who searches is shown what fits, by actor, action, resource and outcome", async () => {
  const tenant = await oldTenant();
  const count = async (query: string) =>
    (await (await tenant.fetch(`/v1/audit/events?limit=200&${query}`)).json<{ items: unknown[] }>()).items.length;
  expect(await count("outcome=denied")).toBe(20);
  expect(await count("actor=usr_1&action=thing.done")).toBe(100);
  expect(await count("resource=thing-7")).toBe(1);
  expect(await count("action=nothing")).toBe(0);
  expect((await tenant.fetch("/v1/audit/events?outcome=maybe")).status).toBe(400);
});
