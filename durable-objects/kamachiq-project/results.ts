import { z } from "zod";
import { usageSchema } from "../../workers/platform/recorded.ts";
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
  usage: usageSchema,
});
