import { z } from "zod";
import { parsedJsonSchema } from "../platform/canonical-json.ts";
import type { auditParts } from "./tables.ts";

/** An event as the audit keeps it. */
export const auditedEventSchema = z.object({ seq: z.number().int(), at: z.number(), type: z.string(), data: parsedJsonSchema });
export type AuditedEvent = z.infer<typeof auditedEventSchema>;

export type NewAuditPart = typeof auditParts.$inferInsert;
export type AuditPart = typeof auditParts.$inferSelect;

/** No part spans more time: whoever reads backwards from a time knows which later parts may still hold events before it. */
export const LONGEST_PART_MS = 3_600_000;

/** Events of one object, in their order, as the rows that hold them. */
export function partsOf(tenant: string, object: string, events: readonly AuditedEvent[]): NewAuditPart[] {
  const cuts: AuditedEvent[][] = [];
  for (const event of events) {
    const open = cuts.at(-1);
    const begun = open?.[0]?.at ?? Number.NEGATIVE_INFINITY;
    if (open !== undefined && Math.abs(event.at - begun) <= LONGEST_PART_MS) open.push(event);
    else cuts.push([event]);
  }
  return cuts.map((cut) => partOf(tenant, object, cut));
}

/** The events of a part. */
export function eventsOf(part: Pick<AuditPart, "events">): AuditedEvent[] {
  return z.array(auditedEventSchema).parse(JSON.parse(part.events));
}

function partOf(tenant: string, object: string, events: readonly AuditedEvent[]): NewAuditPart {
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
    events: JSON.stringify(events),
  };
}
