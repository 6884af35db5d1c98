import { z } from "@hono/zod-openapi";
import { answerEvents, eventsQuerySchema, eventsResponse, streamResponse } from "../platform/event-answer.ts";
import { idPattern } from "../platform/ids.ts";
import { MAX_ATTACHMENTS, MAX_MESSAGE_CHARACTERS } from "../platform/limits.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../platform/route.ts";
import { params, session, sessionSchema, summarySchema } from "./session-resource.ts";
import { listSessions, upsertSession } from "./store.ts";

export const sessionRoutes = newRouter();

const messageSchema = z
  .object({
    turn: z.string(),
    role: z.enum(["user", "assistant"]),
    text: z.string(),
    state: z.enum(["running", "completed", "failed"]),
    engine: z.string().optional(),
    usage: z.object({ inputTokens: z.number().int(), outputTokens: z.number().int(), costMicros: z.number().int() }).optional(),
    problem: z.object({ type: z.string(), detail: z.string() }).optional(),
  })
  .openapi("Message");

const create = defineRoute(
  { capability: "sessions.write", creates: true },
  {
    method: "post",
    path: "/v1/sessions",
    operationId: "createSession",
    tags: ["Sessions"],
    summary: "Start a session",
    request: {
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({
                title: z.string().trim().max(200).default("").openapi({ example: "Penguins" }),
                agent: z
                  .string()
                  .regex(/^[a-z][a-z0-9-]{0,63}$/)
                  .default("analyst"),
              })
              .openapi("NewSession"),
          },
        },
      },
    },
    responses: { 201: { description: "The session.", content: { "application/json": { schema: sessionSchema } } } },
  },
);

sessionRoutes.openapi(create, async (context) => {
  const principal = context.get("principal");
  const { title, agent } = context.req.valid("json");
  const id = context.get("newId")("session");
  const state = await session(context.env, principal.tenant, id).create({ principal, id, title, agent });
  const at = Date.parse(state.createdAt);
  await upsertSession(context.env, {
    id,
    tenant: principal.tenant,
    title,
    state: "open",
    createdBy: principal.subject,
    createdAt: at,
    updatedAt: at,
    seq: 1,
  });
  return context.json(state, 201);
});

const list = defineRoute(
  { capability: "sessions.read" },
  {
    method: "get",
    path: "/v1/sessions",
    operationId: "listSessions",
    tags: ["Sessions"],
    summary: "List sessions, newest first",
    request: { query: pageQuerySchema },
    responses: { 200: { description: "A page of sessions.", content: { "application/json": { schema: pageSchema(summarySchema) } } } },
  },
);

sessionRoutes.openapi(list, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const rows = await listSessions(
    context.env,
    context.get("principal").tenant,
    cursor === undefined ? undefined : decodeCursor(cursor),
    limit + 1,
  );
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const items = rows.slice(0, limit).map(
    (row): z.infer<typeof summarySchema> => ({
      id: row.id,
      title: row.title,
      state: row.state === "closed" ? "closed" : "open",
      createdAt: new Date(row.createdAt).toISOString(),
      updatedAt: new Date(row.updatedAt).toISOString(),
    }),
  );
  return context.json({ items, ...(last === undefined ? {} : { nextCursor: encodeCursor(last.id) }) }, 200);
});

const read = defineRoute(
  { capability: "sessions.read" },
  {
    method: "get",
    path: "/v1/sessions/{id}",
    operationId: "readSession",
    tags: ["Sessions"],
    summary: "Read how a session stands",
    request: { params },
    responses: { 200: { description: "The session.", content: { "application/json": { schema: sessionSchema } } } },
  },
);

sessionRoutes.openapi(read, async (context) =>
  context.json(await session(context.env, context.get("principal").tenant, context.req.valid("param").id).read(), 200),
);

const send = defineRoute(
  { capability: "sessions.write", creates: true },
  {
    method: "post",
    path: "/v1/sessions/{id}/messages",
    operationId: "sendMessage",
    tags: ["Sessions"],
    summary: "Send a message",
    description:
      "With `Accept: text/event-stream` the answer is the stream of the turn's events until it has ended; otherwise the turn's id at once. Sent again with the same Idempotency-Key it is the same turn. Attached files can be asked about from then on.",
    request: {
      params,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({
                text: z.string().min(1).max(MAX_MESSAGE_CHARACTERS).openapi({ example: "Which species is the heaviest?" }),
                attachments: z
                  .array(z.string().regex(idPattern("artifact")))
                  .max(MAX_ATTACHMENTS)
                  .default([]),
              })
              .openapi("NewMessage"),
          },
        },
      },
    },
    responses: {
      200: { description: "The turn, as it happens.", content: { "text/event-stream": { schema: z.string() } } },
      202: {
        description: "The turn has begun.",
        content: { "application/json": { schema: z.object({ turn: z.string(), seq: z.number().int() }) } },
      },
    },
  },
);

