import { z } from "@hono/zod-openapi";
import { recordChange } from "../audit/record.ts";
import { systemClock } from "../platform/clock.ts";
import { idPattern } from "../platform/ids.ts";
import { Problem } from "../platform/problem.ts";
import { defineRoute, newRouter } from "../platform/route.ts";
import { type Budget, isZone, MAX_LIMIT, periodSchema, scopeSchema, TENANT_BUDGET, unitSchema } from "./budget.ts";

export const billingRoutes = newRouter();

/** Reservations shown at once: those that end first. */
const MAX_SHOWN = 200;

const limitSchema = z.number().int().nonnegative().max(MAX_LIMIT);

const documentSchema = z
  .object({
    id: z
      .string()
      .openapi({ example: "bud_01KAJ2M3N4P5Q6R7S8T9V0W1X2", description: "`tenant` is the tenant's own, which is always there." }),
    scope: scopeSchema,
    target: z.string().optional().openapi({ description: "The id of the project or user, the name of the agent, capsule or model." }),
    unit: unitSchema.openapi({ description: "Millionths of a US dollar, or tokens of models, in and out together." }),
    period: periodSchema,
    zone: z.string().openapi({ example: "Europe/Berlin", description: "Where days and months begin." }),
    limit: z.number().int().optional().openapi({ description: "The hard line: what would pass it is refused." }),
    softLimit: z
      .number()
      .int()
      .optional()
      .openapi({ description: "The soft line: the audit log tells once a period that it was reached." }),
    window: z.string().openapi({ example: "2026-11", description: "The present period." }),
    spent: z.number().int(),
    leased: z.number().int().openapi({ description: "What running work holds and may spend." }),
  })
  .openapi("Budget");

const lineSchema = limitSchema.nullable().optional();

const linesSchema = z
  .strictObject({
    limit: lineSchema.openapi({ example: 10_000_000, description: "The hard line; null for none." }),
    softLimit: lineSchema.openapi({ description: "The soft line; null for none." }),
  })
  .openapi("BudgetLines");

const params = z.object({ id: z.string().regex(new RegExp(`^${TENANT_BUDGET}$|${idPattern("budget").source}`)) });

const list = defineRoute(
  { capability: "billing.read" },
  {
    method: "get",
    path: "/v1/budgets",
    operationId: "listBudgets",
    tags: ["Billing"],
    summary: "List budgets with where they stand",
    responses: {
      200: {
        description: "All of them: a tenant has few.",
        content: { "application/json": { schema: z.object({ items: z.array(documentSchema) }) } },
      },
    },
  },
);

billingRoutes.openapi(list, async (context) => {
  const standings = await context.env.TENANT_LEDGER.getByName(context.get("principal").tenant).budgets();
  return context.json({ items: standings.map(documentOf) }, 200);
});

const create = defineRoute(
  { capability: "budgets.write", creates: true },
  {
    method: "post",
    path: "/v1/budgets",
    operationId: "createBudget",
    tags: ["Billing"],
    summary: "Make a budget",
    description: "It counts what begins from now on. Every budget that counts a call must cover it: the narrowest decides.",
    request: {
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({
                scope: scopeSchema.openapi({ example: "agent" }),
                target: z.string().min(1).max(200).optional().openapi({ example: "analyst" }),
                unit: unitSchema.openapi({ example: "micros" }),
                period: periodSchema.openapi({ example: "month" }),
                zone: z.string().min(1).max(64).default("UTC").openapi({ example: "UTC" }),
                limit: limitSchema.optional().openapi({ example: 10_000_000 }),
                softLimit: limitSchema.optional(),
              })
              .openapi("NewBudget"),
          },
        },
      },
    },
    responses: { 201: { description: "The budget.", content: { "application/json": { schema: documentSchema } } } },
  },
);

billingRoutes.openapi(create, async (context) => {
  const { target, limit, softLimit, ...order } = context.req.valid("json");
  const principal = context.get("principal");
  if ((order.scope === "tenant") !== (target === undefined))
    throw refused("/target", "Every scope but `tenant` needs a `target`, and `tenant` takes none.");
  if (limit === undefined && softLimit === undefined) throw refused("/limit", "A budget draws a line: give `limit`, `softLimit` or both.");
  if (!isZone(order.zone)) throw refused("/zone", "There is no such time zone; use an IANA name like Europe/Berlin.");
  const id = context.get("newId")("budget");
  const lines = { ...(limit === undefined ? {} : { limit }), ...(softLimit === undefined ? {} : { softLimit }) };
  const budget: Budget = { id, ...order, ...lines, createdAt: systemClock.now(), ...(target === undefined ? {} : { target }) };
  const standing = await context.env.TENANT_LEDGER.getByName(principal.tenant).putBudget(budget);
  await recordChange(context.env, systemClock, principal, { action: "budget.created", resource: id, decision: context.get("decision") });
  return context.json(documentOf(standing), 201);
});

