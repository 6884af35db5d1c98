import { z } from "@hono/zod-openapi";
import { recordChange } from "../audit/record.ts";
import { systemClock } from "../platform/clock.ts";
import { Problem } from "../platform/problem.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../platform/route.ts";
import { diffGraphs } from "./diff.ts";
import { EXPORT_FORMATS, EXPORTS } from "./exports.ts";
import { forgetGraphs, loadGraph, loadReport } from "./kept-graph.ts";
import { plainGraph } from "./plain-graph.ts";
import { mustFindTemplate, mustFindVersion, resolveTemplate } from "./resolve.ts";
import { deleteTemplateRows, listTemplates, listVersions, type VersionRow } from "./store.ts";
import {
  BASE,
  nameParams,
  templateSchema,
  toTemplate,
  toVersionSummary,
  versionNumberSchema,
  versionSchema,
  versionSummarySchema,
} from "./template-resource.ts";

/** Templates: listed, read, compared, written out and deleted. */
export const templateRoutes = newRouter();

const list = defineRoute(
  { capability: "templates.read" },
  {
    method: "get",
    path: BASE,
    operationId: "listTemplates",
    tags: ["Templates"],
    summary: "List templates by name",
    request: { query: pageQuerySchema },
    responses: { 200: { description: "A page of templates.", content: { "application/json": { schema: pageSchema(templateSchema) } } } },
  },
);

templateRoutes.openapi(list, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const rows = await listTemplates(context.env, context.get("principal").tenant, after, limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const next = last === undefined ? {} : { nextCursor: encodeCursor(last.name) };
  return context.json({ items: rows.slice(0, limit).map(toTemplate), ...next }, 200);
});

const read = defineRoute(
  { capability: "templates.read" },
  {
    method: "get",
    path: `${BASE}/{name}`,
    operationId: "readTemplate",
    tags: ["Templates"],
    summary: "Read what is known of a template",
    request: { params: nameParams },
    responses: { 200: { description: "The template.", content: { "application/json": { schema: templateSchema } } } },
  },
);

templateRoutes.openapi(read, async (context) =>
  context.json(toTemplate(await mustFindTemplate(context.env, context.get("principal").tenant, context.req.valid("param").name)), 200),
);

const versions = defineRoute(
  { capability: "templates.read" },
  {
    method: "get",
    path: `${BASE}/{name}/versions`,
    operationId: "listTemplateVersions",
    tags: ["Templates"],
    summary: "List the versions of a template, newest first",
    request: { params: nameParams, query: pageQuerySchema },
    responses: {
      200: { description: "A page of versions.", content: { "application/json": { schema: pageSchema(versionSummarySchema) } } },
    },
  },
);

templateRoutes.openapi(versions, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const template = await mustFindTemplate(context.env, context.get("principal").tenant, context.req.valid("param").name);
  const rows = await listVersions(context.env, template.id, cursor === undefined ? undefined : versionOfCursor(cursor), limit + 1);
  const last: VersionRow | undefined = rows.length > limit ? rows[limit - 1] : undefined;
  const next = last === undefined ? {} : { nextCursor: encodeCursor(String(last.version)) };
  return context.json({ items: rows.slice(0, limit).map(toVersionSummary), ...next }, 200);
});

function versionOfCursor(cursor: string): number {
  const version = Number(decodeCursor(cursor));
  if (!Number.isSafeInteger(version)) throw new Problem("invalid-request", "The cursor is not one this API gave; leave it out.");
  return version;
}

const readVersion = defineRoute(
  { capability: "templates.read" },
  {
    method: "get",
    path: `${BASE}/{name}/versions/{version}`,
    operationId: "readTemplateVersion",
    tags: ["Templates"],
    summary: "Read a version: its graph, and what became of the files it was made from",
    request: { params: nameParams.extend({ version: versionNumberSchema.openapi({ example: 1 }) }) },
    responses: { 200: { description: "The version.", content: { "application/json": { schema: versionSchema } } } },
  },
);

