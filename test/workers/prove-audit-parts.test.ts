import { env } from "cloudflare:test";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type AuditedEvent, LONGEST_PART_MS, partsOf } from "../../workers/audit/parts.ts";
import { type AuditPlace, type AuditRow, listAuditEvents } from "../../workers/audit/search.ts";
import { markTraining, writeParts } from "../../workers/audit/store.ts";

interface Log {
  readonly object: string;
  readonly events: readonly AuditedEvent[];
  /** Where its messages were cut: from one number to the next; a second cut stands for events that were sent again. */
  readonly cuts: readonly (readonly number[])[];
}

const TYPES = ["step.done", "step.failed", "run.completed"];

const logs = fc.array(
  fc.record({
    gaps: fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(LONGEST_PART_MS + 1)), { minLength: 1, maxLength: 30 }),
    types: fc.array(fc.constantFrom(...TYPES), { minLength: 30, maxLength: 30 }),
    sizes: fc.array(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 6 },
);

function logOf(object: string, { gaps, types, sizes }: { gaps: number[]; types: string[]; sizes: number[][] }): Log {
  let at = 1_000;
  const events = gaps.map((gap, i) => {
    at += gap;
    return { seq: i + 1, at, type: types[i] ?? "step.done", data: { i } };
  });
  return { object, events, cuts: sizes };
}

/** The pieces of a log by one way of cutting it. */
function pieces(events: readonly AuditedEvent[], sizes: readonly number[]): AuditedEvent[][] {
  const cut: AuditedEvent[][] = [];
  for (let from = 0, i = 0; from < events.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    cut.push(events.slice(from, from + size));
    from += size;
  }
  return cut;
}

async function allPages(tenant: string, type: string | undefined, limit: number): Promise<AuditRow[]> {
  const rows: AuditRow[] = [];
  for (let before: AuditPlace | undefined; ; before = rows.at(-1)) {
    const page = await listAuditEvents(env, tenant, { type }, before, limit);
    rows.push(...page);
    if (page.length < limit) return rows;
  }
}

it("a reader sees every event once and in order, however messages were cut, doubled and mixed, page by page", async () => {
  let count = 0;
  await fc.assert(
    fc.asyncProperty(logs, fc.integer({ min: 1, max: 40 }), fc.constantFrom(undefined, ...TYPES), async (drawn, limit, type) => {
      count += 1;
      const tenant = `ten_parts_${count}`;
      const written = drawn.map((log, i) => logOf(`run_${i}`, log));
      for (const { object, events, cuts } of written)
        for (const sizes of cuts) for (const piece of pieces(events, sizes)) await writeParts(env, partsOf(tenant, object, piece));
      const expected = written
        .flatMap(({ object, events }) => events.map((event) => ({ ...event, object, isTraining: false })))
        .filter((event) => type === undefined || event.type === type)
        .sort((a, b) => b.at - a.at || (a.object < b.object ? 1 : a.object > b.object ? -1 : b.seq - a.seq));
      expect(await allPages(tenant, type, limit)).toEqual(expected);
    }),
    { numRuns: 25 },
  );
});

it("an event of a training is marked, also when the audit of everyday work had it first and under another cut", async () => {
  const events = [1, 2, 3].map((seq) => ({ seq, at: seq, type: "step.done", data: null }));
  await writeParts(env, partsOf("ten_training", "ses_1", events));
  await markTraining(env, partsOf("ten_training", "ses_1", events.slice(1)));
  const numbers = async (isTraining: boolean) =>
    (await listAuditEvents(env, "ten_training", { isTraining }, undefined, 10)).map(({ seq }) => seq);
  expect([await numbers(true), await numbers(false)]).toEqual([[3, 2], [1]]);
});
