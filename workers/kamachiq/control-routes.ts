import { z } from "@hono/zod-openapi";
import { defineRoute, newRouter } from "../platform/route.ts";
import { budgetSchema } from "./budget.ts";
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

const amend = defineRoute(
  { capability: "projects.write" },
  {
    method: "post",
    path: `${BASE}/{id}/amend`,
    operationId: "amendProject",
    tags: ["KAMACHIQ"],
    summary: "Change the brief of a project under way",
    description:
      "The plan is made again. What it does not touch is kept: finished work is not done again, and what runs and is still wanted runs on.",
    request: {
      params,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({
                text: z
                  .string()
                  .trim()
                  .min(1)
                  .max(20_000)
                  .openapi({ example: "Also rank the islands by body mass. Drop the comparison of bills." }),
              })
              .openapi("Amendment"),
          },
        },
      },
    },
    responses: projectResponse,
  },
);

projectControlRoutes.openapi(amend, async (context) => {
  const { text } = context.req.valid("json");
  const amended = await project(context, context.req.valid("param").id).amend(text, context.get("principal").subject);
  return context.json(projectSchema.parse(amended), 200);
});

const setBudget = defineRoute(
  { capability: "projects.write" },
  {
    method: "put",
    path: `${BASE}/{id}/budget`,
    operationId: "setProjectBudget",
    tags: ["KAMACHIQ"],
    summary: "Set what a project may use",
    description:
      "The whole of it: what is left out has no limit of its own any more. A project that a limit has stopped goes on when it is resumed.",
    request: { params, body: { required: true, content: { "application/json": { schema: budgetSchema.openapi("ProjectBudget") } } } },
    responses: projectResponse,
  },
);

projectControlRoutes.openapi(setBudget, async (context) => {
  const changed = await project(context, context.req.valid("param").id).setBudget(
    context.req.valid("json"),
    context.get("principal").subject,
  );
  return context.json(projectSchema.parse(changed), 200);
});

const answerTask = defineRoute(
  { capability: "projects.approve" },
  {
    method: "post",
    path: `${BASE}/{id}/tasks/{step}/answer`,
    operationId: "answerTask",
    tags: ["KAMACHIQ"],
    summary: "Answer a step that waits for a person",
    request: {
      params: params.extend({ step: z.string().max(200) }),
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({ decision: z.enum(["approve", "refuse"]).optional(), text: z.string().trim().min(1).max(10_000).optional() })
              .openapi("TaskAnswer"),
          },
        },
      },
    },
    responses: projectResponse,
  },
);

projectControlRoutes.openapi(answerTask, async (context) => {
  const { id, step } = context.req.valid("param");
  const answered = await project(context, id).answerStep(step, { ...context.req.valid("json"), by: context.get("principal").subject });
  return context.json(projectSchema.parse(answered), 200);
});
