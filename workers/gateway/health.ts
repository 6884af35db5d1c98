import { z } from "@hono/zod-openapi";
import { defineRoute, newRouter } from "../platform/route.ts";
import { settings } from "../platform/settings.ts";
import { readyParts } from "./readiness.ts";
import { VERSION } from "./version.ts";

export const healthRoutes = newRouter();

const health = defineRoute(
  { capability: "public" },
  {
    method: "get",
    path: "/healthz",
    operationId: "getHealth",
    tags: ["Platform"],
    summary: "Tell whether the process is alive",
    responses: { 200: { description: "It is.", content: { "application/json": { schema: z.object({ status: z.literal("ok") }) } } } },
  },
);

healthRoutes.openapi(health, (context) => context.json({ status: "ok" } as const, 200));

const ready = defineRoute(
  { capability: "public" },
  {
    method: "get",
    path: "/readyz",
    operationId: "getReadiness",
    tags: ["Platform"],
    summary: "Tell whether everything a request needs answers",
    responses: {
      200: {
        description: "Each part answered.",
        content: { "application/json": { schema: z.object({ status: z.literal("ready"), parts: z.array(z.string()) }) } },
      },
    },
  },
);

healthRoutes.openapi(ready, async (context) => context.json({ status: "ready" as const, parts: await readyParts(context.env) }, 200));

const version = defineRoute(
  { capability: "public" },
  {
    method: "get",
    path: "/version",
    operationId: "getVersion",
    tags: ["Platform"],
    summary: "Tell which version runs",
    responses: {
      200: {
        description: "The version.",
        content: { "application/json": { schema: z.object({ version: z.string(), environment: z.string() }) } },
      },
    },
  },
);

healthRoutes.openapi(version, (context) => context.json({ version: VERSION, environment: settings(context.env).SOMA_ENVIRONMENT }, 200));
