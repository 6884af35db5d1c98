import { z } from "zod";
import { switchSchema } from "../../platform/governance.ts";

/** A kill switch from the moment it was thrown until long after its release. Times are milliseconds since the epoch. */
export const switchRecordSchema = switchSchema.extend({
  thrownBy: z.string(),
  /** Only an operator releases what an operator has thrown. */
  isOperators: z.boolean(),
  /** Who has asked for the release, where it takes two people, and when. */
  asked: z.object({ by: z.string(), at: z.number().int() }).optional(),
  released: z.object({ by: z.string(), at: z.number().int(), askedBy: z.string().optional() }).optional(),
});
export type SwitchRecord = z.infer<typeof switchRecordSchema>;

/** How a tenant wants its switches released. */
export const switchRulesSchema = z.object({
  release: z.enum(["one-person", "two-people"]),
  /** A request for a release that nobody confirms in this time is void. */
  requestMinutes: z.number().int().min(1).max(1_440),
});
export type SwitchRules = z.infer<typeof switchRulesSchema>;

export const DEFAULT_RULES: SwitchRules = { release: "one-person", requestMinutes: 15 };

const MINUTE_MS = 60_000;

/** Until when the request for a release can be confirmed; undefined when none stands. */
export function requestStandsUntil({ asked, released }: SwitchRecord, { requestMinutes }: SwitchRules, now: number): number | undefined {
  if (asked === undefined || released !== undefined) return undefined;
  const until = asked.at + requestMinutes * MINUTE_MS;
  return until > now ? until : undefined;
}
