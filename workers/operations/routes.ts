import { z } from "@hono/zod-openapi";
import { recordChange } from "../audit/record.ts";
import { systemClock } from "../platform/clock.ts";
import { idPattern } from "../platform/ids.ts";
import { Problem } from "../platform/problem.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../platform/route.ts";
import { claimDeadLetter, type DeadLetterRow, findDeadLetter, listDeadLetters } from "./store.ts";

export const operationsRoutes = newRouter();

const deadLetterSchema = z
  .object({
    id: z.string(),
    queue: z.string(),
    attempts: z.number().int(),
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
    request: { query: pageQuerySchema },
    responses: { 200: { description: "A page of messages.", content: { "application/json": { schema: pageSchema(deadLetterSchema) } } } },
  },
);

operationsRoutes.openapi(list, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const rows = await listDeadLetters(
    context.env,
    context.get("principal").tenant,
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
    description: "Sending it twice is sending it once: the second call answers with what the first did.",
    request: { params: z.object({ id: z.string().regex(idPattern("deadLetter")) }) },
    responses: { 200: { description: "It is on its way.", content: { "application/json": { schema: deadLetterSchema } } } },
  },
);

operationsRoutes.openapi(redrive, async (context) => {
  const principal = context.get("principal");
  const { id } = context.req.valid("param");
  const known = await findDeadLetter(context.env, principal.tenant, id);
  if (known === undefined) throw new Problem("not-found", `No dead letter ${id} in this tenant.`);
  const claimed = await claimDeadLetter(context.env, principal.tenant, id, systemClock.now());
  if (claimed === undefined) return context.json(toDeadLetter(known), 200);
  const queue = claimed.queue === "agent-audit" ? context.env.AGENT_AUDIT : context.env.CONVERSATION_EVENTS;
  await queue.send(JSON.parse(claimed.body));
  await recordChange(context.env, systemClock, principal, {
    action: "dead-letter.redriven",
    resource: id,
    decision: context.get("decision"),
  });
  return context.json(toDeadLetter(claimed), 200);
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
