import { env, evictDurableObject, runDurableObjectAlarm, runInDurableObject, SELF } from "cloudflare:test";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { GAP_WAIT_MS } from "../../durable-objects/audit-log/parked-batches.ts";
import { leafRecordSchema, payloadHash } from "../../workers/audit/log/leaf-record.ts";
import { auditLogName, logKeys } from "../../workers/audit/log/log-name.ts";
import { readRecords, tileReader } from "../../workers/audit/log/log-reader.ts";
import { leafHash } from "../../workers/audit/log/merkle.ts";
import { rootOfTiles } from "../../workers/audit/log/proofs.ts";
import type { AuditBatch } from "../../workers/audit/parts.ts";
import { listAuditEvents } from "../../workers/audit/search.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { newId } from "../../workers/platform/ids.ts";
import { alterMethod } from "./altered-method.ts";
import { newTenant } from "./tenant.ts";

function logOf(tenant: string) {
  return env.AUDIT_LOG.getByName(auditLogName(tenant));
}

/** Events `after + 1` to `through`, all of them audited. */
function batch(object: string, after: number, through: number): AuditBatch {
  const events = Array.from({ length: through - after }, (_, i) => ({
    seq: after + i + 1,
    at: 1_000 + after + i,
    type: "task.reported",
    data: { key: `${object}-${after + i + 1}` },
  }));
  return { object, after, through, events };
}

async function recordsOf(tenant: string) {
  const { size } = await logOf(tenant).head();
  return (await readRecords(env, tenant, 0, size)).map((line) => leafRecordSchema.parse(JSON.parse(line)));
}

/** The size and root of a checkpoint. */
function treeHead(note: string): { size: number; root: string } {
  const [, size = "", root = ""] = note.split("\n");
  return { size: Number(size), root };
}

async function rootFromTiles(logId: string, size: number): Promise<string> {
  return Buffer.from(await rootOfTiles(size, tileReader(env.ARTIFACTS, logId))).toString("base64");
}

