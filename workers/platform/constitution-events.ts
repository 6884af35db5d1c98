import { z } from "zod";
import { quorumSchema } from "./quorum.ts";
import { recordedDecisionSchema } from "./recorded.ts";

/** Who did it, and what allowed it. */
const act = { by: z.string(), decision: recordedDecisionSchema.optional() };

/** What can happen to a tenant's constitution. Texts are stored by their hash; events hold the hash alone. */
export const constitutionEvents = {
  /** A version was begun, or a draft was written anew: approvals of what it said before are void. */
  "constitution.drafted": z.object({
    id: z.string(),
    sha256: z.string(),
    title: z.string(),
    quorum: quorumSchema,
    note: z.string(),
    ...act,
  }),
  "constitution.discarded": z.object({ id: z.string(), ...act }),
  /** Someone approves of this text and no other. */
  "constitution.approved": z.object({ id: z.string(), sha256: z.string(), kind: z.string(), note: z.string().optional(), ...act }),
  "constitution.approval-withdrawn": z.object({ id: z.string(), note: z.string().optional(), ...act }),
  /** It is to come into force at this time (milliseconds since the epoch). */
  "constitution.scheduled": z.object({ id: z.string(), at: z.number(), ...act }),
  /** It will not come into force at its time. */
  "constitution.unscheduled": z.object({ id: z.string(), reason: z.enum(["quorum-lost", "discarded", "rewritten", "superseded"]) }),
  /** It is in force from here on; governance is told next, and again until it has taken it. */
  "constitution.activated": z.object({
    id: z.string(),
    sha256: z.string(),
    isRollback: z.boolean(),
    reason: z.string().optional(),
    ...act,
  }),
  /** Every isolate decides by it. */
  "constitution.in-force": z.object({ id: z.string() }),
} as const;
