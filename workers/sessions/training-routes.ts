import { defineRoute, newRouter } from "../platform/route.ts";
import { params, session, sessionSchema } from "./session-resource.ts";

/** Training mode: one session of a tenant at a time may train an agent. */
export const trainingRoutes = newRouter();

const answer = (description: string) => ({ description, content: { "application/json": { schema: sessionSchema } } });

const start = defineRoute(
  { capability: "training.admin" },
  {
    method: "post",
    path: "/v1/sessions/{id}/training",
    operationId: "startTraining",
    tags: ["Sessions"],
    summary: "Train the session's agent, and let nobody else",
    description:
      "For a day at most; until then any other session is refused with `conflict`. It ends when it is told to, when a turn fails, and when the session is closed. What happens meanwhile is marked as training in the audit log.",
    request: { params },
    responses: { 200: answer("The session, in training mode.") },
  },
);

trainingRoutes.openapi(start, async (context) => {
  const principal = context.get("principal");
  const stub = session(context.env, principal.tenant, context.req.valid("param").id);
  return context.json(await stub.startTraining(principal, context.get("decision")), 200);
});

const end = defineRoute(
  { capability: "training.admin" },
  {
    method: "delete",
    path: "/v1/sessions/{id}/training",
    operationId: "endTraining",
    tags: ["Sessions"],
    summary: "End the training",
    request: { params },
    responses: { 200: answer("The session, in everyday mode.") },
  },
);

trainingRoutes.openapi(end, async (context) => {
  const { tenant, subject } = context.get("principal");
  return context.json(await session(context.env, tenant, context.req.valid("param").id).endTraining(subject), 200);
});
