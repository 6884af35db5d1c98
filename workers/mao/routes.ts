import { z } from "@hono/zod-openapi";
import { jsonSchema } from "../platform/canonical-json.ts";
import { answerEvents, eventsQuerySchema, eventsResponse } from "../platform/event-answer.ts";
import { Problem } from "../platform/problem.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../platform/route.ts";
import { resolveTemplate } from "../templates/resolve.ts";
import { templateNameSchema } from "../templates/template-name.ts";
import { type Graph, graphSchema } from "./graph.ts";
import { preparedInputs } from "./inputs.ts";
import { preferredWaitMs } from "./prefer.ts";
import { routeRequest } from "./route-request/route-request.ts";
import { requestSchema } from "./route-request/routes.ts";
import { BASE, params, runOf, runResponse, runStepSchema, runSummarySchema } from "./run-resource.ts";
import { type RunState, runStateSchema } from "./run-state.ts";
import { listRuns } from "./store.ts";
import { validateGraph } from "./validate.ts";

export const runRoutes = newRouter();

/** Steps of one page of a run's graph. */
const MAX_STEPS_A_PAGE = 1_000;

const templateReferenceSchema = z
  .strictObject({
    name: templateNameSchema.openapi({ example: "research-crew" }),
    version: z
      .number()
      .int()
      .min(1)
      .optional()
      .openapi({ description: "The newest when left out; the run keeps the one it started with." }),
  })
  .openapi("TemplateReference");

const newRunSchema = z
  .strictObject({
    graph: graphSchema.optional(),
    template: templateReferenceSchema.optional(),
    request: requestSchema.optional().openapi({ description: "What is wanted, in words: POST /v1/mao/route says what graph it becomes." }),
    inputs: z.record(z.string(), jsonSchema).default({}),
    title: z.string().trim().max(200).default(""),
  })
  .refine((run) => [run.graph, run.template, run.request].filter((what) => what !== undefined).length === 1, {
    message: "say what to run: a `graph`, a `template` or a `request`",
    path: ["graph"],
  })
  .openapi("NewRun", {
    example: { graph: { steps: { wait: { uses: "timer:wait", with: { duration: "1s" } } } }, inputs: {}, title: "A second" },
  });

const create = defineRoute(
  { capability: "runs.write", creates: true },
  {
    method: "post",
    path: BASE,
    operationId: "createRun",
    tags: ["Runs"],
    summary: "Start a run",
    description: "With `Prefer: wait=N` (RFC 7240) the answer comes when the run is over, or after N seconds.",
    request: {
      headers: z.object({ prefer: z.string().max(100).optional().openapi({ example: "wait=10" }) }),
      body: { required: true, content: { "application/json": { schema: newRunSchema } } },
    },
    responses: { 201: runResponse("The run.") },
  },
);

runRoutes.openapi(create, async (context) => {
  const principal = context.get("principal");
  const { inputs, title, ...what } = context.req.valid("json");
  const { graph, ...origin } = await graphToRun(context.env, principal.tenant, what);
  const id = context.get("newId")("run");
  const order = {
    principal,
    id,
    title: title === "" ? (graph.name ?? "Run") : title,
    graph: JSON.stringify(graph),
    inputs: JSON.stringify(preparedInputs(graph, inputs)),
    depth: 0,
    ...origin,
  };
  const waitMs = preferredWaitMs(context.req.valid("header").prefer);
  return context.json(runOf(await context.env.MAO_RUN.getByName(`${principal.tenant}/${id}`).create(order, waitMs)), 201);
});

/** The graph that a request is for, checked, and the version of the template that it is. */
async function graphToRun(
  env: Env,
  tenant: string,
  { graph, template, request }: Pick<z.infer<typeof newRunSchema>, "graph" | "template" | "request">,
): Promise<{ graph: Graph; template?: { name: string; version: number } }> {
  if (template !== undefined) {
    const found = await resolveTemplate(env, tenant, template.name, template.version);
    return { graph: found.graph, template: { name: found.name, version: found.version } };
  }
  if (request !== undefined) return { graph: graphOfRequest(request) };
  if (graph === undefined) throw new Problem("invalid-request", "Say what to run: a `graph`, a `template` or a `request`.");
  validateGraph(graph);
  return { graph };
}

