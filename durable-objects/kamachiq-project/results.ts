import { z } from "zod";
import { usageSchema, valueReferenceSchema } from "../../workers/platform/recorded.ts";
import { analysisSchema } from "../../workers/tools/data/analysis.ts";
import { datasetProfileSchema } from "../../workers/tools/data/profile.ts";

/** What loading a file gave: a table's profile, or a document's summary. */
export const loadedSchema = z.union([
  datasetProfileSchema,
  z.object({ name: z.string(), title: z.string(), headings: z.array(z.string()), characters: z.number().int() }),
]);

/** What an agent's session reports of a task. */
export const taskResultSchema = z.object({
  text: z.string(),
  analyses: z.array(analysisSchema),
  engine: z.string(),
  session: z.string(),
  capsule: z.string(),
  usage: usageSchema,
});

/** A condition of the plan on a task's result, and whether the result met it. */
export const acceptanceSchema = z.object({ condition: z.string(), isMet: z.boolean() });

/**
 * What the journal keeps of a task that is done. The result itself, with its tables and drawings, is in R2: a thousand of them would not fit the
 * memory of the object.
 */
export const taskRecordSchema = z.object({
  result: valueReferenceSchema,
  /** The beginning of what the agent wrote. */
  findings: z.string(),
  engine: z.string(),
  session: z.string(),
  usage: usageSchema,
  accepted: z.array(acceptanceSchema),
});
export type TaskRecord = z.infer<typeof taskRecordSchema>;
