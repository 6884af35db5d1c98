import { z } from "@hono/zod-openapi";
import { streamResponse } from "../platform/event-answer.ts";
import { derivedId, isId, newestTimeIn } from "../platform/ids.ts";
import { defineRoute, newRouter } from "../platform/route.ts";
import { params, session } from "../sessions/session-resource.ts";
import { agUiInputSchema, answersIn, attachmentsIn, type GivenAnswer, knownBy, lastUserMessage } from "./ag-ui-input.ts";
import { agUiResponse, answeredOnce, required, uiMessageAnswer, uiMessageResponse } from "./answer.ts";
import { uiMessageInputSchema, wishIn } from "./ui-message-input.ts";

/** Sessions for front ends that speak AG-UI or the AI SDK's UI message stream. */
export const sessionStreamRoutes = newRouter();

/** The turn of a front end's message: the same message is the same turn, however often it is sent. */
function turnOf(id: string, message: string) {
  return derivedId("turn", newestTimeIn(id) ?? 0, `${id}/${message}`);
}

/** A person's answers, as decisions on the calls that wait for them. */
async function decide(
  stub: ReturnType<typeof session>,
  principal: Parameters<typeof stub.decide>[0]["principal"],
  answers: readonly GivenAnswer[],
) {
  for (const { step, isApproved, text } of answers) {
    const decision = isApproved ? ("approve" as const) : ("refuse" as const);
    await answeredOnce(() => stub.decide({ principal, step, decision, ...(text === undefined ? {} : { note: text.slice(0, 2_000) }) }));
  }
}

const agUi = defineRoute(
  { capability: "sessions.write" },
  {
    method: "post",
    path: "/v1/sessions/{id}/ag-ui",
    operationId: "runSessionAgUi",
    tags: ["Sessions"],
    summary: "Take part in a session by AG-UI 1.0",
    description:
      "The last message of the user is a turn of the session; the same message again follows the same turn. Where the turn waits for a person the run ends with interrupts, and the run that resumes answers them.",
    request: { params, body: { required: true, content: { "application/json": { schema: agUiInputSchema } } } },
    responses: { 200: agUiResponse },
  },
);

sessionStreamRoutes.openapi(agUi, async (context) => {
  const principal = context.get("principal");
  const { id } = context.req.valid("param");
  const input = context.req.valid("json");
  const stub = session(context.env, principal.tenant, id);
  const answers = answersIn(input);
  await decide(stub, principal, answers);
  const [first] = answers;
  const message = first === undefined ? lastUserMessage(input) : undefined;
  const turn = message === undefined ? (first?.step ?? "").slice(0, (first?.step ?? "").indexOf("/")) : turnOf(id, message.id);
  if (message?.isLast === true)
    await stub.startTurn({ principal, turn, text: message.text, attachments: attachmentsIn(input.forwardedProps) });
  const messages = JSON.stringify(input.messages);
  const order = { form: "ag-ui", thread: input.threadId, run: input.runId, messages, known: knownBy(input), turn } as const;
  return streamResponse(await stub.tellFrontEnd(order));
});

const uiMessages = defineRoute(
  { capability: "sessions.write" },
  {
    method: "post",
    path: "/v1/sessions/{id}/ui-messages",
    operationId: "sendSessionUiMessages",
    tags: ["Sessions"],
    summary: "Take part in a session by the AI SDK's UI message stream",
    description:
      "For `DefaultChatTransport`. The last message is a turn of the session, or, when it is an assistant's, brings the answers to the approvals that it asks for.",
    request: { params, body: { required: true, content: { "application/json": { schema: uiMessageInputSchema } } } },
    responses: { 200: uiMessageResponse },
  },
);

sessionStreamRoutes.openapi(uiMessages, async (context) => {
  const principal = context.get("principal");
  const { id } = context.req.valid("param");
  const input = context.req.valid("json");
  const stub = session(context.env, principal.tenant, id);
  const wish = wishIn(input);
  const order = { form: "ui-messages", thread: input.id, run: input.id, messages: "[]" } as const;
  if (wish.kind === "message") {
    const turn = turnOf(id, wish.id);
    await stub.startTurn({ principal, turn, text: wish.text, attachments: input.attachments });
    return uiMessageAnswer(await stub.tellFrontEnd({ ...order, known: 0, turn }));
  }
  const turn = required(
    isId("turn", wish.subject) ? wish.subject : undefined,
    "/messages",
    "The last message is none of this session's answers.",
  );
  await decide(stub, principal, wish.answers);
  return uiMessageAnswer(await stub.tellFrontEnd({ ...order, known: wish.known, turn }));
});

const reconnect = defineRoute(
  { capability: "sessions.read" },
  {
    method: "get",
    path: "/v1/sessions/{id}/ui-messages/{chat}/stream",
    operationId: "resumeSessionUiMessages",
    tags: ["Sessions"],
    summary: "Follow the turn that goes on, from its beginning",
    description: "Where `DefaultChatTransport` reconnects. `chat` is the front end's own id.",
    request: { params: params.extend({ chat: z.string().max(400) }) },
    responses: { 200: uiMessageResponse, 204: { description: "Nothing goes on." } },
  },
);

sessionStreamRoutes.openapi(reconnect, async (context) => {
  const { id, chat } = context.req.valid("param");
  const stub = session(context.env, context.get("principal").tenant, id);
  const turn = await stub.runningTurn();
  if (turn === undefined) return context.body(null, 204);
  return uiMessageAnswer(await stub.tellFrontEnd({ form: "ui-messages", thread: chat, run: chat, messages: "[]", known: 0, turn }));
});
