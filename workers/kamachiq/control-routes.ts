import { z } from "@hono/zod-openapi";
import { defineRoute, newRouter } from "../platform/route.ts";
import { BASE, params, project, projectResponse, projectSchema } from "./project-resource.ts";

/** What a person does with a project under way: hold it up, end it, try a task again, answer, decide. */
export const projectControlRoutes = newRouter();

type ProjectStub = ReturnType<typeof project>;

const VERBS: readonly (readonly [verb: string, done: string, act: (stub: ProjectStub, by: string) => Promise<unknown>])[] = [
  ["pause", "Starts nothing new; what runs ends.", (stub, by) => stub.pause(by)],
  ["resume", "Goes on after a pause, or tries again what has failed.", (stub, by) => stub.resume(by)],
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
  projectControlRoutes.openapi(route, async (context) =>
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

projectControlRoutes.openapi(retry, async (context) => {
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

projectControlRoutes.openapi(answer, async (context) =>
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

projectControlRoutes.openapi(gate, async (context) =>
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
