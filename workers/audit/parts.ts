import { z } from "zod";
import { parsedJsonSchema } from "../platform/canonical-json.ts";
import { termsOf } from "./facets.ts";
import type { auditParts } from "./tables.ts";

/** An event on its way into the audit. */
export const auditedEventSchema = z.object({ seq: z.number().int(), at: z.number(), type: z.string(), data: parsedJsonSchema });
export type AuditedEvent = z.infer<typeof auditedEventSchema>;

/** An event as the audit keeps it: with the salt under which its leaf in the transparency log holds the hash of its data. */
const keptEventSchema = auditedEventSchema.extend({ salt: z.string().optional(), erased: z.literal(true).optional() });
export type KeptEvent = z.infer<typeof keptEventSchema>;

/** What an object has to tell: all its audited events after `after`, up to and with `through`. */
export const auditBatchSchema = z.object({
  object: z.string(),
  after: z.number().int(),
  through: z.number().int(),
  events: z.array(auditedEventSchema),
});
export type AuditBatch = z.infer<typeof auditBatchSchema>;

/** A part as the transparency log hands it over. */
export const newAuditPartSchema = z.object({
  tenant: z.string(),
  object: z.string(),
  firstSeq: z.number(),
  lastSeq: z.number(),
  firstAt: z.number(),
  lastAt: z.number(),
  types: z.string(),
  terms: z.string(),
  events: z.string(),
});
export type NewAuditPart = z.infer<typeof newAuditPartSchema>;
export type AuditPart = typeof auditParts.$inferSelect;

/** No part spans more time: whoever reads backwards from a time knows which later parts may still hold events before it. */
export const LONGEST_PART_MS = 3_600_000;

/** Events of one object, in their order, as the rows that hold them. */
export function partsOf(tenant: string, object: string, events: readonly KeptEvent[]): NewAuditPart[] {
  const cuts: KeptEvent[][] = [];
  for (const event of events) {
    const open = cuts.at(-1);
    const begun = open?.[0]?.at ?? Number.NEGATIVE_INFINITY;
    if (open !== undefined && Math.abs(event.at - begun) <= LONGEST_PART_MS) open.push(event);
    else cuts.push([event]);
  }
  return cuts.map((cut) => partOf(tenant, object, cut));
}

/** The events of a part. */
export function eventsOf(part: Pick<AuditPart, "events">): KeptEvent[] {
  return z.array(keptEventSchema).parse(JSON.parse(part.events));
}

function partOf(tenant: string, object: string, events: readonly KeptEvent[]): NewAuditPart {
  const times = events.map(({ at }) => at);
  const numbers = events.map(({ seq }) => seq);
  return {
    tenant,
    object,
    firstSeq: Math.min(...numbers),
    lastSeq: Math.max(...numbers),
    firstAt: Math.min(...times),
    lastAt: Math.max(...times),
    types: `,${[...new Set(events.map(({ type }) => type))].join(",")},`,
    terms: termsOf(events),
    events: JSON.stringify(events),
  };
}