templateRoutes.openapi(readVersion, async (context) => {
  const { tenant } = context.get("principal");
  const { name, version } = context.req.valid("param");
  const { template, found } = await mustFindVersion(context.env, tenant, name, version);
  const graph = plainGraph(await loadGraph(context.env, tenant, template.id, found.hash));
  const report = await loadReport(context.env, tenant, found);
  return context.json({ name, ...toVersionSummary(found), graph, report }, 200);
});

const changesSchema = z.object({ added: z.array(z.string()), removed: z.array(z.string()), changed: z.array(z.string()) });

const diff = defineRoute(
  { capability: "templates.read" },
  {
    method: "get",
    path: `${BASE}/{name}/diff`,
    operationId: "diffTemplateVersions",
    tags: ["Templates"],
    summary: "Compare two versions of a template",
    request: {
      params: nameParams,
      query: z.object({
        from: versionNumberSchema.optional().openapi({ example: 1, description: "The version before `to` when left out." }),
        to: versionNumberSchema.optional().openapi({ example: 2, description: "The newest when left out." }),
      }),
    },
    responses: {
      200: {
        description: "How they differ.",
        content: {
          "application/json": {
            schema: z
              .object({
                from: z.number().int(),
                to: z.number().int(),
                steps: changesSchema,
                agents: changesSchema,
                parts: z.array(z.string()).openapi({ example: ["inputs"], description: "Other parts of the graph that differ." }),
                patch: z
                  .string()
                  .optional()
                  .openapi({ description: "The two as YAML, as a unified diff, unless they have too little in common." }),
              })
              .openapi("TemplateDiff"),
          },
        },
      },
    },
  },
);

templateRoutes.openapi(diff, async (context) => {
  const { tenant } = context.get("principal");
  const { name } = context.req.valid("param");
  const asked = context.req.valid("query");
  const to = await resolveTemplate(context.env, tenant, name, asked.to);
  const from = await resolveTemplate(context.env, tenant, name, asked.from ?? Math.max(1, to.version - 1));
  const labels = { from: `${name}@${from.version}`, to: `${name}@${to.version}` };
  return context.json({ from: from.version, to: to.version, ...diffGraphs(from.graph, to.graph, labels) }, 200);
});

const exported = defineRoute(
  { capability: "templates.read" },
  {
    method: "get",
    path: `${BASE}/{name}/export`,
    operationId: "exportTemplate",
    tags: ["Templates"],
    summary: "Write a template out as a file",
    request: {
      params: nameParams,
      query: z.object({
        format: z.enum(EXPORT_FORMATS).default("yaml"),
        version: versionNumberSchema.optional().openapi({ description: "The newest when left out." }),
      }),
    },
    responses: {
      200: {
        description: "The file.",
        content: {
          "application/yaml": { schema: z.string() },
          "application/json": { schema: z.record(z.string(), z.unknown()) },
        },
      },
    },
  },
);

templateRoutes.openapi(exported, async (context) => {
  const { format, version } = context.req.valid("query");
  const found = await resolveTemplate(context.env, context.get("principal").tenant, context.req.valid("param").name, version);
  const { mediaType, extension, write } = EXPORTS[format];
  return new Response(write(found.graph, found.name), {
    headers: {
      "Content-Type": mediaType,
      "Content-Disposition": `attachment; filename="${found.name}.${extension}"`,
      "X-Content-Type-Options": "nosniff",
    },
  });
});

const remove = defineRoute(
  { capability: "templates.write" },
  {
    method: "delete",
    path: `${BASE}/{name}`,
    operationId: "deleteTemplate",
    tags: ["Templates"],
    summary: "Delete a template with all its versions",
    description: "Runs that were started from it keep the graph they started with.",
    request: { params: nameParams },
    responses: { 204: { description: "It is gone." } },
  },
);

templateRoutes.openapi(remove, async (context) => {
  const principal = context.get("principal");
  const { name } = context.req.valid("param");
  const row = await deleteTemplateRows(context.env, principal.tenant, name);
  if (row === undefined) throw new Problem("not-found", `No template ${name} in this tenant; GET /v1/templates lists them.`);
  await forgetGraphs(context.env, principal.tenant, row.id);
  const change = { action: "template.deleted", resource: row.id, decision: context.get("decision") };
  await recordChange(context.env, systemClock, principal, change);
  return context.body(null, 204);
});
