import { z } from "@hono/zod-openapi";
import { ACTIONS } from "./request.ts";
import type { DecisionRow, VersionRow } from "./store.ts";
import { analysisOf, testsOf } from "./versions.ts";

const effectSchema = z.enum(["allow", "deny"]);
const texts = z.array(z.string());
const answerSchema = z.object({ effect: effectSchema, obligations: texts, policies: texts });

/** A version of a tenant's policies, without its texts. */
export const versionSchema = z
  .object({
    id: z.string().openapi({ example: "pol_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    number: z.number().int(),
    state: z.enum(["draft", "tested", "active", "retired"]),
    note: z.string(),
    hash: z.string().openapi({ description: "SHA-256 of the text." }),
    policies: z.number().int(),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    activatedAt: z.iso.datetime().optional().openapi({ description: "When it came into force first." }),
    tests: z.object({ passed: z.number().int(), failed: z.number().int(), at: z.iso.datetime() }).optional(),
    analysis: z
      .object({
        base: z.string(),
        isExhaustive: z.boolean(),
        widened: z.number(),
        narrowed: z.number(),
        obliged: z.number(),
        at: z.iso.datetime(),
      })
      .optional()
      .openapi({ description: "Against the text of this hash, which was in force then; empty for none." }),
  })
  .openapi("PolicyVersion");

export const versionWithTextsSchema = versionSchema.extend({ text: z.string(), cases: z.string() }).openapi("PolicyVersionWithTexts");

export const caseOutcomeSchema = z
  .object({
    name: z.string(),
    passed: z.boolean(),
    effect: effectSchema.optional(),
    policies: texts,
    obligations: texts,
    why: z.string().optional(),
  })
  .openapi("PolicyCaseOutcome");

export const changedDecisionSchema = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    action: z.enum(ACTIONS),
    resource: z.string(),
    subject: z.string(),
    standsFor: z.number().int(),
    was: answerSchema,
    would: answerSchema,
  })
  .openapi("ChangedDecision");

export const decisionSchema = z
  .object({
    id: z.string().openapi({ example: "dec_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    at: z.iso.datetime(),
    effect: effectSchema,
    action: z.enum(ACTIONS),
    resource: z.string(),
    subject: z.string(),
    reason: z.string(),
    policyHash: z.string(),
    policies: texts,
    obligations: texts,
    standsFor: z.number().int().openapi({ description: "How many decisions of this kind it stands for: allows are sampled." }),
    request: z.record(z.string(), z.unknown()).openapi({ description: "The question in the terms of the schema." }),
  })
  .openapi("PolicyDecision");

/** @param inForce the id of the version in force */
export function toVersion(row: VersionRow, inForce: string | undefined): z.infer<typeof versionSchema> {
  const { id, number, note, hash, policies, createdBy, createdAt, activatedAt } = row;
  const [tests, analysis] = [testsOf(row), analysisOf(row)];
  return {
    id,
    number,
    state: stateOf(row, inForce),
    note,
    hash,
    policies,
    createdBy,
    createdAt: time(createdAt),
    ...(activatedAt === null ? {} : { activatedAt: time(activatedAt) }),
    ...(tests === undefined ? {} : { tests: { ...tests, at: time(tests.at) } }),
    ...(analysis === undefined ? {} : { analysis: analysisNote(analysis) }),
  };
}

export function toDecision(row: DecisionRow): z.infer<typeof decisionSchema> {
  const { id, at, effect, action, resource, subject, reason, policyHash, standsFor } = row;
  return decisionSchema.parse({
    ...{ id, effect, action, resource, subject, reason, policyHash, standsFor },
    at: time(at),
    policies: JSON.parse(row.policies),
    obligations: JSON.parse(row.obligations),
    request: JSON.parse(row.request),
  });
}

function analysisNote({ base, isExhaustive, widened, narrowed, obliged, at }: NonNullable<ReturnType<typeof analysisOf>>) {
  return { base, isExhaustive, widened, narrowed, obliged, at: time(at) };
}

function stateOf(row: VersionRow, inForce: string | undefined): z.infer<typeof versionSchema>["state"] {
  if (row.id === inForce) return "active";
  if (row.activatedAt !== null) return "retired";
  const tests = testsOf(row);
  return tests !== undefined && tests.failed === 0 && tests.passed > 0 ? "tested" : "draft";
}

function time(at: number): string {
  return new Date(at).toISOString();
}