const read = defineRoute(
  { capability: "billing.read" },
  {
    method: "get",
    path: "/v1/budgets/{id}",
    operationId: "readBudget",
    tags: ["Billing"],
    summary: "Read a budget with where it stands",
    request: { params },
    responses: {
      200: {
        description: "Its lines, what is spent, and what running work holds.",
        content: { "application/json": { schema: documentSchema } },
      },
    },
  },
);

billingRoutes.openapi(read, async (context) => {
  const ledger = context.env.TENANT_LEDGER.getByName(context.get("principal").tenant);
  return context.json(documentOf(await ledger.budget(context.req.valid("param").id)), 200);
});

const write = defineRoute(
  { capability: "budgets.write" },
  {
    method: "put",
    path: "/v1/budgets/{id}",
    operationId: "setBudget",
    tags: ["Billing"],
    summary: "Draw the lines of a budget",
    description: "What is left out stays. A limit below what is spent and leased only stops new work.",
    request: { params, body: { required: true, content: { "application/json": { schema: linesSchema } } } },
    responses: { 200: { description: "The budget with its new lines.", content: { "application/json": { schema: documentSchema } } } },
  },
);

billingRoutes.openapi(write, async (context) => {
  const principal = context.get("principal");
  const ledger = context.env.TENANT_LEDGER.getByName(principal.tenant);
  const { budget } = await ledger.budget(context.req.valid("param").id);
  const { limit, softLimit } = context.req.valid("json");
  const standing = await ledger.putBudget(withLine(withLine(budget, "limit", limit), "softLimit", softLimit));
  await recordChange(context.env, systemClock, principal, { action: "budget.set", resource: budget.id, decision: context.get("decision") });
  return context.json(documentOf(standing), 200);
});

const remove = defineRoute(
  { capability: "budgets.write" },
  {
    method: "delete",
    path: "/v1/budgets/{id}",
    operationId: "deleteBudget",
    tags: ["Billing"],
    summary: "Delete a budget",
    description: "The tenant's own cannot be deleted.",
    request: { params },
    responses: { 204: { description: "It counts nothing any more." } },
  },
);

billingRoutes.openapi(remove, async (context) => {
  const principal = context.get("principal");
  const { id } = context.req.valid("param");
  await context.env.TENANT_LEDGER.getByName(principal.tenant).deleteBudget(id);
  await recordChange(context.env, systemClock, principal, { action: "budget.deleted", resource: id, decision: context.get("decision") });
  return context.body(null, 204);
});

const reservationSchema = z
  .object({
    holder: z
      .string()
      .openapi({ example: "ses_01KAJ2M3N4P5Q6R7S8T9V0W1X2/trn_01KAJ2M3N4P5Q6R7S8T9V0W1X2/m0", description: "The work that holds it." }),
    granted: z.number().int().openapi({ description: "All that it may have spent." }),
    settled: z.number().int().openapi({ description: "What of it is known to be spent." }),
    expiresAt: z.iso.datetime().openapi({ description: "When all of it counts as spent, if nobody settles it before." }),
  })
  .openapi("BudgetReservation");

const reservations = defineRoute(
  { capability: "billing.read" },
  {
    method: "get",
    path: "/v1/budgets/{id}/reservations",
    operationId: "listBudgetReservations",
    tags: ["Billing"],
    summary: "List what running work holds of a budget",
    request: { params },
    responses: {
      200: {
        description: `Those that end first, ${MAX_SHOWN} at most.`,
        content: { "application/json": { schema: z.object({ items: z.array(reservationSchema) }) } },
      },
    },
  },
);

billingRoutes.openapi(reservations, async (context) => {
  const ledger = context.env.TENANT_LEDGER.getByName(context.get("principal").tenant);
  const { id } = context.req.valid("param");
  const { unit } = (await ledger.budget(id)).budget;
  const items = (await ledger.reservations(id, MAX_SHOWN)).map(({ holder, granted, settled, expiresAt }) => ({
    holder,
    granted: granted[unit],
    settled: settled[unit],
    expiresAt: new Date(expiresAt).toISOString(),
  }));
  return context.json({ items }, 200);
});

function withLine(budget: Budget, line: "limit" | "softLimit", value: number | null | undefined): Budget {
  if (value === undefined) return budget;
  const { [line]: _, ...rest } = budget;
  return value === null ? rest : { ...rest, [line]: value };
}

function refused(pointer: string, message: string): Problem {
  return new Problem("invalid-request", message, { errors: [{ pointer, message }] });
}

function documentOf({
  budget,
  window,
  spent,
  leased,
}: {
  budget: Budget;
  window: string;
  spent: number;
  leased: number;
}): z.infer<typeof documentSchema> {
  const { createdAt: _, ...shown } = budget;
  return { ...shown, window, spent, leased };
}
