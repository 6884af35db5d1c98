import { z } from "zod";
import { type Analysis, analysisSchema } from "../../workers/tools/data/analysis.ts";
import type { Journal } from "../journal/journal.ts";
import type { StepRecord } from "../journal/step-record.ts";

const holdingSchema = z.union([analysisSchema, z.object({ analysis: analysisSchema }).transform((value) => value.analysis)]);

/** The analyses that the calls of a turn brought, in the order of the calls. */
export async function analysesOfRecords(journal: Journal, turn: string): Promise<Analysis[]> {
  const calls = [...journal.records.values()].filter((record) => record.state === "done" && isCallOf(record.step, turn));
  const analyses: Analysis[] = [];
  for (const record of calls.sort((a, b) => (callOrder(a.step) < callOrder(b.step) ? -1 : 1))) {
    const parsed = holdingSchema.safeParse(await journal.output(record.step));
    if (parsed.success) analyses.push(parsed.data);
  }
  return analyses;
}

/** Why the calls of a turn brought nothing: the problem of the first that failed; undefined when none did. */
export function failureOfCalls(journal: Journal, turn: string): StepRecord["problem"] {
  return [...journal.records.values()].find((record) => record.state === "failed" && isCallOf(record.step, turn))?.problem;
}

function isCallOf(step: string, turn: string): boolean {
  return step.startsWith(`${turn}/m`) && /\/m\d+\/c\d+$/.test(step);
}

/** Rounds and calls are numbers; as text the tenth would come before the second. */
function callOrder(step: string): string {
  return step.replace(/\d+/g, (digits) => digits.padStart(4, "0"));
}
