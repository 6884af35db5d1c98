import { z } from "@hono/zod-openapi";
import { idPattern } from "../platform/ids.ts";
import { quorumSchema } from "../platform/quorum.ts";
import { MAX_DOCUMENT_CHARACTERS } from "./document.ts";

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
const hash = (description: string) =>
  sha256Schema.openapi({ description, example: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" });
const noteSchema = z.string().trim().max(2_000);

const shownArticleSchema = z.object({
  title: z.string(),
  text: z.string(),
  rationale: z.string(),
  policies: z.string().openapi({ description: "Cedar." }),
  moderation: z.string().openapi({ description: "Rules, one JSON object a line." }),
});

export const documentSchema = z
  .object({
    sha256: hash("Of the canonical text; `sha256sum` of the served document prints it."),
    title: z.string(),
    articles: z.array(shownArticleSchema.extend({ id: z.string() })),
  })
  .openapi("ConstitutionDocument");

export const versionSchema = z
  .object({
    id: z.string().openapi({ example: "con_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    number: z.number().int(),
    title: z.string(),
    state: z.enum(["draft", "approved", "scheduled", "in-force", "retired", "discarded"]),
    sha256: hash("Of the canonical text: what an approval approves of."),
    note: z.string(),
    authors: z.array(z.string()),
    quorum: quorumSchema,
    approvals: z.array(z.object({ by: z.string(), kind: z.string(), at: z.iso.datetime(), note: z.string().optional() })),
    approvalsCounted: z.number().int().openapi({ description: "Approvals that count by the constitution in force." }),
    approvalsNeeded: z.number().int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    scheduledFor: z.iso.datetime().optional(),
    activatedAt: z.iso.datetime().optional(),
    retiredAt: z.iso.datetime().optional(),
  })
  .openapi("ConstitutionVersion");

export const constitutionSchema = z
  .object({
    hash: hash("Of both texts, one after the other: what sessions, runs, projects and decisions pin."),
    platform: documentSchema,
    tenant: documentSchema.optional(),
    inForce: versionSchema.optional(),
    quorum: quorumSchema,
    scheduled: z.array(versionSchema),
  })
  .openapi("Constitution");

export const diffSchema = z
  .object({
    isSame: z.boolean(),
    title: z.boolean(),
    preamble: z.boolean(),
    quorum: z.boolean(),
    articles: z.array(
      z.object({
        article: z.string(),
        change: z.enum(["added", "removed", "changed", "moved"]),
        parts: z.array(z.enum(["title", "text", "rationale", "policies", "moderation"])),
        before: shownArticleSchema.optional(),
        after: shownArticleSchema.optional(),
      }),
    ),
  })
  .openapi("ConstitutionDiff");

const EXAMPLE_TEXT =
  "# Constitution of the survey\n\n## Sources {#sources}\n\nAn agent names the file that a figure comes from.\n\n_Rationale._ Readers check what they can find.\n";

export const newVersionSchema = z
  .strictObject({
    text: z
      .string()
      .min(1)
      .max(MAX_DOCUMENT_CHARACTERS)
      .openapi({ description: "Markdown; docs/constitution.md has its form.", example: EXAMPLE_TEXT }),
    note: noteSchema.default("").openapi({ description: "What it is for, to those who approve." }),
  })
  .openapi("NewConstitutionVersion");

export const approvalBodySchema = z
  .strictObject({ sha256: hash("Of the text that is approved of, as it was read."), note: noteSchema.optional() })
  .openapi("ConstitutionApproval");

export const activationSchema = z
  .strictObject({ at: z.iso.datetime().optional().openapi({ description: "When it comes into force; now when left out." }) })
  .openapi("ConstitutionActivation");

export const rollbackSchema = z
  .strictObject({ reason: z.string().trim().min(1).max(2_000).openapi({ example: "Article 7 stopped the night's reports." }) })
  .openapi("ConstitutionRollback");

export const versionParams = z.object({ id: z.string().regex(idPattern("constitution")) });
export const documentParams = z.object({ sha256: sha256Schema });
