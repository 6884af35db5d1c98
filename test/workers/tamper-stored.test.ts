import { env, SELF } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { collectLog } from "../../clients/cli/audit-export.ts";
import { somaClient } from "../../clients/sdk/client.ts";
import { memorySource } from "../../clients/verifier/source.ts";
import { verifyLog } from "../../clients/verifier/verify.ts";
import { auditLogName, logIdOf } from "../../workers/audit/log/log-name.ts";
import { newTenant, type TestTenant } from "./tenant.ts";

const OBJECTS = 7;
const EVENTS_EACH = 60;

/** A tenant whose log has some hundred leaves, of several objects. */
async function busyTenant(): Promise<TestTenant> {
  const tenant = await newTenant();
  for (let from = 0; from < EVENTS_EACH; from += 30) {
    const batches = Array.from({ length: OBJECTS }, (_, i) => ({
      object: `run_${i}`,
      after: from,
      through: from + 30,
      events: Array.from({ length: 30 }, (__, n) => ({
        seq: from + n + 1,
        at: 1_700_000_000_000 + from + n,
        type: "step.skipped",
        data: { step: `s${n}`, reason: "because" },
      })),
    }));
    await env.AUDIT_LOG.getByName(auditLogName(tenant.id)).append(batches);
  }
  return tenant;
}

async function exported(tenant: TestTenant) {
  const send = (request: Request) => SELF.fetch(request);
  const client = somaClient({ url: "http://soma.test", apiKey: tenant.key, send });
  return collectLog(client, { url: "http://soma.test", apiKey: tenant.key, send }, new AbortController().signal);
}

async function findingsOf(tenant: TestTenant): Promise<string[]> {
  const { findings } = await verifyLog(memorySource("export", (await exported(tenant)).files), {});
  return findings.map(({ where }) => where);
}

describe("what is stored", () => {
  it("is found out when a row of the database says something else", async () => {
    const tenant = await busyTenant();
    expect(await findingsOf(tenant)).toEqual([]);
    await env.DB.prepare(
      "UPDATE audit_parts SET events = replace(events, 'because', 'becauze') WHERE tenant = ? AND object = 'run_3' AND first_seq = 31",
    )
      .bind(tenant.id)
      .run();
    const found = await findingsOf(tenant);
    expect(found).toHaveLength(30);
    expect(found[0]).toMatch(/^payload \d+$/);
  });

  it("is found out when a row of the database is gone", async () => {
    const tenant = await busyTenant();
    await env.DB.prepare("DELETE FROM audit_parts WHERE tenant = ? AND object = 'run_3' AND first_seq = 31").bind(tenant.id).run();
    expect(await findingsOf(tenant)).toHaveLength(30);
  });

  it.each(["tile/0/000", "tile/entries/000", "tile/1/000.p", "records/000"])("is found out when a byte of %s is another", async (file) => {
    const tenant = await busyTenant();
    await exported(tenant);
    const key = `tlog/${logIdOf(tenant.id)}/${file}`;
    const bytes = new Uint8Array((await (await env.ARTIFACTS.get(key))?.arrayBuffer()) ?? []);
    bytes[40 % bytes.length] = (bytes[40 % bytes.length] ?? 0) ^ 1;
    await env.ARTIFACTS.put(key, bytes);
    expect((await findingsOf(tenant)).length).toBeGreaterThan(0);
  });

  it("may be erased by who may, which is on record, and the log still holds", async () => {
    const tenant = await busyTenant();
    const erased = await tenant.post("/v1/audit/erasures", { object: "run_3", seqs: [5, 6] });
    expect(await erased.json()).toEqual({ erased: 2 });
    const { items } = await (await tenant.fetch("/v1/audit/events?object=run_3&limit=200")).json<{
      items: { id: string; data: unknown; erased?: boolean; salt?: string }[];
    }>();
    expect(items.filter((item) => item.erased).map(({ id, data, salt }) => [id, data, salt])).toEqual([
      ["run_3/6", null, undefined],
      ["run_3/5", null, undefined],
    ]);
    const verdict = await verifyLog(memorySource("export", (await exported(tenant)).files), {});
    expect(verdict).toMatchObject({ isSound: true, payloads: { erased: 2 } });
    expect((await tenant.post("/v1/audit/erasures", { object: "run_none", seqs: [5] })).status).toBe(404);
  });
});
