import { z } from "@hono/zod-openapi";
import { idPattern } from "../platform/ids.ts";

/** The session in a path. */
export const params = z.object({ id: z.string().regex(idPattern("session")) });

/** A session in a list. */
export const summarySchema = z
  .object({
    id: z.string().openapi({ example: "ses_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    title: z.string(),
    state: z.enum(["open", "closed"]),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi("SessionSummary");

const approvalSchema = z.object({
  turn: z.string(),
  step: z.string(),
  tool: z.string(),
  input: z.string().openapi({ description: "What the call would be made with, as JSON text" }),
  reason: z.string(),
});

export const sessionSchema = summarySchema
  .extend({
    agent: z.string(),
    isBusy: z.boolean(),
    turns: z.number().int(),
    constitutionHash: z.string().optional().openapi({ description: "SHA-256 of the constitution it began under" }),
    approvals: z.array(approvalSchema),
    files: z.array(z.object({ artifact: z.string(), name: z.string(), kind: z.enum(["table", "document"]) })),
    training: z
      .object({ by: z.string(), since: z.iso.datetime(), until: z.iso.datetime() })
      .optional()
      .openapi({ description: "The session alone may train its agent, until then" }),
  })
  .openapi("Session");

/** The object of a session. */
export function session(env: Env, tenant: string, id: string) {
  return env.AGENT_SESSION.getByName(`${tenant}/${id}`);
}
