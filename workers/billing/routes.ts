import { z } from "@hono/zod-openapi";
import { recordChange } from "../audit/record.ts";
import { systemClock } from "../platform/clock.ts";
import { defineRoute, newRouter } from "../platform/route.ts";

export const billingRoutes = newRouter();

/** A million dollars: more is a slip of the pen. */
const MAX_LIMIT_MICROS = 1_000_000_000_000;

const budgetSchema = z
  .object({
    limitMicros: z.number().int().openapi({ example: 10_000_000, description: "Millionths of a dollar" }),
    spentMicros: z.number().int(),
    leasedMicros: z.number().int(),
  })
  .openapi("Budget");

const read = defineRoute(
  { capability: "billing.read" },
  {
    method: "get",
    path: "/v1/budgets/tenant",
    operationId: "readBudget",
    tags: ["Billing"],
    summary: "Read the tenant's budget",
    responses: {
      200: {
        description: "The limit, what is spent, and what running work holds.",
        content: { "application/json": { schema: budgetSchema } },
      },
    },
  },
);

billingRoutes.openapi(read, async (context) =>
  context.json(await context.env.TENANT_LEDGER.getByName(context.get("principal").tenant).read(), 200),
);

const write = defineRoute(
  { capability: "identity.write" },
  {
    method: "put",
    path: "/v1/budgets/tenant",
    operationId: "setBudget",
    tags: ["Billing"],
    summary: "Set the tenant's limit",
    request: {
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z.strictObject({ limitMicros: z.number().int().nonnegative().max(MAX_LIMIT_MICROS) }).openapi("BudgetLimit"),
          },
        },
      },
    },
    responses: { 200: { description: "The budget with its new limit.", content: { "application/json": { schema: budgetSchema } } } },
  },
);

billingRoutes.openapi(write, async (context) => {
  const principal = context.get("principal");
  const ledger = context.env.TENANT_LEDGER.getByName(principal.tenant);
  await ledger.setLimit(context.req.valid("json").limitMicros);
  await recordChange(context.env, systemClock, principal, {
    action: "budget.set",
    resource: principal.tenant,
    decision: context.get("decision"),
  });
  return context.json(await ledger.read(), 200);
});
