import { z } from "zod";

/** What a check may find, as a closed list. */
export const MODERATION_CLASSES = [
  "secret",
  "payment-card",
  "iban",
  "us-ssn",
  "national-id",
  "email",
  "phone",
  "ip-address",
  "prompt-injection",
  "word",
  "unsafe",
] as const;
export const moderationClassSchema = z.enum(MODERATION_CLASSES);
export type ModerationClass = z.infer<typeof moderationClassSchema>;

/** The labels that work has in `context.history` once something of a class was found in it, so that policies can look back at it. */
export const LABELS_OF: Readonly<Record<ModerationClass, readonly string[]>> = {
  secret: ["secret"],
  "payment-card": ["payment-card", "personal"],
  iban: ["personal"],
  "us-ssn": ["personal"],
  "national-id": ["personal"],
  email: ["personal"],
  phone: ["personal"],
  "ip-address": ["personal"],
  "prompt-injection": ["prompt-injection"],
  word: [],
  unsafe: ["unsafe"],
};

/** Where text passes: what a person writes, what an agent answers, what a tool brought. */
export const moderationPlaceSchema = z.enum(["input", "output", "toolResult"]);
export type ModerationPlace = z.infer<typeof moderationPlaceSchema>;

/** What becomes of a finding, the mildest first. */
export const MODERATION_ACTIONS = ["allow", "flag", "mask", "refuse"] as const;
export const moderationActionSchema = z.enum(MODERATION_ACTIONS);
export type ModerationAction = z.infer<typeof moderationActionSchema>;

/** Words and phrases of one rule. */
const MAX_WORDS = 2_000;
const MAX_WORD_CHARACTERS = 100;

/** One rule: what is looked for, where, and what becomes of it. It adds to what others demand; the strictest action holds. */
export const moderationRuleSchema = z
  .strictObject({
    /** Its name within the document. */
    id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, { message: "must have small letters, digits and hyphens" }),
    on: z.array(moderationPlaceSchema).min(1).max(3),
    class: moderationClassSchema.exclude(["word"]).optional(),
    words: z.array(z.string().trim().min(2).max(MAX_WORD_CHARACTERS)).min(1).max(MAX_WORDS).optional(),
    action: moderationActionSchema.exclude(["allow"]),
  })
  .refine((rule) => (rule.class === undefined) !== (rule.words === undefined), {
    message: "names a class or a list of words, and not both",
  });
export type ModerationRule = z.infer<typeof moderationRuleSchema>;
