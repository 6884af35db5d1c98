import { z } from "@hono/zod-openapi";
import { findArtifact } from "../artifacts/store.ts";
import { answerEvents, eventsQuerySchema, eventsResponse } from "../platform/event-answer.ts";
import { idPattern } from "../platform/ids.ts";
import { MAX_ATTACHMENTS, MAX_BRIEF_CHARACTERS } from "../platform/limits.ts";
import { Problem } from "../platform/problem.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../platform/route.ts";
import { BASE, params, project, projectResponse, projectSchema, summarySchema } from "./project-resource.ts";
import { projectStateSchema } from "./project-state.ts";
import { countProjects, listProjects, upsertProject } from "./store.ts";

/** Projects: given, listed, read and followed. */
export const kamachiqRoutes = newRouter();

const create = defineRoute(
  { capability: "projects.write", creates: true },
  {
    method: "post",
    path: BASE,
    operationId: "createProject",
    tags: ["KAMACHIQ"],
    summary: "Give a brief",
    description:
      "The brief is planned, run by agents side by side, reviewed and delivered. Attach data and documents by their artifact ids.",
    request: {
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({
                brief: z
                  .string()
                  .trim()
                  .min(1)
                  .max(MAX_BRIEF_CHARACTERS)
                  .openapi({ example: "Compare the body mass of the species. Does flipper length relate to body mass?" }),
                title: z.string().trim().max(200).default(""),
                attachments: z
                  .array(z.string().regex(idPattern("artifact")))
                  .max(MAX_ATTACHMENTS)
                  .default([]),
              })
              .openapi("NewProject"),
          },
        },
      },
    },
    responses: { 201: { description: "The project.", content: { "application/json": { schema: projectSchema } } } },
  },
);

kamachiqRoutes.openapi(create, async (context) => {
  const principal = context.get("principal");
  const { brief, title, attachments } = context.req.valid("json");
  const files = await Promise.all(
    attachments.map(async (artifact) => {
      const row = await findArtifact(context.env, principal.tenant, artifact);
      if (row === undefined) throw new Problem("not-found", `No artifact ${artifact} in this tenant; upload the file first.`);
      return { id: row.id, name: row.name, sha256: row.sha256 };
    }),
  );
  const id = context.get("newId")("project");
  const created = await project(context, id).create({ principal, id, title, brief, attachments: files });
  const at = Date.parse(created.createdAt);
  await upsertProject(context.env, {
    id,
    tenant: principal.tenant,
    title: created.title,
    state: "planning",
    createdBy: principal.subject,
    createdAt: at,
    updatedAt: at,
    seq: 1,
  });
  return context.json(projectSchema.parse(created), 201);
});

const list = defineRoute(
  { capability: "projects.read" },
  {
    method: "get",
    path: BASE,
    operationId: "listProjects",
    tags: ["KAMACHIQ"],
    summary: "List projects, newest first",
    request: { query: pageQuerySchema },
    responses: { 200: { description: "A page of projects.", content: { "application/json": { schema: pageSchema(summarySchema) } } } },
  },
);

kamachiqRoutes.openapi(list, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const rows = await listProjects(
    context.env,
    context.get("principal").tenant,
    cursor === undefined ? undefined : decodeCursor(cursor),
    limit + 1,
  );
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const items = rows.slice(0, limit).map((row) => ({
    id: row.id,
    title: row.title,
    state: projectStateSchema.parse(row.state),
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
  }));
  return context.json({ items, ...(last === undefined ? {} : { nextCursor: encodeCursor(last.id) }) }, 200);
});

const summary = defineRoute(
  { capability: "projects.read" },
  {
    method: "get",
    path: "/v1/kamachiq/summary",
    operationId: "readProjectSummary",
    tags: ["KAMACHIQ"],
    summary: "Count projects by state",
    responses: {
      200: {
        description: "How many there are in each state.",
        content: { "application/json": { schema: z.object({ projects: z.record(z.string(), z.number().int()) }) } },
      },
    },
  },
);

kamachiqRoutes.openapi(summary, async (context) =>
  context.json({ projects: await countProjects(context.env, context.get("principal").tenant) }, 200),
);

const read = defineRoute(
  { capability: "projects.read" },
  {
    method: "get",
    path: `${BASE}/{id}`,
    operationId: "readProject",
    tags: ["KAMACHIQ"],
    summary: "Read how a project stands",
    request: { params },
    responses: projectResponse,
  },
);

kamachiqRoutes.openapi(read, async (context) =>
  context.json(projectSchema.parse(await project(context, context.req.valid("param").id).read()), 200),
);

const events = defineRoute(
  { capability: "projects.read" },
  {
    method: "get",
    path: `${BASE}/{id}/events`,
    operationId: "readProjectEvents",
    tags: ["KAMACHIQ"],
    summary: "Follow a project's events",
    request: { params, query: eventsQuerySchema },
    responses: { 200: eventsResponse },
  },
);

kamachiqRoutes.openapi(events, async (context) => {
  const stub = project(context, context.req.valid("param").id);
  const { after, limit } = context.req.valid("query");
  return answerEvents(
    { accept: context.req.header("accept"), lastEventId: context.req.header("last-event-id"), after, limit },
    { stream: async (from) => stub.events({ after: from }), page: async (from, size) => stub.readEvents(from, size) },
  );
});