describe("the transparency log", () => {
  it("has every event as one leaf, of each object in its order, however often and in whatever order messages come", async () => {
    const deliveries = fc
      .array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 })
      .chain((sizes) =>
        fc.tuple(fc.constant(sizes), fc.array(fc.nat({ max: sizes.length - 1 }), { maxLength: 12 }), fc.integer({ min: 1, max: 4 })),
      );
    await fc.assert(
      fc.asyncProperty(deliveries, fc.integer({ min: 1, max: 30 }), async ([sizes, order, together], recut) => {
        const tenant = newId("tenant", Date.now());
        const total = sizes.reduce((sum, size) => sum + size, 0);
        const cuts = ["ses_a", "ses_b"].flatMap((object) => {
          let last = 0;
          return sizes.map((size) => {
            const cut = batch(object, last, last + size);
            last += size;
            return cut;
          });
        });
        // Sent again under another cut, as an outbox does after a restart.
        const again = ["ses_a", "ses_b"].map((object) => batch(object, 0, Math.min(recut, total)));
        const all = [...order.flatMap((i) => [cuts[i] ?? [], cuts[i + sizes.length] ?? []].flat()), ...again, ...cuts.toReversed()];
        for (let i = 0; i < all.length; i += together) await logOf(tenant).append(all.slice(i, i + together));
        const records = await recordsOf(tenant);
        for (const object of ["ses_a", "ses_b"]) {
          const numbers = records.filter((record) => record.object === object).map(({ seq }) => seq);
          expect(numbers).toEqual(Array.from({ length: total }, (_, i) => i + 1));
        }
        expect(records).toHaveLength(2 * total);
      }),
      { numRuns: 15 },
    );
  });

  it("keeps what comes early until what is missing has come", async () => {
    const tenant = newId("tenant", Date.now());
    await logOf(tenant).append([batch("ses_a", 2, 4)]);
    expect(await recordsOf(tenant)).toEqual([]);
    await evictDurableObject(logOf(tenant));
    await logOf(tenant).append([batch("ses_a", 0, 2)]);
    expect((await recordsOf(tenant)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  it("records a gap when what is missing was waited for in vain, and marks what fills it later", async () => {
    const tenant = newId("tenant", Date.now());
    await logOf(tenant).append([batch("ses_a", 0, 1), batch("ses_a", 5, 6)]);
    let now = Date.now();
    alterMethod(systemClock, "now", () => now);
    now += GAP_WAIT_MS + 60_000;
    await runDurableObjectAlarm(logOf(tenant));
    const types = (await recordsOf(tenant)).map(({ seq, type, gap }) => [seq, type, gap?.after]);
    expect(types).toEqual([
      [1, "task.reported", undefined],
      [5, "log.gap", 1],
      [6, "task.reported", undefined],
    ]);
    await logOf(tenant).append([batch("ses_a", 2, 4)]);
    await logOf(tenant).append([batch("ses_a", 0, 6)]);
    const late = (await recordsOf(tenant)).slice(3).map(({ seq, late: isLate }) => [seq, isLate]);
    expect(late).toEqual([3, 4, 2, 5].map((seq) => [seq, true]));
  });

  it("holds salted hashes of what the database holds, so that erasing one leaves the other as it is", async () => {
    const tenant = newId("tenant", Date.now());
    await logOf(tenant).append([batch("ses_a", 0, 3), batch("ses_b", 0, 2)]);
    const rows = await listAuditEvents(env, tenant, {}, undefined, 10);
    const records = await recordsOf(tenant);
    expect(rows).toHaveLength(5);
    for (const { object, seq, salt = "", data } of rows) {
      expect(salt).toMatch(/^[0-9a-f]{32}$/);
      expect(records.find((record) => record.object === object && record.seq === seq)?.payload).toBe(payloadHash(salt, data));
    }
    expect(new Set(rows.map(({ salt }) => salt)).size).toBe(5);
  });

  it("signs checkpoints whose roots the stored tiles have, over the bounds of tiles", async () => {
    const tenant = newId("tenant", Date.now());
    let last = 0;
    for (const size of [1, 255, 256, 257, 600]) {
      await logOf(tenant).append([batch("ses_a", last, size)]);
      last = size;
      const { id, checkpoint, verifierKey = "" } = await logOf(tenant).publish();
      const note = checkpoint?.note ?? "";
      expect(treeHead(note)).toEqual({ size, root: await rootFromTiles(id, size) });
      const publicKey = Buffer.from(verifierKey.slice(verifierKey.indexOf("+", verifierKey.indexOf("+") + 1) + 1), "base64").subarray(1);
      const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
      const signature = Buffer.from(note.trimEnd().split(" ").at(-1) ?? "", "base64").subarray(4);
      const text = new TextEncoder().encode(note.slice(0, note.indexOf("\n\n") + 1));
      expect(await crypto.subtle.verify("Ed25519", key, signature, text)).toBe(true);
    }
    const [first = ""] = await readRecords(env, tenant, 0, 1);
    const entry = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(first)));
    const { id } = await logOf(tenant).head();
    const tile = await env.ARTIFACTS.get(logKeys.tile(id, { level: 0, number: 0 }, 256));
    expect(Buffer.from(await (tile?.arrayBuffer() ?? new ArrayBuffer())).subarray(0, 32)).toEqual(Buffer.from(leafHash(entry)));
  });

  it("agrees with its tiles after a death at any write, and signs nothing that contradicts what it signed before", async () => {
    const tenant = newId("tenant", Date.now());
    const stored = Object.getPrototypeOf(env.ARTIFACTS);
    let left = Number.POSITIVE_INFINITY;
    alterMethod(stored, "put", (put) => {
      left -= 1;
      if (left < 0) throw new Error("the process died here [meant by the test]");
      return put();
    });
    const signed = new Map<number, string>();
    let last = 0;
    for (let death = 0; death < 12; death += 1) {
      await logOf(tenant).append([batch("ses_a", last, last + 130)]);
      last += 130;
      left = death % 6;
      await logOf(tenant)
        .publish()
        .catch(() => undefined);
      left = Number.POSITIVE_INFINITY;
      await evictDurableObject(logOf(tenant));
      const { id, checkpoint } = await logOf(tenant).publish();
      const head = treeHead(checkpoint?.note ?? "");
      expect(head.size).toBe(last);
      signed.set(head.size, head.root);
      for (const [size, root] of signed) expect(await rootFromTiles(id, size), `${size} of ${last}`).toBe(root);
      expect(treeHead((await (await env.ARTIFACTS.get(logKeys.checkpoint(id)))?.text()) ?? "")).toEqual(head);
    }
    expect(await recordsOf(tenant)).toHaveLength(last);
  });

  it("brings into the database what it took, when the database was away", async () => {
    const tenant = newId("tenant", Date.now());
    await env.DB.prepare("ALTER TABLE audit_parts RENAME TO audit_parts_away").run();
    await logOf(tenant).append([batch("ses_a", 0, 3)]);
    await env.DB.prepare("ALTER TABLE audit_parts_away RENAME TO audit_parts").run();
    expect(await listAuditEvents(env, tenant, {}, undefined, 10)).toEqual([]);
    await evictDurableObject(logOf(tenant));
    await runDurableObjectAlarm(logOf(tenant));
    expect(await listAuditEvents(env, tenant, {}, undefined, 10)).toHaveLength(3);
  });

  it("signs by its alarm, without being asked", async () => {
    const tenant = newId("tenant", Date.now());
    await logOf(tenant).append([batch("ses_a", 0, 3)]);
    expect((await logOf(tenant).head()).checkpoint).toBeUndefined();
    let now = Date.now();
    alterMethod(systemClock, "now", () => now);
    now += 60_000;
    await runDurableObjectAlarm(logOf(tenant));
    expect((await logOf(tenant).head()).checkpoint?.size).toBe(3);
    expect(await runInDurableObject(logOf(tenant), (_, state) => state.storage.getAlarm())).toBeNull();
  });

  it("costs no storage when it is only asked", async () => {
    const log = logOf(newId("tenant", Date.now()));
    expect(await log.head()).toMatchObject({ size: 0, isPublished: false });
    const tables = await runInDurableObject(log, (_, { storage }) => storage.sql.exec("SELECT name FROM sqlite_master").toArray());
    expect(tables.filter(({ name }) => !String(name).startsWith("_"))).toEqual([]);
  });
});

