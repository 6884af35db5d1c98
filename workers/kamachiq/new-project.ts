import { z } from "@hono/zod-openapi";
import { findArtifact } from "../artifacts/store.ts";
import { sha256Hex } from "../platform/crypto.ts";
import { idPattern } from "../platform/ids.ts";
import { MAX_ATTACHMENTS, MAX_BRIEF_CHARACTERS } from "../platform/limits.ts";
import { Problem } from "../platform/problem.ts";
import { givenPlanSchema } from "./given-plan.ts";
import { projectOptionsSchema } from "./options.ts";
import type { Plan } from "./plan.ts";

/** What a project is made from. */
export const newProjectSchema = z
  .strictObject({
    brief: z
      .string()
      .trim()
      .max(MAX_BRIEF_CHARACTERS)
      .default("")
      .openapi({ example: "Compare the body mass of the species. Does flipper length relate to body mass?" }),
    title: z.string().trim().max(200).default(""),
    attachments: z
      .array(z.string().regex(idPattern("artifact")))
      .max(MAX_ATTACHMENTS)
      .default([]),
    plan: z.json().optional().openapi({
      type: "object",
      description: "A plan to work by, in place of one that is made from the brief: `{title?, goals?, milestones?, graph}`.",
    }),
    ...projectOptionsSchema.shape,
  })
  .superRefine((order, context) => {
    if (order.brief === "" && order.plan === undefined)
      context.addIssue({ code: "custom", path: ["brief"], message: "is required where no plan is given" });
  })
  .openapi("NewProject");
export type NewProject = z.infer<typeof newProjectSchema>;

/**
 * The plan that came with an order; undefined when none did.
 * @throws Problem `invalid-graph` naming each place that is wrong
 */
export function planIn({ plan }: Pick<NewProject, "plan">): Plan | undefined {
  if (plan === undefined) return undefined;
  const parsed = givenPlanSchema.safeParse(plan);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues
    .slice(0, 20)
    .map((issue) => ({ pointer: `/plan/${issue.path.map(String).join("/")}`, message: issue.message }));
  throw new Problem("invalid-graph", `The plan cannot run: ${errors[0]?.pointer} ${errors[0]?.message}.`, { errors });
}

/** Stores a given plan, and says where. Storing the same again is storing it once. */
export async function keepPlan(
  env: Env,
  tenant: string,
  project: string,
  plan: Plan,
): Promise<{ key: string; sha256: string; bytes: number }> {
  const bytes = new TextEncoder().encode(JSON.stringify(plan));
  const sha256 = sha256Hex(bytes);
  const key = `${tenant}/objects/${project}/values/${sha256}.json`;
  await env.ARTIFACTS.put(key, bytes, { httpMetadata: { contentType: "application/json" } });
  return { key, sha256, bytes: bytes.byteLength };
}

/** The files that a project works on. @throws Problem `not-found` naming the first that the tenant does not have */
export async function attachedFiles(
  env: Env,
  tenant: string,
  attachments: readonly string[],
): Promise<{ id: string; name: string; sha256: string }[]> {
  return Promise.all(
    attachments.map(async (artifact) => {
      const row = await findArtifact(env, tenant, artifact);
      if (row === undefined) throw new Problem("not-found", `No artifact ${artifact} in this tenant; upload the file first.`);
      return { id: row.id, name: row.name, sha256: row.sha256 };
    }),
  );
}