/** What is to happen again and again is no run: it is refused with the times it was understood to name. */
function graphOfRequest(request: string): Graph {
  const { graph, cron } = routeRequest(request, []);
  if (cron === undefined) return graph;
  throw new Problem(
    "invalid-request",
    `The request asks for something at set times (${cron}), and a run happens once. POST /v1/mao/route gives its graph; POST /v1/mao/schedules runs it at those times.`,
  );
}

const list = defineRoute(
  { capability: "runs.read" },
  {
    method: "get",
    path: BASE,
    operationId: "listRuns",
    tags: ["Runs"],
    summary: "List runs, newest first",
    description: "The list follows the runs themselves within seconds.",
    request: {
      query: pageQuerySchema.extend({
        state: runStateSchema.optional(),
        template: z.string().max(200).optional(),
        schedule: z.string().max(64).optional(),
        parent: z.string().max(64).optional(),
      }),
    },
    responses: { 200: { description: "A page of runs.", content: { "application/json": { schema: pageSchema(runSummarySchema) } } } },
  },
);

runRoutes.openapi(list, async (context) => {
  const { cursor, limit, ...filter } = context.req.valid("query");
  const before = cursor === undefined ? undefined : decodeCursor(cursor);
  const rows = await listRuns(context.env, context.get("principal").tenant, filter, before, limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const items = rows.slice(0, limit).map(
    (row): z.infer<typeof runSummarySchema> => ({
      id: row.id,
      title: row.title,
      state: stateOfRow(row.state),
      createdAt: new Date(row.createdAt).toISOString(),
      updatedAt: new Date(row.updatedAt).toISOString(),
      ...(row.template === null ? {} : { template: row.template }),
      ...(row.schedule === null ? {} : { schedule: row.schedule }),
      ...(row.parent === null ? {} : { parent: row.parent }),
    }),
  );
  return context.json({ items, ...(last === undefined ? {} : { nextCursor: encodeCursor(last.id) }) }, 200);
});

function stateOfRow(state: string): RunState {
  return runStateSchema.parse(state);
}

const read = defineRoute(
  { capability: "runs.read" },
  {
    method: "get",
    path: `${BASE}/{id}`,
    operationId: "readRun",
    tags: ["Runs"],
    summary: "Read how a run stands",
    request: { params },
    responses: { 200: runResponse("The run.") },
  },
);

runRoutes.openapi(read, async (context) => {
  const { id } = context.req.valid("param");
  return context.json(runOf(await context.env.MAO_RUN.getByName(`${context.get("principal").tenant}/${id}`).read()), 200);
});

const graph = defineRoute(
  { capability: "runs.read" },
  {
    method: "get",
    path: `${BASE}/{id}/graph`,
    operationId: "readRunGraph",
    tags: ["Runs"],
    summary: "Read the steps of a run, in the order of its graph",
    request: { params, query: pageQuerySchema.extend({ limit: z.coerce.number().int().min(1).max(MAX_STEPS_A_PAGE).default(200) }) },
    responses: { 200: { description: "A page of steps.", content: { "application/json": { schema: pageSchema(runStepSchema) } } } },
  },
);

runRoutes.openapi(graph, async (context) => {
  const { id } = context.req.valid("param");
  const { cursor, limit } = context.req.valid("query");
  const offset = cursor === undefined ? 0 : Number(decodeCursor(cursor));
  const { items, next } = pageOfSteps.parse(
    JSON.parse(await context.env.MAO_RUN.getByName(`${context.get("principal").tenant}/${id}`).steps(offset, limit)),
  );
  return context.json({ items, ...(next === undefined ? {} : { nextCursor: encodeCursor(String(next)) }) }, 200);
});

const pageOfSteps = z.object({ items: z.array(runStepSchema), next: z.number().int().optional() });

const events = defineRoute(
  { capability: "runs.read" },
  {
    method: "get",
    path: `${BASE}/{id}/events`,
    operationId: "readRunEvents",
    tags: ["Runs"],
    summary: "Follow a run's events",
    request: { params, query: eventsQuerySchema },
    responses: { 200: eventsResponse },
  },
);

runRoutes.openapi(events, async (context) => {
  const stub = context.env.MAO_RUN.getByName(`${context.get("principal").tenant}/${context.req.valid("param").id}`);
  const asked = { accept: context.req.header("accept"), lastEventId: context.req.header("last-event-id"), ...context.req.valid("query") };
  return answerEvents(
    { ...asked, after: asked.after },
    { stream: async (after) => stub.events({ after }), page: async (after, limit) => stub.readEvents(after, limit) },
  );
});
