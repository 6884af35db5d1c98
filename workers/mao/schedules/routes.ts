import { z } from "@hono/zod-openapi";
import { jsonSchema } from "../../platform/canonical-json.ts";
import { systemClock } from "../../platform/clock.ts";
import { idPattern } from "../../platform/ids.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../../platform/route.ts";
import { resolveTemplate } from "../../templates/resolve.ts";
import { graphSchema } from "../graph.ts";
import { validateGraph } from "../validate.ts";
import { newDefinition, newScheduleSchema, type OrderedDefinition, patchedDefinition, schedulePatchSchema } from "./definition.ts";
import { scheduleSchema, scheduleSummarySchema } from "./schedule-resource.ts";
import { deleteSchedule, insertSchedule, listSchedules, updateSchedule } from "./store.ts";
import { timedInputs } from "./timed-inputs.ts";

export const scheduleRoutes = newRouter();

const BASE = "/v1/mao/schedules";
const params = z.object({ id: z.string().regex(idPattern("schedule")) });

const answer = (description: string) => ({ description, content: { "application/json": { schema: scheduleSchema } } });

function schedule(env: Env, tenant: string, id: string) {
  return env.MAO_SCHEDULE.getByName(`${tenant}/${id}`);
}

const create = defineRoute(
  { capability: "schedules.write", creates: true },
  {
    method: "post",
    path: BASE,
    operationId: "createSchedule",
    tags: ["Schedules"],
    summary: "Start runs at set times",
    description:
      "Times are those of the clock on the wall in the time zone. When clocks change, a time that is left out fires at the end of the gap and one that comes twice fires once; what repeats (`*`, steps) follows the clock.",
    request: { body: { required: true, content: { "application/json": { schema: newScheduleSchema } } } },
    responses: { 201: answer("The schedule, with its next ten times.") },
  },
);

scheduleRoutes.openapi(create, async (context) => {
  const principal = context.get("principal");
  const body = context.req.valid("json");
  const now = systemClock.now();
  const definition = newDefinition(body, now);
  await checkStart(context.env, principal.tenant, definition);
  const id = context.get("newId")("schedule");
  const { title, cron, timezone } = definition;
  const { tenant } = principal;
  await insertSchedule(context.env, {
    id,
    tenant,
    title,
    cron,
    timezone,
    isPaused: false,
    createdBy: principal.subject,
    createdAt: now,
    updatedAt: now,
  });
  try {
    return context.json(await schedule(context.env, tenant, id).create({ principal, id, definition }), 201);
  } catch (error) {
    await deleteSchedule(context.env, tenant, id);
    throw error;
  }
});

const list = defineRoute(
  { capability: "schedules.read" },
  {
    method: "get",
    path: BASE,
    operationId: "listSchedules",
    tags: ["Schedules"],
    summary: "List schedules, newest first",
    request: { query: pageQuerySchema },
    responses: {
      200: { description: "A page of schedules.", content: { "application/json": { schema: pageSchema(scheduleSummarySchema) } } },
    },
  },
);

scheduleRoutes.openapi(list, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const before = cursor === undefined ? undefined : decodeCursor(cursor);
  const rows = await listSchedules(context.env, context.get("principal").tenant, before, limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const items = rows.slice(0, limit).map(
    ({ id, title, cron, timezone, isPaused, createdBy, createdAt, updatedAt }): z.infer<typeof scheduleSummarySchema> => ({
      id,
      title,
      state: isPaused ? "paused" : "active",
      cron,
      timezone,
      createdBy,
      createdAt: new Date(createdAt).toISOString(),
      updatedAt: new Date(updatedAt).toISOString(),
    }),
  );
  return context.json({ items, ...(last === undefined ? {} : { nextCursor: encodeCursor(last.id) }) }, 200);
});

const read = defineRoute(
  { capability: "schedules.read" },
  {
    method: "get",
    path: `${BASE}/{id}`,
    operationId: "readSchedule",
    tags: ["Schedules"],
    summary: "Read how a schedule stands: its next ten times and its last hundred",
    request: { params },
    responses: { 200: answer("The schedule.") },
  },
);

scheduleRoutes.openapi(read, async (context) =>
  context.json(await schedule(context.env, context.get("principal").tenant, context.req.valid("param").id).read(), 200),
);

