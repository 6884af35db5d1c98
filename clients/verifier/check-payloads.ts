import { createHash } from "node:crypto";
import { type CheckedRecord, canonical } from "./check-records.ts";
import type { Findings } from "./finding.ts";

/** Payloads as they were found: how many are there, and how many were erased with a record of it. */
export interface PayloadCount {
  readonly present: number;
  readonly erased: number;
}

/** A line of payloads: the salt and the data of one leaf; null where it was erased. */
interface Payload {
  readonly salt: string;
  readonly data: unknown;
}

/**
 * Checks that each payload hashes to what its record says. One that is missing must have been erased, or be older than payloads
 * are kept: both are changes like any other and stand in the log.
 */
export function checkPayloads(records: readonly CheckedRecord[], lines: ReadonlyMap<number, string>, findings: Findings): PayloadCount {
  const missing: CheckedRecord[] = [];
  const erasures = new Set<string>();
  let expired = Number.NEGATIVE_INFINITY;
  let present = 0;
  for (const record of records) {
    const payload = read(lines.get(record.index));
    if (record.gap !== undefined) checkGap(record, findings);
    else if (payload === "broken") findings.add(`payload ${record.index}`, "it is not a line with a salt and data");
    else if (payload === undefined) missing.push(record);
    else if (hashOf(payload) !== record.payload)
      findings.add(`payload ${record.index}`, `it does not hash to what record ${record.index} (${record.object}/${record.seq}) says`);
    else {
      present += 1;
      for (const name of changed("audit.erased", payload.data)) erasures.add(name);
      for (const time of changed("audit.expired", payload.data)) expired = Math.max(expired, Date.parse(time));
    }
  }
  for (const { index, object, seq, at } of missing)
    if (at > expired && !erasures.has(`${object}/${seq}`))
      findings.add(`payload ${index}`, `it is missing, and no erasure of ${object}/${seq} is in the log`);
  return { present, erased: missing.length };
}

function read(line: string | undefined): Payload | undefined | "broken" {
  if (line === undefined || line === "null") return undefined;
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null || !("salt" in value) || !("data" in value)) return "broken";
    const { salt, data } = value;
    return typeof salt === "string" && /^([0-9a-f]{2}){16}$/.test(salt) ? { salt, data } : "broken";
  } catch {
    return "broken";
  }
}

function hashOf({ salt, data }: Payload): string {
  return createHash("sha256").update(Buffer.from(salt, "hex")).update(canonical(data)).digest("hex");
}

/** A gap has no payload but itself. */
function checkGap({ index, gap, payload }: CheckedRecord, findings: Findings): void {
  if (createHash("sha256").update(canonical(gap)).digest("hex") !== payload)
    findings.add(`record ${index}`, "its gap is not what its payload's hash says");
}

/** What a change of this kind names as its resource: events that were erased, or the time up to which payloads have expired. */
function changed(action: string, data: unknown): string[] {
  if (typeof data !== "object" || data === null || !("action" in data) || data.action !== action) return [];
  return "resource" in data && typeof data.resource === "string" ? data.resource.split(" ") : [];
}
