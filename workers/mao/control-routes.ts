import { z } from "@hono/zod-openapi";
import { defineRoute, newRouter } from "../platform/route.ts";
import { BASE, params, runOf, runResponse, stepParams } from "./run-resource.ts";

/** What people do to a run while it goes on. */
export const runControlRoutes = newRouter();

const pause = defineRoute(
  { capability: "runs.write" },
  {
    method: "post",
    path: `${BASE}/{id}/pause`,
    operationId: "pauseRun",
    tags: ["Runs"],
    summary: "Start no further step",
    request: { params },
    responses: { 200: runResponse("The run, paused.") },
  },
);

runControlRoutes.openapi(pause, async (context) => {
  const { tenant, subject } = context.get("principal");
  return context.json(runOf(await context.env.MAO_RUN.getByName(`${tenant}/${context.req.valid("param").id}`).pause(subject)), 200);
});

const resume = defineRoute(
  { capability: "runs.write" },
  {
    method: "post",
    path: `${BASE}/{id}/resume`,
    operationId: "resumeRun",
    tags: ["Runs"],
    summary: "Go on with a paused run",
    request: { params },
    responses: { 200: runResponse("The run.") },
  },
);

runControlRoutes.openapi(resume, async (context) => {
  const { tenant, subject } = context.get("principal");
  return context.json(runOf(await context.env.MAO_RUN.getByName(`${tenant}/${context.req.valid("param").id}`).resume(subject)), 200);
});

const cancel = defineRoute(
  { capability: "runs.write" },
  {
    method: "post",
    path: `${BASE}/{id}/cancel`,
    operationId: "cancelRun",
    tags: ["Runs"],
    summary: "End a run",
    description: "`graceful` lets running steps finish, `hard` breaks them off; then effects are taken back where the graph says how.",
    request: {
      params,
      body: {
        required: false,
        content: {
          "application/json": {
            schema: z.strictObject({ mode: z.enum(["graceful", "hard"]).default("graceful") }).openapi("RunCancellation"),
          },
        },
      },
    },
    responses: { 200: runResponse("The run.") },
  },
);

runControlRoutes.openapi(cancel, async (context) => {
  const { tenant, subject } = context.get("principal");
  const { mode } = context.req.valid("json");
  return context.json(
    runOf(await context.env.MAO_RUN.getByName(`${tenant}/${context.req.valid("param").id}`).cancel({ mode, by: subject })),
    200,
  );
});

const answer = defineRoute(
  { capability: "runs.approve" },
  {
    method: "post",
    path: `${BASE}/{id}/steps/{step}/answer`,
    operationId: "answerRunStep",
    tags: ["Runs"],
    summary: "Answer a step that waits for a person",
    request: {
      params: stepParams,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({ decision: z.enum(["approve", "refuse"]).optional(), text: z.string().max(100_000).optional() })
              .openapi("RunAnswer", { example: { decision: "approve" } }),
          },
        },
      },
    },
    responses: { 200: runResponse("The run.") },
  },
);

runControlRoutes.openapi(answer, async (context) => {
  const { tenant, subject } = context.get("principal");
  const { id, step } = context.req.valid("param");
  const stub = context.env.MAO_RUN.getByName(`${tenant}/${id}`);
  return context.json(runOf(await stub.answer({ step, ...context.req.valid("json"), by: subject })), 200);
});

const retry = defineRoute(
  { capability: "runs.write" },
  {
    method: "post",
    path: `${BASE}/{id}/steps/{step}/retry`,
    operationId: "retryRunStep",
    tags: ["Runs"],
    summary: "Run a step again, and all that needs it",
    description: "The step and everything behind it are reset, under new idempotency keys; a run that had failed or ended goes on.",
    request: { params: stepParams },
    responses: { 200: runResponse("The run.") },
  },
);

runControlRoutes.openapi(retry, async (context) => {
  const { tenant, subject } = context.get("principal");
  const { id, step } = context.req.valid("param");
  return context.json(runOf(await context.env.MAO_RUN.getByName(`${tenant}/${id}`).retryStep({ step, by: subject })), 200);
});
