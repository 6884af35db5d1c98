import { z } from "@hono/zod-openapi";
import { jsonSchema } from "../platform/canonical-json.ts";
import { mappedSchema, unmappedSchema } from "./import-report.ts";
import type { TemplateRow, VersionRow } from "./store.ts";
import { templateNameSchema } from "./template-name.ts";

export const BASE = "/v1/templates";

export const nameParams = z.object({ name: templateNameSchema.openapi({ example: "research-crew" }) });
export const versionNumberSchema = z.coerce.number().int().min(1).max(1_000_000);

const shape = {
  name: z.string().openapi({ example: "research-crew" }),
  version: z.number().int().openapi({ example: 3, description: "The newest one." }),
  framework: z.string().openapi({ example: "crewai", description: "What the newest version was made from." }),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
};

export const templateSchema = z
  .object({ id: z.string().openapi({ example: "tpl_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }), ...shape })
  .openapi("Template");

/** @returns a template as lists show it */
export function toTemplate(row: TemplateRow): z.infer<typeof templateSchema> {
  const { id, name, version, framework } = row;
  return { id, name, version, framework, createdAt: isoTime(row.createdAt), updatedAt: isoTime(row.updatedAt) };
}

const versionShape = {
  version: z.number().int(),
  hash: z.string().openapi({ description: "SHA-256 of the graph: equal graphs have equal hashes." }),
  framework: z.string(),
  steps: z.number().int(),
  unmapped: z.number().int().openapi({ description: "How much of the files could not be carried over." }),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
};
export const versionSummarySchema = z.object(versionShape).openapi("TemplateVersionSummary");

export const versionSchema = z
  .object({
    name: z.string(),
    ...versionShape,
    graph: z
      .record(z.string(), jsonSchema)
      .openapi({ description: "In the form that POST /v1/mao/runs takes; what has its usual value is left out." }),
    report: z.object({ mapped: z.array(mappedSchema), unmapped: z.array(unmappedSchema) }),
  })
  .openapi("TemplateVersion");

/** @returns a version as lists show it */
export function toVersionSummary(row: VersionRow): z.infer<typeof versionSummarySchema> {
  const { version, hash, framework, steps, unmapped, createdBy } = row;
  return { version, hash, framework, steps, unmapped, createdBy, createdAt: isoTime(row.createdAt) };
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
