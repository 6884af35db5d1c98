import { z } from "@hono/zod-openapi";
import { defineRoute, newRouter } from "../platform/route.ts";
import { findTool, listTools } from "./registry.ts";
import type { RegisteredTool } from "./tool.ts";

export const toolRoutes = newRouter();

const toolSchema = z
  .object({
    id: z.string().openapi({ example: "data.query" }),
    title: z.string(),
    description: z.string(),
    risk: z.enum(["read", "write", "destructive", "spend"]),
    inputSchema: z.record(z.string(), z.unknown()).openapi({ description: "JSON Schema of the input" }),
  })
  .openapi("Tool");

const list = defineRoute(
  { capability: "tools.read" },
  {
    method: "get",
    path: "/v1/tools",
    operationId: "listTools",
    tags: ["Tools"],
    summary: "List the tools that agents can use",
    responses: {
      200: { description: "All of them, by id.", content: { "application/json": { schema: z.object({ items: z.array(toolSchema) }) } } },
    },
  },
);

toolRoutes.openapi(list, (context) => context.json({ items: listTools().map(toTool) }, 200));

const read = defineRoute(
  { capability: "tools.read" },
  {
    method: "get",
    path: "/v1/tools/{id}",
    operationId: "readTool",
    tags: ["Tools"],
    summary: "Read what a tool takes and does",
    request: { params: z.object({ id: z.string().max(100) }) },
    responses: { 200: { description: "The tool.", content: { "application/json": { schema: toolSchema } } } },
  },
);

toolRoutes.openapi(read, (context) => context.json(toTool(findTool(context.req.valid("param").id)), 200));

function toTool(tool: RegisteredTool): z.infer<typeof toolSchema> {
  return {
    id: tool.id,
    title: tool.title,
    description: tool.description,
    risk: tool.risk,
    inputSchema: { ...z.toJSONSchema(tool.inputSchema, { io: "input", unrepresentable: "any" }) },
  };
}
