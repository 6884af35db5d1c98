import { z } from "zod";
import { runnableGraphSchema } from "../mao/validate.ts";

/** What a planner needs to know to choose a capsule for a goal; a capsule without it is never chosen by the embedded planner. */
export const capsulePurposeSchema = z.strictObject({
  /** The kind of goal it answers. */
  intent: z.enum(["describe", "compare", "trend", "rank", "correlate", "distribution", "aggregate", "answer"]),
  /** What it works on. */
  over: z.enum(["table", "documents"]),
});

/** A task capsule: a named, versioned graph with typed inputs. */
export const capsuleManifestSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  /** Semantic version. */
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  title: z.string().min(1).max(200),
  /** Written for people and for models that choose among capsules. */
  description: z.string().min(1).max(4_000),
  purpose: capsulePurposeSchema.optional(),
  graph: runnableGraphSchema,
});
export type CapsuleManifest = z.infer<typeof capsuleManifestSchema>;
