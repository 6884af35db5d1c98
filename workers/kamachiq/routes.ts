import { z } from "@hono/zod-openapi";
import { parsedJsonSchema } from "../platform/canonical-json.ts";
import { answerEvents, eventsQuerySchema, eventsResponse } from "../platform/event-answer.ts";
import { MAX_BRIEF_CHARACTERS } from "../platform/limits.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../platform/route.ts";
import { attachedFiles, keepPlan, newProjectSchema, planIn } from "./new-project.ts";
import { placeOf } from "./place.ts";
import type { Plan } from "./plan.ts";
import { BASE, params, project, projectResponse, projectSchema, summarySchema, taskSchema } from "./project-resource.ts";
import { projectStateSchema } from "./project-state.ts";
import { listProjects, upsertProject } from "./store.ts";

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
            schema: newProjectSchema,
          },
        },
      },
    },
    responses: { 201: { description: "The project.", content: { "application/json": { schema: projectSchema } } } },
  },
);

kamachiqRoutes.openapi(create, async (context) => {
  const principal = context.get("principal");
  const order = context.req.valid("json");
  const { brief, title, attachments, plan: _, ...options } = order;
  const plan = planIn(order);
  const files = await attachedFiles(context.env, principal.tenant, attachments);
  const id = context.get("newId")("project");
  const kept = plan === undefined ? undefined : await keepPlan(context.env, principal.tenant, id, plan);
  const created = await project(context, id).create({
    principal,
    id,
    title: title === "" ? (plan?.title ?? "") : title,
    brief: brief === "" ? briefOf(plan) : brief,
    attachments: files,
    options: parsedJsonSchema.parse(JSON.parse(JSON.stringify(options))),
    plan: kept,
  });
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
    round: 1,
    costMicros: 0,
    tokens: 0,
    findings: 0,
    gateOpenedAt: null,
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

const tasks = defineRoute(
  { capability: "projects.read" },
  {
    method: "get",
    path: `${BASE}/{id}/tasks`,
    operationId: "listTasks",
    tags: ["KAMACHIQ"],
    summary: "List the tasks of a project's present plan, in the order of the plan",
    request: { params, query: pageQuerySchema },
    responses: { 200: { description: "A page of tasks.", content: { "application/json": { schema: pageSchema(taskSchema) } } } },
  },
);

kamachiqRoutes.openapi(tasks, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const { tasks: found, next } = await project(context, context.req.valid("param").id).tasks(placeOf(cursor), limit);
  return context.json(
    { items: z.array(taskSchema).parse(found), ...(next === undefined ? {} : { nextCursor: encodeCursor(String(next)) }) },
    200,
  );
});

/** What a plan asks for, where nothing else says it. */
function briefOf(plan: Plan | undefined): string {
  return (plan?.goals ?? [])
    .map((goal) => `- ${goal.text}`)
    .join("\n")
    .slice(0, MAX_BRIEF_CHARACTERS);
}
