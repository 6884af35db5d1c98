import { z } from "@hono/zod-openapi";
import { budgetSchema } from "./budget.ts";

/** Plans made again by themselves because tasks failed; then a person has to look. */
const MAX_REPLANS = 10;
/** Times the review may have tasks done again before a person decides. */
const MAX_REWORKS = 5;

const capsuleReferenceSchema = z
  .string()
  .max(120)
  .regex(/^[a-z][a-z0-9-]{0,63}@[~^0-9][0-9A-Za-z.^~-]*$/, { message: "expected <name>@<version or range>, for example my-reviewer@^1" })
  .openapi({ example: "my-reviewer@^1" });

/** Who governs a project: the built-in capsules, where a tenant names no others. */
export const governanceSchema = z.strictObject({
  planner: capsuleReferenceSchema.default("plan-brief@^1"),
  provisioner: capsuleReferenceSchema.default("provision-agents@^1"),
  reviewer: capsuleReferenceSchema.default("review-report@^1"),
});

/** What may be said of a project besides its brief. */
export const projectOptionsSchema = z.strictObject({
  budget: budgetSchema.default({}),
  governance: governanceSchema.prefault({}),
  /** A second agent does some of the tasks again, and the gate opens where it comes to something else. */
  peerReview: z.boolean().default(false),
  maxReplans: z.number().int().min(0).max(MAX_REPLANS).default(3),
  maxReworks: z.number().int().min(0).max(MAX_REWORKS).default(1),
});
