import { z } from "@hono/zod-openapi";
import { cloudEventType, isEventType } from "../platform/events.ts";
import { Problem } from "../platform/problem.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../platform/route.ts";
import { type AuditPlace, type AuditRow, listAuditEvents } from "./store.ts";

export const auditRoutes = newRouter();

const auditEventSchema = z
  .object({
    specversion: z.literal("1.0"),
    id: z.string().openapi({ example: "prj_01KAJ2M3N4P5Q6R7S8T9V0W1X2/7" }),
    source: z.string().openapi({ example: "/prj_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    type: z.string().openapi({ example: "io.somaagent.step.done.v1" }),
    time: z.iso.datetime(),
    training: z.boolean().optional().openapi({ description: "True for what happened while an agent was trained" }),
    data: z.unknown(),
  })
  .openapi("AuditEvent", { description: "A CloudEvents 1.0 event." });

const list = defineRoute(
  { capability: "audit.read" },
  {
    method: "get",
    path: "/v1/audit/events",
    operationId: "listAuditEvents",
    tags: ["Audit"],
    summary: "List what happened, newest first",
    request: {
      query: pageQuerySchema.extend({
        object: z.string().max(200).optional().openapi({ description: "Of this session, project or change only." }),
        type: z.string().max(100).optional().openapi({ example: "step.done" }),
        from: z.iso.datetime().optional(),
        to: z.iso.datetime().optional(),
        training: z.enum(["true", "false"]).optional().openapi({ description: "What happened in training mode only, or outside it only." }),
      }),
    },
    responses: { 200: { description: "A page of events.", content: { "application/json": { schema: pageSchema(auditEventSchema) } } } },
  },
);

const placeSchema = z.tuple([z.number(), z.string(), z.number()]);

auditRoutes.openapi(list, async (context) => {
  const { cursor, limit, object, type, from, to, training } = context.req.valid("query");
  const filter = {
    object,
    type,
    from: from === undefined ? undefined : Date.parse(from),
    to: to === undefined ? undefined : Date.parse(to),
    isTraining: training === undefined ? undefined : training === "true",
  };
  const rows = await listAuditEvents(
    context.env,
    context.get("principal").tenant,
    filter,
    cursor === undefined ? undefined : placeOf(cursor),
    limit + 1,
  );
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return context.json(
    {
      items: rows.slice(0, limit).map(toCloudEvent),
      ...(last === undefined ? {} : { nextCursor: encodeCursor(JSON.stringify([last.at, last.object, last.seq])) }),
    },
    200,
  );
});

function placeOf(cursor: string): AuditPlace {
  try {
    const [at, object, seq] = placeSchema.parse(JSON.parse(decodeCursor(cursor)));
    return { at, object, seq };
  } catch {
    throw new Problem("invalid-request", "The cursor is not one this list gave; leave it out to start from the newest.");
  }
}

function toCloudEvent(row: AuditRow): z.infer<typeof auditEventSchema> {
  return {
    specversion: "1.0",
    id: `${row.object}/${row.seq}`,
    source: `/${row.object}`,
    type: isEventType(row.type) ? cloudEventType(row.type) : row.type,
    time: new Date(row.at).toISOString(),
    ...(row.isTraining ? { training: true } : {}),
    data: row.data,
  };
}
