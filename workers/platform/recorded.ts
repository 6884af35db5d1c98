import { z } from "zod";
import { parsedJsonSchema } from "./canonical-json.ts";

/** Values that events of several kinds hold. */

/** A decision of the guard, recorded with the step it allowed or refused. */
export const recordedDecisionSchema = z.object({
  effect: z.enum(["allow", "deny"]),
  action: z.string(),
  resource: z.string(),
  /** Ids of the policies that decided. */
  policies: z.array(z.string()),
  /** Hash of the set of policies and of the constitution that were in force. */
  policyHash: z.string(),
  /** SHA-256 of the constitution that it was decided under. */
  constitutionHash: z.string().optional(),
  obligations: z.array(z.string()),
});
export type RecordedDecision = z.infer<typeof recordedDecisionSchema>;

/** The constitution that something began under: the hash of both texts, and of each. */
export const constitutionPinSchema = z.object({ hash: z.string(), platform: z.string(), tenant: z.string().optional() });
export type ConstitutionPin = z.infer<typeof constitutionPinSchema>;

export const recordedProblemSchema = z.object({ type: z.string(), detail: z.string() });

/** A value kept in R2 because it is too large for a row. */
export const valueReferenceSchema = z.object({ key: z.string(), sha256: z.string(), bytes: z.number().int() });

export const usageSchema = z.object({
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
  /** Millionths of a US dollar. */
  costMicros: z.number().int().nonnegative(),
});
export type Usage = z.infer<typeof usageSchema>;

/** A value as an event keeps it: in the row when it is small, by reference when it is not. */
export const keptValueSchema = z.object({ output: parsedJsonSchema.optional(), reference: valueReferenceSchema.optional() });

/** What a step may wait for: a person, an agent's session, a time, a signal from outside, a run of its own, a remote agent. */
export const waitingOnSchema = z.enum(["human", "agent", "timer", "signal", "run", "a2a"]);
export type WaitingOn = z.infer<typeof waitingOnSchema>;
