import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { findArtifact } from "../artifacts/store.ts";
import { answerEvents, eventsQuerySchema, eventsResponse } from "../platform/event-routes.ts";
import { idPattern } from "../platform/ids.ts";
import { MAX_ATTACHMENTS, MAX_BRIEF_CHARACTERS } from "../platform/limits.ts";
import { Problem } from "../platform/problem.ts";
import { decodeCursor, defineRoute, encodeCursor, type HttpEnv, newRouter, pageQuerySchema, pageSchema } from "../platform/route.ts";
import { goalSchema, questionSchema } from "./plan.ts";
import { reviewCheckSchema } from "./review.ts";
import { countProjects, listProjects, upsertProject } from "./store.ts";

export const kamachiqRoutes = newRouter();

const BASE = "/v1/kamachiq/projects";
const params = z.object({ id: z.string().regex(idPattern("project")) });
const stateSchema = z.enum([
  "planning",
  "questions",
  "running",
  "paused",
  "reviewing",
  "gate",
  "delivered",
  "failed",
  "cancelled",
  "refused",
]);
const problemSchema = z.object({ type: z.string(), detail: z.string() });

const summarySchema = z
  .object({
    id: z.string().openapi({ example: "prj_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    title: z.string(),
    state: stateSchema,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi("ProjectSummary");

const taskSchema = z
  .object({
    step: z.string(),
    title: z.string(),
    uses: z.string(),
    needs: z.array(z.string()),
    state: z.enum(["pending", "running", "waiting", "done", "failed", "skipped"]),
    attempt: z.number().int(),
    session: z.string().optional(),
    startedAt: z.iso.datetime().optional(),
    finishedAt: z.iso.datetime().optional(),
    problem: problemSchema.optional(),
    wave: z.number().int().optional(),
    findings: z.string().optional(),
  })
  .openapi("Task");

const deliverableSchema = z
  .object({ name: z.string(), mediaType: z.string(), bytes: z.number().int(), sha256: z.string() })
  .openapi("Deliverable");

const projectSchema = summarySchema
  .extend({
    brief: z.string(),
    attachments: z.array(z.object({ id: z.string(), name: z.string() })),
    engine: z.string().optional(),
    round: z.number().int(),
    goals: z.array(goalSchema),
    tasks: z.array(taskSchema),
    questions: z.array(questionSchema),
    review: z
      .object({ round: z.number().int(), score: z.number(), passed: z.boolean(), checks: z.array(reviewCheckSchema), notes: z.string() })
      .optional(),
    usage: z.object({ inputTokens: z.number().int(), outputTokens: z.number().int(), costMicros: z.number().int() }),
    deliverables: z.array(deliverableSchema),
    problem: problemSchema.optional(),
  })
  .openapi("Project");

const projectResponse = { 200: { description: "The project as it stands.", content: { "application/json": { schema: projectSchema } } } };

function project(context: Context<HttpEnv>, id: string) {
  return context.env.KAMACHIQ_PROJECT.getByName(`${context.get("principal").tenant}/${id}`);
}

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
    state: stateSchema.parse(row.state),
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

type ProjectStub = ReturnType<typeof project>;

const VERBS: readonly (readonly [verb: string, done: string, act: (stub: ProjectStub, by: string) => Promise<unknown>])[] = [
  ["pause", "Starts nothing new; what runs ends.", (stub, by) => stub.pause(by)],
  ["resume", "Goes on after a pause.", (stub, by) => stub.resume(by)],
  ["cancel", "Ends it for good.", (stub, by) => stub.cancel(by)],
];

for (const [verb, done, act] of VERBS) {
  const route = defineRoute(
    { capability: "projects.write" },
    {
      method: "post",
      path: `${BASE}/{id}/${verb}`,
      operationId: `${verb}Project`,
      tags: ["KAMACHIQ"],
      summary: `${verb.charAt(0).toUpperCase()}${verb.slice(1)} a project`,
      description: done,
      request: { params },
      responses: projectResponse,
    },
  );
  kamachiqRoutes.openapi(route, async (context) =>
    context.json(
      projectSchema.parse(await act(project(context, params.parse(context.req.param()).id), context.get("principal").subject)),
      200,
    ),
  );
}

const retry = defineRoute(
  { capability: "projects.write" },
  {
    method: "post",
    path: `${BASE}/{id}/tasks/{step}/retry`,
    operationId: "retryTask",
    tags: ["KAMACHIQ"],
    summary: "Try a failed task again",
    request: { params: params.extend({ step: z.string().max(100) }) },
    responses: projectResponse,
  },
);

kamachiqRoutes.openapi(retry, async (context) => {
  const { id, step } = context.req.valid("param");
  return context.json(projectSchema.parse(await project(context, id).retryTask(step, context.get("principal").subject)), 200);
});

const answer = defineRoute(
  { capability: "projects.write" },
  {
    method: "post",
    path: `${BASE}/{id}/answers`,
    operationId: "answerQuestions",
    tags: ["KAMACHIQ"],
    summary: "Answer the planner's questions",
    request: {
      params,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({ text: z.string().trim().min(1).max(10_000).openapi({ example: "By size I mean body_mass_g." }) })
              .openapi("Answer"),
          },
        },
      },
    },
    responses: projectResponse,
  },
);

kamachiqRoutes.openapi(answer, async (context) =>
  context.json(
    projectSchema.parse(
      await project(context, context.req.valid("param").id).answer(context.req.valid("json").text, context.get("principal").subject),
    ),
    200,
  ),
);

const gate = defineRoute(
  { capability: "projects.approve" },
  {
    method: "post",
    path: `${BASE}/{id}/gate`,
    operationId: "decideGate",
    tags: ["KAMACHIQ"],
    summary: "Approve, refuse or send back a report",
    request: {
      params,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({ decision: z.enum(["approve", "refuse", "revise"]), notes: z.string().max(10_000).default("") })
              .openapi("GateDecision"),
          },
        },
      },
    },
    responses: projectResponse,
  },
);

