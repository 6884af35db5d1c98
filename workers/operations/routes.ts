import { z } from "@hono/zod-openapi";
import { systemClock } from "../platform/clock.ts";
import { idPattern } from "../platform/ids.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../platform/route.ts";
import { letterOwner, redriveDeadLetter } from "./redrive.ts";
import { type DeadLetterRow, listDeadLetters } from "./store.ts";

export const operationsRoutes = newRouter();

const deadLetterSchema = z
  .object({
    id: z.string().openapi({ example: "dlt_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    queue: z.string().openapi({ example: "agent-audit" }),
    attempts: z.number().int().openapi({ example: 6 }),
    createdAt: z.iso.datetime(),
    redrivenAt: z.iso.datetime().optional(),
    body: z.unknown(),
  })
  .openapi("DeadLetter");

const list = defineRoute(
  { capability: "operations.read" },
  {
    method: "get",
    path: "/v1/operations/dead-letters",
    operationId: "listDeadLetters",
    tags: ["Operations"],
    summary: "List messages that could not be delivered, newest first",
    description: "Those of the tenant; an operator sees those that name no tenant. They are kept for 30 days.",
    request: { query: pageQuerySchema },
    responses: { 200: { description: "A page of messages.", content: { "application/json": { schema: pageSchema(deadLetterSchema) } } } },
  },
);

operationsRoutes.openapi(list, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const rows = await listDeadLetters(
    context.env,
    letterOwner(context.get("principal")),
    cursor === undefined ? undefined : decodeCursor(cursor),
    limit + 1,
  );
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return context.json(
    { items: rows.slice(0, limit).map(toDeadLetter), ...(last === undefined ? {} : { nextCursor: encodeCursor(last.id) }) },
    200,
  );
});

const redrive = defineRoute(
  { capability: "operations.write" },
  {
    method: "post",
    path: "/v1/operations/dead-letters/{id}/redrive",
    operationId: "redriveDeadLetter",
    tags: ["Operations"],
    summary: "Send a message to its queue again",
    description:
      "Asking twice is sending once: the second call answers with what the first did. One message of a tenant is sent at a time.",
    request: { params: z.object({ id: z.string().regex(idPattern("deadLetter")) }) },
    responses: { 200: { description: "It is on its way.", content: { "application/json": { schema: deadLetterSchema } } } },
  },
);

operationsRoutes.openapi(redrive, async (context) => {
  const order = { id: context.req.valid("param").id, decision: context.get("decision") };
  return context.json(toDeadLetter(await redriveDeadLetter(context.env, systemClock, context.get("principal"), order)), 200);
});

function toDeadLetter(row: DeadLetterRow): z.infer<typeof deadLetterSchema> {
  return {
    id: row.id,
    queue: row.queue,
    attempts: row.attempts,
    createdAt: new Date(row.createdAt).toISOString(),
    body: JSON.parse(row.body),
    ...(row.redrivenAt === null ? {} : { redrivenAt: new Date(row.redrivenAt).toISOString() }),
  };
}
