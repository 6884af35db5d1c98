import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson, type Json, parsedJsonSchema } from "../../platform/canonical-json.ts";

/** Random bytes before each payload: what was erased cannot be found again by guessing it. */
export const SALT_BYTES = 16;
/** Events that are missing for good, where others of the same object went on. */
export const GAP_TYPE = "log.gap";

/** What a decision leaves in the log when its event's payload is erased. */
const decisionIdsSchema = z.object({
  effect: z.string(),
  policies: z.array(z.string()),
  policyHash: z.string(),
  constitutionHash: z.string().optional(),
});

/** A leaf before it is hashed: which event it is, and the hash of its payload; nothing of the payload itself. */
export const leafRecordSchema = z.object({
  v: z.literal(1),
  tenant: z.string(),
  object: z.string(),
  seq: z.number().int(),
  at: z.number(),
  type: z.string(),
  /** SHA-256 over the salt and the payload's canonical JSON, in hexadecimal. */
  payload: z.string(),
  decision: decisionIdsSchema.optional(),
  /** For a gap: events after `after` up to `through` never came. */
  gap: z.object({ after: z.number().int(), through: z.number().int() }).optional(),
  /** It came after a gap was recorded where it belongs. */
  late: z.literal(true).optional(),
});
export type LeafRecord = z.infer<typeof leafRecordSchema>;

/** SHA-256(salt ‖ canonical JSON of the payload), in hexadecimal. @param salt hexadecimal */
export function payloadHash(salt: string, payload: Json): string {
  return createHash("sha256").update(Buffer.from(salt, "hex")).update(canonicalJson(payload)).digest("hex");
}

/** What of an event's data says who allowed it. */
export function decisionIds(data: Json): { decision?: z.infer<typeof decisionIdsSchema> } {
  const found = z.object({ decision: decisionIdsSchema }).safeParse(data);
  return found.success ? { decision: found.data.decision } : {};
}

/** A record as it is stored and hashed: canonical JSON on one line. */
export function recordLine(record: LeafRecord): string {
  return canonicalJson(parsedJsonSchema.parse(record));
}

/**
 * The entry that stands in the log for a record: its SHA-256. A reader of the published tiles and entries sees how many there are and
 * nothing else; whoever has the record shows by its hash that it is in the log.
 */
export function entryOf(line: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(line).digest());
}
