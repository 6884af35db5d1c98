import { z } from "@hono/zod-openapi";
import { systemClock } from "../platform/clock.ts";
import { defineRoute, newRouter } from "../platform/route.ts";
import { listTools } from "../tools/registry.ts";
import { compileFiles } from "./compile.ts";
import { mappedSchema, told, unmappedSchema } from "./import-report.ts";
import { keepTemplate } from "./keep.ts";
import { MAX_SOURCE_FILES, sourceFileSchema } from "./source.ts";
import { templateNameSchema } from "./template-name.ts";
import { BASE, templateSchema, toTemplate } from "./template-resource.ts";

/** Team definitions come in here. */
export const templateImportRoutes = newRouter();

const newImportSchema = z
  .strictObject({
    files: z.array(sourceFileSchema).min(1).max(MAX_SOURCE_FILES),
    framework: z
      .string()
      .max(64)
      .optional()
      .openapi({ description: "Whose files they are: `soma`, `crewai`, `autogen`, `langgraph`, `agent-spec`. Recognised when left out." }),
    name: templateNameSchema.optional().openapi({ description: "The template's name; taken from the files when left out." }),
    binding: sourceFileSchema.optional().openapi({ description: "What says how things outside the files are bound here." }),
  })
  .openapi("NewImport", {
    example: { files: [{ path: "wait.yaml", text: 'name: wait\nsteps:\n  wait: { uses: "timer:wait", with: { duration: 1s } }\n' }] },
  });

const ofTemplate = { template: z.string().openapi({ example: "research-crew" }) };
const importSchema = z
  .object({
    framework: z.string().openapi({ example: "crewai" }),
    templates: z.array(
      templateSchema.extend({ isNew: z.boolean().openapi({ description: "False when the newest version was this already." }) }),
    ),
    mapped: z.array(mappedSchema.extend(ofTemplate)),
    unmapped: z.array(unmappedSchema.extend({ template: ofTemplate.template.optional() })),
    untold: z.number().int().openapi({ description: "How many entries of the two lists were left out because there are too many." }),
  })
  .openapi("Import");

const create = defineRoute(
  { capability: "templates.write", creates: true },
  {
    method: "post",
    path: `${BASE}/import`,
    operationId: "importTemplates",
    tags: ["Templates"],
    summary: "Import graphs, or teams of another framework",
    description:
      "Each file is YAML or JSON. What is in them becomes graphs; everything is named as mapped or as unmapped, with file, line and column. A version is made only when the graph differs from the newest one.",
    request: { body: { required: true, content: { "application/json": { schema: newImportSchema } } } },
    responses: { 200: { description: "What became of the files.", content: { "application/json": { schema: importSchema } } } },
  },
);

templateImportRoutes.openapi(create, async (context) => {
  const principal = context.get("principal");
  const { files, ...options } = context.req.valid("json");
  const imported = compileFiles(files, { ...options, tools: new Set(listTools().map(({ id }) => id)) });
  const order = { id: context.get("newId")("template"), framework: imported.framework, decision: context.get("decision") };
  const templates = [];
  for (const template of imported.templates) {
    const { row, isNew } = await keepTemplate(context.env, systemClock, principal, template, order);
    templates.push({ ...toTemplate(row), isNew });
  }
  return context.json({ framework: imported.framework, templates, ...told(imported) }, 200);
});

/** Without this another method on this path would be taken for one on a template called `import`. */
templateImportRoutes.all(`${BASE}/import`, (context) => context.notFound());