const headSchema = z.object({
  id: z.string(),
  path: z.string(),
  size: z.number(),
  checkpoint: z.string(),
  isPublished: z.boolean(),
  verifierKey: z.string(),
  cosignatures: z.array(z.string()),
});

async function currentHead(tenant: { fetch(path: string): Promise<Response> }) {
  return headSchema.parse(await (await tenant.fetch("/v1/audit/log?current=true")).json());
}

describe("a tenant", () => {
  it("is given a proof for each of its events, and none for those of others", async () => {
    const tenant = await newTenant();
    const { items } = await (await tenant.fetch("/v1/audit/events")).json<{ items: { id: string }[] }>();
    const [object = "", seq = ""] = (items[0]?.id ?? "").split(/\/(?=\d+$)/);
    const path = `/v1/audit/inclusion?object=${encodeURIComponent(object)}&seq=${seq}`;
    const proof = await (await tenant.fetch(path)).json<{ record: { object: string }; tlogProof: string; checkpoint: string }>();
    expect(proof.record.object).toBe(object);
    expect(proof.tlogProof).toContain(proof.checkpoint);
    expect((await (await newTenant()).fetch(path)).status).toBe(404);
  });

  it("publishes its log to everybody, until it says otherwise", async () => {
    const tenant = await newTenant();
    const { path, checkpoint, size, isPublished } = await currentHead(tenant);
    expect(isPublished).toBe(true);
    const get = (file: string) => SELF.fetch(`http://soma.test${path}/${file}`);
    const published = await get("checkpoint");
    expect(published.headers.get("Content-Type")).toBe("text/plain; charset=utf-8");
    expect(await published.text()).toBe(checkpoint);
    const tile = await get(`tile/0/000.p/${size}`);
    expect(tile.headers.get("Cache-Control")).toContain("immutable");
    expect((await tile.arrayBuffer()).byteLength).toBe(size * 32);
    expect((await (await get(`tile/entries/000.p/${size}`)).arrayBuffer()).byteLength).toBe(size * 34);
    for (const wrong of [
      `tile/0/000.p/${size + 1}`,
      "tile/0/000",
      "tile/0/000.p/0",
      "tile/0/000.p/256",
      "tile/64/000",
      "tile/0/0",
      "tile/0/..%2F..%2Fcheckpoint",
      "records/000",
    ])
      expect((await get(wrong)).status, wrong).toBe(404);
    const withdrawn = await tenant.fetch("/v1/audit/log", {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: '{"isPublished":false}',
    });
    expect(withdrawn.status).toBe(200);
    const later = Date.now() + 6_000;
    alterMethod(systemClock, "now", () => later);
    expect((await get("checkpoint")).status).toBe(404);
    expect((await get(`tile/0/000.p/${size}`)).status).toBe(404);
  });

  it("shows that its log only grew", async () => {
    const tenant = await newTenant();
    const { size } = await currentHead(tenant);
    await tenant.post("/v1/api-keys", { name: "another", role: "viewer" });
    const now = await currentHead(tenant);
    expect(now.size).toBeGreaterThan(size);
    const proof = await tenant.fetch(`/v1/audit/consistency?from=${size}&to=${now.size}`);
    expect(await proof.json()).toMatchObject({ from: size, to: now.size });
    expect((await tenant.fetch(`/v1/audit/consistency?from=${now.size}&to=${size}`)).status).toBe(400);
    expect((await tenant.fetch(`/v1/audit/consistency?from=1&to=${now.size + 1}`)).status).toBe(404);
  });

  it("adds what a witness says of a checkpoint, and nothing that no witness said", async () => {
    const tenant = await newTenant();
    const { checkpoint, size, path } = await currentHead(tenant);
    const { vkey, cosign } = await newWitness("witness.test/w1");
    const line = await cosign(checkpoint, 1_700_000_000n);
    const post = (body: unknown) => tenant.post("/v1/audit/cosignatures", body);
    expect((await post({ size, witness: vkey, cosignature: await cosign(checkpoint.replace(`\n${size}\n`, "\n999\n"), 1n) })).status).toBe(
      400,
    );
    expect((await post({ size, witness: "x+1+AA==", cosignature: line })).status).toBe(400);
    expect((await post({ size: size + 100, witness: vkey, cosignature: line })).status).toBe(404);
    expect((await post({ size, witness: vkey, cosignature: line })).status).toBe(200);
    expect(await (await SELF.fetch(`http://soma.test${path}/checkpoint`)).text()).toBe(`${checkpoint}${line}\n`);
  });
});

/** A witness as C2SP tlog-cosignature has it, with a key of its own. */
async function newWitness(name: string) {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new Error("no pair");
  const raw = await crypto.subtle.exportKey("raw", pair.publicKey);
  if (!(raw instanceof ArrayBuffer)) throw new Error("no bytes");
  const material = Buffer.concat([Buffer.of(4), Buffer.from(raw)]);
  const id = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.concat([Buffer.from(`${name}\n`), material]))).subarray(0, 4);
  const cosign = async (note: string, seconds: bigint) => {
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(seconds);
    const text = note.slice(0, note.indexOf("\n\n") + 1);
    const signed = await crypto.subtle.sign("Ed25519", pair.privateKey, Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`));
    return `— ${name} ${Buffer.concat([id, time, Buffer.from(signed)]).toString("base64")}`;
  };
  return { vkey: `${name}+${id.toString("hex")}+${material.toString("base64")}`, cosign };
}