sessionRoutes.openapi(send, async (context) => {
  const principal = context.get("principal");
  const stub = session(context.env, principal.tenant, context.req.valid("param").id);
  const { text, attachments } = context.req.valid("json");
  const started = await stub.startTurn({ principal, turn: context.get("newId")("turn"), text, attachments });
  if (context.req.header("accept")?.includes("text/event-stream") !== true)
    return context.json({ turn: started.turn, seq: started.seq }, 202);
  return streamResponse(await stub.events({ after: started.seq - 1, turn: started.turn }));
});

const messages = defineRoute(
  { capability: "sessions.read" },
  {
    method: "get",
    path: "/v1/sessions/{id}/messages",
    operationId: "listMessages",
    tags: ["Sessions"],
    summary: "Read the conversation, oldest first",
    request: { params, query: pageQuerySchema },
    responses: { 200: { description: "A page of messages.", content: { "application/json": { schema: pageSchema(messageSchema) } } } },
  },
);

sessionRoutes.openapi(messages, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const stub = session(context.env, context.get("principal").tenant, context.req.valid("param").id);
  const { exchanges, hasMore } = await stub.exchanges(cursor === undefined ? 0 : Number(decodeCursor(cursor)), limit);
  const items = exchanges.flatMap(({ turn, message, state, text, engine, usage, problem }): z.infer<typeof messageSchema>[] => [
    { turn, role: "user", text: message, state: "completed" },
    {
      turn,
      role: "assistant",
      text,
      state,
      ...(engine === undefined ? {} : { engine }),
      ...(usage === undefined ? {} : { usage }),
      ...(problem === undefined ? {} : { problem }),
    },
  ]);
  const last = hasMore ? exchanges.at(-1) : undefined;
  return context.json({ items, ...(last === undefined ? {} : { nextCursor: encodeCursor(String(last.seq)) }) }, 200);
});

const events = defineRoute(
  { capability: "sessions.read" },
  {
    method: "get",
    path: "/v1/sessions/{id}/events",
    operationId: "readSessionEvents",
    tags: ["Sessions"],
    summary: "Follow a session's events",
    request: { params, query: eventsQuerySchema },
    responses: { 200: eventsResponse },
  },
);

sessionRoutes.openapi(events, async (context) => {
  const stub = session(context.env, context.get("principal").tenant, context.req.valid("param").id);
  const asked = { accept: context.req.header("accept"), lastEventId: context.req.header("last-event-id"), ...context.req.valid("query") };
  return answerEvents(
    { ...asked, after: asked.after },
    { stream: async (after) => stub.events({ after }), page: async (after, limit) => stub.readEvents(after, limit) },
  );
});

const decide = defineRoute(
  { capability: "sessions.write" },
  {
    method: "post",
    path: "/v1/sessions/{id}/approvals/{step}",
    operationId: "decideApproval",
    tags: ["Sessions"],
    summary: "Approve or refuse a call that waits for a person",
    request: {
      params: params.extend({ step: z.string().max(300) }),
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({ decision: z.enum(["approve", "refuse"]), note: z.string().max(2_000).optional() })
              .openapi("ApprovalDecision"),
          },
        },
      },
    },
    responses: { 204: { description: "The turn goes on." } },
  },
);

sessionRoutes.openapi(decide, async (context) => {
  const { id, step } = context.req.valid("param");
  const principal = context.get("principal");
  await session(context.env, principal.tenant, id).decide({ principal, step, ...context.req.valid("json") });
  return context.body(null, 204);
});

const close = defineRoute(
  { capability: "sessions.write" },
  {
    method: "post",
    path: "/v1/sessions/{id}/close",
    operationId: "closeSession",
    tags: ["Sessions"],
    summary: "Close a session",
    request: { params },
    responses: { 200: { description: "The session, closed.", content: { "application/json": { schema: sessionSchema } } } },
  },
);

sessionRoutes.openapi(close, async (context) => {
  const principal = context.get("principal");
  const state = await session(context.env, principal.tenant, context.req.valid("param").id).close(principal);
  return context.json(state, 200);
});
