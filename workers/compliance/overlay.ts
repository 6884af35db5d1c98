import { parse } from "yaml";
import { z } from "zod";
import { moderationRuleSchema } from "../moderation/rule.ts";

/** What a control does: forbids, demands a person's approval or a second factor, masks, keeps records, says where they may be, or records. */
export const CONTROL_KINDS = ["forbid", "approval", "mfa", "mask", "retention", "residency", "log"] as const;

/** How long records are kept: whole days, or for as long as the overlay is on. */
const retentionSchema = z.strictObject({
  records: z.enum(["audit"]),
  days: z.union([z.number().int().positive(), z.literal("always")]),
});
export type Retention = z.infer<typeof retentionSchema>;

const controlSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
    /** The exact place of the regulation. */
    clause: z.string().min(1),
    does: z.enum(CONTROL_KINDS),
    says: z.string().min(1),
    /** One policy, named `overlay.<overlay>.<control>`. */
    cedar: z.string().optional(),
    /** Cases of its policy, in the form of policies/cases. */
    cases: z.string().optional(),
    moderation: z.array(moderationRuleSchema).optional(),
    retention: retentionSchema.optional(),
    /** The part of the platform, or its document, that does it whether the overlay is on or not. */
    met_by: z.string().optional(),
  })
  .refine(
    (control) => [control.cedar, control.moderation, control.retention, control.met_by].filter((part) => part !== undefined).length === 1,
    {
      message: "does its work by one of cedar, moderation, retention and met_by",
    },
  )
  .refine((control) => (control.cedar === undefined) === (control.cases === undefined), { message: "a policy comes with its cases" });

const overlaySchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  source: z.string(),
  controls: z.array(controlSchema).min(1).max(50),
});

const clauseSchema = z.strictObject({
  clause: z.string(),
  title: z.string(),
  /** `shared`: the software does a part and people the rest. */
  status: z.enum(["met", "shared", "not-software"]),
  /** Controls of the overlay that belong to it. */
  controls: z.array(z.string()).default([]),
  /** Files of this repository that show it. */
  evidence: z.array(z.string()).default([]),
  why: z.string(),
});
export type Clause = z.infer<typeof clauseSchema>;

const coverageSchema = z.strictObject({ clauses: z.array(clauseSchema).min(1).max(200) });

/** A regulation as controls, with what of it these cover. */
export interface Overlay extends z.infer<typeof overlaySchema> {
  readonly clauses: readonly Clause[];
}

/** Reads an overlay from its two files. @throws ZodError naming the place that does not fit */
export function readOverlay(overlay: string, coverage: string): Overlay {
  return { ...overlaySchema.parse(parse(overlay)), clauses: coverageSchema.parse(parse(coverage)).clauses };
}
