import { createExecutionContext, createMessageBatch, env, getQueueResult, runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { expect, it } from "vitest";
import { EventLog } from "../../durable-objects/event-log/event-log.ts";
import { FLUSH_DELAY_MS, Outbox, type Parcel } from "../../durable-objects/event-log/outbox.ts";
import { type AuditMessage, consumeAudit, publishAudit } from "../../queues/agent-audit.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import type { NewEvent } from "../../workers/platform/events.ts";
import { newId } from "../../workers/platform/ids.ts";

const AUDITED: NewEvent = { type: "task.reported", data: { key: "k" } };
const STREAMED: NewEvent = { type: "turn.delta", data: { turn: "t", text: "x" } };

let count = 0;

async function deliver(bodies: readonly AuditMessage[]): Promise<void> {
  const messages = bodies.map((body, i) => ({ id: String(i), timestamp: new Date(), attempts: 1, body }));
  const batch = createMessageBatch("agent-audit", messages);
  await consumeAudit(batch, env);
  expect((await getQueueResult(batch, createExecutionContext())).retryMessages).toEqual([]);
}

it("writes every event once, however often and in whatever order messages come", async () => {
  const deliveries = fc
    .array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 6 })
    .chain((sizes) =>
      fc.tuple(fc.constant(sizes), fc.array(fc.nat({ max: sizes.length - 1 }), { minLength: sizes.length, maxLength: 3 * sizes.length })),
    );
  await fc.assert(
    fc.asyncProperty(deliveries, async ([sizes, order]) => {
      const tenant = newId("tenant", Date.now());
      const session = newId("session", Date.now());
      let last = 0;
      const messages = sizes.map((size): AuditMessage => {
        const after = last;
        last += size;
        const events = Array.from({ length: size }, (_, i) => ({ seq: after + i + 1, at: 1, ...AUDITED }));
        return { object: { binding: "AGENT_SESSION", name: `${tenant}/${session}` }, tenant, after, through: last, events };
      });
      const all = [...order, ...sizes.keys()].flatMap((i) => messages[i] ?? []);
      for (let i = 0; i < all.length; i += 3) await deliver(all.slice(i, i + 3));
      const { results } = await env.DB.prepare(
        "SELECT event.value ->> 'seq' AS seq FROM audit_parts, json_each(audit_parts.events) AS event WHERE object = ? ORDER BY 1",
      )
        .bind(session)
        .all();
      expect(results.map((row) => row.seq)).toEqual(Array.from({ length: last }, (_, i) => i + 1));
    }),
    { numRuns: 25 },
  );
});

it("lets go of no event that is not written down, when messages come out of order, twice or not at all", async () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("append" as const), audited: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("send" as const) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("deliver" as const), which: fc.nat({ max: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("wait" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      count += 1;
      await runInDurableObject(env.IDEMPOTENCY_RECORD.getByName(`outbox-${count}`), async (_, { storage }) => {
        const time = { now: 1_000 };
        const clock = { now: () => time.now };
        const sent: Parcel[] = [];
        const written = new Set<number>();
        const open = () => {
          const opened = new EventLog(storage, clock, []);
          return { log: opened, outbox: new Outbox(opened, clock, async (parcel) => void sent.push(parcel)) };
        };
        let { log, outbox } = open();
        const arrives = (parcel: Parcel) => {
          for (const event of parcel.events) written.add(event.seq);
          outbox.acknowledge(parcel);
        };
        const audited: number[] = [];
        for (const now of steps) {
          if (now.kind === "append") {
            const { seq } = log.append(now.audited ? AUDITED : STREAMED);
            if (now.audited) audited.push(seq);
          } else if (now.kind === "send") {
            audited.push(log.append(AUDITED).seq);
            await outbox.flush();
          }
          if (now.kind === "wait") time.now += 61_000;
          else if (now.kind === "restart") ({ log, outbox } = open());
          else if (now.kind === "deliver") {
            const parcel = sent.at(-1 - now.which);
            if (parcel !== undefined) arrives(parcel);
          }
          expect(audited.filter((seq) => seq <= log.released && !written.has(seq))).toEqual([]);
        }
        // Whatever was lost on the way is sent again, until all of it has come.
        for (let i = 0; i < 5 && outbox.dueAt(FLUSH_DELAY_MS) !== undefined; i += 1) {
          time.now = Math.max(time.now, outbox.dueAt(FLUSH_DELAY_MS) ?? 0);
          const before = sent.length;
          await outbox.flush();
          for (const parcel of sent.slice(before)) arrives(parcel);
        }
        expect(outbox.dueAt(FLUSH_DELAY_MS)).toBeUndefined();
        expect(audited.filter((seq) => !written.has(seq))).toEqual([]);
      });
    }),
    { numRuns: 60 },
  );
});

it("is sent again a few times and not each minute, by an object that is forgotten and woken while the audit cannot keep up", async () => {
  await runInDurableObject(env.IDEMPOTENCY_RECORD.getByName("outbox-congested"), async (_, { storage }) => {
    const time = { now: 1_000 };
    const clock = { now: () => time.now };
    let sent = 0;
    const send = async () => {
      sent += 1;
    };
    const open = () => new Outbox(new EventLog(storage, clock, []), clock, send);
    new EventLog(storage, clock, []).append(AUDITED);
    const dayMs = 86_400_000;
    while (time.now < dayMs) {
      const outbox = open();
      if ((outbox.dueAt(FLUSH_DELAY_MS) ?? 0) <= time.now) await outbox.flush();
      time.now = Math.max(outbox.dueAt(FLUSH_DELAY_MS) ?? 0, time.now);
    }
    // Doubling from a minute to an hour, then each hour.
    expect(sent).toBeGreaterThan(20);
    expect(sent).toBeLessThan(35);
  });
});

it("comes through the queue and back", async () => {
  const tenant = newId("tenant", Date.now());
  const name = `${tenant}/${newId("session", Date.now())}`;
  const events = [{ seq: 1, at: systemClock.now(), ...AUDITED }];
  await publishAudit(env, { binding: "AGENT_SESSION", name }, tenant, { events, after: 0, through: 1 });
  let rows: unknown[] = [];
  for (let i = 0; i < 200 && rows.length === 0; i += 1) {
    await scheduler.wait(25);
    rows = (
      await env.DB.prepare("SELECT event.value ->> 'seq' AS seq FROM audit_parts, json_each(audit_parts.events) AS event WHERE tenant = ?")
        .bind(tenant)
        .all()
    ).results;
  }
  expect(rows).toEqual([{ seq: 1 }]);
});
