import { z } from "@hono/zod-openapi";
import { BASE, params, runOf } from "../mao/run-resource.ts";
import { streamResponse } from "../platform/event-answer.ts";
import { defineRoute, newRouter } from "../platform/route.ts";
import { agUiInputSchema, answersIn, type GivenAnswer, knownBy } from "./ag-ui-input.ts";
import { agUiResponse, answeredOnce, uiMessageAnswer, uiMessageResponse } from "./answer.ts";
import { uiMessageInputSchema, wishIn } from "./ui-message-input.ts";

/** Runs for front ends that speak AG-UI or the AI SDK's UI message stream. */
export const runStreamRoutes = newRouter();

function run(env: Env, tenant: string, id: string) {
  return env.MAO_RUN.getByName(`${tenant}/${id}`);
}

async function answer(stub: ReturnType<typeof run>, by: string, answers: readonly GivenAnswer[]): Promise<void> {
  for (const { step, isApproved, text } of answers)
    await answeredOnce(() =>
      stub.answer({ step, decision: isApproved ? "approve" : "refuse", ...(text === undefined ? {} : { text }), by }),
    );
}

const agUi = defineRoute(
  { capability: "runs.read" },
  {
    method: "post",
    path: `${BASE}/{id}/ag-ui`,
    operationId: "followRunAgUi",
    tags: ["Runs"],
    summary: "Follow a run by AG-UI 1.0, and answer what it asks",
    description:
      "Steps of the graph are steps, its agents' words are messages. Where it waits for people the stream ends with interrupts; answering them needs `runs.approve`.",
    request: { params, body: { required: true, content: { "application/json": { schema: agUiInputSchema } } } },
    responses: { 200: agUiResponse },
  },
);

runStreamRoutes.openapi(agUi, async (context) => {
  const { tenant, subject } = context.get("principal");
  const input = context.req.valid("json");
  const stub = run(context.env, tenant, context.req.valid("param").id);
  const answers = answersIn(input);
  if (answers.length > 0) await context.get("authorize")("runs.approve");
  await answer(stub, subject, answers);
  const messages = JSON.stringify(input.messages);
  const order = { form: "ag-ui", thread: input.threadId, run: input.runId, messages, known: knownBy(input) } as const;
  return streamResponse(await stub.tellFrontEnd(order));
});

const uiMessages = defineRoute(
  { capability: "runs.read" },
  {
    method: "post",
    path: `${BASE}/{id}/ui-messages`,
    operationId: "followRunUiMessages",
    tags: ["Runs"],
    summary: "Follow a run by the AI SDK's UI message stream, and answer what it asks",
    description:
      "For `DefaultChatTransport`: a message of the user follows the run from its beginning; an assistant's brings answers, which needs `runs.approve`.",
    request: { params, body: { required: true, content: { "application/json": { schema: uiMessageInputSchema } } } },
    responses: { 200: uiMessageResponse },
  },
);

runStreamRoutes.openapi(uiMessages, async (context) => {
  const { tenant, subject } = context.get("principal");
  const input = context.req.valid("json");
  const stub = run(context.env, tenant, context.req.valid("param").id);
  const wish = wishIn(input);
  const order = { form: "ui-messages", thread: input.id, run: input.id, messages: "[]" } as const;
  if (wish.kind === "message") return uiMessageAnswer(await stub.tellFrontEnd({ ...order, known: 0 }));
  if (wish.answers.length > 0) await context.get("authorize")("runs.approve");
  await answer(stub, subject, wish.answers);
  return uiMessageAnswer(await stub.tellFrontEnd({ ...order, known: wish.known }));
});

const reconnect = defineRoute(
  { capability: "runs.read" },
  {
    method: "get",
    path: `${BASE}/{id}/ui-messages/{chat}/stream`,
    operationId: "resumeRunUiMessages",
    tags: ["Runs"],
    summary: "Follow a run that goes on, from its beginning",
    description: "Where `DefaultChatTransport` reconnects. `chat` is the front end's own id.",
    request: { params: params.extend({ chat: z.string().max(400) }) },
    responses: { 200: uiMessageResponse, 204: { description: "It is over." } },
  },
);

runStreamRoutes.openapi(reconnect, async (context) => {
  const { id, chat } = context.req.valid("param");
  const stub = run(context.env, context.get("principal").tenant, id);
  const { state } = runOf(await stub.read());
  if (state === "completed" || state === "failed" || state === "cancelled") return context.body(null, 204);
  return uiMessageAnswer(await stub.tellFrontEnd({ form: "ui-messages", thread: chat, run: chat, messages: "[]", known: 0 }));
});
