import type { z } from "zod";
import type { Json } from "../../workers/platform/canonical-json.ts";
import { sha256Hex } from "../../workers/platform/crypto.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { valueStore } from "../journal/value-store.ts";
import type { Desk } from "./desk.ts";
import { type TaskRecord, taskRecordSchema, taskResultSchema } from "./results.ts";

/** Of what an agent wrote, as lists show it; the report has all of it. */
const FINDINGS_CHARACTERS = 2_000;
/** The largest result of one task: it is held in memory while the report is written. */
const MAX_RESULT_BYTES = 4_194_304;

type TaskResultValue = z.infer<typeof taskResultSchema>;

/**
 * Stores a task's result and gives what the journal keeps of it. Storing the same again is storing it once.
 * @throws Problem `limit-exceeded` when it is too large
 */
export async function keepResult(desk: Desk, result: TaskResultValue, accepted: TaskRecord["accepted"]): Promise<TaskRecord> {
  const { principal, id } = desk.state();
  const bytes = new TextEncoder().encode(JSON.stringify(result));
  if (bytes.byteLength > MAX_RESULT_BYTES)
    throw new Problem("limit-exceeded", `The task's result has ${bytes.byteLength} bytes; ${MAX_RESULT_BYTES} are the most.`);
  const sha256 = sha256Hex(bytes);
  const key = `${principal.tenant}/objects/${id}/values/${sha256}.json`;
  await desk.env.ARTIFACTS.put(key, bytes, { httpMetadata: { contentType: "application/json" } });
  return {
    result: { key, sha256, bytes: bytes.byteLength },
    findings: result.text.slice(0, FINDINGS_CHARACTERS),
    engine: result.engine,
    session: result.session,
    usage: result.usage,
    accepted,
  };
}

/** What the journal keeps of a finished task; undefined while it is not finished, or when it is no agent's task. */
export async function taskRecord({ bench: { journal } }: Pick<Desk, "bench">, step: string): Promise<TaskRecord | undefined> {
  if (journal.record(step)?.state !== "done") return undefined;
  return taskRecordSchema.safeParse(await journal.output(step)).data;
}

/** The whole result of a finished task. @throws Problem `internal` when it is missing or is not what was stored */
export async function loadResult(desk: Desk, step: string): Promise<TaskResultValue> {
  const record = await taskRecord(desk, step);
  if (record === undefined) throw new Problem("internal", `Task ${step} has no result.`);
  return taskResultSchema.parse(await loadValue(desk, record.result));
}

/** A value by its reference. @throws Problem `unavailable` or `internal` when it is not there as it was stored */
export function loadValue(desk: Pick<Desk, "env">, reference: { key: string; sha256: string }): Promise<Json> {
  return valueStore(desk.env.ARTIFACTS, "").load(reference);
}
