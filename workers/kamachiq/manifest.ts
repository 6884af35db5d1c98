import { z } from "zod";
import { parsedJsonSchema } from "../platform/canonical-json.ts";

const deliverableSchema = z.object({
  name: z.string(),
  mediaType: z.string(),
  bytes: z.number().int(),
  sha256: z.string(),
  madeBy: z.string(),
  madeFrom: z.array(z.string()),
  /** Hash of the statement that says where it comes from. */
  provenanceSha256: z.string(),
});
export type Deliverable = z.infer<typeof deliverableSchema>;

/** What a project delivered, with the hash of each file and where it comes from. */
export const manifestSchema = z.object({
  project: z.string(),
  title: z.string(),
  briefSha256: z.string(),
  sources: z.array(z.object({ artifact: z.string(), name: z.string(), sha256: z.string() })),
  steps: z.array(
    z.object({
      step: z.string(),
      goal: z.string(),
      capsule: z.string(),
      inputs: z.record(z.string(), parsedJsonSchema),
      /** Names of the sources it read. */
      madeFrom: z.array(z.string()),
      engine: z.string(),
      resultSha256: z.string(),
    }),
  ),
  review: z.object({
    score: z.number(),
    approvedBy: z.enum(["review", "person"]),
    reviewer: z.string(),
    /** How many tasks a second agent did again, and how often it came to the same. */
    peer: z.object({ agreed: z.number().int(), disagreed: z.number().int() }).optional(),
  }),
  deliverables: z.array(deliverableSchema),
});
export type Manifest = z.infer<typeof manifestSchema>;
