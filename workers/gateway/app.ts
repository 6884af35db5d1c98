import { z } from "@hono/zod-openapi";
import { defineRoute, newRouter } from "../platform/route.ts";

export const app = newRouter();

const health = defineRoute(
  { capability: "public" },
  {
    method: "get",
    path: "/healthz",
    operationId: "getHealth",
    summary: "Tell whether the process is alive",
    responses: { 200: { description: "It is.", content: { "application/json": { schema: z.object({ status: z.literal("ok") }) } } } },
  },
);

app.openapi(health, (context) => context.json({ status: "ok" } as const, 200));
