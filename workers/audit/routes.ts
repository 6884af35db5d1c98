import { z } from "@hono/zod-openapi";
import { systemClock } from "../platform/clock.ts";
import { cloudEventType, isEventType } from "../platform/events.ts";
import { Problem } from "../platform/problem.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../platform/route.ts";
import { eraseEvents } from "./erase.ts";
import { OUTCOMES } from "./facets.ts";
import { recordChange } from "./record.ts";
import { type AuditPlace, type AuditRow, listAuditEvents } from "./search.ts";

export const auditRoutes = newRouter();

const auditEventSchema = z
  .object({
    specversion: z.literal("1.0"),
    id: z.string().openapi({ example: "prj_01KAJ2M3N4P5Q6R7S8T9V0W1X2/7" }),
    source: z.string().openapi({ example: "/prj_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    type: z.string().openapi({ example: "io.somaagent.step.done.v1" }),
    time: z.iso.datetime(),
    training: z.boolean().optional().openapi({ description: "True for what happened while an agent was trained" }),
    salt: z
      .string()
      .optional()
      .openapi({ description: "The event's leaf in the transparency log holds SHA-256(salt ‖ canonical JSON of data)." }),
    erased: z.boolean().optional().openapi({ description: "True when its data was erased; the log holds its hash for good." }),
    data: z.unknown(),
  })
  .openapi("AuditEvent", { description: "A CloudEvents 1.0 event." });

const facet = z.string().min(1).max(200).optional();

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
        actor: facet.openapi({ description: "Subject that did it.", example: "usr_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
        action: facet.openapi({ example: "api-key.created" }),
        resource: facet.openapi({ description: "Id of what it was done to." }),
        outcome: z.enum(OUTCOMES).optional(),
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
  const { cursor, limit, from, to, training, ...searched } = context.req.valid("query");
  const filter = {
    ...searched,
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
    ...(row.salt === undefined ? {} : { salt: row.salt }),
    ...(row.erased === undefined ? {} : { erased: true }),
    data: row.data,
  };
}

const MAX_ERASED_AT_ONCE = 50;

const erase = defineRoute(
  { capability: "audit.write" },
  {
    method: "post",
    path: "/v1/audit/erasures",
    operationId: "eraseAuditPayloads",
    tags: ["Audit"],
    summary: "Erase what events of one object hold, with its salts",
    description:
      "For personal data that must go. The events stay in the log as hashes that nobody can guess the data of any more, proofs stay valid, and the erasure is a change on record.",
    request: {
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z.strictObject({
              object: z.string().min(1).max(200),
              seqs: z
                .array(z.number().int().positive())
                .min(1)
                .max(MAX_ERASED_AT_ONCE)
                .openapi({ example: [7] }),
            }),
          },
        },
      },
    },
    responses: {
      200: {
        description: "How many were erased; those that had been before count again.",
        content: { "application/json": { schema: z.object({ erased: z.number().int() }).openapi("AuditErasure") } },
      },
    },
  },
);

auditRoutes.openapi(erase, async (context) => {
  const { object, seqs } = context.req.valid("json");
  const principal = context.get("principal");
  const resource = seqs.map((seq) => `${object}/${seq}`).join(" ");
  const record = () =>
    recordChange(context.env, systemClock, principal, { action: "audit.erased", resource, decision: context.get("decision") });
  return context.json({ erased: await eraseEvents(context.env, principal.tenant, { object, seqs, record }) }, 200);
});