const change = defineRoute(
  { capability: "schedules.write" },
  {
    method: "patch",
    path: `${BASE}/{id}`,
    operationId: "changeSchedule",
    tags: ["Schedules"],
    summary: "Change a schedule",
    description: "What is left out stays. The new times count from now on.",
    request: { params, body: { required: true, content: { "application/json": { schema: schedulePatchSchema } } } },
    responses: { 200: answer("The schedule, changed.") },
  },
);

scheduleRoutes.openapi(change, async (context) => {
  const { tenant, subject } = context.get("principal");
  const { id } = context.req.valid("param");
  const patch = context.req.valid("json");
  const stub = schedule(context.env, tenant, id);
  const definition = patchedDefinition(await stub.definition(), patch, systemClock.now());
  await checkStart(context.env, tenant, definition);
  return context.json(await shown(context.env, tenant, await stub.change({ by: subject, definition })), 200);
});

const remove = defineRoute(
  { capability: "schedules.write" },
  {
    method: "delete",
    path: `${BASE}/{id}`,
    operationId: "deleteSchedule",
    tags: ["Schedules"],
    summary: "Delete a schedule",
    description: "Runs that it started go on to their end.",
    request: { params },
    responses: { 204: { description: "It is gone." } },
  },
);

scheduleRoutes.openapi(remove, async (context) => {
  const { tenant, subject } = context.get("principal");
  const { id } = context.req.valid("param");
  await schedule(context.env, tenant, id).delete(subject);
  await deleteSchedule(context.env, tenant, id);
  return context.body(null, 204);
});

const pause = defineRoute(
  { capability: "schedules.write" },
  {
    method: "post",
    path: `${BASE}/{id}/pause`,
    operationId: "pauseSchedule",
    tags: ["Schedules"],
    summary: "Start no further run",
    request: { params },
    responses: { 200: answer("The schedule, paused.") },
  },
);

scheduleRoutes.openapi(pause, async (context) => {
  const { tenant, subject } = context.get("principal");
  const document = await schedule(context.env, tenant, context.req.valid("param").id).pause(subject);
  return context.json(await shown(context.env, tenant, document), 200);
});

const resume = defineRoute(
  { capability: "schedules.write" },
  {
    method: "post",
    path: `${BASE}/{id}/resume`,
    operationId: "resumeSchedule",
    tags: ["Schedules"],
    summary: "Go on with a paused schedule",
    description: "Times that fell into the pause are not made up for.",
    request: { params },
    responses: { 200: answer("The schedule.") },
  },
);

scheduleRoutes.openapi(resume, async (context) => {
  const { tenant, subject } = context.get("principal");
  const document = await schedule(context.env, tenant, context.req.valid("param").id).resume(subject);
  return context.json(await shown(context.env, tenant, document), 200);
});

const runNow = defineRoute(
  { capability: "schedules.write", creates: true },
  {
    method: "post",
    path: `${BASE}/{id}/run`,
    operationId: "runSchedule",
    tags: ["Schedules"],
    summary: "Start a run now",
    description: "The overlap policy holds for it too. Its times go on as they were.",
    request: { params },
    responses: { 201: answer("The schedule, with the new run.") },
  },
);

scheduleRoutes.openapi(runNow, async (context) => {
  const { tenant } = context.get("principal");
  const run = context.get("newId")("run");
  return context.json(await schedule(context.env, tenant, context.req.valid("param").id).runNow(run), 201);
});

/** The document, after the list was told of what changed. */
async function shown(env: Env, tenant: string, document: z.infer<typeof scheduleSchema>): Promise<z.infer<typeof scheduleSchema>> {
  const { id, title, cron, timezone, state, updatedAt } = document;
  await updateSchedule(env, { id, tenant, title, cron, timezone, isPaused: state === "paused", updatedAt: Date.parse(updatedAt) });
  return document;
}

const inputsSchema = z.record(z.string(), jsonSchema);

/** Finds out before the first time comes whether a run could be started. @throws Problem `not-found`, `invalid-graph`, `invalid-request` */
async function checkStart(env: Env, tenant: string, { template, graph, inputs }: OrderedDefinition): Promise<void> {
  const work = graph === undefined ? undefined : graphSchema.parse(JSON.parse(graph));
  if (work !== undefined) validateGraph(work);
  const resolved = template === undefined ? work : (await resolveTemplate(env, tenant, template.name, template.version)).graph;
  if (resolved !== undefined) timedInputs(resolved, inputsSchema.parse(JSON.parse(inputs)), systemClock.now());
}
