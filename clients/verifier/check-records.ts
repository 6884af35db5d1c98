import { createHash } from "node:crypto";
import type { Findings } from "./finding.ts";

/** What a record says, as far as it is checked. */
export interface CheckedRecord {
  readonly index: number;
  readonly object: string;
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly type: string;
  readonly payload: string;
  readonly gap: { readonly after: number; readonly through: number } | undefined;
}

/** The log's id, from whose it is. */
export function logIdOf(tenant: string): string {
  return createHash("sha256").update(`somaagent transparency log\n${tenant}`).digest("hex").slice(0, 32);
}

/** JSON with its keys in order and no white space (RFC 8785 for what JSON.parse gives). */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(",")}}`;
}

/** A record of which nothing is known. */
const NO_RECORD: Readonly<Record<"v" | "tenant" | "object" | "seq" | "at" | "type" | "payload" | "gap", unknown>> = {
  v: undefined,
  tenant: undefined,
  object: undefined,
  seq: undefined,
  at: undefined,
  type: undefined,
  payload: undefined,
  gap: undefined,
};

/** Checks a line of records against its entry, its form and its tenant. @returns undefined when it can say nothing */
export function checkRecord(
  line: string,
  index: number,
  expected: { entry: Buffer | undefined; tenant: string },
  findings: Findings,
): CheckedRecord | undefined {
  const where = `record ${index}`;
  const hash = createHash("sha256").update(line).digest();
  if (expected.entry !== undefined && !hash.equals(expected.entry)) findings.add(where, `it does not hash to entry ${index} of the log`);
  const value = parsed(line);
  if (value === undefined || canonical(value) !== line) {
    findings.add(where, "it is not one line of canonical JSON");
    return undefined;
  }
  const { v, tenant, object, seq, at, type, payload, gap } = Object.assign({ ...NO_RECORD }, value);
  if (
    v !== 1 ||
    typeof object !== "string" ||
    typeof type !== "string" ||
    typeof payload !== "string" ||
    !Number.isSafeInteger(seq) ||
    typeof at !== "number"
  ) {
    findings.add(where, "it does not have the members of a record of version 1");
    return undefined;
  }
  if (tenant !== expected.tenant)
    findings.add(where, `it belongs to the tenant ${String(tenant)}, and the log is that of ${expected.tenant}`);
  return { index, object, seq: Number(seq), at, type, payload, gap: gapOf(gap) };
}

function parsed(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function gapOf(gap: unknown): CheckedRecord["gap"] {
  const { after, through } = Object.assign({ after: undefined, through: undefined }, gap);
  return typeof after === "number" && typeof through === "number" ? { after, through } : undefined;
}

/**
 * Checks that each object's events stand in their order, each once; one that comes late must fill a gap that was recorded before it.
 */
export function checkOrder(records: readonly CheckedRecord[], findings: Findings): { gaps: number } {
  const last = new Map<string, number>();
  const seen = new Map<string, number>();
  const gaps = new Map<string, { after: number; through: number }[]>();
  for (const { index, object, seq, gap } of records) {
    const name = `${object}/${seq}`;
    const before = last.get(object) ?? 0;
    if (gap !== undefined) {
      gaps.set(object, [...(gaps.get(object) ?? []), gap]);
      last.set(object, Math.max(before, gap.through));
      continue;
    }
    const earlier = seen.get(name);
    if (earlier !== undefined) findings.add(`record ${index}`, `it is the event ${name}, which is record ${earlier} already`);
    seen.set(name, index);
    const fillsGap = (gaps.get(object) ?? []).some(({ after, through }) => seq > after && seq <= through);
    if (seq <= before && earlier === undefined && !fillsGap)
      findings.add(`record ${index}`, `the event ${name} stands behind number ${before} of its object, and no gap was recorded for it`);
    last.set(object, Math.max(before, seq));
  }
  return { gaps: [...gaps.values()].reduce((sum, list) => sum + list.length, 0) };
}