kamachiqRoutes.openapi(gate, async (context) =>
  context.json(
    projectSchema.parse(
      await project(context, context.req.valid("param").id).decideGate({
        ...context.req.valid("json"),
        by: context.get("principal").subject,
      }),
    ),
    200,
  ),
);

const deliverables = defineRoute(
  { capability: "projects.read" },
  {
    method: "get",
    path: `${BASE}/{id}/deliverables`,
    operationId: "listDeliverables",
    tags: ["KAMACHIQ"],
    summary: "List what a project delivered",
    request: { params },
    responses: {
      200: {
        description: "The files, with their hashes; `manifest.json` has their provenance.",
        content: { "application/json": { schema: z.object({ items: z.array(deliverableSchema) }) } },
      },
    },
  },
);

kamachiqRoutes.openapi(deliverables, async (context) =>
  context.json({ items: (await project(context, context.req.valid("param").id).read()).deliverables }, 200),
);

const deliverable = defineRoute(
  { capability: "projects.read" },
  {
    method: "get",
    path: `${BASE}/{id}/deliverables/{name}`,
    operationId: "readDeliverable",
    tags: ["KAMACHIQ"],
    summary: "Download a deliverable",
    description: "The name is as listed, with `/` written as `%2F`; `manifest.json` is the manifest.",
    request: { params: params.extend({ name: z.string().max(300) }) },
    responses: {
      200: {
        description: "The file, always as a download.",
        content: { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } },
      },
    },
  },
);

kamachiqRoutes.openapi(deliverable, async (context) => {
  const { id, name } = context.req.valid("param");
  const known = await project(context, id).read();
  const isManifest = name === "manifest.json" && known.state === "delivered";
  const found = known.deliverables.find((candidate) => candidate.name === name);
  if (found === undefined && !isManifest) throw new Problem("not-found", `The project has delivered no ${name}.`);
  const object = await context.env.ARTIFACTS.get(`${context.get("principal").tenant}/projects/${id}/deliverables/${name}`);
  if (object === null) throw new Problem("unavailable", `${name} is missing from storage.`);
  const fileName = name.split("/").at(-1) ?? "deliverable";
  return new Response(object.body, {
    headers: {
      "Content-Type": found?.mediaType ?? "application/json",
      "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
      "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    },
  });
});
