import { z } from "zod";

/** What moderation found in one text, and what became of it. Never the text. */
export const moderationEvents = {
  "moderation.found": z.object({
    /** The same for every look at the same text of the same step. */
    id: z.string(),
    place: z.enum(["input", "output", "toolResult"]),
    step: z.string(),
    /** The strictest of its verdicts. */
    action: z.enum(["flag", "mask", "refuse"]),
    verdicts: z.array(
      z.object({
        class: z.string(),
        rule: z.string(),
        reason: z.string(),
        start: z.number().int(),
        end: z.number().int(),
        action: z.string(),
      }),
    ),
  }),
} as const;
