import { z } from "@hono/zod-openapi";
import { ACTIONS } from "./request.ts";

const sideSchema = z.object({ effect: z.enum(["allow", "deny"]), policies: z.array(z.string()), obligations: z.array(z.string()) });
const differencesSchema = z.object({
  count: z.number().int().openapi({ description: "Of the requests that were tried." }),
  examples: z.array(
    z.object({
      action: z.enum(ACTIONS),
      request: z.record(z.string(), z.unknown()).openapi({ description: "What the policies read of it." }),
      before: sideSchema,
      after: sideSchema,
    }),
  ),
});

/** What a text would change, as the API tells it. */
export const analysisSchema = z
  .object({
    isExhaustive: z.boolean().openapi({ description: "True when what was tried stands for every request the policies can tell apart." }),
    coverage: z.array(z.object({ action: z.enum(ACTIONS), tried: z.number(), of: z.number(), doubts: z.array(z.string()) })),
    widened: differencesSchema,
    narrowed: differencesSchema,
    obliged: differencesSchema,
    unreachable: z.array(z.string()),
    shadowed: z.array(z.object({ permit: z.string(), by: z.array(z.string()) })),
    contradicting: z.array(z.object({ permit: z.string(), forbid: z.string() })),
    unread: z.array(z.string()),
  })
  .openapi("PolicyAnalysis");
