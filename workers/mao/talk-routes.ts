import { z } from "@hono/zod-openapi";
import { jsonSchema } from "../platform/canonical-json.ts";
import { defineRoute, newRouter } from "../platform/route.ts";
import { stepNameSchema } from "./names.ts";
import { BASE, params, runOf, runResponse } from "./run-resource.ts";

/** What programs tell a run while it goes on, and what they ask it. */
export const runTalkRoutes = newRouter();

const nameParams = params.extend({ name: stepNameSchema });
const payloadBody = {
  required: true,
  content: {
    "application/json": { schema: z.strictObject({ payload: jsonSchema }).openapi("RunPayload", { example: { payload: { order: 17 } } }) },
  },
} as const;

const signal = defineRoute(
  { capability: "runs.write" },
  {
    method: "post",
    path: `${BASE}/{id}/signals/{name}`,
    operationId: "signalRun",
    tags: ["Runs"],
    summary: "Send a signal to a run",
    description:
      "The oldest step that waits for it (`signal:<name>`) gets the payload as its output; one that comes early is kept for the next that waits.",
    request: { params: nameParams, body: payloadBody },
    responses: { 200: runResponse("The run.") },
  },
);

runTalkRoutes.openapi(signal, async (context) => {
  const { tenant, subject } = context.get("principal");
  const { id, name } = context.req.valid("param");
  const order = { name, payload: JSON.stringify(context.req.valid("json").payload), by: subject };
  return context.json(runOf(await context.env.MAO_RUN.getByName(`${tenant}/${id}`).signal(order)), 200);
});

const query = defineRoute(
  { capability: "runs.read" },
  {
    method: "get",
    path: `${BASE}/{id}/queries/{name}`,
    operationId: "queryRun",
    tags: ["Runs"],
    summary: "Ask a run a question that its graph names",
    request: { params: nameParams },
    responses: {
      200: {
        description: "The answer, over where the run stands now.",
        content: { "application/json": { schema: z.object({ name: z.string(), answer: z.unknown() }).openapi("RunAnswerToQuery") } },
      },
    },
  },
);

runTalkRoutes.openapi(query, async (context) => {
  const { id, name } = context.req.valid("param");
  const answer = await context.env.MAO_RUN.getByName(`${context.get("principal").tenant}/${id}`).query(name);
  return context.json({ name, answer: jsonSchema.parse(JSON.parse(answer)) }, 200);
});

const update = defineRoute(
  { capability: "runs.write" },
  {
    method: "post",
    path: `${BASE}/{id}/updates/{name}`,
    operationId: "updateRun",
    tags: ["Runs"],
    summary: "Change a value that steps of a run read",
    description:
      "It is taken when every condition that the graph sets for it holds, and refused with the one that does not; the answer says which.",
    request: { params: nameParams, body: payloadBody },
    responses: { 200: runResponse("The run, which has the new value.") },
  },
);

runTalkRoutes.openapi(update, async (context) => {
  const { tenant, subject } = context.get("principal");
  const { id, name } = context.req.valid("param");
  const order = { name, payload: JSON.stringify(context.req.valid("json").payload), by: subject };
  return context.json(runOf(await context.env.MAO_RUN.getByName(`${tenant}/${id}`).update(order)), 200);
});
