import { z } from "@hono/zod-openapi";
import { Problem } from "../platform/problem.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../platform/route.ts";
import { portfolioOf, portfolioSchema } from "./portfolio.ts";
import { BASE, params, project, reviewFields, summarySchema } from "./project-resource.ts";
import { projectStateSchema } from "./project-state.ts";
import { listGates } from "./store.ts";

/** What waits for a person's decision, and how all projects stand. */
export const reviewRoutes = newRouter();

const waitingSchema = summarySchema
  .extend({ round: z.number().int(), findings: z.number().int(), openedAt: z.iso.datetime(), waitingSeconds: z.number().int() })
  .openapi("WaitingReview");

const list = defineRoute(
  { capability: "projects.read" },
  {
    method: "get",
    path: "/v1/kamachiq/reviews",
    operationId: "listReviews",
    tags: ["KAMACHIQ"],
    summary: "List what waits for a person's decision, oldest first",
    request: { query: pageQuerySchema },
    responses: { 200: { description: "A page of open gates.", content: { "application/json": { schema: pageSchema(waitingSchema) } } } },
  },
);

reviewRoutes.openapi(list, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const rows = await listGates(context.env, context.get("principal").tenant, cursor === undefined ? undefined : placeIn(cursor), limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const items = rows.slice(0, limit).map((row) => ({
    id: row.id,
    title: row.title,
    state: projectStateSchema.parse(row.state),
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
    round: row.round,
    findings: row.findings,
    openedAt: new Date(row.gateOpenedAt).toISOString(),
    waitingSeconds: Math.max(0, Math.floor((Date.now() - row.gateOpenedAt) / 1_000)),
  }));
  return context.json({ items, ...(last === undefined ? {} : { nextCursor: encodeCursor(`${last.gateOpenedAt}/${last.id}`) }) }, 200);
});

function placeIn(cursor: string): { openedAt: number; id: string } {
  const [, openedAt, id = ""] = /^(\d{1,15})\/(.{1,64})$/.exec(decodeCursor(cursor)) ?? [];
  if (openedAt === undefined)
    throw new Problem("invalid-request", "The cursor is not one this list gave; leave it out to start from the first page.");
  return { openedAt: Number(openedAt), id };
}

const diffLineSchema = z.object({ kind: z.enum(["same", "removed", "added", "gap"]), text: z.string() });

const reviewSchema = z
  .object({
    project: z.string(),
    title: z.string(),
    state: projectStateSchema,
    round: z.number().int(),
    openedAt: z.iso.datetime().optional(),
    ...reviewFields,
    report: z.object({ text: z.string(), sha256: z.string(), isCut: z.boolean() }),
    evidence: z.array(z.object({ goal: z.string(), text: z.string(), evidence: z.array(z.looseObject({ title: z.string() })) })),
    evidenceOmitted: z.number().int(),
    difference: z
      .object({ against: z.number().int(), lines: z.array(diffLineSchema), isCut: z.boolean() })
      .optional()
      .openapi({ description: "How the report differs from that of an earlier round." }),
  })
  .openapi("ReviewDocument");

const read = defineRoute(
  { capability: "projects.read" },
  {
    method: "get",
    path: `${BASE}/{id}/review`,
    operationId: "readReview",
    tags: ["KAMACHIQ"],
    summary: "Read the report of the present round as it was reviewed",
    description: "The report with its evidence, the review's checks, and the difference to the round before: what a decision is made on.",
    request: { params },
    responses: { 200: { description: "The review.", content: { "application/json": { schema: reviewSchema } } } },
  },
);

reviewRoutes.openapi(read, async (context) =>
  context.json(reviewSchema.parse(JSON.parse(await project(context, context.req.valid("param").id).review())), 200),
);

const summary = defineRoute(
  { capability: "projects.read" },
  {
    method: "get",
    path: "/v1/kamachiq/summary",
    operationId: "readProjectSummary",
    tags: ["KAMACHIQ"],
    summary: "Sum up all projects: where they stand, what they took, what waits",
    responses: { 200: { description: "The sums.", content: { "application/json": { schema: portfolioSchema } } } },
  },
);

reviewRoutes.openapi(summary, async (context) =>
  context.json(await portfolioOf(context.env, context.get("principal").tenant, Date.now()), 200),
);
