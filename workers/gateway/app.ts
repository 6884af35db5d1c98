import { OpenAPIHono } from "@hono/zod-openapi";

export const app = new OpenAPIHono<{ Bindings: Env }>();

app.get("/healthz", (context) => context.json({ status: "ok" }));
